"""The rungs of every ladder: which moments an incident owes somebody a word, as a function of its state and the policy.

Fired and passed-over steps are in the state, so that the same question asked twice, after a restart or by a second
replica gives each rung once (docs/promises.md, sections 2 to 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

from bot.events import Rung, Status
from bot.incident import Draft, Incident, Promise
from bot.policy import COMMANDER, INTERNAL, Policy, SlaStep, Step, Where
from bot.succession import outside

EVER = datetime.max.replace(tzinfo=UTC)
"""After every moment. Each ladder can be asked for its rungs `by` an earlier one: a tick makes no others."""
LEAST_SILENCE = timedelta(minutes=30)
UNANSWERED = timedelta(minutes=15)
"""After which who approves a draft is reminded of it, where no promise's steps do it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A rung that is still to come, with the policy's step it stands for."""

    rung: Rung
    step: Step | SlaStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """A required role that nobody holds."""

    role: str
    since: datetime

    @property
    def generation(self) -> int:
        """Tells this vacancy from an earlier one of the same role."""
        return round(self.since.timestamp() * 1000)


def of_promise(promise: Promise, policy: Policy, by: datetime = EVER) -> Iterator[Owed]:
    """The steps of one promise that have not fired nor been passed over, and the next repeat of the last."""
    if not promise.standing or promise.due is None:
        return
    done = max(promise.handled, default=-inf)
    for step in policy.reminders.update:
        offset = step.at.total_seconds()
        if offset in promise.handled or (offset < done and not outside(step, policy)):
            continue
        moment = promise.due + step.at
        if moment <= by:
            yield Owed(rung=_rung(promise, promise.due, offset, moment, 0), step=step)
    repeat = _repeat(promise, promise.due, policy)
    if repeat and repeat.rung.moment <= by:
        yield repeat


def _rung(promise: Promise, due: datetime, offset: float, moment: datetime, repeat: int) -> Rung:
    return Rung(
        subject=f"update:{promise.audience}",
        generation=promise.generation,
        step=offset,
        moment=moment,
        about=due,
        repeat=repeat,
    )


def _repeat(promise: Promise, due: datetime, policy: Policy) -> Owed | None:
    """R after it fired, then 2R, 4R …, never longer apart than `repeat_at_most` (2.1)."""
    steps = policy.reminders.update
    last = steps[-1] if steps else None
    if last is None or last.repeat is None or promise.fired_at is None:
        return None
    offset = last.at.total_seconds()
    if offset not in promise.handled:
        return None
    doublings = min(promise.repeats, 32)
    gap = min(last.repeat * 2**doublings, policy.reminders.repeat_at_most)
    return Owed(rung=_rung(promise, due, offset, promise.fired_at + gap, promise.repeats + 1), step=last)


def vacancies(incident: Incident, policy: Policy) -> tuple[Vacancy, ...]:
    """Required roles that nobody holds and nobody waived, with the moment since when (section 3)."""
    if not incident.is_open or incident.opened_at is None:
        return ()
    taken = {held.role for held in incident.holdings}
    return tuple(
        Vacancy(role=role, since=_vacant_since(incident, role, incident.opened_at, policy))
        for role in policy.priority(incident.priority).roles
        if role not in taken and role not in incident.waived
    )


def _vacant_since(incident: Incident, role: str, opened: datetime, policy: Policy) -> datetime:
    required = opened
    for since, name in reversed(incident.priorities):
        if role not in policy.priority(name).roles:
            break
        required = since
    return max(opened, required, incident.vacated.get(role, opened))


def of_vacancy(incident: Incident, vacancy: Vacancy, policy: Policy, by: datetime = EVER) -> Iterator[Owed]:
    """The steps for one vacant role that have not fired."""
    generation, handled = incident.role_steps.get(vacancy.role, (None, frozenset[float]()))
    done = max(handled, default=-inf) if generation == vacancy.generation else -inf
    for step in policy.reminders.role:
        offset = step.at.total_seconds()
        if offset > done and vacancy.since + step.at <= by:
            yield Owed(rung=role_rung(vacancy, offset), step=step)


def role_rung(vacancy: Vacancy, offset: float) -> Rung:
    """A step for a vacant role."""
    return Rung(
        subject=f"role:{vacancy.role}",
        generation=vacancy.generation,
        step=offset,
        moment=vacancy.since + timedelta(seconds=offset),
        about=vacancy.since,
    )


def sla_end(incident: Incident, subject: str, policy: Policy) -> datetime | None:
    """When the time allowed for the first response (`sla:respond`) or the resolution (`sla:resolve`) ends."""
    priority = policy.priority(incident.priority)
    allowed = priority.respond_within if subject == "sla:respond" else priority.resolve_within
    start = sla_start(incident, policy)
    if allowed is None or start is None:
        return None
    return start + allowed + incident.resolved_for


def sla_start(incident: Incident, policy: Policy) -> datetime | None:
    """From when the SLAs count: the declaration, or the detection where the policy says so."""
    if policy.reminders.sla_from == "detected" and incident.detected_at:
        return incident.detected_at
    return incident.declared_at


def of_sla(incident: Incident, policy: Policy, by: datetime = EVER) -> Iterator[Owed]:
    """Shares of both SLAs that have not fired; a priority change counts from the same start (section 3)."""
    if not incident.is_open:
        return
    for subject in ("sla:respond", "sla:resolve"):
        end = sla_end(incident, subject, policy)
        start = sla_start(incident, policy)
        if end is None or start is None or (subject == "sla:respond" and incident.first_response_at):
            continue
        handled = incident.sla_shares.get(subject, frozenset[float]())
        allowed = end - start - incident.resolved_for
        for step in policy.reminders.sla:
            if step.at in handled or (handled and step.at < max(handled)):
                continue
            moment = start + incident.resolved_for + allowed * step.at
            if moment <= by:
                rung = Rung(subject=subject, generation=0, step=step.at, moment=moment, about=end)
                yield Owed(rung=rung, step=step)


def silence_after(incident: Incident, policy: Policy) -> timedelta:
    """How long nobody may record anything: the policy's time, or four internal intervals, at least 30 minutes."""
    if policy.reminders.silence_after:
        return policy.reminders.silence_after
    interval = policy.interval(incident.priority, INTERNAL) or LEAST_SILENCE
    return max(4 * interval, LEAST_SILENCE)


