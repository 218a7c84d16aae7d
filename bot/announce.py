"""Everything to be said because of a decision. Cards are addressed to audiences, never to channels.

What stands (the card in the room, the announcement, the topic) is written anew after every change of what it shows, and
edited in place; what is news is posted once. The outbox compares, so that writing the same again says nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.announce_drafts import draft_posts
from bot.announce_subscribers import told_to_subscribers
from bot.changing import changed
from bot.events import (
    Declared,
    Entry,
)
from bot.incident import Incident, Promise
from bot.messages import news
from bot.messages.incident_card import announcement, incident_card
from bot.messages.notice import notice as notice_of
from bot.messages.notice import noticed
from bot.messages.phrases import priority_word
from bot.notices import Kind
from bot.policy import COMMANDER, INTERNAL, Policy
from bot.posts import Invite, OpenRoom, Order, Pin, Post, SetTopic, ToAudience, ToPerson, ToRoom
from bot.refs import reference
from bot.routes import ANNOUNCEMENT, CARD, ROUTES, News, page, room_name
from bot.succession import People, in_line

UNSHOWN = (
    *("version", "last_at", "last_person_at", "last_words"),
    *("role_steps", "sla_shares", "silence_handled", "close_handled", "kept"),
)
"""Fields of an incident that change with every entry, or with every reminder, and that nothing that stands shows."""
UNSHOWN_OF_PROMISES = ("handled", "repeats", "fired_at", "reminded", "late_key", "room_keys")
"""The same of a promise."""


def posts(
    before: Incident, batch: tuple[Entry, ...], after: Incident, policy: Policy, people: People
) -> tuple[Order, ...]:
    """Everything to be said or done because of one decision's entries, in order."""
    if not batch:
        return ()
    orders: list[Order] = list(_opening(before, batch, after, policy))
    if not looks_alike(before, after, batch[-1].at):
        orders += _standing(before, after, policy, batch[-1].at)
    for entry in batch:
        told = News(entry=entry, before=before, after=after, batch=batch, policy=policy, people=people)
        route = ROUTES.get(type(entry.event))
        if route:
            orders += (noticed(order, entry.event, after, policy) for order in route(told))
        orders += told_to_subscribers(told)
    orders += draft_posts(before, batch, after, policy, people)
    said = (_reachable(order, after, policy, people) for order in orders if not _leaks(order, after))
    return _once_in_a_thread(tuple(said), after, policy)


def _once_in_a_thread(orders: tuple[Order, ...], incident: Incident, policy: Policy) -> tuple[Order, ...]:
    """Where the announcement's thread is the room, what goes to both is said once; broadcast if either is."""
    room = incident.room
    if room is None or room.own or len(policy.addresses(INTERNAL)) != 1:
        return orders
    replies = {order.key: order for order in orders if isinstance(order, Post) and order.thread == ANNOUNCEMENT}
    in_room = {order.key for order in orders if isinstance(order, Post) and isinstance(order.to, ToRoom)}
    return tuple(order for order in orders if not _said_twice(order, replies, in_room))


def _said_twice(order: Order, replies: Mapping[str, Post], in_room: set[str]) -> bool:
    reply = replies.get(order.key)
    if reply is None or order.key not in in_room:
        return False
    return order == reply if not reply.broadcast else order != reply


def _leaks(order: Order, incident: Incident) -> bool:
    """Whether an order would tell a private incident outside; the announcement's edit that empties it does not."""
    outside = isinstance(order, Post) and isinstance(order.to, ToAudience) and order.key != ANNOUNCEMENT
    return incident.private and outside


def _opening(before: Incident, batch: tuple[Entry, ...], after: Incident, policy: Policy) -> Iterator[Order]:
    """What a declaration asks for once: the room, its topic, its people."""
    if before.version or not isinstance(batch[0].event, Declared):
        return
    yield OpenRoom(name=room_name(after), private=after.private)
    yield from _topic(after)
    people = {person for person in (after.declared_by, *(held.person for held in after.holdings)) if person}
    groups = policy.priority(after.priority).call
    yield Invite(people=tuple(sorted(people)), groups=groups)
    if groups:
        yield Post(to=ToRoom(), card=news.called(after, groups), key="called")
    yield from page(after, policy, "called")


def _topic(incident: Incident, *, renamed: bool = False) -> Iterator[SetTopic]:
    """`renamed`: what the room may be called has changed as well."""
    name = room_name(incident) if renamed or incident.is_exposed else ""
    shown = priority_word(incident.priority) if incident.is_open else incident.status.value.capitalize()
    title = "" if incident.is_exposed else f" · {incident.title}"
    yield SetTopic(text=f"{reference(incident.number)} · {shown}{title}", name=name)


def looks_alike(before: Incident, after: Incident, at: datetime) -> bool:
    """Whether what stands would be written as it is: most of what people say in a room is a note.

    Nothing changed but what no card shows, and no moment that a card tells of came meanwhile.
    """
    if before.last_at is None:
        return False
    unshown = {name: getattr(after, name) for name in UNSHOWN}
    if changed(before, **unshown, promises=_remembering(before.promises, after.promises)) != after:
        return False
    told = (*(promise.due for promise in after.standing()), *(snooze.until for snooze in after.snoozes.values()))
    return not any(moment and before.last_at <= moment <= at for moment in told)


def _remembering(before: Mapping[str, Promise], after: Mapping[str, Promise]) -> Mapping[str, Promise]:
    """The promises with what is remembered of their reminders later."""
    return {
        name: changed(promise, **{each: getattr(after[name], each) for each in UNSHOWN_OF_PROMISES})
        if name in after and promise is not after[name]
        else promise
        for name, promise in before.items()
    }


def _standing(before: Incident, after: Incident, policy: Policy, at: datetime) -> Iterator[Order]:
    yield Post(to=ToRoom(), card=incident_card(after, policy, at), key=CARD)
    if before.version == 0:
        yield Pin(of=CARD)
    if after.private and before.version and not before.private:
        hidden = news.hidden(after)
        yield Post(to=ToAudience(name=INTERNAL), card=hidden, key=ANNOUNCEMENT, only_edit=True)
    if not after.private:
        card = announcement(after, policy, at)
        first = before.version == 0 or (before.private and not after.private)
        post = Post(to=ToAudience(name=INTERNAL), card=card, key=ANNOUNCEMENT)
        notice = notice_of(Kind.DECLARED, INTERNAL, after, policy)
        yield replace(post, waits_for_room=first, only_edit=not first, notice=notice)
    if before.version and _headline(before) != _headline(after):
        yield from _topic(after, renamed=before.is_exposed != after.is_exposed)


def _headline(incident: Incident) -> tuple[str, str, bool, bool, bool]:
    """What the topic tells; each change of it is a line in the room, so nothing else counts (docs/words.md 2.8)."""
    return incident.title, incident.priority, incident.is_open, incident.is_ended, incident.is_exposed


def _reachable(order: Order, incident: Incident, policy: Policy, people: People) -> Order:
    """Once every room is gone, or none can be made, what was for the room goes under the announcement.

    That of a private incident, or of one that is announced nowhere, goes to the commander.
    """
    without = not incident.room and (incident.rooms or incident.roomless)
    if not without or not isinstance(order, Post) or not isinstance(order.to, ToRoom):
        return order
    if not incident.private and policy.addresses(INTERNAL):
        key = f"room:{order.key}"
        return replace(order, to=ToAudience(name=INTERNAL), thread=ANNOUNCEMENT, key=key)
    line = in_line(incident, COMMANDER, people)
    return replace(order, to=ToPerson(person=line.people[0]), thread="") if line.people else order
