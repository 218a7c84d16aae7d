"""Words overwritten in place: in an incident's log and in its messages. Nothing else ever changes a written event."""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.posts import Post
from bot.redaction import reworded, without
from storage.codec import Stored, decode_event, decode_order, encode_event, encode_order
from storage.outbox import Urgency, next_in_queue, queued_at
from storage.shapes import CannotDecode
from storage.tables import Lane, State, deliveries, events

Reword = partial[Post]
ENDED = (State.DEAD, State.WITHHELD)

_ENTRY = (
    update(events)
    .where(events.c.incident == bindparam("n"), events.c.version == bindparam("which"))
    .values(data=bindparam("said"))
)
_ROW = update(deliveries).where(deliveries.c.id == bindparam("row"))


def redact(connection: Connection, number: int, words: Collection[str], at: datetime, ours: Collection[str]) -> bool:
    """Overwrite these words in everything kept of that incident. Gives whether a message is to be edited for it.

    Events keep the ids of people that they were written with.
    """
    wanted = select(events).where(events.c.incident == number).order_by(events.c.version)
    for row in connection.execute(wanted).all():
        before = decode_event(Stored(kind=row.kind, v=row.v, data=row.data))
        after = without(before, words)
        if after != before:
            connection.execute(_ENTRY, {"n": number, "which": row.version, "said": encode_event(after).data})
    changes = list(_messages(connection, number, partial(reworded, words=words, ours=ours), at))
    for values in changes:
        connection.execute(_ROW, values)
    return bool(changes)


def _messages(connection: Connection, number: int, clean: Reword, at: datetime) -> Iterator[dict[str, Any]]:
    """What changes in each row that says them. Those that people have are edited; what ended is only overwritten.

    People have what was sent once, even where a later edit of it was given up.
    """
    wanted = select(deliveries).where(deliveries.c.incident == number, deliveries.c.lane == Lane.POST)
    places = count(next_in_queue(connection, number))
    for row in connection.execute(wanted.order_by(deliveries.c.id).with_for_update()).all():
        said = _said(row, clean)
        if said == row.order:
            continue
        values: dict[str, Any] = {"row": row.id, "order": said}
        stands = row.state == State.SENT or (row.state == State.DEAD and bool(row.ref))
        if stands or row.state not in ENDED:
            values["revision"] = row.revision + 1
        if stands:
            values |= {**queued_at(next(places), at), "urgency": Urgency.EDIT}
        yield values


def _said(row: Row[Any], clean: Reword) -> str:
    """The row's order without the words, as it was where it says none of them."""
    try:
        order = decode_order(row.order)
    except CannotDecode:  # only a newer release understands it
        return str(row.order)
    assert isinstance(order, Post), "posts are in the lane of posts"
    if clean(order, out=False) == order:
        return str(row.order)
    return encode_order(clean(order, out=bool(row.ref) or row.state == State.SENT))
