"""Writing down what a decision came to, all at once: events, index row, messages, reminders no longer true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.announce import posts
from bot.deadlines import next_due
from bot.events import Entry, Event, Reminded, ReminderWithheld, RoomOpened, Rung
from bot.evolve import fold
from bot.firings import overtakes
from bot.incident import Incident
from bot.ladders import still_true
from bot.messages.news import hidden
from bot.messages.reminders import settled
from bot.policy import CUSTOMERS, Policy
from bot.ports import Index, ReminderRow, Transaction
from bot.posts import Post, ToAudience, ToRoom
from bot.refs import Person
from bot.routes import reminder_post
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


def people_of(incident: Incident) -> frozenset[Person]:
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
    people = tx.profiles(people_of(fold(entries, before)))
    rows = tx.reminders(before.number) if before.version else ()
    struck = [_struck(row, fold(entries, before), entries, policy, people) for row in rows]
    untrue = tuple(item for item in (_withheld(row, left) for row, left in zip(rows, struck, strict=True)) if item)
    entries = (*entries, *_entries(fold(entries, before), _unsaid(untrue, entries), None, at))
    after = fold(entries, before)
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


def _take_back(tx: Transaction, incident: Incident, policy: Policy, at: datetime) -> None:
    """Of an incident that became private nothing more goes outside, and what was said there no longer tells of it.

    What customers have stays as it is: they read neither its number nor its title.
    """
    for message in tx.sent(incident.number):
        if message.to not in policy.audiences:
            continue
        if message.state == "waiting":
            tx.narrow(message.row, None, at)
        elif message.state == "sent" and message.to != CUSTOMERS:
            emptied = Post(to=ToAudience(name=message.to), card=hidden(incident), key=message.key, only_edit=True)
            tx.enqueue(incident, (emptied,), policy.addresses, at)


def _entries(before: Incident, events: Iterable[Event], by: Person | None, at: datetime) -> tuple[Entry, ...]:
    return tuple(
        Entry(version=version, at=at, by=by, event=event) for version, event in enumerate(events, before.version + 1)
    )


def _struck(
    row: ReminderRow, after: Incident, entries: tuple[Entry, ...], policy: Policy, people: People
) -> tuple[Rung, ...]:
    """What a reminder's message still rightly claims."""
    if row.state == "waiting" and not still_theirs(after, row.reminder.to, people):
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
