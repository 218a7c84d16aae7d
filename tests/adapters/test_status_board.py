"""What keeps the status page up to date: it reads only what is new, and goes on with what it has."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from adapters.web.status import board as boards
from adapters.web.status.board import Board, everything
from adapters.web.status.links import filed
from adapters.web.status.site import documents, renders, written
from bot.events import Declared, Entry, Event, NoteAdded, UpdatePublished, VisibilityChanged
from bot.evolve import fold
from bot.incident import Incident
from bot.maintenance import Maintenance
from tests.adapters.status_rig import AT, DATABASE, HOUSE, MINUTE

T = TypeVar("T")

SECRET = "redis-eu-1"
TOLD = UpdatePublished(
    number=1, audiences=("customers",), what="Payments fail.", next={"customers": AT + 10 * MINUTE}, headline="Payments"
)


@dataclass
class Kept:
    """A database in memory that counts what it is asked, and can be away."""

    logs: dict[int, list[Event]] = field(default_factory=dict[int, list[Event]])
    works: tuple[Maintenance, ...] = ()
    away: bool = False
    half_away: bool = False
    """Whether it goes away after the incidents were read."""
    read: list[int] = field(default_factory=list[int])

    def stamp(self) -> tuple[int, ...]:
        if self.away:
            raise ConnectionError
        return (sum(map(len, self.logs.values())), len(self.logs), len(self.works))

    def versions(self) -> Mapping[int, int]:
        return {number: len(log) for number, log in self.logs.items()}

    def told(self, numbers: Collection[int]) -> frozenset[int]:
        return frozenset(
            number for number in numbers if any(isinstance(event, UpdatePublished) for event in self.logs[number])
        )

    def log(self, number: int) -> tuple[Incident, tuple[Entry, ...]]:
        self.read.append(number)
        entries = tuple(
            Entry(version=version, at=AT - MINUTE, by=None, event=event)
            for version, event in enumerate(self.logs[number], 1)
        )
        return fold(entries, number=number), entries

    def maintenances(self) -> tuple[Maintenance, ...]:
        if self.half_away:
            raise ConnectionError
        return self.works


@dataclass
class Rig:
    kept: Kept = field(default_factory=Kept)
    at: datetime = AT
    board: Board = field(init=False)

    def __post_init__(self) -> None:
        async def read(work: Callable[[], T]) -> T:
            return work()

        def crossed(work: Callable[[], T]) -> Awaitable[T]:
            return read(work)

        self.board = Board(house=HOUSE, source=self.kept, read=crossed, now=lambda: self.at)

    def declared(self, number: int, *events: Event, private: bool = False, drill: bool = False) -> None:
        first = Declared(title=SECRET, priority="critical", private=private, drill=drill)
        self.kept.logs[number] = [first, *events]

    @property
    def front(self) -> str:
        assert self.board.served is not None
        found = self.board.served.body("")
        assert found is not None
        return found.data.decode()


async def until(so: Callable[[], bool]) -> None:
    for _ in range(500):
        if so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to be so")


async def test_the_first_look_shows_what_was_published() -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    rig.declared(2)
    assert rig.board.served is None

    await rig.board.look()

    assert "Payments fail." in rig.front


async def test_an_empty_page_is_a_page() -> None:
    rig = Rig()

    await rig.board.look()

    assert "All services are working" in rig.front


async def test_only_what_is_newer_is_read_again() -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    rig.declared(2, TOLD)
    await rig.board.look()
    rig.kept.read.clear()

    await rig.board.look()
    assert rig.kept.read == []
    rig.kept.logs[2].append(NoteAdded(text=SECRET))
    await rig.board.look()

    assert rig.kept.read == [2]


async def test_what_changes_nothing_in_public_makes_nothing_anew() -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    await rig.board.look()
    before = rig.board.served

    rig.kept.logs[1].append(NoteAdded(text=SECRET))
    await rig.board.look()

    assert rig.board.served is before


async def test_what_becomes_private_is_gone() -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    await rig.board.look()

    rig.kept.logs[1].append(VisibilityChanged(private=True))
    await rig.board.look()

    assert "Payments" not in rig.front


async def test_what_becomes_private_is_gone_though_a_read_after_it_fails() -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    await rig.board.look()

    rig.kept.logs[1].append(VisibilityChanged(private=True))
    rig.kept.half_away = True
    await rig.board.look()
    assert "Payments" not in rig.front
    rig.kept.half_away = False
    await rig.board.look()

    assert "Payments" not in rig.front


async def test_half_of_what_is_there_is_never_the_first_page() -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    rig.kept.half_away = True

    await rig.board.look()
    assert rig.board.served is None
    rig.kept.half_away = False
    await rig.board.look()

    assert "Payments fail." in rig.front


async def test_a_page_that_cannot_be_made_stays_as_it_was_until_it_can(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rig = Rig()
    await rig.board.look()
    before = rig.board.served
    rig.declared(1, TOLD)

    with monkeypatch.context() as broken:
        broken.setattr(boards, "served", None)
        await rig.board.look()
        await rig.board.look()
    assert rig.board.served is before
    await rig.board.look()

    assert "Payments fail." in rig.front
    assert [record.message for record in caplog.records] == ["the status page cannot be made anew"]


async def test_planned_maintenance_appears_and_goes_when_it_is_called_off() -> None:
    rig = Rig()
    rig.kept.works = (DATABASE,)
    await rig.board.look()
    assert DATABASE.title in rig.front

    rig.kept.works = ()
    await rig.board.look()

    assert DATABASE.title not in rig.front


async def test_while_the_database_is_away_the_page_goes_on_and_says_what_is_overdue(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    await rig.board.look()
    rig.kept.away = True

    await rig.board.look()
    assert "Next update by" in rig.front
    rig.at = AT + 11 * MINUTE
    await rig.board.look()

    assert "Update overdue since" in rig.front
    assert [record.message for record in caplog.records] == ["the status page cannot be brought up to date"]


async def test_what_was_missed_while_it_was_away_is_shown_when_it_is_back() -> None:
    rig = Rig()
    await rig.board.look()
    rig.kept.away = True
    await rig.board.look()

    rig.declared(1, TOLD)
    rig.kept.away = False
    await rig.board.look()

    assert "Payments fail." in rig.front


async def test_a_poke_is_a_look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "PAUSE", 60.0)
    rig = Rig()
    running = asyncio.create_task(rig.board.run())
    await until(lambda: rig.board.served is not None)

    rig.declared(1, TOLD)
    rig.board.poke()
    await until(lambda: "Payments fail." in rig.front)

    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_it_looks_by_itself_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "PAUSE", 0.01)
    rig = Rig()
    running = asyncio.create_task(rig.board.run())
    await until(lambda: rig.board.served is not None)

    rig.declared(1, TOLD)
    await until(lambda: "Payments fail." in rig.front)

    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def test_private_incidents_and_drills_are_in_no_page_feed_or_json() -> None:
    rig = Rig()
    words = UpdatePublished(number=1, audiences=("internal", "customers"), what=f"It is {SECRET}", steps=SECRET)
    rig.declared(1, words, private=True)
    rig.declared(2, words, drill=True)
    rig.declared(3, words, VisibilityChanged(private=True))
    rig.declared(4, UpdatePublished(number=1, audiences=("internal", "stakeholders"), what=SECRET))
    rig.declared(5, NoteAdded(text=SECRET), TOLD)

    found = everything(HOUSE, rig.kept, AT + timedelta(hours=1))

    assert [each.headline for each in found.incidents] == ["Payments"]
    for path, render in renders(found).items():
        assert SECRET not in written(render, found, filed(path)).decode(), path
    for path, (_, data) in documents(found).items():
        assert SECRET not in data.decode(), path
        assert "INC-" not in data.decode(), path


async def test_what_was_deleted_is_shown_no_more() -> None:
    rig = Rig()
    rig.declared(1, TOLD)
    await rig.board.look()

    del rig.kept.logs[1]
    await rig.board.look()

    assert "Payments" not in rig.front
