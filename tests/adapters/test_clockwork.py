"""The clock: it asks what is due, and forgets nothing over a fault."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from adapters.clockwork import ROUNDS, Clockwork
from tests.adapters.outbox_rig import Clock, until
from tests.adapters.relay_in_memory import START, AtOnce


@dataclass
class Service:
    """Fires as often as it was told something is due."""

    due: int = 0
    moments: list[datetime] = field(default_factory=list)
    stumbles: int = 0

    def tick(self, now: datetime) -> int:
        self.moments.append(now)
        if self.stumbles:
            self.stumbles -= 1
            raise KeyError("gone")
        self.due -= 1
        return 1 if self.due >= 0 else 0


@dataclass
class Rig:
    service: Service = field(default_factory=Service)
    database: AtOnce = field(default_factory=AtOnce)
    hints: int = 0
    forgotten: list[timedelta] = field(default_factory=list)

    def clockwork(self) -> Clockwork:
        def hint() -> None:
            self.hints += 1

        return Clockwork(
            service=self.service,
            threads=self.database,
            now=lambda: START + timedelta(hours=3),
            clock=Clock(),
            hint=hint,
            forget=self.forgotten.append,
        )


async def test_a_tick_runs_on_the_incidents_clock_and_wakes_the_outbox() -> None:
    rig = Rig(service=Service(due=1))

    await rig.clockwork().tick()

    assert rig.service.moments == [START + timedelta(hours=3)] * 2
    assert rig.hints == 1


async def test_nothing_due_wakes_nobody() -> None:
    rig = Rig()

    await rig.clockwork().tick()

    assert (len(rig.service.moments), rig.hints) == (1, 0)


async def test_a_backlog_is_worked_off_at_once_but_not_for_ever() -> None:
    rig = Rig(service=Service(due=10_000))

    await rig.clockwork().tick()

    assert rig.hints == ROUNDS


async def test_a_fault_does_not_stop_the_clock() -> None:
    rig = Rig(service=Service(due=1, stumbles=1))
    clockwork = rig.clockwork()

    await clockwork.tick()
    await clockwork.tick()

    assert rig.hints == 1


async def test_the_database_may_be_away_for_a_while() -> None:
    rig = Rig(service=Service(due=1))
    rig.database.down = 1
    clockwork = rig.clockwork()

    await clockwork.tick()
    await clockwork.tick()

    assert rig.hints == 1


async def test_keys_of_requests_are_kept_for_three_days() -> None:
    rig = Rig()

    await rig.clockwork().clear()

    assert rig.forgotten == [timedelta(days=3)]


async def test_it_runs_by_itself_and_ends_when_told() -> None:
    rig = Rig(service=Service(due=1))
    clockwork = rig.clockwork()

    clockwork.start()
    await until(lambda: rig.hints == 1)
    clockwork.stop()
    clockwork.stop()


@dataclass
class Wall:
    """A wall clock that somebody sets, as the scheduler asks for it."""

    set_by: timedelta = timedelta()

    def now(self, zone: tzinfo = UTC) -> datetime:
        return datetime.now(zone) + self.set_by


async def test_a_clock_that_is_set_back_stops_no_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    rig, wall = Rig(service=Service(due=0)), Wall()
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", wall)
    clockwork = replace(rig.clockwork(), clock=wall.now)

    clockwork.start()
    await until(lambda: len(rig.service.moments) > 0)
    wall.set_by = timedelta(hours=-1)
    before = len(rig.service.moments)
    await until(lambda: len(rig.service.moments) > before + 3)
    clockwork.stop()
