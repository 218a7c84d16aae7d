"""An incident's log: written at expected versions, folded from where it was left off."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from bot.events import Entry, RoomOpened
from bot.evolve import fold
from bot.incident import Incident
from bot.refs import Person
from storage.codec import Stored, decode_event, encode_event
from storage.folds import Folds
from storage.tables import addresses, events
from storage.upserts import insert_or_set


def read(connection: Connection, number: int, after: int = 0) -> tuple[Entry, ...]:
    """The entries after that version, oldest first."""
    newer = (events.c.incident == number, events.c.version > after)
    rows = connection.execute(select(events).where(*newer).order_by(events.c.version))
    return tuple(
        Entry(
            version=row.version,
            at=row.at,
            by=None if row.by is None else Person(row.by),
            event=decode_event(Stored(kind=row.kind, v=row.v, data=row.data)),
        )
        for row in rows
    )


def write(connection: Connection, number: int, entries: Iterable[Entry]) -> None:
    """Append the entries, and remember whose room an address is. Raises IntegrityError for a version that is there."""
    rows = []
    for entry in entries:
        stored = encode_event(entry.event)
        row = {"incident": number, "version": entry.version, "at": entry.at, "by": entry.by}
        rows.append({**row, "kind": stored.kind, "v": stored.v, "data": stored.data})
        if isinstance(entry.event, RoomOpened):
            insert_or_set(connection, addresses, "name", {"name": entry.event.address, "incident": number})
    connection.execute(insert(events), rows)


def folded(connection: Connection, folds: Folds, number: int, version: int, *, keep: bool) -> Incident:
    """The incident at that version, which is its newest. `keep`: everything it is made of is committed."""
    before = folds.at_most(number, version)
    if before is not None and before.version == version:
        return before
    incident = fold(read(connection, number, before.version if before else 0), before, number=number)
    if keep:
        folds.keep(incident)
    return incident
