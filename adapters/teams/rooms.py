"""The incident's room: a new post of the bot in a channel, with its thread; or the chat it was declared in.

A bot can make no channel in Teams, so the post is made where the incident was declared, or where the policy's
`rooms.teams` says. Its first words give way to the card at once (`adapters.teams.sending.first_message`).
"""

from adapters.sinks import Delivered, SendFailed
from adapters.teams.addresses import Spot, conversation, in_thread, is_channel, message_ref, spot
from adapters.teams.deep_links import place_url
from adapters.teams.desk import Desk
from adapters.teams.render import message
from bot.cards import Card, Names, Strong, Text
from bot.events import RoomOpened
from bot.ports import Delivery
from bot.posts import OpenRoom
from bot.refs import reference


async def open_room(desk: Desk, delivery: Delivery, order: OpenRoom) -> Delivered:
    """Make the room. Raises SendFailed."""
    place = spot(delivery.address)
    here = place.channel if place else ""
    if order.at and order.private and is_channel(here) and not await desk.contacts.is_private(here):
        raise SendFailed(
            "the incident is private, and others may read that channel: link a group chat or a private channel",
            permanent=True,
        )
    must_be_here = order.private or bool(order.at)
    if here and not is_channel(here) and (must_be_here or not await _elsewhere(desk, delivery, here)):
        return await _the_chat(desk, delivery, order, here, only=must_be_here or not desk.channel)
    channel = here if must_be_here or (is_channel(here) and not desk.fixed) else desk.channel
    if not channel:
        raise SendFailed(
            "there is no channel in Teams to open it in: name one as teams in [rooms] of the policy", permanent=True
        )
    try:
        return await _new_post(desk, delivery, order, channel)
    except SendFailed as failed:
        if must_be_here or failed.gone != "room" or desk.channel in ("", channel):
            raise
        return await _new_post(desk, delivery, order, desk.channel)  # declared where Sitrep may not write


async def _elsewhere(desk: Desk, delivery: Delivery, chat: str) -> bool:
    """Whether what was declared in a chat gets a post in a channel.

    It is a chat with one person, who needs others, or another incident's room already; or Sitrep is not in it, for
    actions on messages come from there too.
    """
    if not desk.channel:
        return False
    return (
        await desk.contacts.is_personal(chat)
        or await _is_taken(desk, delivery, chat)
        or not await _lets_us_in(desk, chat)
    )


async def _lets_us_in(desk: Desk, chat: str) -> bool:
    try:
        await desk.connector.members(await desk.contacts.service(chat), chat)
    except SendFailed as failed:
        if failed.gone:
            return False
        raise
    return True


async def _is_taken(desk: Desk, delivery: Delivery, chat: str) -> bool:
    return await desk.incidents.owner(conversation(chat)) not in (None, delivery.incident)


async def _the_chat(desk: Desk, delivery: Delivery, order: OpenRoom, chat: str, *, only: bool) -> Delivered:
    """`only`: there is no other place for it. Else it is tried again, where another took the chat just now."""
    address = conversation(chat)
    if await _is_taken(desk, delivery, chat):
        raise SendFailed("this chat is another incident's room already: link another group chat", permanent=only)
    url = place_url(Spot(conversation=chat), desk.contacts.tenant, order.name)
    return Delivered(ref=chat, room=RoomOpened(address=address, name=order.name, url=url))


async def _new_post(desk: Desk, delivery: Delivery, order: OpenRoom, channel: str) -> Delivered:
    first = Card(body=(Text((Strong((f"{reference(delivery.incident)} is open.",)), " Its card follows.")),))
    words = message(first, delivery.queued_at, Names(), await desk.setting(Names()))
    service = await desk.contacts.service(channel)
    thread, activity = await desk.connector.create_thread(service, channel, words, desk.contacts.tenant)
    thread = thread if ";messageid=" in thread else in_thread(channel, activity)
    url = place_url(Spot(conversation=thread), desk.contacts.tenant, order.name)
    room = RoomOpened(address=conversation(thread), name=order.name, url=url)
    return Delivered(ref=message_ref(thread, activity), room=room)
