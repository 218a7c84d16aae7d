"""A backup made while much is said, restored after a crash: what had arrived is not said again."""

import asyncio
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from tests.acceptance.chats import Opens, World

pytestmark = pytest.mark.timeout(240)

WORDS = "Checkout is down", "Search is slow"


async def test_what_had_arrived_before_a_restored_backup_is_not_said_again(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", f"declare critical {WORDS[0]}")
        room = await here.room(1)
        await here.types("ben", "claim commander", room)
        await here.types("ben", "update Cards fail steps:Looking next:30m", room)
        await here.in_room(1, "Cards fail")
        await here.settled()
        copy = here.sitrep.folder / "copy.db"

        here.slow_down(0.5)
        await here.types("ana", f"declare critical {WORDS[1]}")
        await _copied_while_talking(here, room, copy)
        here.mend()
        await here.complete(2, WORDS[1])
        await here.settled()
        await here.sitrep.kill()
        under_way = _restored(here, copy)
        await here.sitrep.start()
        await here.complete(2, WORDS[1])
        await here.settled(quiet=1.5)

        doubled = await _doubled(here, 1) + await _doubled(here, 2)
        assert under_way > 0
        assert doubled <= (0 if here.ways.reads_back else under_way)


async def _copied_while_talking(here: World, room: str, copy: Path) -> None:
    """A backup beside words of which each says something in the room."""
    copying = asyncio.create_task(here.sitrep.says("db", "backup", str(copy)))
    for number in count(1):
        await here.types("ben", f"update Card {number} fails steps:Looking next:30m", room)
        await asyncio.wait({copying}, timeout=0.5)
        if copying.done():
            break
    await copying


async def _doubled(here: World, number: int) -> int:
    """How many messages of an incident's room say the same as another."""
    words = [message.words for message in await here.everything(await here.room(number))]
    return len(words) - len(set(words))


def _restored(here: World, copy: Path) -> int:
    """The copy in the database's place; how many messages were under way when it was made."""
    with closing(sqlite3.connect(copy)) as backup:
        (under_way,) = backup.execute(
            "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'sending')"
        ).fetchone()
    place = Path(here.sitrep.settings["SITREP_DATABASE_URL"].removeprefix("sqlite:///"))
    for path in (place.with_name(f"{place.name}-wal"), place.with_name(f"{place.name}-shm")):
        path.unlink(missing_ok=True)
    copy.replace(place)
    return int(under_way)
