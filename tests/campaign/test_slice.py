"""Two minutes of the campaign: `make campaign` is all of it, and measures lateness as well."""

from dataclasses import replace

import pytest

from tests.campaign.databases import ground
from tests.campaign.running import run
from tests.campaign.sections import BLIND_AT, Section
from tests.campaign.table import complaints, outcome

pytestmark = pytest.mark.timeout(300)

KILLS = Section(nemesis="kills", database="sqlite", replicas=1, part=1, count=20, seed=7)
POINTS = ("ack to Slack: before", "create thread: after")
SECTIONS = (
    KILLS,
    replace(KILLS, database="postgresql", replicas=2, count=10),
    replace(KILLS, nemesis="points", count=0, points=POINTS),
    replace(KILLS, nemesis="pauses", count=2),
    replace(KILLS, nemesis="faults", count=6),
    replace(KILLS, nemesis="restarts", database="postgresql", count=2),
)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
async def test_nothing_is_lost_or_done_twice(section: Section) -> None:
    try:
        with ground(section) as place:
            found = outcome(await run(section, place))
    except LookupError as missing:
        pytest.skip(str(missing))

    assert [what for what in complaints(found) if not what.startswith("late")] == []
    assert found["figures"]["tried"] > 0
    assert found["figures"]["asked"] > 0
    assert found["figures"]["slack messages"] > 0
    assert found["figures"]["teams messages"] > 0
    assert found["figures"]["slack doubled"] <= 2


async def test_a_process_that_looks_for_nothing_before_it_repeats_it_is_found_out() -> None:
    section = replace(KILLS, nemesis="control", count=0, points=(BLIND_AT,))

    with ground(section) as place:
        found = outcome(await run(section, place))

    assert found["figures"]["slack doubled"] > 0
