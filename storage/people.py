"""People, whoever speaks of them: our ids, the identities chats know them by, and what is known of them.

Two ids of one person are joined by `same_as`, which always leads to the first of them in one step.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from bot.people import Profile
from bot.refs import Address, Identity, Person
from storage.tables import identities, people
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


def chat_of(address: str) -> str:
    """The chat an address or identity belongs to: `slack` of `slack:T1/U1`."""
    return address.partition(":")[0]


def known_person(connection: Connection, identity: Identity) -> Person | None:
    """Whose identity that is."""
    joined = identities.join(people, people.c.id == identities.c.person)
    found = connection.scalar(select(FIRST).select_from(joined).where(identities.c.identity == identity))
    return None if found is None else _person(found)


def person_for(connection: Connection, identity: Identity, name: str) -> Person:
    """Whose identity that is, a new person's at first sight. `name` is kept if none is known."""
    person = known_person(connection, identity) or _new_person(connection, identity)
    if name:
        row = people.c.id == _id(person)
        connection.execute(update(people).where(row, people.c.name == "").values(name=name))
    return person


def profiles(connection: Connection, wanted: Iterable[Person]) -> Mapping[Person, Profile]:
    """What is known of these people."""
    ids = {_id(person): person for person in wanted}
    asked = people.alias()
    joined = asked.join(people, people.c.id == func.coalesce(asked.c.same_as, asked.c.id))
    rows = connection.execute(select(asked.c.id.label("asked"), people).select_from(joined).where(asked.c.id.in_(ids)))
    return {
        ids[row.asked]: Profile(
            name=row.name, zone=row.zone, guest=row.guest, bot=row.bot, gone=row.gone, email=row.email
        )
        for row in rows
    }


def identities_of(connection: Connection, wanted: Iterable[Person]) -> Mapping[Person, tuple[Identity, ...]]:
    """Everything chats know these people by, the chat they used last first."""
    ids = {_id(person): person for person in wanted}
    firsts = {row.id: row.first for row in connection.execute(_firsts().where(people.c.id.in_(ids)))}
    chats = dict.fromkeys(firsts.values(), "")
    family: dict[int, int] = {}
    same = or_(people.c.id.in_(chats), people.c.same_as.in_(chats))
    for row in connection.execute(_firsts().add_columns(people.c.last_chat).where(same)):
        family[row.id] = row.first
        if row.id == row.first:
            chats[row.id] = row.last_chat
    found: dict[int, list[Identity]] = {first: [] for first in chats}
    for row in connection.execute(select(identities).where(identities.c.person.in_(family))):
        found[family[row.person]].append(Identity(row.identity))
    for first, names in found.items():
        names.sort(key=lambda identity, chat=chats[first]: (chat_of(identity) != chat, identity))  # type: ignore[misc]
    return {ids[asked]: tuple(found[first]) for asked, first in firsts.items()}


def address_of(connection: Connection, person: Person) -> Address | None:
    """Where that person is told something in private: the chat they used last. None: no chat knows them."""
    names = identities_of(connection, (person,)).get(person, ())
    return Address(names[0]) if names else None


def was_seen(connection: Connection, identity: Identity) -> None:
    """The person used that chat just now: what is private goes there from now on."""
    person = known_person(connection, identity)
    if person is not None:
        row = people.c.id == _id(person)
        connection.execute(update(people).where(row).values(last_chat=chat_of(identity)))


def save_profile(connection: Connection, identity: Identity, profile: Profile, locale: str) -> None:
    """Keep what a chat says when asked about that person. What it leaves empty stays; nobody need ask again."""
    person = person_for(connection, identity, profile.name)
    flags = {"guest": profile.guest, "bot": profile.bot, "gone": profile.gone}
    _keep(connection, person, {**_said(profile), **({"locale": locale} if locale else {}), **flags, "profiled": True})


def learn(connection: Connection, identity: Identity, profile: Profile) -> None:
    """Keep what a chat happens to say of that person. It says too little to take a guest for a member."""
    person = person_for(connection, identity, profile.name)
    flags = {"guest": profile.guest, "bot": profile.bot, "gone": profile.gone}
    _keep(connection, person, {**_said(profile), **{name: True for name, holds in flags.items() if holds}})


def without_profile(connection: Connection, chat: str, limit: int) -> tuple[Identity, ...]:
    """Identities of that chat whose people nobody has asked the chat about yet, first seen first."""
    joined = identities.join(people, people.c.id == identities.c.person)
    here = identities.c.identity.startswith(f"{chat}:", autoescape=True)
    asked = select(identities.c.identity).select_from(joined).where(people.c.profiled.is_(False), here)
    return tuple(Identity(found) for found in connection.scalars(asked.order_by(people.c.id).limit(limit)))


def merge(connection: Connection, person: Person, same_as: Person) -> None:
    """From now on the two are one person, known by the second's id. Events keep the id they were written with."""
    ids = (_id(person), _id(same_as))
    firsts = {row.id: row.first for row in connection.execute(_firsts().where(people.c.id.in_(ids)))}
    before, after = firsts[ids[0]], firsts[ids[1]]
    if before == after:
        return
    group = or_(people.c.id == before, people.c.same_as == before)
    connection.execute(update(people).where(group).values(same_as=case((people.c.id == after, None), else_=after)))


def _said(profile: Profile) -> dict[str, Any]:
    said = {"name": profile.name, "zone": profile.zone, "email": profile.email}
    return {name: value for name, value in said.items() if value}


def _keep(connection: Connection, person: Person, values: Mapping[str, Any]) -> None:
    if values:
        connection.execute(update(people).where(people.c.id == _id(person)).values(**values))


def _firsts() -> Any:
    return select(people.c.id, FIRST.label("first"))


def _new_person(connection: Connection, identity: Identity) -> Person:
    made = connection.execute(insert(people).values({**NOBODY, "last_chat": chat_of(identity)}))
    number = made.inserted_primary_key[0] if made.inserted_primary_key else 0
    if insert_new(connection, identities, {"identity": identity, "person": number}):
        return _person(number)
    # Another replica met the same person at the same moment.
    connection.execute(delete(people).where(people.c.id == number))
    return known_person(connection, identity) or _person(number)


def _person(number: int) -> Person:
    return Person(f"P-{number}")


def _id(person: Person) -> int:
    """The row of a person; 0, which no row has, for what is none of our ids."""
    digits = person.removeprefix("P-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < TOO_LONG else 0
