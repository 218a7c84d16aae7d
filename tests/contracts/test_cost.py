"""What a command asks of the database. A statement more in every command is found here, not by people who wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import CacheStats

from bot.commands.record import RecordRoom
from bot.people import Profile
from bot.requests import Answer, Request
from bot.service import Service
from config.policy_file import load_policy
from storage.database import Database
from tests.contracts.given import ANA, AT, LEASE, PLACE, ROOM

MOST = 9
"""Statements of a note, with its transaction's begin."""


@pytest.fixture
def service(database: Database) -> Service:
    return Service(store=database.store, policy=load_policy(None).policy, rules="rules", replica="one")


SAYS = Profile(name="Ana", zone="Europe/Amsterdam")
"""What a chat says of who speaks, with every request."""


def says(service: Service, text: str, key: str, *, seconds: int = 60) -> Answer:
    place = PLACE if text.startswith("declare") else ROOM
    request = Request(identity=ANA, key=key, text=text, place=place, profile=SAYS)
    return service.handle(request, AT + timedelta(seconds=seconds))


def opened(service: Service) -> None:
    says(service, "declare critical Checkout is down", "declared", seconds=0)
    service.record(RecordRoom(address=ROOM, name="inc-1", url="", own=True), 1, "room", AT)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def test_a_note_costs_few_statements_however_many_there_were(service: Service) -> None:
    opened(service)
    for line in range(10):
        says(service, f"note Line {line}", f"note {line}")

    with counted() as asked:
        says(service, "note Another line", "another note")

    assert len(asked) <= MOST, "\n".join(asked)


def test_a_note_leaves_nothing_to_send_and_a_declaration_does(service: Service) -> None:
    declared = says(service, "declare critical Checkout is down", "declared", seconds=0)
    service.record(RecordRoom(address=ROOM, name="inc-1", url="", own=True), 1, "room", AT)
    says(service, "note First words, which are a response", "first")

    noted = says(service, "note Another line", "second")

    assert declared.to_send
    assert noted.changed
    assert not noted.to_send


def test_a_repeated_delivery_leaves_nothing_to_send(service: Service) -> None:
    says(service, "declare critical Checkout is down", "declared", seconds=0)

    again = says(service, "declare critical Checkout is down", "declared")

    assert again.repeated
    assert not again.to_send


@contextmanager
def made() -> Iterator[list[str]]:
    """The statements that are put together anew meanwhile, and kept."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, _values: object, context: Any, _many: bool) -> None:
        if getattr(context, "cache_hit", None) is CacheStats.CACHE_MISS:
            found.append(statement)

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "after_cursor_execute", note)


AGAIN: dict[str, Callable[[Database], object]] = {
    "the probe": lambda database: database.fault(),
    "the depth": lambda database: database.relay.depth(),
    "the next": lambda database: database.relay.wake_at(frozenset({"teams"})),
    "a claim": lambda database: database.relay.claim(AT, 5, LEASE, frozenset({"teams"})),
    "a beat": lambda database: database.fleet.beat("one", {"slack chat.update": 3.0}),
    "the replicas": lambda database: database.fleet.replicas(),
    "the pauses": lambda database: database.fleet.pauses(),
    "old keys": lambda database: database.store.forget_keys(timedelta(days=3)),
    "the page": lambda database: (database.published.stamp(), database.published.versions()),
    "the server's clock": lambda database: database.server_time(),
    "the last beat": lambda database: database.last_beat(),
    "the nameless": lambda database: database.reads.unnamed_people("slack", 20),
}
"""What a process does over and over while nobody speaks."""


@pytest.mark.parametrize("name", AGAIN)
def test_what_is_done_over_and_over_makes_its_statements_once(database: Database, name: str) -> None:
    AGAIN[name](database)

    with made() as anew:
        for _ in range(3):
            AGAIN[name](database)

    assert anew == []
