"""`python -m tests.campaign`: everything that may go wrong, for half an hour; `--slice`: for two minutes.

What is done is kept in `build/campaign`: stopped halfway and begun again, it goes on where it was. The exit code is 1
where something was lost, done twice, or late.
"""

import argparse
import asyncio
import faulthandler
import json
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.acceptance.process import ROOT
from tests.campaign.databases import ground
from tests.campaign.replicas import LOG
from tests.campaign.report import ratios, write
from tests.campaign.running import run
from tests.campaign.sections import FULL, Section, planned
from tests.campaign.table import complaints, outcome, rows, written
from tests.campaign.world import LEASE

PLACE = ROOT / "build" / "campaign"
SLICE = 1.5
"""Minutes' worth of sections that stand for all of them."""
LONGEST = 600.0
"""Seconds that one section may take."""
TRIES = 2
"""A section that could not be carried out is tried again; one that found something is not."""


def main() -> int:
    """Do what the words say."""
    given = _words().parse_args()
    if given.section:
        return asyncio.run(_one(Section(**json.loads(given.section))))
    minutes = SLICE if given.slice else given.minutes
    place = PLACE / f"{minutes:g}-{given.seed}"
    if given.again:
        shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)
    wanted = [section for section in planned(minutes=minutes, seed=given.seed) if _is_wanted(section, given)]
    found = asyncio.run(_all(wanted, place, given.at_once))
    print(f"\n{written(rows(found))}\n\n{ratios(found)}\n")
    bad = [f"{one['key']} (seed {one['seed']}): {what}" for one in found for what in complaints(one)]
    missing = [section.key for section in wanted if section.key not in {one["key"] for one in found}]
    print("\n".join([*bad, *(f"could not be carried out: {key}" for key in missing)] or ["Nothing was lost."]))
    if given.write and not missing:
        write(found, lease=LEASE)
    return 1 if bad or missing else 0


def _words() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="python -m tests.campaign", description="Tries to make Sitrep lose something.")
    words.add_argument("--minutes", type=float, default=FULL, help="how long, about")
    words.add_argument("--slice", action="store_true", help="two minutes of it")
    words.add_argument("--database", choices=("sqlite", "postgresql"), help="on this alone")
    words.add_argument("--replicas", type=int, choices=(1, 2), help="with so many alone")
    words.add_argument("--nemesis", help="this alone, as in kills")
    words.add_argument("--seed", type=int, default=1, help="another gives other moments")
    words.add_argument("--at-once", type=int, default=3, help="sections beside each other; they mostly wait")
    words.add_argument("--again", action="store_true", help="from the beginning, whatever is done already")
    words.add_argument("--write", action="store_true", help="write docs/campaign.md")
    words.add_argument("--section", help=argparse.SUPPRESS)
    return words


def _is_wanted(section: Section, given: argparse.Namespace) -> bool:
    return (
        given.database in (None, section.database)
        and given.replicas in (None, section.replicas)
        and given.nemesis in (None, section.nemesis)
    )


async def _all(wanted: list[Section], place: Path, at_once: int) -> list[Mapping[str, Any]]:
    """Every section's outcome, of those that could be carried out."""
    turns, done = asyncio.Semaphore(at_once), [0]

    async def turn(section: Section) -> Mapping[str, Any] | None:
        async with turns:
            found = await _kept(section, place)
            done[0] += 1
            print(f"[{done[0]}/{len(wanted)}] {_line(section, found)}", flush=True)
            return found

    return [found for found in await asyncio.gather(*map(turn, wanted)) if found]


async def _kept(section: Section, place: Path) -> Mapping[str, Any] | None:
    """What came of a section, now or when it was done before; None: it could not be carried out."""
    kept = place / f"{section.key.replace(' ', '-')}.json"
    known: Mapping[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if known.get("section") == _plain(section):
        return known
    for _ in range(TRIES):
        found = await _apart(section, kept.with_suffix(".log"))
        if found is not None:
            kept.write_text(json.dumps({**found, "section": _plain(section)}, indent=1), encoding="utf-8")
            return found
    return None


def _plain(section: Section) -> Any:
    """As JSON gives it back. What was planned otherwise is not done yet."""
    return json.loads(json.dumps(asdict(section)))


async def _apart(section: Section, log: Path) -> Mapping[str, Any] | None:
    """The section in a process of its own: what ends it ends nothing else."""
    with log.open("ab") as words:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.campaign", "--section", json.dumps(asdict(section))),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=words,
        )
        try:
            out, _ = await asyncio.wait_for(process.communicate(), LONGEST + 30)
        except TimeoutError:
            process.kill()
            return None
        words.write(out)
    last = out.decode().strip().rpartition("\n")[2]
    found: Mapping[str, Any] | None = json.loads(last) if process.returncode == 0 and last.startswith("{") else None
    return found


def _line(section: Section, found: Mapping[str, Any] | None) -> str:
    if found is None:
        return f"{section.key}: could not be carried out"
    figures = found["figures"]
    named = ("tried", "lost", "slack lost", "teams lost", "changed", "slack doubled", "teams doubled", "late")
    counts = ", ".join(f"{name} {figures[name]}" for name in named)
    return f"{section.key}: {counts}, worst {figures['worst']:.1f} s, {found['took']:.0f} s"


async def _one(section: Section) -> int:
    began = time.monotonic()
    faulthandler.dump_traceback_later(LONGEST + 20)
    with ground(section) as place:
        try:
            async with asyncio.timeout(LONGEST) as limit:
                asyncio.get_running_loop().call_at(limit.when() or 0.0, _say_who_waits)
                result = await run(section, place)
            found = outcome(result)
            if any(found["findings"].values()) or found["odd"]:
                shutil.copy(place.folder / LOG, PLACE / f"{section.key.replace(' ', '-')}.sitrep.log")
        finally:
            faulthandler.cancel_dump_traceback_later()
    print(json.dumps({**found, "took": time.monotonic() - began}), flush=True)
    return 0


def _say_who_waits() -> None:
    for task in asyncio.all_tasks():
        task.print_stack(limit=4)


if __name__ == "__main__":
    sys.exit(main())
