"""Deadlines are a function of state: every moment at which somebody must be told something, and the next of them.

The next one is stored with the incident, in the transaction that changed it; nothing is ever scheduled.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot import ladders
from bot.approvers import nudged
from bot.events import Recipient, Rung
from bot.incident import Incident, Kept
from bot.ladders import EVER, Owed
from bot.policy import Policy
from bot.succession import People, recipients


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A reminder that will come unless something changes, for `why`."""

    moment: datetime
    rung: Rung
    to: tuple[Recipient, ...]


def owed(incident: Incident, policy: Policy) -> Iterator[Owed]:
    """Every rung that has not fired, of every ladder. A closed or cancelled incident has none."""
    for rungs_by in _ladders(incident, policy):
        yield from rungs_by(EVER)


def _ladders(incident: Incident, policy: Policy) -> Iterator[Callable[[datetime], Iterator[Owed]]]:
    """What gives the rungs of each ladder up to a moment."""
    if incident.version == 0 or incident.is_silent:
        return
    for promise in incident.promises.values():
        yield partial(ladders.of_promise, promise, policy)
    for vacancy in ladders.vacancies(incident, policy):
        yield partial(ladders.of_vacancy, incident, vacancy, policy)
    for ladder in (ladders.of_sla, ladders.of_silence, ladders.of_closing, ladders.of_drafts):
        yield partial(ladder, incident, policy)


def deadlines(incident: Incident, policy: Policy) -> tuple[datetime, ...]:
    """Every moment at which the incident must be looked at, earliest first: rungs, ends of quiet, handovers."""
    if incident.is_silent:
        return ()
    moments = [item.rung.moment for item in owed(incident, policy)]
    return tuple(sorted([*moments, *_others(incident, policy)]))


def _others(incident: Incident, policy: Policy) -> Iterator[datetime]:
    yield from (release_at(incident, kept, policy) for kept in incident.kept)
    yield from (handover.until for handover in incident.handovers)


def next_due(incident: Incident, policy: Policy) -> datetime | None:
    """The earliest deadline; None where nobody is owed anything."""
    if incident.is_silent:
        return None
    soonest = min(_others(incident, policy), default=EVER)
    for rungs_by in _ladders(incident, policy):
        soonest = min((item.rung.moment for item in rungs_by(soonest)), default=soonest)
    return soonest if soonest < EVER else None


def release_at(incident: Incident, kept: Kept, policy: Policy) -> datetime:
    """When what is kept from a person is looked at again: at the end of their quiet, at once after a raise to major."""
    if kept.why == "hours" and policy.priority(incident.priority).major:
        return min(kept.until, incident.last_at or kept.until)
    return kept.until


def coming(incident: Incident, policy: Policy, people: People) -> tuple[Coming, ...]:
    """The reminders still to come with their addressees as things stand, earliest first."""
    found = [
        Coming(moment=item.rung.moment, rung=item.rung, to=_addressees(incident, item, policy, people))
        for item in owed(incident, policy)
    ]
    return tuple(sorted(found, key=lambda item: (item.moment, item.rung.subject)))


def _addressees(incident: Incident, item: Owed, policy: Policy, people: People) -> tuple[Recipient, ...]:
    """Whom a step names, and who is to approve what waits; each once in private."""
    named = recipients(incident, item.step, policy, people)
    private = {to.person for to in named if not to.room}
    return (*named, *(to for to in nudged(incident, item.rung, policy, people) if to.person not in private))
