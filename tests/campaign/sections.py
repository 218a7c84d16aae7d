"""What a campaign consists of: sections that run apart from each other, each with one nemesis on one installation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.crashing.names import POINTS, TOGETHER

FULL = 30.0
"""Minutes of a full campaign, about, on two cores."""

INSTALLATIONS = (("sqlite", 1), ("postgresql", 1), ("postgresql", 2))
"""Databases with their replicas: on SQLite one process at a time is promised."""

COUNTS: Mapping[tuple[str, str, int], int] = {
    ("kills", "sqlite", 1): 400,
    ("kills", "postgresql", 1): 300,
    ("kills", "postgresql", 2): 300,
    ("pauses", "sqlite", 1): 34,
    ("pauses", "postgresql", 1): 33,
    ("pauses", "postgresql", 2): 33,
    ("stops", "sqlite", 1): 40,
    ("stops", "postgresql", 1): 30,
    ("stops", "postgresql", 2): 30,
    ("restarts", "postgresql", 1): 10,
    ("restarts", "postgresql", 2): 10,
    ("disk", "sqlite", 1): 6,
    ("disk", "postgresql", 1): 6,
    ("disk", "postgresql", 2): 6,
    ("clock", "sqlite", 1): 20,
    ("clock", "postgresql", 2): 20,
    ("faults", "sqlite", 1): 36,
    ("faults", "postgresql", 2): 36,
}
"""How often each nemesis strikes in a full campaign."""

PARTS: Mapping[str, int] = {
    "kills": 50,
    "pauses": 17,
    "stops": 20,
    "restarts": 10,
    "disk": 6,
    "clock": 10,
    "faults": 18,
}
"""How many of these fit into one section."""
POINTS_AT_ONCE = 3
BLIND_AT = "chat.postMessage: after"
"""Where a process dies that looks for nothing before it repeats it: a campaign that finds no doubles then is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One run of the campaign."""

    nemesis: str
    database: str
    replicas: int
    part: int
    count: int
    """How often it strikes; of named points, none: until a run passes untouched."""
    points: tuple[str, ...] = ()
    seed: int = 0

    @property
    def key(self) -> str:
        """Its name, the same in every campaign of that length."""
        return f"{self.nemesis} {self.database} {self.replicas} {self.part}"


def planned(*, minutes: float, seed: int) -> Iterator[Section]:
    """The sections of a campaign of that length, the longest first, each with its own seed."""
    share = minutes / FULL
    for database, replicas in INSTALLATIONS[:2]:
        there = [point for point in POINTS if database == "sqlite" or point not in TOGETHER]
        named = tuple(there[:: max(1, round(1 / share))])
        parts = -(-len(named) // POINTS_AT_ONCE)
        for part in range(parts):  # neighbours, which are reached as often as each other, in different sections
            yield _section("points", database, replicas, part + 1, 0, points=named[part::parts], seed=seed)
    for (nemesis, database, replicas), count in COUNTS.items():
        left, part = max(1, round(count * share)), 1
        while left > 0:
            size = min(left, PARTS[nemesis])
            yield _section(nemesis, database, replicas, part, size, seed=seed)
            left, part = left - size, part + 1
    yield _section("control", "sqlite", 1, 1, 0, points=(BLIND_AT,), seed=seed)


def _section(
    nemesis: str, database: str, replicas: int, part: int, count: int, *, seed: int, points: tuple[str, ...] = ()
) -> Section:
    own = sum(map(ord, f"{nemesis} {database} {replicas} {part}")) * 1009 + seed
    return Section(
        nemesis=nemesis, database=database, replicas=replicas, part=part, count=count, points=points, seed=own
    )
