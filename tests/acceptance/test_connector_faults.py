"""Teams' connector in trouble, call by call: nothing is lost, nothing is said twice that need not be, and what is
refused for good is told once."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.connector_life import PARTS, SHOWN, End, Life, Part
from tests.teams.faults import Call, Fault
from tests.teams.story import settled
from tests.teams.world import World, world

pytestmark = pytest.mark.timeout(240)

KNOWN: Mapping[str, Mapping[str, Any]] = {
    "429": {"kind": "429", "headers": {"Retry-After": "1"}},
    "412": {"kind": "412"},
}
"""It did not happen, and Sitrep knows."""
UNKNOWABLE: Mapping[str, Mapping[str, Any]] = {
    "500": {"kind": "500"},
    "502": {"kind": "502"},
    "503": {"kind": "503"},
    "504": {"kind": "504"},
    "504, done": {"kind": "504", "acts": True},
    "html": {"kind": "html"},
    "html, done": {"kind": "html", "status": 200, "acts": True},
    "reset before": {"kind": "drop_before"},
    "reset after": {"kind": "drop_after"},
}
"""It may have happened."""
FINAL: Mapping[str, Mapping[str, Any]] = {
    "403 blocked": {"kind": "403", "code": "ConversationBlockedByUser"},
    "403 writes": {"kind": "403", "code": "MessageWritesBlocked"},
    "403 roster": {"kind": "403", "code": "BotNotInConversationRoster"},
    "403 disabled": {"kind": "403", "code": "BotDisabledByAdmin"},
    "404": {"kind": "404"},
    "413": {"kind": "413"},
}
"""It will never happen."""
TROUBLES = {**KNOWN, **UNKNOWABLE, **FINAL}

TOGETHER = (
    ("answer", "announcement", "personal chat", "people"),
    ("answer's link", "announcement's edit", "personal message", "one person"),
    ("card", "news in the thread", "private answer"),
    ("room",),
    ("news in the room",),
)
"""Parts that one life can lose beside each other: what becomes of each is seen on its own."""
HALVES = (tuple(TROUBLES)[::2], tuple(TROUBLES)[1::2])
"""All at once would be more than one channel takes."""


REFUSED = re.compile(r"\| \d+ \|.*(did not reach|Room gone|No room could be opened)")
"""A line of a timeline."""


@dataclass(slots=True, kw_only=True)
class Meeting:
    """A life, and what its calls meet."""

    life: Life
    trouble: str
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])
    """By part."""

    @property
    def ends(self) -> tuple[End, ...]:
        """What its refused calls come to."""
        status = str(TROUBLES[self.trouble]["kind"])
        return tuple(PARTS[part].ends[status] for part in self.faults) if self.trouble in FINAL else ()

    def counted(self) -> dict[str, int]:
        """How many messages more or less there are than in a life that meets nothing."""
        return {name: len(list(look(self.life))) - expected for name, (expected, look) in SHOWN.items()}

    def lost(self) -> set[str]:
        return {name for name, more in self.counted().items() if more < 0}

    def doubled(self) -> dict[str, int]:
        return {name: more for name, more in self.counted().items() if more > 0}

    def got_through(self, part: str) -> bool:
        """Whether such a call was answered well at last."""
        return any(call.acted and 200 <= call.status < 300 for call in aimed_at(self.life, PARTS[part]))

    def stuck(self) -> list[str]:
        """Parts that ought to have got through and did not."""
        return [part for part in self.faults if PARTS[part].repeated and not self.got_through(part)]

    def over(self) -> bool:
        """Whether there is nothing more to come of it."""
        met = all(fault.times == 0 for fault in self.faults.values())
        may_lack = {name for end in self.ends for name in end.lost}
        notices = sum(end.notices for end in self.ends)
        through = self.trouble in FINAL or not self.stuck()
        return met and through and self.lost() <= may_lack and len(self.life.notices()) >= notices


def aimed_at(life: Life, part: Part) -> list[Call]:
    """The calls of that part."""
    return [call for call in life.here.connector.calls if call.kind == part.kind and part.aim(life, call)]


async def lived(here: World, troubles: tuple[str, ...], parts: tuple[str, ...]) -> list[Meeting]:
    """A life for each kind of trouble, which all of these parts meet once; until nothing more comes of any."""
    await settled(here.connector)
    meetings, lives = [], []
    for number, trouble in enumerate(troubles, start=1):
        life = Life(here=here, number=number)
        meeting = Meeting(life=life, trouble=trouble)
        for part in parts:
            meeting.faults[part] = _fault(here, life, PARTS[part], TROUBLES[trouble])
        meetings.append(meeting)
        await life.begins()
        lives.append(asyncio.create_task(life.goes_on()))
    await asyncio.gather(*lives)
    for _ in range(90):
        if all(meeting.over() for meeting in meetings):
            break
        await asyncio.sleep(0.5)
    await settled(here.connector, quiet=2.5)
    return meetings


def _fault(here: World, life: Life, part: Part, how: Mapping[str, Any]) -> Fault:
    return here.connector.fail(part.kind, when=lambda call: part.aim(life, call), **how)


async def test_the_campaign_meets_every_call_that_a_life_makes(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await settled(here.connector)
        before = len(here.connector.calls)
        life = Life(here=here, number=1)
        await life.begins()
        await life.goes_on()
        clean = Meeting(life=life, trouble="429")
        for _ in range(30):
            if clean.over() and all(clean.got_through(part) for part in PARTS):
                break
            await asyncio.sleep(0.05)
        await settled(here.connector, quiet=2.5)

        made = here.connector.calls[before:]
        print("\n".join(f"{call.kind:16} {call.place[:40]}" for call in made))
        assert [part for part in PARTS if not clean.got_through(part)] == []
        assert {call.kind for call in made} == {part.kind for part in PARTS.values()}
        assert (set(clean.lost()), clean.doubled(), life.notices()) == (set(), {}, [])


@pytest.mark.parametrize("troubles", HALVES, ids=["first half", "second half"])
@pytest.mark.parametrize("parts", TOGETHER, ids=", ".join)
async def test_no_fault_of_the_connector_loses_or_needlessly_doubles_anything(
    tmp_path: Path, parts: tuple[str, ...], troubles: tuple[str, ...]
) -> None:
    async with world(tmp_path) as here:
        meetings = await lived(here, troubles, parts)

        for meeting in meetings:
            print(_line(meeting))
        for meeting in meetings:
            _check(meeting)
        await _doubles_are_counted(here, meetings)
        await _refusals_stand_on_the_timeline(here, meetings)
        assert (await here.sitrep.page("/readyz"))[0] == 200


def _check(meeting: Meeting) -> None:
    life, told = meeting.life, _line(meeting)
    unmet = [part for part, fault in meeting.faults.items() if fault.times]
    # Who is known by then, because the list of all was read meanwhile, is not asked for one by one.
    assert all(PARTS[part].kind == "member" for part in unmet), f"not every fault was met: {told}"
    if meeting.trouble not in FINAL:
        assert meeting.stuck() == [], f"a call never got through: {told}"
    assert meeting.lost() <= {name for end in meeting.ends for name in end.lost}, f"lost: {told}"
    assert min(meeting.counted().values()) >= -1, f"lost more than one message: {told}"
    allowed = {PARTS[part].shows for part in meeting.faults} if _acted(meeting) else set[str]()
    allowed |= {name for end in meeting.ends for name in end.again}
    assert meeting.doubled() == {name: 1 for name in meeting.doubled() if name in allowed}, f"said twice: {told}"
    assert len(life.notices()) == sum(end.notices for end in meeting.ends), [one.words for one in life.notices()]


def _acted(meeting: Meeting) -> bool:
    """Whether the call had its effect, and Sitrep could not know."""
    how = TROUBLES[meeting.trouble]
    return bool(how.get("acts")) or how["kind"] == "drop_after"


async def _doubles_are_counted(here: World, meetings: list[Meeting]) -> None:
    """Each message that was said again in doubt, once."""
    unsure = [meeting for meeting in meetings if meeting.trouble in UNKNOWABLE]
    expected = sum(bool(PARTS[part].shows) for meeting in unsure for part in meeting.faults)
    _, figures = await here.sitrep.page("/metrics")
    name = 'sitrep_messages_perhaps_doubled_total{chat="teams"} '
    counted = sum(float(line.removeprefix(name)) for line in figures.splitlines() if line.startswith(name))
    assert counted == expected


async def _refusals_stand_on_the_timeline(here: World, meetings: list[Meeting]) -> None:
    """Beside the notice: as often as there are notices."""
    told = [meeting for meeting in meetings if sum(end.notices for end in meeting.ends)]
    texts = await asyncio.gather(*(here.sitrep.says("export", f"INC-{one.life.number}") for one in told))
    for meeting, text in zip(told, texts, strict=True):
        lines = [line for line in text.splitlines() if REFUSED.match(line)]
        assert len(lines) == sum(end.notices for end in meeting.ends), (meeting.trouble, lines)


def _line(meeting: Meeting) -> str:
    """A row of the table: what was tried, what was lost, what was said twice."""
    met = ", ".join(part for part, fault in meeting.faults.items() if fault.times == 0)
    lost, doubled = ", ".join(sorted(meeting.lost())) or "-", ", ".join(meeting.doubled()) or "-"
    notices = len(meeting.life.notices())
    return f"{meeting.trouble:13} met by {met:62} lost {lost:22} twice {doubled:18} notices {notices}"
