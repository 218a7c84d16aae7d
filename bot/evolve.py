"""State is the fold of events.

`evolve` takes one more entry into account and asks no policy, so that a log folds the same for ever.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.events import (
    AboutFields,
    AboutPromises,
    AboutReminders,
    AboutRoles,
    AboutRooms,
    AboutStatus,
    BridgeSet,
    Cancelled,
    Closed,
    Declared,
    DeliveryFailed,
    DetectedSet,
    Entry,
    HandoverEnded,
    HandoverOffered,
    ImpactSet,
    MarkedDuplicate,
    NoteAdded,
    PersonReachable,
    PersonUnreachable,
    PriorityChanged,
    Related,
    Reopened,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoleWaived,
    RoomAsked,
    RoomLost,
    RoomOpened,
    RoomRenamed,
    ServicesSet,
    Status,
    StatusChanged,
    TitleChanged,
    Unknown,
    UpdatePublished,
    UrgencySet,
    VisibilityChanged,
)
from bot.evolve_promises import promises_after, reminders_after
from bot.incident import ENDED, Handover, Holding, Incident, Room
from bot.policy import COMMANDER, ROOM
from bot.refs import Address, Person


def fold(entries: Iterable[Entry], incident: Incident | None = None, *, number: int = 0) -> Incident:
    """The incident after these entries, on top of `incident` where one is given."""
    state = incident or Incident(number=number)
    for entry in entries:
        state = evolve(state, entry)
    return state


def evolve(incident: Incident, entry: Entry) -> Incident:
    """The incident after one more entry. Total: nothing is refused, an unknown kind only counts."""
    state = _counted(incident, entry)
    event, at, by = entry.event, entry.at, entry.by
    if isinstance(event, AboutFields):
        return _fields(state, event, at, by)
    if isinstance(event, AboutRooms):
        return _rooms(state, event)
    if isinstance(event, AboutRoles):
        return _roles(state, event, at)
    if isinstance(event, AboutStatus):
        return _status(state, event, at, by)
    if isinstance(event, AboutPromises):
        return promises_after(state, event, at, by)
    if isinstance(event, AboutReminders):
        return reminders_after(state, event, at)
    assert_never(event)


def _counted(incident: Incident, entry: Entry) -> Incident:
    words = (entry.at, type(entry.event).__name__, entry.by) if entry.by else incident.last_words
    return replace(
        incident,
        version=entry.version,
        last_at=entry.at,
        last_person_at=entry.at if entry.by else incident.last_person_at,
        last_words=words,
        first_response_at=incident.first_response_at or _responded(incident, entry),
    )


def _responded(incident: Incident, entry: Entry) -> datetime | None:
    """docs/promises.md 3: a commander, a status other than investigating, or words by somebody who did not declare."""
    event = entry.event
    if isinstance(event, RoleAssigned):
        answers = event.role == COMMANDER
    elif isinstance(event, StatusChanged):
        answers = event.status is not Status.INVESTIGATING
    elif isinstance(event, UpdatePublished | NoteAdded):
        answers = entry.by is not None and entry.by != incident.declared_by
    else:
        answers = isinstance(event, Resolved)
    return entry.at if answers else None


def _fields(incident: Incident, event: AboutFields, at: datetime, by: Person | None) -> Incident:
    match event:
        case Declared():
            return _declared(incident, event, at, by)
        case TitleChanged():
            return replace(incident, title=event.title, taken=())
        case PriorityChanged():
            changed = incident.priority != event.priority
            priorities = (*incident.priorities, (at, event.priority)) if changed else incident.priorities
            return replace(incident, priority=event.priority, confirmed=event.confirmed, priorities=priorities)
        case ImpactSet():
            return replace(incident, impact=event.level)
        case UrgencySet():
            return replace(incident, urgency=event.level)
        case ServicesSet():
            return replace(incident, services=event.services)
        case DetectedSet():
            return replace(incident, detected_at=event.detected_at)
        case BridgeSet():
            return replace(incident, bridge=event.url)
        case VisibilityChanged():
            return replace(incident, private=event.private)
        case Related():
            return replace(incident, related=(*incident.related, event.number))
        case NoteAdded() | DeliveryFailed() | Unknown():
            return _noted(incident, event)
        case _:
            assert_never(event)


def _noted(incident: Incident, event: NoteAdded | DeliveryFailed | Unknown) -> Incident:
    """What stands on the timeline alone, but for a room that could not be made: then there never will be one."""
    if isinstance(event, DeliveryFailed) and event.what == ROOM:
        return replace(incident, linked=(), roomless=event.reason)
    return incident


def _declared(incident: Incident, event: Declared, at: datetime, by: Person | None) -> Incident:
    return replace(
        incident,
        title=event.title,
        priority=event.priority,
        priorities=((at, event.priority),),
        confirmed=event.confirmed,
        private=event.private,
        room_open=not event.private,
        drill=event.drill,
        detected_at=event.detected_at,
        place=event.place,
        services=event.services,
        bridge=event.bridge,
        taken=event.taken,
        like=event.like,
        declared_at=at,
        declared_by=by,
        opened_at=at,
        status=Status.INVESTIGATING,
        status_since=at,
    )


def _rooms(incident: Incident, event: AboutRooms) -> Incident:
    match event:
        case RoomOpened():
            room = Room(address=event.address, name=event.name, url=event.url, own=event.own)
            others = tuple(other for other in incident.rooms if other.address != event.address)
            return replace(incident, rooms=(*others, room))
        case RoomAsked():
            return replace(incident, linked=(*incident.linked, event.address))
        case RoomRenamed():
            return replace(incident, rooms=_room_with(incident, event.address, name=event.name))
        case RoomLost():
            return replace(incident, rooms=_room_with(incident, event.address, lost=event.reason))
        case _:
            assert_never(event)


def _room_with(incident: Incident, address: Address, *, name: str = "", lost: str = "") -> tuple[Room, ...]:
    return tuple(
        replace(room, name=name or room.name, lost=lost or room.lost) if room.address == address else room
        for room in incident.rooms
    )


def _roles(incident: Incident, event: AboutRoles, at: datetime) -> Incident:
    match event:
        case RoleAssigned():
            held = tuple(item for item in incident.holdings if (item.role, item.person) != (event.role, event.person))
            taken = Holding(role=event.role, person=event.person, since=at)
            waived = {role: reason for role, reason in incident.waived.items() if role != event.role}
            return replace(incident, holdings=(*held, taken), waived=waived)
        case RoleReleased():
            held = tuple(item for item in incident.holdings if (item.role, item.person) != (event.role, event.person))
            return replace(incident, holdings=held, vacated={**incident.vacated, event.role: at})
        case RoleWaived():
            return replace(incident, waived={**incident.waived, event.role: event.reason})
        case HandoverOffered():
            offer = Handover(role=event.role, giver=event.giver, taker=event.taker, until=event.until)
            return replace(incident, handovers=(*_other_handovers(incident, event.role, event.giver), offer))
        case HandoverEnded():
            return replace(incident, handovers=_other_handovers(incident, event.role, event.giver))
        case PersonUnreachable():
            return replace(incident, unreachable=incident.unreachable | {event.person})
        case PersonReachable():
            return replace(incident, unreachable=incident.unreachable - {event.person})
        case _:
            assert_never(event)


def _other_handovers(incident: Incident, role: str, giver: Person) -> tuple[Handover, ...]:
    return tuple(item for item in incident.handovers if (item.role, item.giver) != (role, giver))


def _status(incident: Incident, event: AboutStatus, at: datetime, by: Person | None) -> Incident:
    match event:
        case StatusChanged():
            mitigated = incident.mitigated_at or (at if event.status is Status.MONITORING else None)
            return replace(incident, status=event.status, status_since=at, mitigated_at=mitigated)
        case Resolved():
            return replace(
                incident,
                status=Status.RESOLVED,
                status_since=at,
                resolved_at=at,
                resolved_by=by,
                mitigated_at=incident.mitigated_at or at,
                how=event.how,
                verified=event.verified,
                services=event.services or incident.services,
                handovers=(),
                kept=(),
            )
        case Closed():
            return _ended(incident, Status.CLOSED, at, by, "")
        case Cancelled():
            return _ended(incident, Status.CANCELLED, at, by, event.reason)
        case MarkedDuplicate():
            ended = _ended(incident, Status.DUPLICATE, at, by, "")
            return replace(ended, duplicate_of=event.of, related=(*incident.related, event.of))
        case Reopened():
            return _reopened(incident, at)
        case _:
            assert_never(event)


def _ended(incident: Incident, status: Status, at: datetime, by: Person | None, reason: str) -> Incident:
    assert status in ENDED
    return replace(
        incident,
        status=status,
        status_since=at,
        ended_at=at,
        ended_by=by,
        ended_because=reason,
        handovers=(),
        kept=(),
    )


def _reopened(incident: Incident, at: datetime) -> Incident:
    since = incident.resolved_at or incident.ended_at
    away = at - since if since else at - at
    return replace(
        incident,
        status=Status.INVESTIGATING,
        status_since=at,
        opened_at=at,
        resolved_for=incident.resolved_for + away,
        resolved_at=None,
        resolved_by=None,
        ended_at=None,
        ended_by=None,
        ended_because="",
        duplicate_of=None,
        how="",
        verified="",
        final_told=frozenset[str](),
    )
