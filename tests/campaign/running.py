"""One section, from an empty folder to its row."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.campaign import disk
from tests.campaign.checker import Verdict
from tests.campaign.databases import Ground
from tests.campaign.nemeses import DATA, NEMESES
from tests.campaign.sections import Section
from tests.campaign.world import BESIDE, LEASE, World, world

LEASES = {"pauses": 2.0}
"""Of nemeses that last as long as leases do."""
SHORT: dict[str, Any] = {"rounds": 1, "promise": 1, "rest": 0.7, "linked": 1.0}
STORIES: dict[str, Any] = {"points": SHORT, "control": SHORT, "clock": {"rounds": 1}}
"""How people's stories are shorter."""
TOLD_WITHIN = 90.0
"""Seconds in which what people had begun must have come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a section."""

    section: Section
    tried: int
    verdict: Verdict
    odd: tuple[str, ...] = ()
    """What else should not have been."""
    reached: dict[str, int] = field(default_factory=dict[str, int])
    """How often each named point was."""
    healed: float = 0.0
    """The longest time until ready after the trouble was over, in seconds."""


async def run(section: Section, ground: Ground) -> Result:
    """The section on that ground."""
    data = ground.folder / DATA
    with disk.small(data) if section.nemesis == "disk" else contextlib.nullcontext():
        _make(data)
        return await _run(section, ground, ground.address or f"sqlite:///{data / 'sitrep.db'}")


def _make(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)


async def _run(section: Section, ground: Ground, database: str) -> Result:
    async with _opened(section, ground, database) as here:
        telling = asyncio.create_task(here.stories.go_on(0 if section.points else BESIDE))
        struggle = asyncio.create_task(NEMESES[section.nemesis](here, section))
        await asyncio.wait({telling, struggle}, return_when=asyncio.FIRST_COMPLETED)
        if telling.done():
            await telling
        tried = await struggle
        here.mend()
        here.stories.stopping.set()
        await asyncio.wait_for(telling, TOLD_WITHIN)
        verdict = await here.settle()
        odd = (*here.odd, *here.senders.odd)
        return Result(section=section, tried=tried, verdict=verdict, odd=odd, reached=here.reached, healed=here.healed)


@asynccontextmanager
async def _opened(section: Section, ground: Ground, database: str) -> AsyncIterator[World]:
    opening = world(
        ground.folder,
        database,
        server=ground.server,
        replicas=section.replicas,
        seed=section.seed,
        clock=section.nemesis == "clock",
        blind=section.nemesis == "control",
        **STORIES.get(section.nemesis, {}),
        lease=LEASES.get(section.nemesis, LEASE),
    )
    async with opening as here:
        await here.start()
        try:
            yield here
        except BaseException:
            print(f"--- the end of the log of {section.key}\n{here.log()[-4000:]}", flush=True)
            raise
        finally:
            for replica in here.replicas:
                await replica.kill()
