"""Writing down what a decision came to, all at once: events, index row, messages, reminders no longer true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.announce import posts
from bot.approvers import still_asked
from bot.deadlines import next_due
from bot.drafts import rewritten
from bot.events import (
    Entry,
    Event,
    Redacted,
    Reminded,
    ReminderWithheld,
    Reopened,
    RoomLost,
    RoomOpened,
    Rung,
    Subscribed,
)
from bot.evolve import fold
from bot.firings import overtakes
from bot.incident import Incident
from bot.ladders import still_true
from bot.messages.news import hidden
from bot.messages.reminders import settled
from bot.policy import CUSTOMERS, Policy
from bot.ports import Index, ReminderRow, Transaction
from bot.posts import Post, ToRoom
from bot.redaction import terms, words_of
from bot.refs import Person, reference
from bot.routes import reminder_post
from bot.subscriptions import KEY, joining, may_match
from bot.succession import People, still_theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Events for one incident, by whom and when."""

    events: tuple[Event, ...]
    by: Person | None
    at: datetime


def index(incident: Incident, policy: Policy, rules: str = "") -> Index:
    """The row the incident is found by. `rules`: the fingerprint of what computed its next deadline."""
    return Index(
        title=incident.title,
        status=incident.status.value,
        priority=incident.priority,
        private=incident.private,
        drill=incident.drill,
        is_open=incident.is_open,
        declared_at=incident.declared_at or datetime.fromisoformat("1970-01-01T00:00:00Z"),
        next_due_at=next_due(incident, policy),
        rules=rules,
    )


def counted_on(incident: Incident) -> frozenset[Person]:
    """Everybody whose zone or presence a deadline may depend on."""
    found = {held.person for held in incident.holdings} | set(incident.snoozes)
    found |= {kept.person for kept in incident.kept} | {offer.taker for offer in incident.handovers}
    return frozenset(found | ({incident.declared_by} if incident.declared_by else set()))


def save(tx: Transaction, before: Incident, decided: Decided, policy: Policy, rules: str = "") -> Incident:
    """Append the events, and with them everything that follows; the incident as it is then.

    Raises Conflict where somebody else wrote first.
    """
    if not decided.events:
        return before
    at = max(decided.at, before.last_at or decided.at)
    entries = _entries(before, decided.events, decided.by, at)
    stood = _redacted(tx, before, decided.events, at, policy)
    after = fold(entries, stood)
    entries, after = _grown(entries, after, rewritten(before, stood), at)
    people = tx.profiles(counted_on(after))
    rows = tx.reminders(before.number) if before.version else ()
    struck = [_struck(row, after, entries, policy, people) for row in rows]
    untrue = tuple(item for item in (_withheld(row, left) for row, left in zip(rows, struck, strict=True)) if item)
    entries, after = _grown(entries, after, _unsaid(untrue, entries), at)
    entries, after = _grown(entries, after, _taken_over(tx, entries, before), at)
    entries, after = _grown(entries, after, _brought(tx, after, entries, policy), at)
    tx.append(before, entries, after, index(after, policy, rules))
    for entry in entries:
        if isinstance(entry.event, RoomOpened):
            tx.give_room(after, entry.event.address)
    for row, left in zip(rows, struck, strict=True):
        _narrow(tx, row, left, after, policy, at)
    if after.private and before.version and not before.private:
        _take_back(tx, after, policy, at)
    tx.enqueue(after, posts(before, entries, after, policy, people), policy.addresses, at)
    return after


def _redacted(tx: Transaction, before: Incident, events: Iterable[Event], at: datetime, policy: Policy) -> Incident:
    """The incident as it stands once the words of the entries that these events name are gone."""
    gone = {event.entry for event in events if isinstance(event, Redacted)}
    if not gone:
        return before
    said = (words_of(entry.event) for entry in tx.entries(before.number) if entry.version in gone)
    tx.redact(before.number, frozenset[str]().union(*said), at, ours=terms(policy))
    return fold(tx.entries(before.number), number=before.number)


