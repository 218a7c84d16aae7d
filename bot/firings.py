"""Which ladders speak at a tick, and with which step: the first half of what falls due.

The rules are those of docs/promises.md, section 2, by number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot import ladders
from bot.deadlines import deadlines, owed
from bot.events import Rung, StepPassed
from bot.incident import Incident, Promise
from bot.ladders import Owed
from bot.policy import Policy
from bot.ports import Downtime
from bot.posts import Reminder
from bot.succession import People, outside


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
class Firing:
    """One ladder at this tick: the step that is said, and those it speaks for."""

    top: Owed
    reached: tuple[Owed, ...]
    passed: tuple[Rung, ...] = ()


def set_later(incident: Incident, tick: Tick) -> Iterator[StepPassed]:
    """2.2: a step that was past when its promise was made is passed over."""
    for promise in incident.promises.values():
        for item in ladders.of_promise(promise, tick.policy):
            if _before_made(item, promise):
                yield StepPassed(rung=item.rung, why="set later")


def _before_made(item: Owed, promise: Promise) -> bool:
    return item.rung.repeat == 0 and item.rung.moment <= promise.made_at


def firings_of(incident: Incident, tick: Tick) -> list[Firing]:
    """The ladders of which something is due. Of several steps of one ladder the highest speaks for all (2.3)."""
    found = [_of_promise(promise, tick) for promise in incident.promises.values()]
    found += [_of_vacancies(incident, tick)]
    of_sla = _ripe(ladders.of_sla(incident, tick.policy, tick.now), tick)
    for subject in ("sla:respond", "sla:resolve"):
        found.append(_highest([item for item in of_sla if item.rung.subject == subject]))
    found += [_highest(_ripe(ladders.of_silence(incident, tick.policy, tick.now), tick))]
    found += [_highest(_ripe(ladders.of_closing(incident, tick.policy, tick.now), tick))]
    found += [_highest(_ripe((item,), tick)) for item in ladders.of_drafts(incident, tick.policy, tick.now)]
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


def looked_at_next(incident: Incident, tick: Tick) -> datetime | None:
    """When an incident with nothing to say now must be looked at again: steps that wait after a downtime count then."""
    moments = [_moment(item, tick) for item in owed(incident, tick.policy)]
    others = [moment for moment in deadlines(incident, tick.policy) if moment > tick.now]
    return min([*(moment for moment in moments if moment > tick.now), *others], default=None)


def _highest(due: list[Owed]) -> Firing | None:
    if not due:
        return None
    ordered = sorted(due, key=lambda item: (item.rung.step, item.rung.repeat))
    return Firing(top=ordered[-1], reached=tuple(ordered), passed=tuple(item.rung for item in ordered[:-1]))


def _of_promise(promise: Promise, tick: Tick) -> Firing | None:
    owed = [item for item in ladders.of_promise(promise, tick.policy, tick.now) if not _before_made(item, promise)]
    return _highest(_ripe(owed, tick))


def _of_vacancies(incident: Incident, tick: Tick) -> Firing | None:
    """One message names every role vacant at that moment, and counts as theirs too (section 3)."""
    vacant = ladders.vacancies(incident, tick.policy)
    owed = (item for one in vacant for item in ladders.of_vacancy(incident, one, tick.policy, tick.now))
    firing = _highest(_ripe(owed, tick))
    if firing is None:
        return None
    top = firing.top.rung
    same = tuple(rung for rung in firing.passed if rung.step != top.step)
    return replace(firing, passed=same)


def gathered(incident: Incident, firings: list[Firing], tick: Tick) -> list[Firing]:
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


def earlier(firing: Firing, tick: Tick) -> Iterator[Reminder]:
    """Reminders of earlier steps of the same promise that still wait to be sent (2.3, last sentence)."""
    for reminder in tick.waiting:
        if any(overtakes(firing.top.rung, rung) for rung in reminder.rungs):
            yield reminder


def overtakes(rung: Rung, other: Rung) -> bool:
    """Whether `rung` is a later word of the same ladder as `other`."""
    same = (rung.subject, rung.generation) == (other.subject, other.generation)
    return same and (rung.step, rung.repeat) > (other.step, other.repeat)
