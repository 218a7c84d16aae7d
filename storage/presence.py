"""Whom a chat could not reach, and in which incidents: looked at with every word, so that it costs nothing to ask."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, or_, select

from bot.refs import Person
from storage.people import row_id
from storage.register import UNENDED
from storage.tables import incidents, out_of_reach, people
from storage.upserts import insert_new


def missed(connection: Connection, number: int, persons: Collection[Person]) -> None:
    """They are out of reach in that incident."""
    for person in persons:
        insert_new(connection, out_of_reach, {"person": row_id(person), "incident": number})


def missed_in(connection: Connection, first: int) -> tuple[int, ...]:
    """The incidents not ended in which that person, known by whichever id, was thought out of reach."""
    ids = select(people.c.id).where(or_(people.c.id == first, people.c.same_as == first))
    joined = out_of_reach.join(incidents, incidents.c.number == out_of_reach.c.incident)
    wanted = (
        select(out_of_reach.c.incident).distinct().select_from(joined).where(out_of_reach.c.person.in_(ids), UNENDED)
    )
    return tuple(connection.scalars(wanted.order_by(out_of_reach.c.incident)))


def reached(connection: Connection, number: int, person: Person) -> None:
    """They are not, or no longer."""
    first = row_id(person)
    ids = select(people.c.id).where(or_(people.c.id == first, people.c.same_as == first))
    connection.execute(delete(out_of_reach).where(out_of_reach.c.incident == number, out_of_reach.c.person.in_(ids)))
