"""Promises: one moment for each incident and audience, "the next update to these people comes by then".

Each function says which events follow for the promises when something else happens; the numbers in the docstrings are
the rules of the written specification of promises (docs/promises.md). All moments are UTC instants.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.events import PromiseEnded, PromiseMade, Status
from bot.incident import Incident, Promise
from bot.plain import span_words
from bot.policy import INTERNAL, Policy
from bot.refs import reference
from bot.refusals import Refused

PromiseEvent = PromiseEnded | PromiseMade

LEAST_LEAD = timedelta(minutes=5)
"""A raised priority never promises anything sooner than this (rule 1.5)."""


def promised_audiences(priority: str, private: bool, policy: Policy) -> tuple[str, ...]:
    """Who is owed updates by the clock (rule 1.1): `internal`, and each audience with an interval and an address."""
    named = policy.priority(priority).update_every
    others = () if private else tuple(name for name in named if name != INTERNAL and policy.addresses(name))
    return (INTERNAL, *others)


def at_declaration(priority: str, private: bool, policy: Policy, at: datetime) -> tuple[PromiseEvent, ...]:
    """The first word to each audience (rule 1.2)."""
    return _first_words(promised_audiences(priority, private, policy), priority, "declared", at, policy)


def by_update(
    incident: Incident,
    audiences: Iterable[str],
    following: Mapping[str, datetime | None],
    none_because: str,
    at: datetime,
    policy: Policy,
) -> tuple[PromiseEvent, ...]:
    """An update settles what stood for its audiences, and sets what it names in `following` (rule 1.3).

    None in `following` means that no further update is expected. While resolved an update sets no promise (rule 1.6).
    """
    events: list[PromiseEvent] = []
    for audience in audiences:
        events += _settled(incident.promise(audience), at, policy)
        if audience in following and incident.is_open:
            due = following[audience]
            reason = "" if due else none_because
            before = incident.promises.get(audience)
            made = PromiseMade(
                audience=audience, due=due, cause="update", reason=reason, before=before.due if before else None
            )
            events.append(made)
    return tuple(events)


def check_moment(when: datetime, incident: Incident, policy: Policy, at: datetime, *, field: str = "when") -> None:
    """Whether a promise may name that moment: ahead, and no further than `max_promise` or the interval (rule 1.4).

    Raises Refused at `field`.
    """
    if when <= at:
        raise Refused("That moment has passed: name a later time.", field=field)
    longest = max((policy.reminders.max_promise, *policy.priority(incident.priority).update_every.values()))
    if when > at + longest:
        raise Refused(
            f"An update may be promised {span_words(longest)} ahead at most: name an earlier time.", field=field
        )


def by_next(
    incident: Incident, audiences: Iterable[str], when: datetime | None, reason: str, at: datetime, policy: Policy
) -> tuple[PromiseEvent, ...]:
    """`next` moves the promises of these audiences, or says that none is expected (rules 1.4, 1.6, 1.7).

    Raises Refused while resolved, but for a final word that is moved, and for an audience nobody can reach.
    """
    events: list[PromiseEvent] = []
    for audience in audiences:
        events += _moved(incident, audience, when, reason, at, policy)
    return tuple(events)


def _moved(
    incident: Incident, audience: str, when: datetime | None, reason: str, at: datetime, policy: Policy
) -> list[PromiseEvent]:
    standing = incident.promise(audience)
    if not incident.is_open:
        _check_final(incident, standing, when)
    elif standing is None and audience != INTERNAL and not policy.addresses(audience):
        raise Refused(f"Nobody can be told: the policy names no address for `{audience}`.", field="audience")
    if standing and standing.due == when:
        return []
    told = audience == INTERNAL or audience in incident.told
    cause = "final" if standing and standing.cause == "final" else "moved"
    made = PromiseMade(
        audience=audience,
        due=when,
        cause=cause,
        reason=reason,
        before=standing.due if standing else None,
        tell=told,
    )
    return [*_ended_by_move(standing, when, at, policy), made]


def _check_final(incident: Incident, standing: Promise | None, when: datetime | None) -> None:
    if standing is None or standing.cause != "final":
        name = reference(incident.number)
        raise Refused(f"{name} is {incident.status}: it promises no further update unless it is opened by `reopen`.")
    if when is None:
        raise Refused(
            f"`{standing.audience}` is owed the final word: publish it, or `waive {standing.audience} REASON`."
        )


def _ended_by_move(
    standing: Promise | None, when: datetime | None, at: datetime, policy: Policy
) -> tuple[PromiseEvent, ...]:
    if standing is None or standing.due is None:
        return ()
    if when is None:
        return _ended(standing, at, policy)
    late = at - standing.due
    if late <= timedelta():
        return (PromiseEnded(audience=standing.audience, due=standing.due, outcome="kept-moved"),)
    return (PromiseEnded(audience=standing.audience, due=standing.due, outcome="missed", late=late),)


def by_priority(incident: Incident, priority: str, at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """A higher priority shortens what stands; a lower one lets it stand; who only now has an interval is promised the
    first word from now, unless it was waived (rule 1.5).
    """
    if not incident.is_open:
        return ()
    rises = policy.higher(priority, incident.priority)
    events: list[PromiseEvent] = []
    for audience in promised_audiences(priority, incident.private, policy):
        standing = incident.promise(audience)
        if standing is None and audience not in incident.final_told:
            events += _first_words((audience,), priority, "priority", at, policy)
        elif standing and standing.due and rises:
            events += _shortened(incident, standing, standing.due, priority, at, policy)
    return tuple(events)


def _shortened(
    incident: Incident, standing: Promise, due: datetime, priority: str, at: datetime, policy: Policy
) -> tuple[PromiseEvent, ...]:
    interval = policy.priority(priority).update_every[standing.audience]
    sooner = min(due, max(at + lead(policy), last_word(incident, standing.audience, at) + interval))
    if sooner == due:
        return ()
    made = PromiseMade(audience=standing.audience, due=sooner, cause="priority", before=due)
    return (*_ended(standing, at, policy), made)


def lead(policy: Policy) -> timedelta:
    """How long before its moment a promise is first spoken of: the longest "before" step, at least five minutes."""
    before = [-step.at for step in policy.reminders.update if step.at < timedelta()]
    return max([LEAST_LEAD, *before])


def last_word(incident: Incident, audience: str, at: datetime) -> datetime:
    """When that audience last heard something: its last update, or the declaration or reopening if later."""
    opened = incident.opened_at or at
    told = incident.told.get(audience)
    return max(told.at, opened) if told else opened


def by_status(incident: Incident, status: Status, at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """A status change other than to monitoring ends "none expected" with a new first word (rule 1.7)."""
    if status is Status.MONITORING:
        return ()
    silent = [promise.audience for promise in incident.promises.values() if promise.standing and promise.due is None]
    promised = promised_audiences(incident.priority, incident.private, policy)
    return _first_words([name for name in silent if name in promised], incident.priority, "status", at, policy)


def by_resolve(incident: Incident, told_now: frozenset[str], at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """The resolution is the final word to `internal` and to `told_now` (rule 1.6).

    Other audiences that were ever told are promised theirs; all other promises end.
    """
    events: list[PromiseEvent] = []
    spoken = told_now | {INTERNAL}
    for promise in incident.standing():
        events += _settled(promise, at, policy) if promise.audience in spoken else _ended(promise, at, policy)
    owed = [name for name in owed_final_word(incident) if name not in spoken]
    return (*events, *final_words(owed, at, policy))


def final_words(audiences: Iterable[str], at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """These audiences are owed the word of its end (rule 1.6)."""
    due = at + policy.reminders.final_word_within
    return tuple(PromiseMade(audience=name, due=due, cause="final") for name in audiences)


def by_reopen(incident: Incident, at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """Promises as at the declaration, counted from now (rule 1.6)."""
    promised = promised_audiences(incident.priority, incident.private, policy)
    ended = by_ending(incident, at, policy)
    return (*ended, *_first_words(promised, incident.priority, "reopened", at, policy))


def by_ending(incident: Incident, at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """Close, cancel and duplicate end all promises (rule 1.6)."""
    return tuple(event for promise in incident.standing() for event in _ended(promise, at, policy))


def by_waiver(incident: Incident, audience: str, reason: str, at: datetime) -> tuple[PromiseEvent, ...]:
    """That audience needs no further word, for a reason that is kept."""
    standing = incident.promise(audience)
    due = standing.due if standing and standing.due else at
    return (PromiseEnded(audience=audience, due=due, outcome="waived", reason=reason),)


def owed_final_word(incident: Incident) -> tuple[str, ...]:
    """Audiences other than internal that were told of the incident and not yet of its end."""
    return tuple(name for name in incident.told if name != INTERNAL and name not in incident.final_told)


def proposal(incident: Incident, audience: str, policy: Policy, at: datetime) -> datetime | None:
    """The next moment a form proposes: the policy's interval from now; None where no clock holds (rule 1.3)."""
    interval = policy.interval(incident.priority, audience)
    return at + interval if interval else None