def _grown(
    entries: tuple[Entry, ...], after: Incident, events: Iterable[Event], at: datetime
) -> tuple[tuple[Entry, ...], Incident]:
    """With what follows from them, and the incident as it is then."""
    more = _entries(after, events, None, at)
    return (*entries, *more), fold(more, after)


def _brought(tx: Transaction, after: Incident, entries: tuple[Entry, ...], policy: Policy) -> Iterable[Subscribed]:
    """Whom standing subscriptions bring to the incident as these entries leave it."""
    if not may_match(entries):
        return ()
    standing = tx.standing()
    return joining(after, standing, tx.profiles(standing), policy)


def _take_back(tx: Transaction, incident: Incident, policy: Policy, at: datetime) -> None:
    """Of an incident that became private nothing more goes outside, and what was said there no longer tells of it.

    What customers have stays as it is: they read neither its number nor its title.
    """

    def outside(to: str, key: str) -> bool:
        return to in policy.audiences or bool(policy.addresses(to)) or key.startswith(f"{KEY}:")

    tx.take_back(incident, hidden(incident), outside, lambda to: to == CUSTOMERS, at)


def _entries(before: Incident, events: Iterable[Event], by: Person | None, at: datetime) -> tuple[Entry, ...]:
    return tuple(
        Entry(version=version, at=at, by=by, event=event) for version, event in enumerate(events, before.version + 1)
    )


def _struck(
    row: ReminderRow, after: Incident, entries: tuple[Entry, ...], policy: Policy, people: People
) -> tuple[Rung, ...]:
    """What a reminder's message still rightly claims."""
    to, rungs = row.reminder.to, row.reminder.rungs
    theirs = still_theirs(after, to, people) and still_asked(after, to, rungs, policy, people)
    if row.state == "waiting" and not theirs:
        return ()
    fired = [rung for entry in entries if isinstance(entry.event, Reminded) for rung in entry.event.rungs]
    return tuple(
        rung
        for rung in row.reminder.rungs
        if still_true(after, rung, policy)
        and not (row.state == "waiting" and any(overtakes(later, rung) for later in fired))
    )


def _withheld(row: ReminderRow, left: tuple[Rung, ...]) -> ReminderWithheld | None:
    gone = tuple(rung for rung in row.reminder.rungs if rung not in left)
    if row.state != "waiting" or not gone:
        return None
    return ReminderWithheld(rungs=gone, to=row.reminder.to, why="untrue")


def _taken_over(tx: Transaction, entries: tuple[Entry, ...], before: Incident) -> tuple[RoomLost, ...]:
    """Rooms that became another incident's while this one had ended."""
    if not any(isinstance(entry.event, Reopened) for entry in entries):
        return ()
    theirs = {room.address: tx.at_place(room.address) for room in before.rooms if not room.lost}
    return tuple(
        RoomLost(address=address, reason=f"it is the room of {reference(number)} now")
        for address, number in theirs.items()
        if number not in {None, before.number}
    )


def _unsaid(untrue: tuple[ReminderWithheld, ...], entries: tuple[Entry, ...]) -> tuple[ReminderWithheld, ...]:
    """Those the decision has not recorded itself, as the place of a higher step."""
    said = [(entry.event.rungs, entry.event.to) for entry in entries if isinstance(entry.event, ReminderWithheld)]
    return tuple(item for item in untrue if (item.rungs, item.to) not in said)


def _narrow(
    tx: Transaction, row: ReminderRow, left: tuple[Rung, ...], after: Incident, policy: Policy, at: datetime
) -> None:
    """Withhold, reword or settle a reminder's message, as what it claims has changed (docs/promises.md 2.8)."""
    if left == row.reminder.rungs:
        return
    if row.state == "waiting":
        event = Reminded(rungs=left, to=row.reminder.to, key=row.key, thread=row.thread)
        tx.narrow(row.id, reminder_post(after, event, policy, at) if left else None, at)
    elif not left:
        card = settled(after, row.reminder.rungs, policy)
        tx.narrow(row.id, Post(to=ToRoom(), card=card, key=row.key, thread=row.thread), at)
