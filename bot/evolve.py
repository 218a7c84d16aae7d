"""State is the fold of events.

`evolve` takes one more entry into account and asks no policy, so that a log folds the same for ever.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
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
    PersonUnreachable,
    PriorityChanged,
    PromiseEnded,
    PromiseMade,
    Related,
    Reminded,
    ReminderHeld,
    ReminderWithheld,
    Reopened,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoleWaived,
    RoomLost,
    RoomOpened,
    RoomRenamed,
    Rung,
    ServicesSet,
    Snoozed,
    Status,
    StatusChanged,
    StepPassed,
    TitleChanged,
    Unknown,
    UpdatePublished,
    UrgencySet,
    VisibilityChanged,
)
from bot.incident import ENDED, Handover, Holding, Incident, Kept, Promise, Room, Snooze, Told
from bot.policy import COMMANDER
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
        return _promises(state, event, at, by)
    if isinstance(event, AboutReminders):
        return _reminders(state, event, at)
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
    """PROMISES.md 3: a commander, a status other than investigating, or words by somebody who did not declare."""
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
            return incident
        case _:
            assert_never(event)


def _declared(incident: Incident, event: Declared, at: datetime, by: Person | None) -> Incident:
    return replace(
        incident,
        title=event.title,
        priority=event.priority,
        priorities=((at, event.priority),),
        confirmed=event.confirmed,
        private=event.private,
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


def _promises(incident: Incident, event: AboutPromises, at: datetime, by: Person | None) -> Incident:
    match event:
        case UpdatePublished():
            told = Told(at=at, by=by, update=event)
            others = incident.final_told - set(event.audiences)
            return replace(
                incident,
                updates=event.number,
                told={**incident.told, **dict.fromkeys(event.audiences, told)},
                final_told=others | set(event.audiences) if event.final else others,
            )
        case PromiseMade():
            return _promised(incident, event, at)
        case PromiseEnded():
            return _promise_ended(incident, event)
        case Snoozed():
            quiet = Snooze(until=event.until, reason=event.reason)
            return replace(
                incident,
                snoozes={**incident.snoozes, event.person: quiet},
                kept=tuple(
                    replace(kept, until=event.until) if (kept.person, kept.why) == (event.person, "snooze") else kept
                    for kept in incident.kept
                ),
            )
        case _:
            assert_never(event)


def _promised(incident: Incident, event: PromiseMade, at: datetime) -> Incident:
    before = incident.promises.get(event.audience)
    promise = Promise(
        audience=event.audience,
        due=event.due,
        generation=before.generation + 1 if before else 1,
        made_at=at,
        cause=event.cause,
        reason=event.reason,
    )
    promises = {**incident.promises, event.audience: promise}
    return replace(incident, promises=promises, kept=_kept_without(incident, f"update:{event.audience}"))


def _promise_ended(incident: Incident, event: PromiseEnded) -> Incident:
    state = incident
    if event.outcome == "waived":
        state = replace(state, final_told=state.final_told | {event.audience})
    standing = state.promises.get(event.audience)
    if standing is None:
        return state
    return replace(
        state,
        promises={**state.promises, event.audience: replace(standing, standing=False)},
        kept=_kept_without(state, f"update:{event.audience}"),
    )


def _kept_without(incident: Incident, subject: str) -> tuple[Kept, ...]:
    """What is kept, less the rungs of a subject whose generation is over."""
    left = (
        replace(kept, rungs=tuple(rung for rung in kept.rungs if rung.subject != subject)) for kept in incident.kept
    )
    return tuple(kept for kept in left if kept.rungs)


def _reminders(incident: Incident, event: AboutReminders, at: datetime) -> Incident:
    match event:
        case Reminded():
            return _reminded(incident, event, at)
        case ReminderHeld():
            return _held(_handled(incident, event.rungs, at), event)
        case StepPassed():
            state = _step_handled(incident, event.rung)
            return replace(state, kept=_kept_but(incident, event.rung, event.person))
        case ReminderWithheld():
            return incident
        case _:
            assert_never(event)


def _reminded(incident: Incident, event: Reminded, at: datetime) -> Incident:
    state = _handled(incident, event.rungs, at)
    promises = dict(state.promises)
    for rung in event.rungs:
        promise = promises.get(rung.subject.removeprefix("update:"))
        if promise and rung.subject == f"update:{promise.audience}" and promise.generation == rung.generation:
            promises[promise.audience] = _spoken_of(promise, event, rung, at)
    state = replace(state, promises=promises)
    return state if event.to.room else replace(state, kept=_kept_before(state, event.to.person, event.rungs))


def _held(incident: Incident, event: ReminderHeld) -> Incident:
    person = event.to.person
    if person is None:
        return incident
    kept = Kept(rungs=event.rungs, person=person, role=event.to.role, why=event.why, until=event.until)
    return replace(incident, kept=(*_kept_before(incident, person, event.rungs), kept))


def _kept_before(incident: Incident, person: Person | None, rungs: tuple[Rung, ...]) -> tuple[Kept, ...]:
    """What is kept from a person, less what these rungs, said or kept now, take the place of."""
    latest = {(rung.subject, rung.generation): (rung.step, rung.repeat) for rung in rungs}

    def overtaken(rung: Rung) -> bool:
        found = latest.get((rung.subject, rung.generation))
        return found is not None and (rung.step, rung.repeat) <= found

    left = (
        replace(kept, rungs=tuple(rung for rung in kept.rungs if not overtaken(rung)))
        if kept.person == person
        else kept
        for kept in incident.kept
    )
    return tuple(kept for kept in left if kept.rungs)


def _spoken_of(promise: Promise, event: Reminded, rung: Rung, at: datetime) -> Promise:
    reminded = _once(promise.reminded, at)
    if not event.to.room:
        return replace(promise, reminded=reminded)
    keys = {**promise.room_keys, rung.step: event.key}
    return replace(promise, reminded=reminded, late_key=promise.late_key or event.key, room_keys=keys)


def _kept_but(incident: Incident, rung: Rung, person: Person | None) -> tuple[Kept, ...]:
    left = (
        replace(kept, rungs=tuple(other for other in kept.rungs if other != rung)) if kept.person == person else kept
        for kept in incident.kept
    )
    return tuple(kept for kept in left if kept.rungs)


def _once(moments: tuple[datetime, ...], at: datetime) -> tuple[datetime, ...]:
    return moments if moments and moments[-1] == at else (*moments, at)


def _handled(incident: Incident, rungs: tuple[Rung, ...], at: datetime) -> Incident:
    """Each rung is done; of a promise also when, for its repeats count from there."""
    state = incident
    for rung in rungs:
        state = _step_handled(state, rung)
        promise = state.promises.get(rung.subject.removeprefix("update:"))
        if promise and rung.subject == f"update:{promise.audience}" and promise.generation == rung.generation:
            fired = replace(promise, repeats=rung.repeat, fired_at=_on_time(rung.moment, at))
            state = replace(state, promises={**state.promises, promise.audience: fired})
    return state


def _on_time(moment: datetime, at: datetime) -> datetime:
    """The step's own moment where it fired within a minute of it: repeats do not drift with the clock's granularity."""
    return moment if timedelta() <= at - moment <= timedelta(seconds=60) else at


def _step_handled(incident: Incident, rung: Rung) -> Incident:
    kind, _, name = rung.subject.partition(":")
    match kind:
        case "update":
            promise = incident.promises.get(name)
            if promise is None or promise.generation != rung.generation:
                return incident
            done = replace(promise, handled=promise.handled | {rung.step})
            return replace(incident, promises={**incident.promises, name: done})
        case "role":
            generation, steps = incident.role_steps.get(name, (rung.generation, frozenset[float]()))
            kept = steps if generation == rung.generation else frozenset[float]()
            return replace(incident, role_steps={**incident.role_steps, name: (rung.generation, kept | {rung.step})})
        case "sla":
            shares = incident.sla_shares.get(rung.subject, frozenset[float]())
            return replace(incident, sla_shares={**incident.sla_shares, rung.subject: shares | {rung.step}})
        case "silence":
            return replace(incident, silence_handled=rung.about)
        case "close":
            return replace(incident, close_handled=rung.about)
        case _:
            return incident