def of_silence(incident: Incident, policy: Policy, by: datetime = EVER) -> Iterator[Owed]:
    """The question whether work goes on, once for each silence (section 4)."""
    last = incident.last_person_at or incident.declared_at
    if incident.is_open and last and incident.silence_handled != last:
        yield from _question("silence", last, silence_after(incident, policy), by)


def of_closing(incident: Incident, policy: Policy, by: datetime = EVER) -> Iterator[Owed]:
    """The question whether a resolved incident may be closed, once for each resolution (section 4)."""
    within, resolved = policy.reminders.close_within, incident.resolved_at
    if incident.status is Status.RESOLVED and within and resolved and incident.close_handled != resolved:
        yield from _question("close", resolved, within, by)


def of_drafts(incident: Incident, policy: Policy, by: datetime = EVER) -> Iterator[Owed]:
    """The next reminder of each draft that waits for people who are promised no moment (docs/promises.md, 1.11)."""
    for draft in incident.drafts:
        if unpromised(incident, draft):
            gap = min(UNANSWERED * 2 ** min(draft.nudges, 32), policy.reminders.repeat_at_most)
            moment = (draft.nudged_at or draft.at) + gap
            rung = Rung(
                subject=draft.subject,
                generation=0,
                step=UNANSWERED.total_seconds(),
                moment=moment,
                about=draft.at,
                repeat=draft.nudges,
            )
            if moment <= by:
                yield Owed(rung=rung, step=Step(at=UNANSWERED, to=(), where=Where.PRIVATE))


def unpromised(incident: Incident, draft: Draft) -> tuple[str, ...]:
    """The audiences of a draft of which no promise runs out while it waits."""
    promised = {promise.audience for promise in incident.standing() if promise.due}
    return tuple(name for name in draft.update.audiences if name not in promised)


def _question(subject: str, since: datetime, after: timedelta, by: datetime) -> Iterator[Owed]:
    if since + after > by:
        return
    rung = Rung(
        subject=subject,
        generation=round(since.timestamp() * 1000),
        step=after.total_seconds(),
        moment=since + after,
        about=since,
    )
    yield Owed(rung=rung, step=Step(at=after, to=(COMMANDER,), where=Where.PRIVATE))


def still_true(incident: Incident, rung: Rung, policy: Policy) -> bool:
    """Whether what a reminder says still holds: nobody is nudged for what has been done (2.8)."""
    kind, _, name = rung.subject.partition(":")
    match kind:
        case "update":
            promise = incident.promise(name)
            return bool(promise and promise.due and promise.generation == rung.generation and not incident.is_silent)
        case "role":
            return any((item.role, item.generation) == (name, rung.generation) for item in vacancies(incident, policy))
        case "sla":
            return incident.is_open and not (name == "respond" and incident.first_response_at)
        case "silence":
            return incident.is_open and incident.last_person_at == rung.about
        case "draft":
            return any(unpromised(incident, draft) for draft in incident.drafts if draft.subject == rung.subject)
        case _:
            return incident.status is Status.RESOLVED and incident.resolved_at == rung.about
