"""What a command asks of the database. A statement more in every command is found here, not by people who wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from bot.commands.record import RecordRoom
from bot.people import Profile
from bot.requests import Answer, Request
from bot.service import Service
from config.policy_file import load_policy
from storage.database import Database
from tests.contracts.given import ANA, AT, PLACE, ROOM

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
