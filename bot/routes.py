"""Who hears of which event: one function for each kind that is news, and the table `ROUTES` that says so."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.announce_drafts import update_in_room
from bot.events import (
    Cancelled,
    Closed,
    DeliveryFailed,
    Entry,
    HandoverEnded,
    HandoverOffered,
    MarkedDuplicate,
    PriorityChanged,
    PromiseMade,
    Reminded,
    Reopened,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoomAsked,
    RoomLost,
    RoomOpened,
    StatusChanged,
    UpdatePublished,
)
from bot.incident import Incident
from bot.messages import endings, news, notice
from bot.messages.notice import noticed
from bot.messages.reminders import reminder
from bot.notices import Kind
from bot.policy import COMMANDER, INTERNAL, Policy, called_at
from bot.posts import Invite, OpenRoom, Order, Pin, Post, Reminder, Target, ToAudience, ToPerson, ToRoom
from bot.refs import Person
from bot.slugs import slug
from bot.succession import People, in_line

ANNOUNCEMENT = "announcement"
CARD = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One entry and what surrounds it."""

    entry: Entry
    before: Incident
    """The incident before the whole decision."""
    after: Incident
    """The incident after it."""
    batch: tuple[Entry, ...]
    """All entries of the decision, this one included."""
    policy: Policy
    people: People

    @property
    def by(self) -> Person | None:
        """Who acted."""
        return self.entry.by


def room_name(incident: Incident) -> str:
    """A name for the room: `inc-42-checkout-is-down`; a private one's has the number only."""
    words = "" if incident.private else slug(incident.title)
    return f"inc-{incident.number}-{words}".rstrip("-")


def _in_thread(order: Post) -> Iterator[Order]:
    """The same words in the room and under the announcement."""
    yield order
    yield replace(order, to=ToAudience(name=INTERNAL), thread=ANNOUNCEMENT)


def _assigned(told: News) -> Iterator[Order]:
    event, after, policy = told.entry.event, told.after, told.policy
    assert isinstance(event, RoleAssigned)
    key = f"role:{told.entry.version}"
    giver = _giver(told, event.role, event.person)
    if giver:
        yield Post(to=ToRoom(), card=news.accepted(after, event, giver, policy), key=key)
    elif event.role == COMMANDER:
        yield Post(to=ToRoom(), card=news.taken(after, event, policy), key=key)
    if told.by != event.person and giver is None:
        yield Post(to=ToPerson(person=event.person), card=news.assigned(after, event, told.by, policy), key=key)
    if event.person not in _known_people(told.before) and told.before.version:
        yield Invite(people=(event.person,), key=f"invite:{event.person}:{told.entry.version}")


def _giver(told: News, role: str, taker: Person) -> Person | None:
    """Who handed the role over, where this assignment is an accepted handover."""
    ended = (entry.event for entry in told.batch if isinstance(entry.event, HandoverEnded))
    return next(
        (event.giver for event in ended if (event.role, event.taker, event.outcome) == (role, taker, "accepted")), None
    )


def _known_people(incident: Incident) -> set[Person]:
    declared = {incident.declared_by} if incident.declared_by else set()
    return declared | {held.person for held in incident.holdings}


def _released(told: News) -> Iterator[Order]:
    event, after = told.entry.event, told.after
    assert isinstance(event, RoleReleased)
    required = event.role in told.policy.priority(after.priority).roles or event.role == COMMANDER
    if after.is_open and required and not after.holders(event.role) and event.role not in after.waived:
        line = in_line(after, event.role, told.people)
        standing_in = next(iter(line.people), None)
        card = news.vacant(after, event, standing_in, told.policy)
        yield Post(to=ToRoom(), card=card, key=f"vacant:{told.entry.version}")


def _offered(told: News) -> Iterator[Order]:
    event = told.entry.event
    assert isinstance(event, HandoverOffered)
    card = news.handover(told.after, event, told.policy)
    yield Post(to=ToPerson(person=event.taker), card=card, key=f"handover:{event.role}:{event.giver}")


def _handover_ended(told: News) -> Iterator[Order]:
    event = told.entry.event
    assert isinstance(event, HandoverEnded)
    if event.outcome == "accepted":
        return
    card = news.handover_over(told.after, event.role, event.giver, event.outcome, told.policy)
    key = f"handover:{event.role}:{event.giver}"
    yield Post(to=ToPerson(person=event.taker), card=card, key=key, only_edit=True)
    if event.outcome != "overtaken":
        yield Post(to=ToPerson(person=event.giver), card=card, key=f"{key}:{told.entry.version}")


def _status(told: News) -> Iterator[Order]:
    event = told.entry.event
    assert isinstance(event, StatusChanged)
    if not event.within_update:
        card = news.status_changed(told.after, event, told.by)
        yield Post(to=ToRoom(), card=card, key=f"status:{told.entry.version}")


def _priority(told: News) -> Iterator[Order]:
    event, policy = told.entry.event, told.policy
    assert isinstance(event, PriorityChanged)
    if event.priority == event.before:
        return
    priority = policy.priority(event.priority)
    raised = policy.higher(event.priority, event.before)
    card = news.priority_changed(told.after, event, told.by)
    key = f"priority:{told.entry.version}"
    yield Post(to=ToRoom(), card=card, key=key)
    broadcast = raised and priority.major
    yield Post(to=ToAudience(name=INTERNAL), card=card, key=key, thread=ANNOUNCEMENT, broadcast=broadcast)
    if raised and priority.call:
        yield Invite(people=(), groups=priority.call, key=f"call:{event.priority}")
        yield Post(to=ToRoom(), card=news.called(told.after, priority.call), key=f"called:{event.priority}")
    if raised:
        yield from page(told.after, policy, f"called:{event.priority}")


