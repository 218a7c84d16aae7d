"""What falls due: the events of one tick. Pure: a second tick, a second replica or a restart finds nothing left.

The rules are those of docs/promises.md, section 2, by number. Nothing is sent from here: each `Reminded` is announced
like any other event, and its row is written in the same transaction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot import ladders
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
from bot.incident import Incident, Kept, Promise
from bot.ladders import Owed
from bot.policy import Policy
from bot.ports import Downtime
from bot.posts import Reminder
from bot.succession import People, outside, quiet_until, recipients, snoozed_until, still_theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The circumstances in which deadlines are looked at."""

    now: datetime
    policy: Policy
    people: People
    downtime: Downtime | None = None
    waiting: tuple[Reminder, ...] = ()
    """Reminders whose messages have not been sent yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A reminder to one addressee, before it is known whether they asked for quiet."""

    to: Recipient
    rungs: tuple[Rung, ...]
    unaddressed: bool = False
    """In the room: a step names the room itself, so it is said whoever is quiet."""
    quiet_over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One ladder at this tick: the step that is said, and those it speaks for."""

    top: Owed
    reached: tuple[Owed, ...]
    passed: tuple[Rung, ...] = ()


def due_events(incident: Incident, tick: Tick) -> tuple[Event, ...]:
    """What must be written because of the time alone: reminders, steps passed over, handovers that ended."""
    if incident.is_ended or incident.version == 0:
        return ()
    firings = _gathered(incident, _firings(incident, tick), tick)
    drafts = _drafts(incident, firings, tick)
    drafts, untrue = _with_kept(incident, drafts, tick)
    withheld = [event for firing in firings for event in _overtaken(firing, tick)]
    passed = [StepPassed(rung=rung, why="higher step") for firing in firings for rung in firing.passed]
    said = [event for draft in drafts for event in _said(incident, draft, tick)]
    return (*_late_handovers(incident, tick), *_set_later(incident, tick), *passed, *untrue, *withheld, *said)


def _late_handovers(incident: Incident, tick: Tick) -> Iterator[HandoverEnded]:
    for offer in incident.handovers:
        if offer.until <= tick.now:
            yield HandoverEnded(role=offer.role, giver=offer.giver, taker=offer.taker, outcome="unanswered")


def _set_later(incident: Incident, tick: Tick) -> Iterator[StepPassed]:
    """2.2: a step that was past when its promise was made is passed over."""
    for promise in incident.promises.values():
        for item in ladders.of_promise(promise, tick.policy):
            if _before_made(item, promise):
                yield StepPassed(rung=item.rung, why="set later")


def _before_made(item: Owed, promise: Promise) -> bool:
    return item.rung.repeat == 0 and item.rung.moment <= promise.made_at


def _firings(incident: Incident, tick: Tick) -> list[Firing]:
    """The ladders of which something is due. Of several steps of one ladder the highest speaks for all (2.3)."""
    found = [_of_promise(promise, tick) for promise in incident.promises.values()]
    found += [_of_vacancies(incident, tick)]
    for subject in ("sla:respond", "sla:resolve"):
        owed = [item for item in ladders.of_sla(incident, tick.policy) if item.rung.subject == subject]
        found.append(_highest(_ripe(owed, tick)))
    found += [_highest(_ripe(ladders.of_silence(incident, tick.policy), tick))]
    found += [_highest(_ripe(ladders.of_closing(incident, tick.policy), tick))]
    return [firing for firing in found if firing]


def _ripe(owed: Iterable[Owed], tick: Tick) -> list[Owed]:
    return [item for item in owed if _moment(item, tick) <= tick.now]


def _moment(item: Owed, tick: Tick) -> datetime:
    """When a step may fire: steps that leave the incident's people wait a while after Sitrep was down (2.3)."""
    down = tick.downtime
    if down is None or not outside(item.step, tick.policy):
        return item.rung.moment
    settled = down.until + tick.policy.reminders.settle
    return settled if down.since <= item.rung.moment <= settled else item.rung.moment


def _highest(due: list[Owed]) -> Firing | None:
    if not due:
        return None
    ordered = sorted(due, key=lambda item: (item.rung.step, item.rung.repeat))
    return Firing(top=ordered[-1], reached=tuple(ordered), passed=tuple(item.rung for item in ordered[:-1]))


