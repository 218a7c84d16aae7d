"""Who is one person: rows joined by e-mail address or by a code, and the log read with one id for each person.

Events keep the id they were written with. They are read with the id that speaks for the person now, so that a role
taken in one chat is held by who speaks in the other.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from sqlalchemy import ColumnElement, Connection, case, or_, select, update

from bot.refs import Person, chat_of
from storage.folds import Joined
from storage.people import FIRST, JOINS, STATE, person_at, row_id
from storage.register import UNENDED
from storage.tables import events, identities, incidents, meta, people
from storage.upserts import insert_or_set

T = TypeVar("T")

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def join(connection: Connection, one: Person, other: Person) -> Person:
    """From now on the two are one person, known by the older id, which is given.

    Deadlines of incidents that speak of the other id are looked at again by the next tick.
    """
    kept, gone = _firsts(connection, one, other)
    if kept == gone:
        return person_at(kept)
    # Written first, so that of two who join people at once the second sees what the first did.
    insert_or_set(connection, meta, "name", {"name": JOINS, "value": secrets.token_hex(8)})
    kept, gone = _firsts(connection, one, other)
    group = or_(people.c.id == gone, people.c.same_as == gone)
    connection.execute(update(people).where(group).values(same_as=case((people.c.id == kept, None), else_=kept)))
    numbers = speaking_of(
        connection, (person_at(gone),), events.c.incident.in_(select(incidents.c.number).where(UNENDED))
    )
    connection.execute(update(incidents).where(incidents.c.number.in_(numbers)).values(next_due_at=LONG_AGO))
    return person_at(kept)


def _firsts(connection: Connection, one: Person, other: Person) -> tuple[int, int]:
    """The ids that speak for the two, the older first."""
    ids = (row_id(one), row_id(other))
    wanted = select(people.c.id, FIRST.label("first")).where(people.c.id.in_(ids))
    firsts = {row.id: row.first for row in connection.execute(wanted)}
    kept, gone = sorted((firsts[ids[0]], firsts[ids[1]]))
    return kept, gone


def speaking_of(connection: Connection, persons: Collection[str], within: ColumnElement[bool]) -> set[int]:
    """The numbers of incidents, of events `within`, that speak of one of these people. It may name one too many."""
    if not persons:
        return set()
    said = [events.c.data.contains(f'"{person}"', autoescape=True) for person in persons]
    wanted = select(events.c.incident).where(within, or_(events.c.by.in_(persons), *said)).distinct()
    return set(connection.scalars(wanted))


def join_by_email(connection: Connection, row: int) -> None:
    """Join that row with the one person of another chat who has its e-mail address, if there is exactly one.

    Neither may be a guest, for whoever invites a guest chooses their address, nor a bot, nor gone; both chats must have
    been asked, for what a message happens to carry proves nothing; and no chat may know both.
    """
    members = select(people.c.id, people.c.email, FIRST.label("first"), identities.c.identity).join(
        identities, identities.c.person == people.c.id
    )
    proved = (
        people.c.profiled.is_(True),
        people.c.guest.is_(False),
        people.c.bot.is_(False),
        people.c.gone.is_(False),
        people.c.email != "",
    )
    mine = connection.execute(members.where(people.c.id == row, *proved)).first()
    if mine is None:
        return
    same = connection.execute(members.where(people.c.email == mine.email, *proved)).all()
    others = {each.first for each in same} - {mine.first}
    if len(others) != 1:
        return
    (other,) = others
    if not _chats(connection, mine.first) & _chats(connection, other):
        join(connection, person_at(mine.first), person_at(other))


def _chats(connection: Connection, first: int) -> set[str]:
    """The chats that know that person, but for those they are gone from."""
    theirs = select(identities.c.identity).join(people, people.c.id == identities.c.person)
    group = or_(people.c.id == first, people.c.same_as == first)
    return {chat_of(identity) for identity in connection.scalars(theirs.where(group, people.c.gone.is_(False)))}


def joins(connection: Connection) -> str:
    """Another value whenever people were joined; empty before that."""
    found: str | None = connection.scalar(STATE)
    return found or ""


def everybody(connection: Connection) -> Joined:
    """Who is one person now, looked up anew."""
    return Joined(state=joins(connection), speaks=joined_people(connection))


def joined_people(connection: Connection) -> Mapping[str, str]:
    """By an id that no longer speaks for its person, the one that does."""
    rows = connection.execute(select(people.c.id, people.c.same_as).where(people.c.same_as.is_not(None)))
    return {person_at(row.id): person_at(row.same_as) for row in rows}


def with_people(value: T, speaks: Mapping[str, str]) -> T:
    """An event with the ids that speak for its people now. Words people wrote stay as they are."""
    if not speaks or not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {
        name: after
        for name in _speaking_of_people(type(value))
        if (after := _exchanged(before := getattr(value, name), speaks)) != before
    }
    return replace(value, **changed) if changed else value


def _exchanged(value: Any, speaks: Mapping[str, str]) -> Any:
    match value:
        case str():
            return speaks.get(value, value)
        case tuple():
            return tuple(dict.fromkeys(_exchanged(item, speaks) for item in value))
        case _:
            return with_people(value, speaks)


@cache
def _speaking_of_people(cls: type) -> tuple[str, ...]:
    """The fields that hold a person, or something that does."""
    hints = get_type_hints(cls)
    return tuple(part.name for part in fields(cls) if _holds_people(hints[part.name]))


def _holds_people(hint: Any) -> bool:
    if hint is Person:
        return True
    if isinstance(hint, type) and is_dataclass(hint):
        return bool(_speaking_of_people(hint))
    return any(_holds_people(part) for part in get_args(hint))