def page(incident: Incident, policy: Policy, key: str) -> Iterator[Order]:
    """Call whom its priority calls by other ways than chats. Nobody is called to a drill."""
    if policy.priority(incident.priority).pages and not incident.drill:
        to = ToAudience(name=called_at(incident.priority))
        paged = notice.notice(Kind.CALL, to.name, incident, policy)
        yield Post(to=to, card=news.paged(incident), key=key, waits_for_room=True, notice=paged)


def _update(told: News) -> Iterator[Order]:
    event, after = told.entry.event, told.after
    assert isinstance(event, UpdatePublished)
    key = f"update-{event.number}"
    inside = update_in_room(told.before, told.entry, after, event)
    if INTERNAL in event.audiences:
        yield from _in_thread(inside)
    elif event.drafted_by or not event.final:
        yield inside
    for audience in (name for name in event.audiences if name != INTERNAL):
        card = news.update_outside(after, event, audience, told.policy)
        yield Post(to=ToAudience(name=audience), card=card, key=key)


def _promise(told: News) -> Iterator[Order]:
    event = told.entry.event
    assert isinstance(event, PromiseMade)
    if not event.tell:
        return
    inside = event.audience == INTERNAL
    post = Post(to=ToRoom(), card=news.moved(told.after, event, inside=True), key=f"moved:{told.entry.version}")
    if inside:
        yield from _in_thread(post)
    else:
        card = news.moved(told.after, event, inside=False)
        yield replace(post, to=ToAudience(name=event.audience), card=card)


def _resolved(told: News) -> Iterator[Order]:
    post = Post(to=ToRoom(), card=news.resolved(told.after), key=f"resolved:{told.entry.version}")
    yield post
    yield replace(post, to=ToAudience(name=INTERNAL), thread=ANNOUNCEMENT, broadcast=True)


def _ended(told: News) -> Iterator[Order]:
    event, key = told.entry.event, f"ended:{told.entry.version}"
    match event:
        case Closed():
            card = endings.closed(told.after, told.by)
        case Cancelled():
            card = endings.cancelled(told.after, event, told.by)
        case Reopened():
            card = endings.reopened(told.after, event, told.by)
        case _:
            assert isinstance(event, MarkedDuplicate)
            card = endings.duplicate(told.after, event)
    yield from _in_thread(Post(to=ToRoom(), card=card, key=key))


def _reminded(told: News) -> Iterator[Order]:
    event = told.entry.event
    assert isinstance(event, Reminded)
    yield reminder_post(told.after, event, told.policy, told.entry.at)


def reminder_post(incident: Incident, event: Reminded, policy: Policy, at: datetime) -> Post:
    """The message of a reminder, with what it claims, so that it can be withheld when that is no longer true."""
    post = Post(
        to=_target(event),
        card=reminder(incident, event, policy, at),
        key=event.key,
        thread=event.thread,
        due=min(max(rung.moment for rung in event.rungs), at),
        reminder=Reminder(rungs=event.rungs, to=event.to),
        rank=policy.rank(incident.priority),
    )
    return noticed(post, event, incident, policy)


def _target(event: Reminded) -> Target:
    if event.to.room:
        return ToRoom()
    if event.to.person:
        return ToPerson(person=event.to.person)
    return ToAudience(name=event.to.audience)


def _failed(told: News) -> Iterator[Order]:
    event, after = told.entry.event, told.after
    assert isinstance(event, DeliveryFailed)
    line = in_line(after, COMMANDER, told.people)
    card = news.undelivered(after, event.what, event.to, event.reason)
    key = f"failed:{told.entry.version}"
    private = [person for person in line.people if person != event.to]
    targets: list[Target] = [ToPerson(person=person) for person in private] or [ToRoom()]
    yield from (Post(to=target, card=card, key=key) for target in targets)


def _room_asked(told: News) -> Iterator[Order]:
    event, after = told.entry.event, told.after
    assert isinstance(event, RoomAsked)
    key = f"room:{told.entry.version}"  # asked for again after it could not be made, it is another errand
    yield OpenRoom(name=room_name(after), private=after.private, at=event.address, key=key)


def _second_room(told: News) -> Iterator[Order]:
    """What a first room got at the declaration; the card is said in every room anyway."""
    if told.before.room is None:
        return
    yield Pin(of=CARD)
    yield Invite(people=tuple(sorted(_known_people(told.after))))


def _room_lost(told: News) -> Iterator[Order]:
    event, after = told.entry.event, told.after
    assert isinstance(event, RoomLost)
    for person in in_line(after, COMMANDER, told.people).people:
        card = news.room_lost(after, event.reason)
        yield Post(to=ToPerson(person=person), card=card, key=f"room-lost:{told.entry.version}")


ROUTES: Mapping[type, Callable[[News], Iterator[Order]]] = {
    RoleAssigned: _assigned,
    RoleReleased: _released,
    HandoverOffered: _offered,
    HandoverEnded: _handover_ended,
    StatusChanged: _status,
    PriorityChanged: _priority,
    UpdatePublished: _update,
    PromiseMade: _promise,
    Resolved: _resolved,
    Closed: _ended,
    Cancelled: _ended,
    Reopened: _ended,
    MarkedDuplicate: _ended,
    Reminded: _reminded,
    DeliveryFailed: _failed,
    RoomLost: _room_lost,
    RoomAsked: _room_asked,
    RoomOpened: _second_room,
}
"""Kinds that are not here are told by what stands: the card, the announcement, `timeline`."""
