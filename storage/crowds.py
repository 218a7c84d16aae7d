"""The same words to many people: looked up and written together, for a command has two seconds for all of it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count, groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.incident import Incident
from bot.posts import Order, Post, ToPerson
from storage import outbox
from storage.outbox import Urgency, first_look, newer_look, next_in_queue, queued_at
from storage.people import identities_of
from storage.placing import Place, Resolve
from storage.tables import Lane, State, deliveries

_ROW = "row"


def enqueue(
    connection: Connection, incident: Incident, orders: Iterable[Order], resolve: Resolve, at: datetime
) -> bool:
    """Write what is to be said or done; messages of one key to several people, one after the other, at once.

    Gives whether any of it was new.
    """
    written = False
    for key, alike in groupby(orders, _crowd):
        many = tuple(alike)
        posts = [order for order in many if isinstance(order, Post)]
        if key and len(many) > 1:
            written |= _put(connection, incident.number, posts, at)
        else:
            written |= outbox.enqueue(connection, incident, many, resolve, at)
    return written


def any_in(orders: Iterable[Order]) -> bool:
    """Whether some of these, one after the other, are the same message to several people."""
    return any(key and len(tuple(alike)) > 1 for key, alike in groupby(orders, _crowd))


def _crowd(order: Order) -> str:
    """The key that a message shares with those to other people; empty for what stands alone."""
    crowded = isinstance(order, Post) and isinstance(order.to, ToPerson) and order.reminder is None
    return order.key if crowded else ""


def _put(connection: Connection, number: int, posts: list[Post], at: datetime) -> bool:
    places = count(next_in_queue(connection, number))
    new: list[Mapping[str, Any]] = []
    changed: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for post, place, there in _placed(connection, number, posts):
        if there is None:
            if not post.only_edit:
                row = first_look(number, place, post, queued_at(next(places), at))
                new.append({**row, "urgency": Urgency.CROWD})
        elif not (post.only_edit and there.state == State.WITHHELD):
            values = newer_look(there, post.thread, post, lambda: queued_at(next(places), at))
            if values:
                changed.setdefault(tuple(sorted(values)), []).append({**values, _ROW: there.id})
    for rows in changed.values():
        connection.execute(update(deliveries).where(deliveries.c.id == bindparam(_ROW)), rows)
    if new:
        connection.execute(insert(deliveries), new)
    return bool(new or changed)


def _placed(connection: Connection, number: int, posts: list[Post]) -> Iterator[tuple[Post, Place, Row[Any] | None]]:
    """Each message with where it goes and its row: where it went already, else the chat the person used last.

    One for each person, whichever of their ids it names; none for whom no chat knows.
    """
    ways = identities_of(connection, [post.to.person for post in posts if isinstance(post.to, ToPerson)])
    rows = _rows(connection, number, posts[0].key)
    taken = set[str]()
    for post in posts:
        assert isinstance(post.to, ToPerson)
        known = ways.get(post.to.person, ())
        address = next((each for each in known if each in rows), next(iter(known), ""))
        if address and address not in taken:
            taken.add(address)
            place = Place(lane=Lane.POST, target=post.to.person, address=address, key=post.key, thread=post.thread)
            yield post, place, rows.get(address)


def _rows(connection: Connection, number: int, key: str) -> Mapping[str, Row[Any]]:
    """What was said under that key, by address."""
    named = (deliveries.c.incident == number, deliveries.c.lane == Lane.POST, deliveries.c.key == key)
    wanted = select(deliveries).where(*named).order_by(deliveries.c.id).with_for_update()
    return {row.address: row for row in connection.execute(wanted)}
