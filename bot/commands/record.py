"""What the chats report back: a room was made or lost, a person left, a message will never arrive.

Nobody types these. Each may be reported twice: what is known already makes no event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from bot.commands.spec import Context, Outcome, Spec
from bot.events import (
    DeliveryFailed,
    Event,
    HandoverEnded,
    PersonUnreachable,
    RoleReleased,
    RoomAsked,
    RoomLost,
    RoomOpened,
    RoomRenamed,
    Unsubscribed,
)
from bot.incident import Incident, Room
from bot.policy import Policy
from bot.refs import Address, Person, chat_of
from bot.roles import over

LEFT = "left"
"""Why a role was given up, where its holder is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRoom:
    """The incident's room was made: the answer to `OpenRoom`."""

    address: Address
    name: str
    """As people see it."""
    url: str = ""
    own: bool = True
    """False where it is a thread because no channel could be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWasLost:
    """The room was archived or deleted, or Sitrep was removed from it."""

    address: Address
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWasRenamed:
    """Somebody renamed the room in the chat."""

    address: Address
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft:
    """Somebody left the room, or the organisation."""

    person: Person
    role: str = ""
    """Only this role is given up; empty: all of theirs."""
    unreachable: str = ""
    """Why no message reaches them any more; empty where they only left the room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryGaveUp:
    """A message will never arrive. The caller reports each row of the outbox once."""

    what: str
    """A short name of the message: `update 2`."""
    to: str
    """As people know it: an audience, a room's name, a person's id."""
    reason: str
    person: Person | None = None
    """Who cannot be reached, where it was for one person."""
    subscriber: Person | None = None
    """Who subscribed to what did not arrive: it ends, and concerns nobody else."""


Report = RecordRoom | RoomWasLost | RoomWasRenamed | PersonLeft | DeliveryGaveUp


def recorded(incident: Incident, report: Report, policy: Policy) -> tuple[Event, ...]:
    """The events that a report comes to; none for what is known already."""
    match report:
        case RecordRoom():
            return _opened(incident, report, policy)
        case RoomWasLost():
            room = _room(incident, report.address)
            known = room is None or bool(room.lost)
            return () if known else (RoomLost(address=report.address, reason=report.reason),)
        case RoomWasRenamed():
            room = _room(incident, report.address)
            known = room is None or room.name == report.name
            return () if known else (RoomRenamed(address=report.address, name=report.name),)
        case PersonLeft():
            return (*_vacated(incident, report), *_unreachable(incident, report.person, report.unreachable))
        case DeliveryGaveUp() if report.subscriber is not None:
            gone = Unsubscribed(people=(report.subscriber,), because=report.reason)
            return () if report.subscriber in incident.unsubscribed else (gone,)
        case DeliveryGaveUp():
            failed = DeliveryFailed(what=report.what, to=report.to, reason=report.reason)
            return (failed, *_unreachable(incident, report.person, report.reason))
        case _:
            assert_never(report)


def _decide(incident: Incident, report: Report, context: Context, policy: Policy) -> Outcome:
    del context
    return Outcome(events=recorded(incident, report, policy))


def _room(incident: Incident, address: Address) -> Room | None:
    return next((room for room in incident.rooms if room.address == address), None)


def _opened(incident: Incident, report: RecordRoom, policy: Policy) -> tuple[Event, ...]:
    room = _room(incident, report.address)
    if room and not room.lost:
        return ()
    opened = RoomOpened(address=report.address, name=report.name, url=report.url, own=report.own)
    return (opened, *(_linked(incident, report.address, policy) if not incident.rooms else ()))


def _linked(incident: Incident, first: Address, policy: Policy) -> Iterator[RoomAsked]:
    """Second rooms the policy wants, once there is a first one, so that it is the first in every chat's words."""
    if incident.private or incident.is_ended:
        return
    for place in dict.fromkeys(policy.link):
        if chat_of(place) != chat_of(first) and place not in incident.linked:
            yield RoomAsked(address=Address(place))


def _vacated(incident: Incident, report: PersonLeft) -> tuple[RoleReleased | HandoverEnded, ...]:
    """Their roles, while work goes on. Who only leaves the room of a resolved incident keeps them, to close it."""
    goes_on = incident.is_open or (report.unreachable and not incident.is_ended)
    if not goes_on:
        return ()
    person = report.person
    roles = [role for role in incident.roles_of(person) if report.role in {"", role}]
    offers = [
        offer
        for offer in incident.handovers
        if person in {offer.giver, offer.taker} and report.role in {"", offer.role}
    ]
    released = (RoleReleased(role=role, person=person, reason=LEFT) for role in roles)
    return (*released, *over(offers, "overtaken"))


def _unreachable(incident: Incident, person: Person | None, reason: str) -> tuple[PersonUnreachable, ...]:
    if person is None or not reason or person in incident.unreachable:
        return ()
    return (PersonUnreachable(person=person, reason=reason),)


def _spec(word: str, command: type) -> Spec:
    """Nobody may say it: `who` is empty, so that only Sitrep itself gets through."""
    return Spec(word=word, command=command, decide=_decide, who=(), group="", hidden=True)


SPECS = (
    _spec("room-opened", RecordRoom),
    _spec("room-lost", RoomWasLost),
    _spec("room-renamed", RoomWasRenamed),
    _spec("person-left", PersonLeft),
    _spec("delivery-failed", DeliveryGaveUp),
)