def _first_words(
    audiences: Iterable[str], priority: str, cause: str, at: datetime, policy: Policy
) -> tuple[PromiseEvent, ...]:
    words = ((audience, policy.first_word(priority, audience)) for audience in audiences)
    return tuple(
        PromiseMade(audience=audience, due=at + within, cause=cause) for audience, within in words if within is not None
    )


def _settled(promise: Promise | None, at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """What an update makes of the promise that stood: kept within the grace, else missed (rule 1.3)."""
    if promise is None or promise.due is None:
        return ()
    late = at - promise.due
    if late <= policy.reminders.grace:
        return (PromiseEnded(audience=promise.audience, due=promise.due, outcome="kept"),)
    return (PromiseEnded(audience=promise.audience, due=promise.due, outcome="missed", late=late),)


def _ended(promise: Promise, at: datetime, policy: Policy) -> tuple[PromiseEvent, ...]:
    """What any other end makes of it: ended, or missed if its moment and grace had passed (rule 1.3)."""
    assert promise.due is not None, "only a promise with a moment can end"
    late = at - promise.due
    if late <= policy.reminders.grace:
        return (PromiseEnded(audience=promise.audience, due=promise.due, outcome="ended"),)
    return (PromiseEnded(audience=promise.audience, due=promise.due, outcome="missed", late=late),)
