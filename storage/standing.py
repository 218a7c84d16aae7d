"""What people subscribed to for good. Rows of people who are one by now are read as one person's.

Names are the same whatever their case, as everywhere a name is typed.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select

from bot.refs import Person
from bot.standing import Standing, Wanted
from storage.people import FIRST, person_at, row_id
from storage.tables import people, subscriptions
from storage.upserts import insert_new


def standing(connection: Connection) -> Mapping[Person, tuple[Standing, ...]]:
    """Everybody's, each once, oldest first."""
    joined = subscriptions.join(people, people.c.id == subscriptions.c.person)
    wanted = select(FIRST.label("first"), subscriptions.c.kind, subscriptions.c.name).select_from(joined)
    order = (subscriptions.c.at, subscriptions.c.kind, subscriptions.c.name)
    found: dict[Person, dict[str, Standing]] = {}
    for row in connection.execute(wanted.order_by(*order)):
        one = Standing(kind=row.kind, name=row.name)
        found.setdefault(person_at(row.first), {}).setdefault(one.words.casefold(), one)
    return {person: tuple(each.values()) for person, each in found.items()}


def want(connection: Connection, person: Person, wanted: Wanted, at: datetime) -> None:
    """Keep what begins, and forget what ends, under whichever of their ids it was kept."""
    row = row_id(person)
    theirs = select(people.c.id).where(or_(people.c.id == row, people.c.same_as == row))
    for each in wanted.begun:
        insert_new(connection, subscriptions, {"person": row, "kind": each.kind, "name": each.name, "at": at})
    for each in wanted.ended:
        of_kind = (subscriptions.c.person.in_(theirs), subscriptions.c.kind == each.kind)
        names = connection.scalars(select(subscriptions.c.name).where(*of_kind)).all()
        same = [name for name in names if name.casefold() == each.name.casefold()]
        connection.execute(delete(subscriptions).where(*of_kind, subscriptions.c.name.in_(same)))
