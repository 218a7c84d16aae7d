"""What became of an incident's messages, and reminders that stopped being true (docs/promises.md 2.8)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, literal, select, update

from bot.cards import Names
from bot.commands.spec import Sent
from bot.plain import plain_text
from bot.ports import ReminderRow
from bot.posts import Order, Post, Reminder
from storage import log
from storage.codec import decode_order
from storage.folds import Folds, Joined
from storage.joining import with_people
from storage.naming import names_of
from storage.outbox import Urgency, content, requeued
from storage.shapes import CannotDecode
from storage.tables import STATE, Lane, State, deliveries

LISTED = (State.WAITING, State.SENDING, State.SENT)

_LISTED = STATE.in_([literal(state.value) for state in LISTED])
_REMINDERS = (
    select(deliveries)
    .where(deliveries.c.incident == bindparam("n"), deliveries.c.reminder.is_(True), _LISTED)
    .order_by(deliveries.c.id)
)
_ALL_REMINDERS = (
    select(deliveries)
    .where(
        deliveries.c.incident.in_(bindparam("numbers", expanding=True)),
        deliveries.c.reminder.is_(True),
        _LISTED,
    )
    .order_by(deliveries.c.id)
)


def reminders(connection: Connection, number: int, people: Joined) -> tuple[ReminderRow, ...]:
    """Reminder messages that wait, or are out and still stand as reminders; oldest first."""
    return _reminders(connection.execute(_REMINDERS, {"n": number}), people)


def reminders_of(
    connection: Connection, numbers: Iterable[int], people: Joined
) -> Mapping[int, tuple[ReminderRow, ...]]:
    """The same of several incidents."""
    found: dict[int, list[Row[Any]]] = {number: [] for number in numbers}
    for row in connection.execute(_ALL_REMINDERS, {"numbers": list(found)}):
        found[row.incident].append(row)
    return {number: _reminders(rows, people) for number, rows in found.items()}


def _reminders(rows: Iterable[Row[Any]], people: Joined) -> tuple[ReminderRow, ...]:
    found = []
    for row in rows:
        post = with_people(_post(row), people.speaks)
        if post is not None and post.reminder is not None and not row.withdrawn:
            found.append(_reminder(row, post.reminder))
    return tuple(found)


def narrow(connection: Connection, number: int, order: Order | None, at: datetime) -> None:
    """Replace what that row says and claims; None withholds it where it has certainly not been said."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == number).with_for_update()).first()
    if row is None or row.state not in LISTED or (order is None and row.ref):
        return
    if order is None:
        values = _withheld(row, at)
    else:
        values = {**content(order), "revision": row.revision + 1}
        if row.state == State.SENT:
            values |= {**requeued(connection, row.incident, at), "urgency": Urgency.EDIT}
        elif not row.ref and may_be_out(row):
            values["withdrawn"] = not values["reminder"]
    connection.execute(update(deliveries).where(deliveries.c.id == number).values(values))


def sent(connection: Connection, folds: Folds, number: int, unsettled: Collection[int] = ()) -> tuple[Sent, ...]:
    """What became of the incident's messages, in the order in which they were first wanted.

    `unsettled`: incidents this transaction wrote to, and may yet roll back.
    """
    wanted = select(deliveries).where(deliveries.c.incident == number, deliveries.c.lane == Lane.POST)
    rows = connection.execute(wanted.order_by(deliveries.c.id)).all()
    posts = [(row, post) for row in rows if (post := _post(row)) is not None]
    names = names_of(connection, folds, [(number, post) for _, post in posts], unsettled)
    speaks = log.joined(connection, folds).speaks
    return tuple(replace(_sent(row, post, names), to=speaks.get(row.target, row.target)) for row, post in posts)


def may_be_out(row: Row[Any]) -> bool:
    """Whether people may have seen it: sent, being sent, or tried with an unknown outcome."""
    return bool(row.ref) or row.state in {State.SENDING, State.SENT} or row.tried_at is not None


def _reminder(row: Row[Any], claims: Reminder) -> ReminderRow:
    state = State.SENT if _stands(row) else State.WAITING
    return ReminderRow(id=row.id, reminder=claims, key=row.key, thread=row.thread, state=state.value)


def _stands(row: Row[Any]) -> bool:
    """Whether to count on its being read: it is out, or on its way at the first try.

    After a failure it waits again, so that in an outage a higher step takes its place (docs/promises.md 2.3).
    """
    first_try = row.state == State.SENDING and not row.failures and row.tried_at is None
    return bool(row.ref) or row.state == State.SENT or first_try


def _withheld(row: Row[Any], at: datetime) -> dict[str, Any]:
    """One that may be out cannot be unsaid: it is withheld if it turns out not to have arrived."""
    return {"withdrawn": True} if may_be_out(row) else {"state": State.WITHHELD, "ended_at": at}


def _sent(row: Row[Any], post: Post, names: Names) -> Sent:
    moment = row.sent_at or row.ended_at
    return Sent(
        key=row.key,
        to=row.target,
        address=row.address,
        state=_state(row),
        at=moment,
        text=plain_text(post.card, moment or row.queued_at, names),
        error=row.error,
        due=row.due,
        row=row.id,
    )


def _state(row: Row[Any]) -> str:
    """An edit that waits does not make a message unsent."""
    if row.state in {State.WAITING, State.SENDING}:
        return State.SENT.value if row.ref else State.WAITING.value
    return str(row.state)


def _post(row: Row[Any]) -> Post | None:
    """The message; None where only a newer release can read it."""
    try:
        order = decode_order(row.order)
    except CannotDecode:
        return None
    return order if isinstance(order, Post) else None
