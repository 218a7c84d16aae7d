"""What was said outside of an incident that became private: withheld, or emptied where it is out already.

All of it in one command, which has two seconds: nothing is decoded, and rows are written together.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from bot.cards import Card
from bot.posts import Post, ToAudience, ToPerson
from bot.refs import Person
from storage.codec import encode_order
from storage.messages import may_be_out
from storage.naming import OUR_ID
from storage.outbox import Urgency, next_in_queue, requeued
from storage.tables import Lane, State, deliveries

OUT = (State.WAITING, State.SENDING, State.SENT)
ENDED = (State.SENT, State.DEAD)
_ROW = "row"


def take_back(
    connection: Connection,
    number: int,
    card: Card,
    outside: Callable[[str, str], bool],
    stays: Callable[[str], bool],
    at: datetime,
) -> None:
    """Of messages whose target and key are `outside`, those that wait are withheld and those that are out say `card`.

    What may be out is emptied if it turns out to be. Sent words to a target that `stays` are left as they are.
    """
    columns = deliveries.c
    named: tuple[Any, ...] = (columns.id, columns.target, columns.key, columns.ref, columns.state, columns.tried_at)
    out = or_(columns.state.in_(OUT), (columns.state == State.DEAD) & (columns.ref != ""))  # an edit of it was given up
    wanted = select(*named).where(columns.incident == number, columns.lane == Lane.POST, out)
    rows = [
        row for row in connection.execute(wanted.order_by(columns.id).with_for_update()) if outside(row.target, row.key)
    ]
    words, places = _written(card), count(next_in_queue(connection, number))
    waiting = [{_ROW: row.id} for row in rows if not may_be_out(row)]
    _update(connection, waiting, {"state": State.WITHHELD, "ended_at": at})
    told = [row for row in rows if may_be_out(row) and not (row.ref and stays(row.target))]
    again = requeued(connection, number, at)
    edits = [{_ROW: row.id, "said": words(row), "place": next(places)} for row in told if row.state in ENDED]
    values = {**again, "queued": bindparam("place"), "urgency": Urgency.EDIT}
    _update(connection, edits, {**_EMPTY, **values, "order": bindparam("said")})
    others = [{_ROW: row.id, "said": words(row), "unsure": not row.ref} for row in told if row.state not in ENDED]
    _update(connection, others, {**_EMPTY, "order": bindparam("said"), "withdrawn": bindparam("unsure")})


_EMPTY: Mapping[str, Any] = {"due": None, "reminder": False, "revision": deliveries.c.revision + 1}


def _written(card: Card) -> Callable[[Row[Any]], str]:
    """The card as an order of any row; encoded once, for there may be thousands."""
    person = json.loads(encode_order(Post(to=ToPerson(person=Person("")), card=card, key="")))
    audience = json.loads(encode_order(Post(to=ToAudience(name=""), card=card, key="")))

    def order(row: Row[Any]) -> str:
        to_person = OUR_ID.fullmatch(row.target) is not None
        base, name = (person, "person") if to_person else (audience, "name")
        said = {**base, "key": row.key, "to": {**base["to"], name: row.target}}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    return order


def _update(connection: Connection, rows: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> None:
    for part in _parts(rows):
        connection.execute(update(deliveries).where(deliveries.c.id == bindparam(_ROW)).values(values), part)


def _parts(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    for begin in range(0, len(rows), 1000):
        yield rows[begin : begin + 1000]
