"""A person who is to be known no more: nothing here leads back from `P-17` to who they were."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.exc import DBAPIError

from bot.evolve import fold
from bot.refs import Person, reference
from storage import joining, local_chat, log
from storage.errors import Unusable, is_forbidden
from storage.people import NOBODY, person_at, row_id
from storage.register import UNENDED
from storage.sessions import Sessions
from storage.tables import (
    Lane,
    addresses,
    codes,
    deliveries,
    events,
    identities,
    incidents,
    out_of_reach,
    people,
    subscriptions,
)

LOCAL = "local:@"
"""How the identities of the try-out chat begin, the one chat that is kept here."""
FORMER = "Former member"
"""What they are called from then on."""
NOT_OWNER = "This database user may not delete what is kept of people: run it as the owner of the tables."


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Who was forgotten, and what speaks of them still."""

    person: Person
    spoken_of: tuple[tuple[int, int], ...]
    """Incident and entry of words in which a name or address of theirs stands, for `redact`."""


def find(sessions: Sessions, words: str) -> tuple[Person, ...]:
    """Whom these words name: our id, an identity of a chat, or an e-mail address."""
    if not words:
        return ()  # many have no address
    with sessions.reading() as connection:
        by_identity = select(identities.c.person).where(identities.c.identity == words)
        named = or_(
            people.c.id == row_id(Person(words)),
            people.c.email.in_((words, words.casefold())),
            people.c.id.in_(by_identity),
        )
        rows = connection.execute(select(people.c.id, people.c.same_as).where(named))
        return tuple(sorted({person_at(row.same_as or row.id) for row in rows}))


def forget(sessions: Sessions, person: Person) -> Forgotten:
    """Overwrite what is known of a person and remove what leads to them, in one transaction.

    Raises Unusable where they hold a role in an incident that has not ended, or this user may not.
    """
    try:
        with sessions.writing() as connection:
            rows = _rows(connection, person)
            _check_free(connection, person, rows)
            words = _known_by(connection, rows)
            _remove(connection, rows)
            return Forgotten(person=person, spoken_of=tuple(_spoken_of(connection, words)))
    except DBAPIError as fault:
        if is_forbidden(fault):
            raise Unusable(NOT_OWNER) from fault
        raise


def _rows(connection: Connection, person: Person) -> tuple[int, ...]:
    first = row_id(person)
    return tuple(connection.scalars(select(people.c.id).where(or_(people.c.id == first, people.c.same_as == first))))


def _check_free(connection: Connection, person: Person, rows: Collection[int]) -> None:
    unended = events.c.incident.in_(select(incidents.c.number).where(UNENDED))
    everybody = tuple(person_at(row) for row in rows)
    joined = joining.everybody(connection)
    for number in sorted(joining.speaking_of(connection, everybody, unended)):
        incident = fold(log.read(connection, number, joined), number=number)
        if not incident.is_ended and incident.roles_of(person):
            raise Unusable(f"{person} holds a role in {reference(number)}: give it to somebody else first.")


def _known_by(connection: Connection, rows: Collection[int]) -> tuple[str, ...]:
    """Names and addresses long enough to be looked for in what people wrote."""
    found = connection.execute(select(people.c.name, people.c.email).where(people.c.id.in_(rows)))
    return tuple({word for row in found for word in (row.name, row.email) if len(word) > 2})


def _remove(connection: Connection, rows: Collection[int]) -> None:
    theirs = select(identities.c.identity).where(identities.c.person.in_(rows))
    names = [person_at(row) for row in rows]
    connection.execute(delete(codes).where(codes.c.identity.in_(theirs)))
    connection.execute(delete(subscriptions).where(subscriptions.c.person.in_(rows)))
    connection.execute(delete(out_of_reach).where(out_of_reach.c.person.in_(rows)))
    private = or_(deliveries.c.address.in_(theirs), deliveries.c.target.in_(names))
    connection.execute(delete(deliveries).where(private, deliveries.c.lane == Lane.POST))
    names_of = tuple(connection.scalars(theirs))
    _remove_kept(connection, names_of)
    local_chat.forget(connection, [name.removeprefix(LOCAL) for name in names_of if name.startswith(LOCAL)])
    connection.execute(delete(identities).where(identities.c.person.in_(rows)))
    nothing = {**NOBODY, "name": FORMER, "gone": True, "profiled": True}
    connection.execute(update(people).where(people.c.id.in_(rows)).values(nothing))


def _remove_kept(connection: Connection, theirs: Collection[str]) -> None:
    """What chats keep of them for themselves: under an identity of theirs, what that leads to, and what leads there."""
    named = (addresses.c.name.endswith(f":{each}", autoescape=True) for each in theirs)
    about = or_(addresses.c.name.in_(theirs), addresses.c.leads_to.in_(theirs), *named)
    known_as = tuple(connection.scalars(select(addresses.c.leads_to).where(about)))
    gone = or_(about, addresses.c.leads_to.in_(known_as))
    connection.execute(delete(addresses).where(gone, addresses.c.incident.is_(None)))


def _spoken_of(connection: Connection, words: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where people wrote one of these words themselves."""
    if not words:
        return
    said = or_(*(events.c.data.icontains(word, autoescape=True) for word in words))
    wanted = select(events.c.incident, events.c.version).where(said)
    for row in connection.execute(wanted.order_by(events.c.incident, events.c.version)):
        yield row.incident, row.version
