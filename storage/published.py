"""What the status page is made of, read beside everything else."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.events import Entry, UpdatePublished
from bot.incident import Incident
from bot.maintenance import Maintenance
from storage import log, maintenances
from storage import tables as kept
from storage.folds import Folds
from storage.sessions import Sessions
from storage.upserts import insert_new

KEY = "status page key"
"""The row of `meta` with the secret that public ids are made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The side door of the status page: no decision is made here."""

    sessions: Sessions
    folds: Folds

    def stamp(self) -> tuple[int, ...]:
        """Another whenever anything was written that the page may show. Cheap: it may be asked every second."""
        incidents, planned = kept.incidents, kept.maintenances
        with self.sessions.reading() as connection:
            row = connection.execute(select(func.count(), func.coalesce(func.sum(incidents.c.version), 0))).one()
            wanted = select(func.count(), func.count(planned.c.called_off_at))
            return (int(row[0]), int(row[1]), *connection.execute(wanted).one())

    def versions(self) -> Mapping[int, int]:
        """Every incident with its newest version."""
        wanted = select(kept.incidents.c.number, kept.incidents.c.version).order_by(kept.incidents.c.number)
        with self.sessions.reading() as connection:
            return {row.number: row.version for row in connection.execute(wanted)}

    def told(self, numbers: Collection[int]) -> frozenset[int]:
        """Those of these incidents that told somebody something."""
        said = (kept.events.c.incident.in_(numbers), kept.events.c.kind == UpdatePublished.__name__)
        with self.sessions.reading() as connection:
            return frozenset(connection.scalars(select(kept.events.c.incident).where(*said).distinct()))

    def log(self, number: int) -> tuple[Incident, tuple[Entry, ...]]:
        """An incident that is there, with its whole log, as of one moment."""
        with self.sessions.reading() as connection:
            version = connection.scalars(
                select(kept.incidents.c.version).where(kept.incidents.c.number == number)
            ).one()
            people = log.joined(connection, self.folds)
            incident = log.folded(connection, self.folds, number, version, people, keep=False)
            return incident, log.read(connection, number, people)

    def maintenances(self) -> tuple[Maintenance, ...]:
        """What is planned and was not called off, by when it begins."""
        with self.sessions.reading() as connection:
            return maintenances.standing(connection)

    def key(self) -> bytes:
        """The secret of public ids: the same for ever, made when first asked for. Writes."""
        with self.sessions.writing() as connection:
            insert_new(connection, kept.meta, {"name": KEY, "value": secrets.token_hex(32)})
            return bytes.fromhex(_kept(connection))


def _kept(connection: Connection) -> str:
    found: str = connection.scalars(select(kept.meta.c.value).where(kept.meta.c.name == KEY)).one()
    return found
