"""Addresses that open a place in Teams."""

from urllib.parse import quote, urlencode

from adapters.teams.addresses import Spot, is_channel, spot
from bot.cards import Names

LINK = "https://teams.microsoft.com/l"


def room_spot(number: int, names: Names) -> Spot | None:
    """Where the incident's room is in Teams: a thread in a channel, or a chat. None: not here."""
    spots = (spot(place) for place in names.places.get(number, ()))
    return next((found for found in spots if found and found.conversation), None)


def room_url(number: int, names: Names, tenant: str) -> str:
    """A link to the incident's room; empty: no room in Teams."""
    room = room_spot(number, names)
    return place_url(room, tenant, names.rooms.get(number) or "room") if room else ""


def place_url(room: Spot, tenant: str, name: str) -> str:
    """A link to a thread, a channel or a chat. `name` stands in a channel's link; Teams shows its own."""
    place = quote(room.channel, safe="")
    query = f"?{urlencode({'tenantId': tenant})}" if tenant else ""
    if room.root:
        return f"{LINK}/message/{place}/{quote(room.root, safe='')}{query}"
    if is_channel(room.channel):
        return f"{LINK}/channel/{place}/{quote(name, safe='')}{query}"
    return f"{LINK}/chat/{place}/0{query}"


def is_thread(url: str) -> bool:
    """Whether the link leads to a thread; else to a chat or a whole channel."""
    return url.startswith(f"{LINK}/message/")
