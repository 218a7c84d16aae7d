"""People, whoever speaks of them: our ids, and the identities chats know them by.

Every identity has a row of its own, which holds what its chat says. Two rows of one person are joined by `same_as`,
which always leads to the first of them in one step; that one's id speaks for the person (`storage.joining`).
"""

from collections.abc import Iterable, Mapping
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, or_, select, update

from bot.refs import Address, Identity, Person, chat_of
from storage.tables import identities, meta, out_of_reach, people
from storage.upserts import insert_new

NOBODY: Mapping[str, Any] = {
    "name": "",
    "zone": "",
    "locale": "",
    "email": "",
    "guest": False,
    "bot": False,
    "gone": False,
    "last_chat": "",
    "profiled": False,
}
"""What is known of a person at first sight."""

TOO_LONG = 19
"""Digits no id of ours has, and no database's integer."""

FIRST = func.coalesce(people.c.same_as, people.c.id)
"""The id that speaks for this one."""

JOINS = "people joined"
"""The row of `meta` with a new value whenever people were joined: what was folded before is folded anew."""

STATE = select(meta.c.value).where(meta.c.name == JOINS)

_speaker = people.alias("speaker")
_row = people.alias("row")
_theirs = select(_row.c.id).where(or_(_row.c.id == _speaker.c.id, _row.c.same_as == _speaker.c.id))
_MET: Select[Any] = (
    select(
        *(people.c[name] for name in ("name", "zone", "email", "guest", "bot", "gone")),
        _speaker.c.id.label("first"),
        _speaker.c.last_chat,
        out_of_reach.select().where(out_of_reach.c.person.in_(_theirs)).exists().label("missed"),
        STATE.scalar_subquery().label("joins"),
    )
    .select_from(identities.join(people, people.c.id == identities.c.person).join(_speaker, _speaker.c.id == FIRST))
    .where(identities.c.identity == bindparam("known_by"))
)
_asked = people.alias("asked")
_first = func.coalesce(_asked.c.same_as, _asked.c.id)
_FAMILIES = (
    select(_asked.c.id.label("asked"), FIRST.label("first"), people, identities.c.identity)
    .select_from(
        _asked.join(people, or_(people.c.id == _first, people.c.same_as == _first)).outerjoin(
            identities, identities.c.person == people.c.id
        )
    )
    .order_by(people.c.id, identities.c.identity)
)
_CROWD = _FAMILIES.where(_asked.c.id.in_(bindparam("people", expanding=True)))
_AT_ONCE = tuple(f"person{place}" for place in range(8))
_FEW = _FAMILIES.where(_asked.c.id.in_([bindparam(name) for name in _AT_ONCE]))
"""As many as most incidents concern: a list of one length is not written anew for every call."""
_NAMED = update(people).where(people.c.id == bindparam("row"), people.c.name == "").values(name=bindparam("called"))
_SEEN = update(people).where(people.c.id == bindparam("row")).values(last_chat=bindparam("chat"))


def met(connection: Connection, identity: Identity) -> Row[Any] | None:
    """What is known of who has that identity: what its chat said, the `first` of their ids, their `last_chat`.

    `missed`: whether a chat could not reach them in some incident. `joins`: another value whenever people were joined.
    """
    return connection.execute(_MET, {"known_by": identity}).first()


def known_person(connection: Connection, identity: Identity) -> Person | None:
    """Whose identity that is."""
    found = met(connection, identity)
    return None if found is None else person_at(found.first)


def person_for(connection: Connection, identity: Identity, name: str) -> Person:
    """Whose identity that is, a new person's at first sight. `name` is kept if that chat has given none."""
    row = row_for(connection, identity)
    if name:
        connection.execute(_NAMED, {"row": row, "called": name})
    return known_person(connection, identity) or person_at(row)


def row_for(connection: Connection, identity: Identity) -> int:
    """The row of what that identity's own chat says; a new one at first sight."""
    wanted = select(identities.c.person).where(identities.c.identity == identity)
    found: int | None = connection.scalar(wanted)
    if found is not None:
        return found
    made = connection.execute(insert(people).values({**NOBODY, "last_chat": chat_of(identity)}))
    number: int = made.inserted_primary_key[0] if made.inserted_primary_key else 0
    if insert_new(connection, identities, {"identity": identity, "person": number}):
        return number
    # Another replica met the same person at the same moment.
    connection.execute(delete(people).where(people.c.id == number))
    return int(connection.scalar(wanted) or 0)


def families(connection: Connection, wanted: Iterable[Person]) -> Mapping[Person, list[Row[Any]]]:
    """By person, every row of theirs, each as often as it has identities; in the order of the rows."""
    ids = {row_id(person): person for person in wanted}
    found: dict[Person, list[Row[Any]]] = {}
    for row in _read(connection, tuple(ids)) if ids else ():
        found.setdefault(ids[row.asked], []).append(row)
    return found


def _read(connection: Connection, ids: tuple[int, ...]) -> Iterable[Row[Any]]:
    if len(ids) > len(_AT_ONCE):
        return connection.execute(_CROWD, {"people": ids})
    filled = (*ids, *repeat(ids[0], len(_AT_ONCE) - len(ids)))
    return connection.execute(_FEW, dict(zip(_AT_ONCE, filled, strict=True)))


def identities_of(connection: Connection, wanted: Iterable[Person]) -> Mapping[Person, tuple[Identity, ...]]:
    """Everything chats know these people by, the chat they used last first, and those they are gone from last."""
    return {person: known_by(family) for person, family in families(connection, wanted).items()}


def known_by(family: Iterable[Row[Any]]) -> tuple[Identity, ...]:
    """The identities of one person, of their rows (`families`)."""
    rows = tuple(family)
    chat = next((row.last_chat for row in rows if row.id == row.first), "")
    found = [(row.gone, chat_of(row.identity) != chat, Identity(row.identity)) for row in rows if row.identity]
    return tuple(identity for *_, identity in sorted(found))


def address_of(connection: Connection, person: Person) -> Address | None:
    """Where that person is told something in private: the chat they used last. None: no chat knows them."""
    names = identities_of(connection, (person,)).get(person, ())
    return Address(names[0]) if names else None


def was_seen(connection: Connection, first: int, chat: str) -> None:
    """That person used that chat just now: what is private goes there from now on."""
    connection.execute(_SEEN, {"row": first, "chat": chat})


def person_at(number: int) -> Person:
    """The person of that row."""
    return Person(f"P-{number}")


def row_id(person: Person) -> int:
    """The row of a person; 0, which no row has, for what is none of our ids."""
    digits = person.removeprefix("P-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < TOO_LONG else 0
