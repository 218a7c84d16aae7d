"""What operators, exports and chats read beside the core, and the few things chats keep for themselves.

Methods that write say so; they belong on the writer, as `Database.write` runs them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select

from bot.cards import Names
from bot.commands.spec import Sent
from bot.events import Entry
from bot.incident import Incident
from bot.people import Profile
from bot.refs import Address, Identity, Person
from bot.standing import Standing
from storage import joining, log, messages, people, profiles, register, tables
from storage import standing as wishes
from storage.folds import Folds
from storage.naming import names_for, people_named
from storage.sessions import Sessions
from storage.tables import Lane, State, addresses, deliveries, identities, incidents
from storage.upserts import insert_or_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An incident as its index row has it."""

    number: int
    version: int
    title: str
    status: str
    priority: str
    private: bool
    drill: bool
    is_open: bool
    declared_at: datetime
    next_due_at: datetime | None
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything kept of one incident."""

    incident: Incident
    entries: tuple[Entry, ...]
    """Oldest first."""
    sent: tuple[Sent, ...]
    names: Names
    """Of everybody in it, and its rooms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything kept of a person under one id."""

    id: Person
    same_as: Person | None
    """The id that speaks for them, where this one does not."""
    name: str
    email: str
    zone: str
    guest: bool
    bot: bool
    gone: bool
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """The side door: no decision is made here."""

    sessions: Sessions
    folds: Folds

    def incidents(self, *, ended: bool = True) -> tuple[Listed, ...]:
        """Incidents, private ones included, newest first; `ended` False: those not yet ended."""
        wanted = select(incidents).order_by(incidents.c.number.desc())
        with self.sessions.reading() as connection:
            rows = connection.execute(wanted if ended else wanted.where(register.UNENDED)).mappings().all()
        return tuple(Listed(**row) for row in rows)

    def record(self, number: int) -> Record | None:
        """Everything kept of one incident, as of one moment; None if there is none."""
        with self.sessions.reading() as connection:
            version = connection.scalar(select(incidents.c.version).where(incidents.c.number == number))
            if version is None:
                return None
            joined = log.joined(connection, self.folds)
            incident = log.folded(connection, self.folds, number, version, joined, keep=True)
            entries = log.read(connection, number, joined)
            sent = messages.sent(connection, self.folds, number)
            involved = people_named(entries) | {Person(one.to) for one in sent}
            return Record(
                incident=incident,
                entries=entries,
                sent=sent,
                names=names_for(connection, self.folds, involved, (number, *incident.related)),
            )

    def message_of(self, number: int, key: str, chat: str) -> tuple[Address, str] | None:
        """Where that message of an incident is said in a chat (`slack`), and its reference; empty while it waits.

        None where it is not said there, and will not be.
        """
        wanted = select(deliveries.c.address, deliveries.c.ref).where(
            deliveries.c.incident == number,
            deliveries.c.lane == Lane.POST,
            deliveries.c.key == key,
            deliveries.c.address.startswith(f"{chat}:", autoescape=True),
            or_(deliveries.c.ref != "", deliveries.c.state.in_((State.WAITING, State.SENDING))),
        )
        with self.sessions.reading() as connection:
            found = connection.execute(wanted.order_by(deliveries.c.ref == "", deliveries.c.id).limit(1)).first()
        return (Address(found.address), found.ref) if found else None

    def everybody(self) -> tuple[Known, ...]:
        """Everybody ever seen, first seen first."""
        with self.sessions.reading() as connection:
            theirs: dict[int, list[Identity]] = {}
            for row in connection.execute(select(identities).order_by(identities.c.identity)):
                theirs.setdefault(row.person, []).append(Identity(row.identity))
            rows = connection.execute(select(tables.people).order_by(tables.people.c.id)).all()
        return tuple(
            Known(
                id=people.person_at(row.id),
                same_as=None if row.same_as is None else people.person_at(row.same_as),
                name=row.name,
                email=row.email,
                zone=row.zone,
                guest=row.guest,
                bot=row.bot,
                gone=row.gone,
                identities=tuple(theirs.get(row.id, ())),
            )
            for row in rows
        )

    def standing(self) -> Mapping[Person, tuple[Standing, ...]]:
        """What people subscribed to for good, oldest first."""
        with self.sessions.reading() as connection:
            return wishes.standing(connection)

    def person_of(self, identity: Identity) -> Person | None:
        """Whose identity that is; None for somebody never seen."""
        with self.sessions.reading() as connection:
            return people.known_person(connection, identity)

    def names(self, wanted: tuple[Person, ...], numbers: tuple[int, ...] = ()) -> Names:
        """What these people, and the rooms of these incidents, are called and where they are."""
        with self.sessions.reading() as connection:
            return names_for(connection, self.folds, wanted, numbers)

    def unnamed_people(self, chat: str, limit: int) -> tuple[Identity, ...]:
        """Identities of that chat (`slack`) it has not been asked about yet, first seen first."""
        with self.sessions.reading() as connection:
            return profiles.without_profile(connection, chat, limit)

    def save_profile(self, identity: Identity, profile: Profile) -> None:
        """Keep what a chat says when asked about that person; what it leaves empty stays. Writes."""
        with self.sessions.writing() as connection:
            profiles.save_profile(connection, identity, profile)

    def same_person(self, identity: Identity, other: Identity) -> None:
        """Both are one person's; nothing, where nobody is known by the first. Writes."""
        with self.sessions.writing() as connection:
            person = people.known_person(connection, identity)
            if person is not None:
                joining.join(connection, person, people.person_for(connection, other, ""))

    def known_address(self, name: str) -> Address | None:
        """What the chat itself calls that address (`slack:#incidents`, a person's private conversation), if kept."""
        with self.sessions.reading() as connection:
            found = connection.scalar(select(addresses.c.leads_to).where(addresses.c.name == name))
        return Address(found) if found else None

    def knows(self, chats: Collection[str]) -> bool:
        """Whether anybody or any place of these chats (`slack`) was ever seen here."""
        with self.sessions.reading() as connection:
            return any(
                connection.scalar(select(exists().where(column.startswith(f"{chat}:", autoescape=True))))
                for chat in chats
                for column in (identities.c.identity, addresses.c.name, deliveries.c.address)
            )

    def remember_address(self, name: str, address: Address) -> None:
        """Keep what the chat itself calls that address; replaces what was kept. Writes."""
        with self.sessions.writing() as connection:
            insert_or_set(connection, addresses, "name", {"name": name, "leads_to": address})
