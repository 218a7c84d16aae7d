"""An incident's log: written at expected versions, folded from where it was left off."""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from bot.events import Entry, Redacted, RoomOpened
from bot.evolve import fold
from bot.incident import Incident
from bot.refs import Address, Person
from bot.refusals import Taken
from storage.codec import Stored, decode_event, encode_event
from storage.folds import Folds, Joined
from storage.joining import joined_people, joins, speaking_of, with_people
from storage.register import UNENDED, versions_of
from storage.tables import addresses, events, incidents
from storage.upserts import insert_new

TOGETHER = 200
"""Incidents whose logs are read at once."""

_TAIL = (
    select(events)
    .where(events.c.incident == bindparam("n"), events.c.version > bindparam("after"))
    .order_by(events.c.version)
)
_TAILS = (
    select(events)
    .where(events.c.incident.in_(bindparam("numbers", expanding=True)), events.c.version > bindparam("after"))
    .order_by(events.c.incident, events.c.version)
)
_NEW = insert(events)


def joined(connection: Connection, folds: Folds, state: str | None = None) -> Joined:
    """Who is one person now; look once in a transaction. `state`: of it, where it is known (`joining.joins`)."""
    return folds.joined(
        joins(connection) if state is None else state,
        lambda: joined_people(connection),
        lambda people, kept: {
            *speaking_of(connection, people, events.c.incident.in_(kept)),
            *_beyond(connection, kept),
        },
    )


def _beyond(connection: Connection, kept: Mapping[int, int]) -> set[int]:
    """Those written to since this transaction began to see: nobody can tell here of whom they speak."""
    seen = versions_of(connection, kept)
    return {number for number, version in kept.items() if seen.get(number, 0) < version}


def read(connection: Connection, number: int, people: Joined, after: int = 0) -> tuple[Entry, ...]:
    """The entries after that version, oldest first, with the ids that speak for their people now."""
    rows = connection.execute(_TAIL, {"n": number, "after": after})
    return tuple(_entry(row, people) for row in rows)


def _entry(row: Row[Any], people: Joined) -> Entry:
    return Entry(
        version=row.version,
        at=row.at,
        by=None if row.by is None else Person(people.speaks.get(row.by, row.by)),
        event=with_people(decode_event(Stored(kind=row.kind, v=row.v, data=row.data)), people.speaks),
    )


def write(connection: Connection, number: int, entries: Iterable[Entry]) -> None:
    """Append the entries, and remember whose room an address is.

    Raises IntegrityError for a version that is there, and Taken for a room that is another's.
    """
    write_many(connection, [(number, entries)])


def write_many(connection: Connection, logs: Iterable[tuple[int, Iterable[Entry]]]) -> None:
    """The same for several incidents."""
    rows = []
    for number, entries in logs:
        for entry in entries:
            stored = encode_event(entry.event)
            row = {"incident": number, "version": entry.version, "at": entry.at, "by": entry.by}
            rows.append({**row, "kind": stored.kind, "v": stored.v, "data": stored.data})
            if isinstance(entry.event, RoomOpened):
                _take(connection, number, entry.event.address)
    if rows:
        connection.execute(_NEW, rows)


def _take(connection: Connection, number: int, address: Address) -> None:
    """One statement decides, so that of two who take a room in the same moment one is told so. Raises Taken."""
    if insert_new(connection, addresses, {"name": address, "incident": number}):
        return
    # Locked by a statement of its own: one that waits for another judges by what it saw before.
    connection.execute(select(addresses.c.name).where(addresses.c.name == address).with_for_update())
    others = select(incidents.c.number).where(UNENDED, incidents.c.number != number)
    free = or_(addresses.c.incident.is_(None), addresses.c.incident.not_in(others))
    mine = update(addresses).where(addresses.c.name == address, free).values(incident=number)
    if connection.execute(mine).rowcount == 0:
        raise Taken(address)


def folded(connection: Connection, folds: Folds, number: int, version: int, people: Joined, *, keep: bool) -> Incident:
    """The incident at that version, which is its newest. `keep`: everything it is made of is committed."""
    before = folds.at_most(number, version, people)
    if before is not None and before.version == version:
        return before
    tail = read(connection, number, people, before.version if before else 0)
    incident = _folded(connection, number, before, tail, people)
    if keep:
        folds.keep(incident, people)
    return incident


def folded_many(
    connection: Connection,
    folds: Folds,
    versions: Mapping[int, int],
    people: Joined,
    unsettled: Collection[int] = (),
) -> dict[int, Incident]:
    """The same for several incidents, in their order; those that were left off at one version are read at once.

    `unsettled`: those of which something is not committed.
    """
    known = {number: folds.at_most(number, version, people) for number, version in versions.items()}
    left_off: dict[int, list[int]] = {}
    for number, before in known.items():
        if before is None or before.version < versions[number]:
            left_off.setdefault(before.version if before else 0, []).append(number)
    found = {number: before for number, before in known.items() if before is not None}
    alike = [
        (after, numbers[begin : begin + TOGETHER])
        for after, numbers in left_off.items()
        for begin in range(0, len(numbers), TOGETHER)
    ]
    for after, some in alike:
        rows = connection.execute(_TAILS, {"numbers": some, "after": after})
        for number, tail in groupby(rows, lambda row: row.incident):
            entries = tuple(_entry(row, people) for row in tail)
            found[number] = _folded(connection, number, known[number], entries, people)
            if number not in unsettled:
                folds.keep(found[number], people)
    return {number: found[number] for number in versions}


def _folded(
    connection: Connection, number: int, before: Incident | None, tail: tuple[Entry, ...], people: Joined
) -> Incident:
    if before is not None and any(isinstance(entry.event, Redacted) for entry in tail):
        before, tail = None, read(connection, number, people)  # what was folded says words that are gone
    return fold(tail, before, number=number)
