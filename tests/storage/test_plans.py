"""How SQLite finds what it is asked for. It keeps no statistics, and might go through all that was ever sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event

from bot.commands.record import RecordRoom
from bot.ports import Arrival
from bot.refs import Address
from bot.requests import Request
from bot.service import Service
from config.policy_file import load_policy
from storage.database import Database
from tests.contracts.given import ANA, AT, LEASE, PLACE, later

EVERYTHING = "ix_deliveries_ready"
"""The index of what is in a state: all that was ever sent, or all that waits."""
NAMED = ("deliveries.incident IN", "deliveries.incident =", "deliveries.id IN (?", "deliveries.id =")
"""How a statement says which rows it is about."""


@contextmanager
def planned() -> Iterator[dict[str, str]]:
    """The statements that are executed meanwhile, each with how SQLite goes about it."""
    plans: dict[str, str] = {}

    def explain(_connection: object, cursor: Any, statement: str, values: Any, _context: object, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            steps = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values[0] if many else values)
            plans[statement] = ", ".join(step[-1] for step in steps)

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


def test_what_is_asked_of_some_messages_is_found_without_going_through_all_of_them(database: Database) -> None:
    service = Service(store=database.store, policy=load_policy(None).policy, rules="rules", replica="one")
    with planned() as plans:
        for number in (1, 2):
            room = Address(f"slack:T1/C{number}")
            said = Request(identity=ANA, key=f"declare {number}", text="declare critical It is down", place=PLACE)
            service.handle(said, AT)
            service.record(RecordRoom(address=room, name="inc", url="", own=True), number, f"room {number}", AT)
        service.tick(later(1500))
        taken = database.relay.claim(later(1500), 50, LEASE)
        database.relay.all_sent([Arrival(delivery=one, ref="1.1", at=later(1501)) for one in taken])
        service.tick(later(1500) + timedelta(hours=1))

    about_some = {statement: plan for statement, plan in plans.items() if any(name in statement for name in NAMED)}
    assert len(about_some) >= 5
    assert {statement: plan for statement, plan in about_some.items() if EVERYTHING in plan} == {}
