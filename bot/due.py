"""What falls due: the events of one tick. Pure: a second tick, a second replica or a restart finds nothing left.

The rules are those of docs/promises.md, section 2, by number. Nothing is sent from here: each `Reminded` is announced
like any other event, and its row is written in the same transaction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot import ladders
from bot.approvers import nudged, still_asked
from bot.changing import changed
from bot.deadlines import release_at
from bot.events import (
    Event,
    HandoverEnded,
    Recipient,
    Reminded,
    ReminderHeld,
    ReminderWithheld,
    Rung,
    StepPassed,
    Why,
)
from bot.firings import Firing, Tick, earlier, firings_of, gathered, overtakes, set_later
from bot.incident import Incident, Kept, Promise
from bot.refs import Person
from bot.succession import quiet_until, recipients, snoozed_until, still_theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A reminder to one addressee, before it is known whether they asked for quiet."""

    to: Recipient
    rungs: tuple[Rung, ...]
    unaddressed: bool = False
    """In the room: a step names the room itself, so it is said whoever is quiet."""
    mentioned: tuple[tuple[float, Recipient], ...] = ()
    """In the room: whom the steps address there, each with the highest step of its ladder."""
    quiet_over: str = ""


def due_events(incident: Incident, tick: Tick) -> tuple[Event, ...]:
    """What must be written because of the time alone: reminders, steps passed over, handovers that ended."""
    if incident.is_silent or incident.version == 0:
        return ()
    firings = gathered(incident, firings_of(incident, tick), tick)
    nudges = _nudges(incident, firings, tick)
    nudges, untrue = _with_kept(incident, nudges, tick)
    withheld = [event for firing in firings for event in _overtaken(firing, tick)]
    passed = [StepPassed(rung=rung, why="higher step") for firing in firings for rung in firing.passed]
    said = [event for nudge in nudges for event in _said(incident, nudge, tick)]
    return (*_late_handovers(incident, tick), *set_later(incident, tick), *passed, *untrue, *withheld, *said)


def _late_handovers(incident: Incident, tick: Tick) -> Iterator[HandoverEnded]:
    for offer in incident.handovers:
        if offer.until <= tick.now:
            yield HandoverEnded(role=offer.role, giver=offer.giver, taker=offer.taker, outcome="unanswered")


def _nudges(incident: Incident, firings: list[Firing], tick: Tick) -> list[Nudge]:
    """One message for each addressee and kind: whatever falls together for one person is said once (2.5)."""
    nudges: dict[tuple[object, ...], Nudge] = {}
    for firing in firings:
        rungs = _rungs(incident, firing, tick)
        for to in _addressed(incident, firing, tick):
            key = (_kind(firing), to.room, "" if to.room else to.person, to.audience)
            known = nudges.get(key)
            nudges[key] = _joined(known, to, rungs) if known else _nudge(to, rungs)
    return list(nudges.values())


def _kind(firing: Firing) -> str:
    subject = firing.top.rung.subject
    return subject if subject.startswith(("sla:", "draft:")) else subject.partition(":")[0]


def _rungs(incident: Incident, firing: Firing, tick: Tick) -> tuple[Rung, ...]:
    top = firing.top.rung
    if not top.subject.startswith("role:"):
        return (top,)
    return tuple(ladders.role_rung(vacancy, top.step) for vacancy in ladders.vacancies(incident, tick.policy))


def _addressed(incident: Incident, firing: Firing, tick: Tick) -> Iterator[Recipient]:
    """The addressees of every step reached, the highest step's last, after those of messages it takes the place of."""
    for reminder in earlier(firing, tick):
        yield reminder.to
    for item in firing.reached:
        yield from recipients(incident, item.step, tick.policy, tick.people)
    yield from nudged(incident, firing.top.rung, tick.policy, tick.people)


def _overtaken(firing: Firing, tick: Tick) -> Iterator[ReminderWithheld]:
    for reminder in earlier(firing, tick):
        rungs = tuple(rung for rung in reminder.rungs if overtakes(firing.top.rung, rung))
        yield ReminderWithheld(rungs=rungs, to=reminder.to, why="higher step")


def _nudge(to: Recipient, rungs: tuple[Rung, ...]) -> Nudge:
    return _joined(Nudge(to=to, rungs=()), to, rungs)


def _joined(nudge: Nudge, to: Recipient, rungs: tuple[Rung, ...]) -> Nudge:
    nobody = to.room and to.person is None
    mentioned = ((rungs[0].step, to),) if to.room and to.person else ()
    return changed(
        nudge,
        to=nudge.to if nobody and nudge.to.person else to,
        rungs=_highest_each(nudge.rungs + rungs),
        unaddressed=nudge.unaddressed or nobody,
        mentioned=nudge.mentioned + mentioned,
    )


