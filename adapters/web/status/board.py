"""Keeps the status page up to date: looks whether something was published, and makes the page anew beside the requests.

No request waits for the database. While it is away the page goes on with what it had, and still says what is overdue.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from adapters.inbound import where
from adapters.web.status.served import Served, served
from adapters.web.status.shown import Shown
from adapters.web.status.site import Picture, assets
from bot.events import Entry
from bot.incident import Incident
from bot.maintenance import Maintenance
from bot.policy import Policy
from bot.public import PublicIncident, public_incident

PAUSE = 1.0
"""Seconds between two looks, unless somebody pokes."""
AT_ONCE = 50
"""Logs read in one go: readers have other work too."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Source(Protocol):
    """Where what was published is kept (`storage.published`). It may raise anything."""

    def stamp(self) -> tuple[int, ...]:
        """Another whenever something may have changed."""

    def versions(self) -> Mapping[int, int]:
        """Every incident with its newest version."""

    def told(self, numbers: Collection[int]) -> frozenset[int]:
        """Those of these incidents that told somebody something."""

    def log(self, number: int) -> tuple[Incident, tuple[Entry, ...]]:
        """An incident with its whole log."""

    def maintenances(self) -> tuple[Maintenance, ...]:
        """What is planned, by when it begins."""


class Read(Protocol):
    """Runs work on a thread that may wait for the database."""

    def __call__(self, work: Callable[[], T]) -> Awaitable[T]:
        """What the work gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Whose page it is."""

    policy: Policy
    key: bytes
    url: str = ""
    logo: Picture | None = None

    def shown(self, at: datetime, incidents: Sequence[PublicIncident], maintenances: tuple[Maintenance, ...]) -> Shown:
        """What is shown at that moment."""
        return Shown(
            at=at,
            policy=self.policy,
            incidents=tuple(sorted(incidents, key=lambda each: (each.told_at, each.id), reverse=True)),
            maintenances=maintenances,
            key=self.key,
            url=self.url,
            logo=self.logo.name if self.logo else "",
        )

    def public(self, source: Source, numbers: Sequence[int]) -> dict[int, PublicIncident | None]:
        """What may be read of these incidents. Waits for the database."""
        told = source.told(numbers)
        return {number: self._read(source, number) if number in told else None for number in numbers}

    def _read(self, source: Source, number: int) -> PublicIncident | None:
        return public_incident(*source.log(number), self.policy, self.key)


def everything(house: House, source: Source, at: datetime) -> Shown:
    """All that may be read, read now. Waits for the database."""
    numbers = tuple(source.versions())
    read = (house.public(source, numbers[start : start + AT_ONCE]) for start in range(0, len(numbers), AT_ONCE))
    found = [each for part in read for each in part.values() if each]
    return house.shown(at, found, source.maintenances())


@dataclass(slots=True, kw_only=True)
class Board:
    """Owns what is served. Everything but the work it hands to `read` happens on the loop."""

    house: House
    source: Source
    read: Read
    now: Callable[[], datetime]
    served: Served | None = None
    """None: nothing was read yet."""
    _stamp: tuple[int, ...] = ()
    _versions: dict[int, int] = field(default_factory=dict[int, int])
    _incidents: dict[int, PublicIncident] = field(default_factory=dict[int, PublicIncident])
    _maintenances: tuple[Maintenance, ...] = ()
    _made: tuple[dict[int, PublicIncident], tuple[Maintenance, ...]] | None = None
    """What is served was made of these."""
    _again: datetime | None = None
    """When what is shown changes by itself."""
    _poked: asyncio.Event = field(default_factory=asyncio.Event)
    _failing: bool = False
    _unmade: bool = False

    def poke(self) -> None:
        """Something was published: look now."""
        self._poked.set()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            try:
                async with asyncio.timeout(PAUSE):
                    await self._poked.wait()
            except TimeoutError:
                continue
            self._poked.clear()

    async def look(self) -> None:
        """Read what is new, and make anew what it changes. What fails is tried again at the next look.

        What was read before a read fails is shown: an incident that became private does not wait for the rest.
        """
        try:
            await self._news()
        except Exception as fault:  # noqa: BLE001 - whatever the database raises, the page goes on with what it had
            if not self._failing:
                log.warning("the status page cannot be brought up to date", extra={"kind": type(fault).__name__})
            self._failing = True
        else:
            self._failing = False
        if not self._is_old():
            return
        try:
            await self._make()
        except Exception as fault:  # noqa: BLE001 - whatever cannot be written, the page stays as it was
            if not self._unmade:
                facts = {"kind": type(fault).__name__, "where": where(fault)}
                log.error("the status page cannot be made anew", extra=facts)  # noqa: TRY400 - its text may quote what somebody typed
            self._unmade = True
        else:
            self._unmade = False

    def _is_old(self) -> bool:
        """Whether something else is to be shown than what is served. Never before all was read once."""
        if not self._stamp:
            return False
        changed = self._made != (self._incidents, self._maintenances)
        return changed or (self._again is not None and self.now() >= self._again)

    async def _news(self) -> None:
        stamp = await self.read(self.source.stamp)
        if stamp == self._stamp:
            return
        await self._catch_up(await self.read(self.source.versions))
        self._maintenances = await self.read(self.source.maintenances)
        self._stamp = stamp

    async def _catch_up(self, versions: Mapping[int, int]) -> None:
        for number in self._versions.keys() - versions.keys():  # deleted, for it ended long ago
            del self._versions[number]
            self._incidents.pop(number, None)
        newer = [number for number, version in versions.items() if self._versions.get(number) != version]
        for start in range(0, len(newer), AT_ONCE):
            numbers = newer[start : start + AT_ONCE]
            found = await self.read(partial(self.house.public, self.source, numbers))
            for number, incident in found.items():
                self._versions[number] = versions[number]
                if incident is None:
                    self._incidents.pop(number, None)
                else:
                    self._incidents[number] = incident

    async def _make(self) -> None:
        incidents, maintenances = dict(self._incidents), self._maintenances
        shown = self.house.shown(self.now(), tuple(incidents.values()), maintenances)
        self.served = await asyncio.to_thread(served, shown, assets(self.house.logo), self.served)
        self._made, self._again = (incidents, maintenances), shown.changes_at()