def _of_promise(promise: Promise, tick: Tick) -> Firing | None:
    owed = [item for item in ladders.of_promise(promise, tick.policy) if not _before_made(item, promise)]
    return _highest(_ripe(owed, tick))


def _of_vacancies(incident: Incident, tick: Tick) -> Firing | None:
    """One message names every role vacant at that moment, and counts as theirs too (section 3)."""
    vacant = ladders.vacancies(incident, tick.policy)
    firing = _highest(_ripe((item for one in vacant for item in ladders.of_vacancy(incident, one, tick.policy)), tick))
    if firing is None:
        return None
    top = firing.top.rung
    same = tuple(rung for rung in firing.passed if rung.step != top.step)
    return replace(firing, passed=same)


def _gathered(incident: Incident, firings: list[Firing], tick: Tick) -> list[Firing]:
    """2.4: the same rung of another promise, due within `gather`, comes along; never before its own moment if it says
    that it is late.
    """
    updates = [firing for firing in firings if firing.top.rung.subject.startswith("update:")]
    if not updates:
        return firings
    speaking = {firing.top.rung.subject for firing in updates}
    pulled = [
        _along(promise, updates, tick)
        for promise in incident.promises.values()
        if f"update:{promise.audience}" not in speaking
    ]
    return firings + [firing for firing in pulled if firing]


def _along(promise: Promise, updates: list[Firing], tick: Tick) -> Firing | None:
    owed = [item for item in ladders.of_promise(promise, tick.policy) if not _before_made(item, promise)]
    if not owed:
        return None
    item = min(owed, key=lambda one: one.rung.moment)
    if item.rung.step > 0 and tick.now < item.rung.about:
        return None
    firsts = [firing.top for firing in updates if firing.top.rung.step == item.rung.step]
    if any(_moment(item, tick) <= first.rung.moment + tick.policy.reminders.gather for first in firsts):
        return Firing(top=item, reached=(item,))
    return None


def _drafts(incident: Incident, firings: list[Firing], tick: Tick) -> list[Draft]:
    """One message for each addressee and kind: whatever falls together for one person is said once (2.5)."""
    drafts: dict[tuple[object, ...], Draft] = {}
    for firing in firings:
        rungs = _rungs(incident, firing, tick)
        for to in _addressed(incident, firing, tick):
            key = (_kind(firing), to.room, "" if to.room else to.person, to.audience)
            known = drafts.get(key)
            drafts[key] = _joined(known, to, rungs) if known else _draft(to, rungs)
    return list(drafts.values())


def _kind(firing: Firing) -> str:
    subject = firing.top.rung.subject
    return subject if subject.startswith("sla:") else subject.partition(":")[0]


def _rungs(incident: Incident, firing: Firing, tick: Tick) -> tuple[Rung, ...]:
    top = firing.top.rung
    if not top.subject.startswith("role:"):
        return (top,)
    return tuple(ladders.role_rung(vacancy, top.step) for vacancy in ladders.vacancies(incident, tick.policy))


def _addressed(incident: Incident, firing: Firing, tick: Tick) -> Iterator[Recipient]:
    """The addressees of every step reached, the highest step's last, after those of messages it takes the place of."""
    for reminder in _earlier(firing, tick):
        yield reminder.to
    for item in firing.reached:
        yield from recipients(incident, item.step, tick.policy, tick.people)


def _earlier(firing: Firing, tick: Tick) -> Iterator[Reminder]:
    """Reminders of earlier steps of the same promise that still wait to be sent (2.3, last sentence)."""
    for reminder in tick.waiting:
        if any(overtakes(firing.top.rung, rung) for rung in reminder.rungs):
            yield reminder


def overtakes(rung: Rung, other: Rung) -> bool:
    """Whether `rung` is a later word of the same ladder as `other`."""
    same = (rung.subject, rung.generation) == (other.subject, other.generation)
    return same and (rung.step, rung.repeat) > (other.step, other.repeat)


def _overtaken(firing: Firing, tick: Tick) -> Iterator[ReminderWithheld]:
    for reminder in _earlier(firing, tick):
        rungs = tuple(rung for rung in reminder.rungs if overtakes(firing.top.rung, rung))
        yield ReminderWithheld(rungs=rungs, to=reminder.to, why="higher step")


def _draft(to: Recipient, rungs: tuple[Rung, ...]) -> Draft:
    return Draft(to=to, rungs=rungs, unaddressed=to.room and to.person is None)


