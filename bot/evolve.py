"""State is the fold of events.

`evolve` takes one more entry into account and asks no policy, so that a log folds the same for ever.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from bot.changing import changed
from bot.events import (
    AboutDrafts,
    AboutFields,
    AboutPromises,
    AboutReminders,
    AboutRoles,
    AboutRooms,
    AboutStatus,
    AboutSubscriptions,
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
    Redacted,
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
from bot.evolve_drafts import drafts_after
from bot.evolve_promises import promises_after, reminders_after
from bot.evolve_subscriptions import subscriptions_after
from bot.incident import ENDED, NOTHING_YET, Handover, Holding, Incident, Room
from bot.policy import COMMANDER, ROOM, SECOND_ROOM
from bot.refs import Address, Person


def fold(entries: Iterable[Entry], incident: Incident | None = None, *, number: int = 0) -> Incident:
    """The incident after these entries, on top of `incident` where one is given."""
    state = incident or changed(NOTHING_YET, number=number)
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
    if isinstance(event, AboutDrafts):
        return drafts_after(state, event, at, by)
    if isinstance(event, AboutReminders):
        return reminders_after(state, event, at)
    if isinstance(event, AboutSubscriptions):
        return subscriptions_after(state, event)
    assert_never(event)


def _counted(incident: Incident, entry: Entry) -> Incident:
    """Who subscribes says nothing of the incident: that breaks no silence."""
    spoke = entry.by is not None and not isinstance(entry.event, AboutSubscriptions)
    words = (entry.at, type(entry.event).__name__, entry.by) if spoke else incident.last_words
    return changed(
        incident,
        version=entry.version,
        last_at=entry.at,
        last_person_at=entry.at if spoke else incident.last_person_at,
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
            return changed(incident, title=event.title, taken=())
        case PriorityChanged():
            other = incident.priority != event.priority
            priorities = (*incident.priorities, (at, event.priority)) if other else incident.priorities
            return changed(incident, priority=event.priority, confirmed=event.confirmed, priorities=priorities)
        case ImpactSet():
            return changed(incident, impact=event.level)
        case UrgencySet():
            return changed(incident, urgency=event.level)
        case ServicesSet():
            return changed(incident, services=event.services)
        case DetectedSet():
            return changed(incident, detected_at=event.detected_at)
        case BridgeSet():
            return changed(incident, bridge=event.url)
        case VisibilityChanged():
            return changed(incident, private=event.private)
        case Related():
            return changed(incident, related=(*incident.related, event.number))
        case _:
            return _noted(incident, event)


def _noted(incident: Incident, event: NoteAdded | Redacted | DeliveryFailed | Unknown) -> Incident:
    """What stands on the timeline alone, but for a room that could not be made: then there never will be one."""
    if isinstance(event, DeliveryFailed) and event.what == SECOND_ROOM:
        return changed(incident, linked=())
    if isinstance(event, DeliveryFailed) and event.what == ROOM:
        return changed(incident, linked=(), roomless=event.reason)
    return incident


def _declared(incident: Incident, event: Declared, at: datetime, by: Person | None) -> Incident:
    return changed(
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
            return changed(incident, rooms=(*others, room))
        case RoomAsked():
            return changed(incident, linked=(*incident.linked, event.address))
        case RoomRenamed():
            return changed(incident, rooms=_room_with(incident, event.address, name=event.name))
        case RoomLost():
            return changed(incident, rooms=_room_with(incident, event.address, lost=event.reason))
        case _:
            assert_never(event)


def _room_with(incident: Incident, address: Address, *, name: str = "", lost: str = "") -> tuple[Room, ...]:
    return tuple(
        changed(room, name=name or room.name, lost=lost or room.lost) if room.address == address else room
        for room in incident.rooms
    )


def _roles(incident: Incident, event: AboutRoles, at: datetime) -> Incident:
    match event:
        case RoleAssigned():
            held = tuple(item for item in incident.holdings if (item.role, item.person) != (event.role, event.person))
            taken = Holding(role=event.role, person=event.person, since=at)
            waived = {role: reason for role, reason in incident.waived.items() if role != event.role}
            return changed(incident, holdings=(*held, taken), waived=waived)
        case RoleReleased():
            held = tuple(item for item in incident.holdings if (item.role, item.person) != (event.role, event.person))
            return changed(incident, holdings=held, vacated={**incident.vacated, event.role: at})
        case RoleWaived():
            return changed(incident, waived={**incident.waived, event.role: event.reason})
        case HandoverOffered():
            offer = Handover(role=event.role, giver=event.giver, taker=event.taker, until=event.until)
            return changed(incident, handovers=(*_other_handovers(incident, event.role, event.giver), offer))
        case HandoverEnded():
            return changed(incident, handovers=_other_handovers(incident, event.role, event.giver))
        case PersonUnreachable():
            return changed(incident, unreachable=incident.unreachable | {event.person})
        case PersonReachable():
            return changed(incident, unreachable=incident.unreachable - {event.person})
        case _:
            assert_never(event)


def _other_handovers(incident: Incident, role: str, giver: Person) -> tuple[Handover, ...]:
    return tuple(item for item in incident.handovers if (item.role, item.giver) != (role, giver))


def _status(incident: Incident, event: AboutStatus, at: datetime, by: Person | None) -> Incident:
    match event:
        case StatusChanged():
            mitigated = incident.mitigated_at or (at if event.status is Status.MONITORING else None)
            return changed(incident, status=event.status, status_since=at, mitigated_at=mitigated)
        case Resolved():
            return changed(
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
            return changed(ended, duplicate_of=event.of, related=(*incident.related, event.of))
        case Reopened():
            return _reopened(incident, at)
        case _:
            assert_never(event)


def _ended(incident: Incident, status: Status, at: datetime, by: Person | None, reason: str) -> Incident:
    assert status in ENDED
    return changed(
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
    return changed(
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
