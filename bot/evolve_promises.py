"""How promises, snoozes and reminders fold: the part of `evolve` that the ladders read."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.changing import changed
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
from bot.evolve_drafts import drafts_published
from bot.incident import Draft, Incident, Kept, Promise, Snooze, Tally, Told
from bot.notices import headline
from bot.policy import CUSTOMERS
from bot.refs import Person


def promises_after(incident: Incident, event: AboutPromises, at: datetime, by: Person | None) -> Incident:
    """The incident after an update, a promise or a snooze."""
    match event:
        case UpdatePublished():
            told = Told(at=at, by=by, update=event)
            others = incident.final_told - set(event.audiences)
            return changed(
                drafts_published(incident, event),
                tallies={**incident.tallies, **_first_told(incident, event, at)},
                updates=max(incident.updates, event.number),
                headline=_headline(incident, event),
                told={**incident.told, **dict.fromkeys(event.audiences, told)},
                final_told=others | set(event.audiences) if event.final else others,
            )
        case PromiseMade():
            return _promised(incident, event, at)
        case PromiseEnded():
            return _promise_ended(incident, event, at)
        case Snoozed():
            quiet = Snooze(until=event.until, reason=event.reason)
            return changed(
                incident,
                snoozes={**incident.snoozes, event.person: quiet},
                kept=tuple(
                    changed(kept, until=event.until) if (kept.person, kept.why) == (event.person, "snooze") else kept
                    for kept in incident.kept
                ),
            )
        case _:
            assert_never(event)


def _headline(incident: Incident, event: UpdatePublished) -> str:
    """What customers know the incident by from now on."""
    if CUSTOMERS not in event.audiences:
        return incident.headline
    return headline(event.headline or incident.headline, (), event.words or event.what)


def _first_told(incident: Incident, event: UpdatePublished, at: datetime) -> dict[str, Tally]:
    """Audiences that hear for the first time."""
    known = {audience: incident.tallies.get(audience, Tally()) for audience in event.audiences}
    return {audience: changed(tally, first_at=at) for audience, tally in known.items() if tally.first_at is None}


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
    return changed(incident, promises=promises, kept=_kept_without(incident, f"update:{event.audience}"))


def _promise_ended(incident: Incident, event: PromiseEnded, at: datetime) -> Incident:
    tally = _counted(incident.tallies.get(event.audience, Tally()), event, at)
    state = changed(incident, tallies={**incident.tallies, event.audience: tally})
    if event.outcome == "waived":
        state = changed(state, final_told=state.final_told | {event.audience})
    standing = state.promises.get(event.audience)
    if standing is None:
        return state
    return changed(
        state,
        promises={**state.promises, event.audience: changed(standing, standing=False)},
        kept=_kept_without(state, f"update:{event.audience}"),
    )


def _counted(tally: Tally, event: PromiseEnded, at: datetime) -> Tally:
    """One more promise that was kept, moved in time or not kept; one that merely ended counts as none of them."""
    match event.outcome:
        case "kept":
            return changed(tally, kept=tally.kept + 1)
        case "kept-moved":
            return changed(tally, moved=tally.moved + 1)
        case "missed":
            first_late = event.late if tally.first_at == at else tally.first_late
            return changed(tally, missed=tally.missed + 1, last_late=event.late, first_late=first_late)
        case _:
            return tally


def _kept_without(incident: Incident, subject: str) -> tuple[Kept, ...]:
    """What is kept, less the rungs of a subject whose generation is over."""
    left = (
        changed(kept, rungs=tuple(rung for rung in kept.rungs if rung.subject != subject)) for kept in incident.kept
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
            return changed(state, kept=_kept_but(incident, event.rung, event.person))
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
    kept = state.kept if event.to.room else _kept_before(state, event.to.person, event.rungs)
    return changed(state, promises=promises, kept=kept)


def _held(incident: Incident, event: ReminderHeld) -> Incident:
    person = event.to.person
    if person is None:
        return incident
    kept = Kept(rungs=event.rungs, person=person, role=event.to.role, why=event.why, until=event.until)
    return changed(incident, kept=(*_kept_before(incident, person, event.rungs), kept))


def _kept_before(incident: Incident, person: Person | None, rungs: tuple[Rung, ...]) -> tuple[Kept, ...]:
    """What is kept from a person, less what these rungs, said or kept now, take the place of."""
    latest = {(rung.subject, rung.generation): (rung.step, rung.repeat) for rung in rungs}

    def overtaken(rung: Rung) -> bool:
        found = latest.get((rung.subject, rung.generation))
        return found is not None and (rung.step, rung.repeat) <= found

    left = (
        changed(kept, rungs=tuple(rung for rung in kept.rungs if not overtaken(rung)))
        if kept.person == person
        else kept
        for kept in incident.kept
    )
    return tuple(kept for kept in left if kept.rungs)


def _spoken_of(promise: Promise, event: Reminded, rung: Rung, at: datetime) -> Promise:
    reminded = _once(promise.reminded, at)
    if not event.to.room:
        return changed(promise, reminded=reminded)
    keys = {**promise.room_keys, rung.step: event.key}
    return changed(promise, reminded=reminded, late_key=promise.late_key or event.key, room_keys=keys)


def _kept_but(incident: Incident, rung: Rung, person: Person | None) -> tuple[Kept, ...]:
    left = (
        changed(kept, rungs=tuple(other for other in kept.rungs if other != rung)) if kept.person == person else kept
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
            fired = changed(promise, repeats=rung.repeat, fired_at=_on_time(rung.moment, at))
            state = changed(state, promises={**state.promises, promise.audience: fired})
        if state.drafts:
            state = changed(state, drafts=tuple(_nudged(draft, rung, at) for draft in state.drafts))
    return state


def _nudged(draft: Draft, rung: Rung, at: datetime) -> Draft:
    """Several who are reminded at once are reminded once of it."""
    if (draft.subject, draft.nudges) != (rung.subject, rung.repeat):
        return draft
    return changed(draft, nudges=draft.nudges + 1, nudged_at=_on_time(rung.moment, at))


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
            done = changed(promise, handled=promise.handled | {rung.step})
            return changed(incident, promises={**incident.promises, name: done})
        case "role":
            generation, steps = incident.role_steps.get(name, (rung.generation, frozenset[float]()))
            kept = steps if generation == rung.generation else frozenset[float]()
            return changed(incident, role_steps={**incident.role_steps, name: (rung.generation, kept | {rung.step})})
        case "sla":
            shares = incident.sla_shares.get(rung.subject, frozenset[float]())
            return changed(incident, sla_shares={**incident.sla_shares, rung.subject: shares | {rung.step}})
        case "silence":
            return changed(incident, silence_handled=rung.about)
        case "close":
            return changed(incident, close_handled=rung.about)
        case _:
            return incident
