"""A relay kept in a list, and a database whose threads are none: the outbox without its storage."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.ports import Arrival, Delivery

T = TypeVar("T")

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class AtOnce:
    """A database whose threads answer before they are asked twice."""

    def __init__(self) -> None:
        self.down = 0
        """How many calls fail from now on."""

    def write(self, fn: Callable[[], T], /) -> "Future[T]":
        future: Future[T] = Future()
        if self.down:
            self.down -= 1
            future.set_exception(OSError("disk full"))
            return future
        try:
            future.set_result(fn())
        except OSError as fault:
            future.set_exception(fault)
        return future

    read = write


@dataclass
class Row:
    delivery: Delivery
    state: str = "waiting"
    not_before: datetime = START
    lease_until: datetime | None = None
    claimed_at: datetime | None = None
    error: str = ""
    sent: list[str] = field(default_factory=list)


@dataclass
class ListRelay:
    """The outbox in memory: the first of each (incident, address) goes, one at a time, fenced by its attempt."""

    rows: list[Row] = field(default_factory=list)
    claims: int = 0
    stuck: int = 0
    """How many rows cannot be marked from now on."""
    held: bool = False
    """Whether others work on the rows, so that only who waits for one can mark it."""

    def put(self, one: Delivery) -> Row:
        row = Row(delivery=replace(one, id=len(self.rows) + 1, token=f"token-{len(self.rows) + 1}"))
        self.rows.append(row)
        return row

    def claim(self, now: datetime, limit: int, lease: timedelta, without: Collection[str] = ()) -> tuple[Delivery, ...]:
        self.claims += 1
        for row in self.rows:
            if row.state == "sending" and row.lease_until and row.lease_until < now:
                row.state = "waiting"
                row.delivery = replace(row.delivery, tried_at=row.delivery.tried_at or row.claimed_at)
        taken: list[Delivery] = []
        for row in self._ready(now, without)[:limit]:
            row.state, row.lease_until, row.claimed_at = "sending", now + lease, now
            row.delivery = replace(row.delivery, attempt=row.delivery.attempt + 1)
            taken.append(row.delivery)
        return tuple(taken)

    def _ready(self, now: datetime, without: Collection[str]) -> list[Row]:
        lanes: set[tuple[int, str]] = set()
        ready = []
        for row in self.rows:
            lane = (row.delivery.incident, row.delivery.address)
            if row.state not in {"waiting", "sending"} or row.delivery.address.partition(":")[0] in without:
                continue
            if lane not in lanes and row.state == "waiting" and row.not_before <= now:
                ready.append(row)
            lanes.add(lane)
        return ready

    def sent(self, one: Delivery, ref: str, at: datetime) -> bool:
        if self.stuck:
            self.stuck -= 1
            raise OSError("database is locked")
        row = self._mine(one)
        if row:
            row.state, row.delivery = "sent", replace(row.delivery, ref=ref, tried_at=None)
            row.sent.append(ref)
        return row is not None

    def all_sent(self, arrivals: Sequence[Arrival]) -> tuple[bool, ...]:
        return tuple(not self.held and self.sent(one.delivery, one.ref, one.at) for one in arrivals)

    def retry(
        self, one: Delivery, *, at: datetime, not_before: datetime, error: str, unknown: bool, counts: bool
    ) -> bool:
        row = self._mine(one)
        if row is None:
            return False
        row.state, row.not_before, row.error = "waiting", not_before, error
        known = row.delivery
        if unknown:
            row.delivery = replace(row.delivery, tried_at=known.tried_at or row.claimed_at)
        elif known.withdrawn:
            row.state = "withheld"
        if counts:
            since = known.failing_since or at
            row.delivery = replace(row.delivery, failures=known.failures + 1, failing_since=since)
        return True

    def dead(self, one: Delivery, *, at: datetime, error: str) -> bool:
        row = self._mine(one)
        if row:
            row.state, row.error = "dead", error
        return row is not None

    def release(self, one: Delivery) -> None:
        row = self._mine(one)
        if row:
            row.state = "waiting"

    def wake_at(self, without: Collection[str] = ()) -> datetime | None:
        return min((row.not_before for row in self.rows if row.state == "waiting"), default=None)

    def depth(self) -> tuple[int, datetime | None]:
        waiting = [row.delivery.queued_at for row in self.rows if row.state in {"waiting", "sending"}]
        return len(waiting), min(waiting, default=None)

    def _mine(self, one: Delivery) -> Row | None:
        row = self.rows[one.id - 1]
        return row if row.state == "sending" and row.delivery.attempt == one.attempt else None
