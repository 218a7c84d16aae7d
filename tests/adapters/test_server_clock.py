"""A process goes by the database's time, whatever its machine's clock says."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.server_clock import ServerClock

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class World:
    """Time as it is, a server that has it, and a machine that is off."""

    seconds: float = 0.0
    off: timedelta = timedelta()
    server_off: timedelta = timedelta()
    way: float = 0.0
    """Seconds to the server, and back."""
    server: bool = True

    def real(self) -> datetime:
        return AT + timedelta(seconds=self.seconds)

    def own(self) -> datetime:
        return self.real() + self.off

    def ask(self) -> datetime | None:
        self.seconds += self.way
        found = self.real() + self.server_off
        self.seconds += self.way
        return found if self.server else None

    def clock(self) -> ServerClock:
        made = ServerClock(ask=self.ask, own=self.own, steady=lambda: self.seconds)
        made.measure()
        return made


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_a_machine_that_is_an_hour_off_goes_by_the_servers_time(off: timedelta) -> None:
    world = World(off=off)
    clock = world.clock()

    world.seconds += 100

    assert clock.now() == world.real()


def test_a_machines_clock_that_jumps_means_nothing() -> None:
    world = World()
    clock = world.clock()

    world.off = HOUR

    assert clock.now() == world.real()


def test_where_there_is_no_server_the_machines_own_clock_is_the_time() -> None:
    world = World(off=HOUR, server=False)

    assert world.clock().now() == world.own()


def test_a_server_whose_time_is_another_is_followed() -> None:
    world = World()
    clock = world.clock()

    world.server_off = timedelta(seconds=30)
    clock.measure()

    assert clock.now() == world.real() + world.server_off


def test_the_time_an_answer_took_moves_no_clock() -> None:
    world = World(way=0.2)
    clock = world.clock()
    before = clock.now() - world.real()

    for way in (0.05, 0.4, 0.1):
        world.way = way
        clock.measure()

    assert clock.now() - world.real() == before == timedelta()


def test_an_answer_that_took_too_long_says_nothing_new() -> None:
    world = World()
    clock = world.clock()

    world.way, world.server_off = 3.0, timedelta(seconds=-5)
    clock.measure()

    assert clock.now() == world.real()


def test_a_machine_that_is_off_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    world = World(off=timedelta(seconds=6))

    with caplog.at_level(logging.WARNING):
        clock = world.clock()
        clock.measure()

    assert [record.message for record in caplog.records] == [
        "this machine's clock differs from the database's, which we go by"
    ]
