"""Codes by which people prove in another chat who they are."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from bot.people import Codes, OpenCode
from bot.refs import Identity
from storage.engines import is_reading
from storage.people import FIRST, person_at
from storage.tables import codes, identities, people
from storage.upserts import insert_or_set

KEPT = timedelta(days=1)
"""How long a code that nobody typed is kept; it is good for far less (`bot.commands.me`)."""


def out(connection: Connection) -> Codes:
    """The codes that are out, with one that is none of them."""
    theirs = codes.join(identities, identities.c.identity == codes.c.identity).join(
        people, people.c.id == identities.c.person
    )
    wanted = select(codes, FIRST.label("first")).select_from(theirs)
    if not is_reading(connection):
        wanted = wanted.with_for_update(of=codes)
    found = tuple(
        OpenCode(
            code=row.code, person=person_at(row.first), identity=Identity(row.identity), at=row.at, misses=row.misses
        )
        for row in connection.execute(wanted)
    )
    return Codes(open=found, drawn=_drawn({each.code for each in found}))


def give(connection: Connection, identity: Identity, code: str, at: datetime) -> None:
    """That person's code from now on."""
    connection.execute(delete(codes).where(codes.c.at < at - KEPT))
    insert_or_set(connection, codes, "identity", {"identity": identity, "code": code, "at": at, "misses": 0})


def miss(connection: Connection) -> None:
    """A wrong one was typed: counted at every code."""
    connection.execute(update(codes).values(misses=codes.c.misses + 1))


def use_up(connection: Connection, identity: Identity) -> bool:
    """That person's code is good no more. False where it was not there."""
    return bool(connection.execute(delete(codes).where(codes.c.identity == identity)).rowcount)


def _drawn(taken: Collection[str]) -> str:
    while True:
        code = f"{secrets.randbelow(10**6):06}"
        if code not in taken:
            return code