def _highest_each(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """Of each ladder the highest rung, the highest of all first."""
    best: dict[tuple[str, int], Rung] = {}
    for rung in rungs:
        known = best.get((rung.subject, rung.generation))
        if known is None or (rung.step, rung.repeat) > (known.step, known.repeat):
            best[rung.subject, rung.generation] = rung
    return tuple(sorted(best.values(), key=lambda rung: (-rung.step, rung.about, rung.subject)))


def _with_kept(incident: Incident, nudges: list[Nudge], tick: Tick) -> tuple[list[Nudge], list[StepPassed]]:
    """Of what was kept from people whose quiet is over: what holds joins their messages, the rest is passed over."""
    untrue: list[StepPassed] = []
    for kept in incident.kept:
        if release_at(incident, kept, tick.policy) > tick.now:
            continue
        true = tuple(rung for rung in kept.rungs if _still_due(incident, kept, rung, tick))
        untrue += [StepPassed(rung=rung, person=kept.person, why="untrue") for rung in kept.rungs if rung not in true]
        nudges = _released(nudges, kept, true)
    return nudges, untrue


def _still_due(incident: Incident, kept: Kept, rung: Rung, tick: Tick) -> bool:
    to = Recipient(person=kept.person, role=kept.role)
    theirs = still_theirs(incident, to, tick.people) and still_asked(incident, to, (rung,), tick.policy, tick.people)
    return theirs and ladders.still_true(incident, rung, tick.policy)


def _released(nudges: list[Nudge], kept: Kept, rungs: tuple[Rung, ...]) -> list[Nudge]:
    if not rungs:
        return nudges
    kind = rungs[0].subject.partition(":")[0]
    for index, nudge in enumerate(nudges):
        mine = nudge.to.person == kept.person and not nudge.to.room
        if mine and nudge.rungs[0].subject.partition(":")[0] == kind:
            joined = replace(nudge, rungs=_highest_each(nudge.rungs + rungs), quiet_over=kept.why)
            return [*nudges[:index], joined, *nudges[index + 1 :]]
    to = Recipient(person=kept.person, role=kept.role, why=Why.ROLE, via="holder")
    return [*nudges, Nudge(to=to, rungs=_highest_each(rungs), quiet_over=kept.why)]


def _said(incident: Incident, nudge: Nudge, tick: Tick) -> Iterator[Reminded | ReminderHeld]:
    """The reminder, or that it is held back because its addressee asked for quiet (2.7, 2.9)."""
    person, now = nudge.to.person, tick.now
    if person is None:
        yield _reminded(incident, nudge, tick)
        return
    if nudge.to.room:
        yield from _said_in_room(incident, nudge, tick)
        return
    snoozed = snoozed_until(incident, person, now)
    hours = quiet_until(incident, person, now, tick.policy, tick.people)
    if snoozed:
        yield ReminderHeld(rungs=nudge.rungs, to=nudge.to, why="snooze", until=snoozed)
    elif hours:
        yield ReminderHeld(rungs=nudge.rungs, to=nudge.to, why="hours", until=hours)
    else:
        yield _reminded(incident, nudge, tick)


def _said_in_room(incident: Incident, nudge: Nudge, tick: Tick) -> Iterator[Reminded | ReminderHeld]:
    """One message for the highest of those it addresses who is not quiet; from the others their mention is kept."""
    quiet = {to: snoozed_until(incident, person, tick.now) for person, to in _mentioned(nudge).items()}
    heard = [to for to, until in quiet.items() if until is None]
    if heard or nudge.unaddressed:
        yield _reminded(incident, replace(nudge, to=heard[-1] if heard else Recipient(room=True)), tick)
    for to, until in quiet.items():
        if until:
            yield ReminderHeld(rungs=nudge.rungs, to=to, why="snooze", until=until)


def _mentioned(nudge: Nudge) -> dict[Person, Recipient]:
    """Whom a message in the room may mention, each once, who is addressed by the highest step last."""
    found: dict[Person, Recipient] = {}
    for _, to in sorted(nudge.mentioned, key=lambda one: one[0]):
        assert to.person is not None, "only people are mentioned"
        found.pop(to.person, None)
        found[to.person] = to
    return found


def _reminded(incident: Incident, nudge: Nudge, tick: Tick) -> Reminded:
    key, thread = _place(incident, nudge)
    return Reminded(
        rungs=nudge.rungs,
        to=nudge.to,
        key=key,
        thread=thread,
        after=_after(incident, nudge.rungs),
        down=_down(nudge.rungs, tick),
        quiet_over=nudge.quiet_over,
    )


def _place(incident: Incident, nudge: Nudge) -> tuple[str, str]:
    """The message's key, and the key of the one it replies to: one message in the room for each late promise (2.6)."""
    first = nudge.rungs[0]
    name = f"{first.subject}:{first.generation}:{first.step:g}"
    if not nudge.to.room:
        return f"remind:{name}:{first.repeat}{':late' if nudge.quiet_over else ''}", ""
    late = [promise for rung in nudge.rungs if (promise := _promise(incident, rung))]
    anew = f"late:{name}:{first.repeat}" if first.subject.startswith("draft:") else f"late:{name}"
    key = next((found for promise in late if (found := promise.room_keys.get(first.step))), anew)
    thread = next((promise.late_key for promise in late if promise.late_key), "")
    return key, "" if thread == key else thread


def _promise(incident: Incident, rung: Rung) -> Promise | None:
    kind, _, audience = rung.subject.partition(":")
    return incident.promise(audience) if kind == "update" else None


def _after(incident: Incident, rungs: tuple[Rung, ...]) -> tuple[datetime, ...]:
    promise = _promise(incident, rungs[0])
    return promise.reminded if promise else ()


def _down(rungs: tuple[Rung, ...], tick: Tick) -> tuple[datetime, datetime] | None:
    down = tick.downtime
    if down and any(down.since <= rung.moment <= down.until for rung in rungs):
        return down.since, down.until
    return None
