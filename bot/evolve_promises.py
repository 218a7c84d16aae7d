"""How promises, snoozes and reminders fold: the part of `evolve` that the ladders read."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.events import (
    AboutPromises,
    AboutReminders,
    PromiseEnded,
    PromiseMade,
    Reminded,
    ReminderHeld,
    ReminderWithheld,
    Rung,
    Snoozed,
    StepPassed,
    UpdatePublished,
)
from bot.incident import Incident, Kept, Promise, Snooze, Told
from bot.refs import Person


def promises_after(incident: Incident, event: AboutPromises, at: datetime, by: Person | None) -> Incident:
    """The incident after an update, a promise or a snooze."""
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


def reminders_after(incident: Incident, event: AboutReminders, at: datetime) -> Incident:
    """The incident after a reminder was said, held, passed over or withheld."""
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
