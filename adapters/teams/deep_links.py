"""Addresses that open a place in Teams."""

from urllib.parse import quote, urlencode

from adapters.teams.addresses import Spot, spot
from bot.cards import Names

LINK = "https://teams.microsoft.com/l"
CHANNEL = "@thread.tacv2"
"""How the ids of channels end; those of chats end in others."""


def room_spot(number: int, names: Names) -> Spot | None:
    """Where the incident's room is in Teams: a thread in a channel, or a chat. None: not here."""
    spots = (spot(place) for place in names.places.get(number, ()))
    return next((found for found in spots if found and found.conversation), None)


def room_url(number: int, names: Names, tenant: str) -> str:
    """A link to the incident's room; empty: no room in Teams."""
    room = room_spot(number, names)
    if room is None:
        return ""
    place = quote(room.channel, safe="")
    query = f"?{urlencode({'tenantId': tenant})}" if tenant else ""
    if room.root:
        return f"{LINK}/message/{place}/{quote(room.root, safe='')}{query}"
    if room.channel.endswith(CHANNEL):
        return f"{LINK}/channel/{place}/{quote(names.rooms.get(number) or 'room', safe='')}{query}"
    return f"{LINK}/chat/{place}/0{query}"


def is_thread(url: str) -> bool:
    """Whether the link leads to a thread; else to a chat or a whole channel."""
    return url.startswith(f"{LINK}/message/")