def _joined(draft: Draft, to: Recipient, rungs: tuple[Rung, ...]) -> Draft:
    nobody = to.room and to.person is None
    addressee = draft.to if nobody and draft.to.person else to
    return replace(
        draft, to=addressee, rungs=_highest_each(draft.rungs + rungs), unaddressed=draft.unaddressed or nobody
    )


def _highest_each(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """Of each ladder the highest rung, the highest of all first."""
    best: dict[tuple[str, int], Rung] = {}
    for rung in rungs:
        known = best.get((rung.subject, rung.generation))
        if known is None or (rung.step, rung.repeat) > (known.step, known.repeat):
            best[rung.subject, rung.generation] = rung
    return tuple(sorted(best.values(), key=lambda rung: (-rung.step, rung.about, rung.subject)))


def _with_kept(incident: Incident, drafts: list[Draft], tick: Tick) -> tuple[list[Draft], list[StepPassed]]:
    """Of what was kept from people whose quiet is over: what holds joins their messages, the rest is passed over."""
    untrue: list[StepPassed] = []
    for kept in incident.kept:
        if release_at(incident, kept, tick.policy) > tick.now:
            continue
        true = tuple(rung for rung in kept.rungs if _still_due(incident, kept, rung, tick))
        untrue += [StepPassed(rung=rung, person=kept.person, why="untrue") for rung in kept.rungs if rung not in true]
        drafts = _released(drafts, kept, true)
    return drafts, untrue


def _still_due(incident: Incident, kept: Kept, rung: Rung, tick: Tick) -> bool:
    theirs = still_theirs(incident, Recipient(person=kept.person, role=kept.role), tick.people)
    return theirs and ladders.still_true(incident, rung, tick.policy)


def _released(drafts: list[Draft], kept: Kept, rungs: tuple[Rung, ...]) -> list[Draft]:
    if not rungs:
        return drafts
    kind = rungs[0].subject.partition(":")[0]
    for index, draft in enumerate(drafts):
        mine = draft.to.person == kept.person and not draft.to.room
        if mine and draft.rungs[0].subject.partition(":")[0] == kind:
            joined = replace(draft, rungs=_highest_each(draft.rungs + rungs), quiet_over=kept.why)
            return [*drafts[:index], joined, *drafts[index + 1 :]]
    to = Recipient(person=kept.person, role=kept.role, why=Why.ROLE, via="holder")
    return [*drafts, Draft(to=to, rungs=_highest_each(rungs), quiet_over=kept.why)]


def _said(incident: Incident, draft: Draft, tick: Tick) -> Iterator[Reminded | ReminderHeld]:
    """The reminder, or that it is held back because its addressee asked for quiet (2.7, 2.9)."""
    person, now = draft.to.person, tick.now
    if person is None:
        yield _reminded(incident, draft, tick)
        return
    snoozed = snoozed_until(incident, person, now)
    hours = None if draft.to.room else quiet_until(incident, person, now, tick.policy, tick.people)
    if snoozed and draft.unaddressed:
        yield _reminded(incident, replace(draft, to=Recipient(room=True)), tick)
    elif snoozed:
        yield ReminderHeld(rungs=draft.rungs, to=draft.to, why="snooze", until=snoozed)
    elif hours:
        yield ReminderHeld(rungs=draft.rungs, to=draft.to, why="hours", until=hours)
    else:
        yield _reminded(incident, draft, tick)


def _reminded(incident: Incident, draft: Draft, tick: Tick) -> Reminded:
    key, thread = _place(incident, draft)
    return Reminded(
        rungs=draft.rungs,
        to=draft.to,
        key=key,
        thread=thread,
        after=_after(incident, draft.rungs),
        down=_down(draft.rungs, tick),
        quiet_over=draft.quiet_over,
    )


def _place(incident: Incident, draft: Draft) -> tuple[str, str]:
    """The message's key, and the key of the one it replies to: one message in the room for each late promise (2.6)."""
    first = draft.rungs[0]
    name = f"{first.subject}:{first.generation}:{first.step:g}"
    if not draft.to.room:
        return f"remind:{name}:{first.repeat}{':late' if draft.quiet_over else ''}", ""
    late = [promise for rung in draft.rungs if (promise := _promise(incident, rung))]
    key = next((found for promise in late if (found := promise.room_keys.get(first.step))), f"late:{name}")
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
