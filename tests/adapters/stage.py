"""Five incidents with everybody of the permission table in their places, put back after whatever is done to them.

It stands where the service stands, behind a chat's real side, and keeps what was asked and answered.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.cards import Names
from bot.catalog import COMMANDS, find
from bot.commands.parse import read
from bot.commands.record import RecordRoom
from bot.plain import plain_text
from bot.policy import Audience
from bot.refs import Address, Identity
from bot.requests import Answer, Request
from bot.service import Service
from config.policy_file import load_policy
from tests.kept import Data
from tests.memory import MemoryStore
from tests.permissions import CELLS, HEARD, HIDDEN, NAMELESS, REFUSED, REPORTS, ROWS, TURNED_AWAY, Row

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BUILT_IN = load_policy(None).policy
POLICY = replace(
    BUILT_IN,
    organisation="Larkfield",
    audiences={
        **BUILT_IN.audiences,
        "customers": Audience(name="customers", addresses=("mailto:customers@example.com",)),
    },
)
STAFFED, ALONE, HIDDEN_STAFFED, HIDDEN_ALONE, NEIGHBOUR, MISSING = 1, 2, 3, 4, 5, 999

_NOT_FOR_THEM = re.compile(r"answers members of Larkfield only|^[^:]* is for (the|those|people|who) ")
_NOT_THERE = re.compile(r"There is no INC-(\d+) that you can see: look at `?list`?\.")
"""The whole answer: nothing else may tell that there is one after all."""

HIDDEN_WORDS = {"retitle", *REPORTS}
"""Words that come back from a chat only."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """Implements `adapters.inbound.Decides`."""

    identity: Callable[[str], Identity]
    """Of a person by the name of their column."""
    room: Callable[[int], Address]
    store: MemoryStore = field(default_factory=MemoryStore)
    heard: list[tuple[Request, Answer]] = field(default_factory=list)
    changes: int = 0
    """Whether anything that is kept was changed by the last request: entries, messages, people's wishes."""
    _kept: Data = field(default_factory=Data)
    _keys: int = 0

    def __post_init__(self) -> None:
        for number in (STAFFED, ALONE, HIDDEN_STAFFED, HIDDEN_ALONE, NEIGHBOUR):
            private = "private " if number in {HIDDEN_STAFFED, HIDDEN_ALONE} else ""
            who = "declarer" if number != NEIGHBOUR else "stage hand"
            self._seed(who, f"declare {private}critical Checkout is down")
            report = RecordRoom(address=self.room(number), name=f"inc-{number}")
            self._service.record(report, number, f"room-{number}", AT)
        for number in (STAFFED, HIDDEN_STAFFED):
            for role in ("commander", "comms", "scribe"):
                self._seed("declarer", f"role INC-{number} {role} @{{{self.identity(role)}|{role}}}")
        self._kept = self.store.data.copied()

    @property
    def _service(self) -> Service:
        return Service(store=self.store, policy=POLICY, rules="1", replica="one")

    def _seed(self, who: str, text: str) -> None:
        self._keys += 1
        answer = self._service.handle(Request(key=f"seed-{self._keys}", identity=self.identity(who), text=text), AT)
        assert answer.changed, (text, answer)

    def handle(self, request: Request, at: datetime) -> Answer:
        """As the service does, and everything is as it was afterwards."""
        answer = self._service.handle(request, at)
        self.heard.append((request, answer))
        self.changes += _substance(self.store.data) != _substance(self._kept)
        self.store.data = self._kept.copied()
        return answer

    def verdict(self, number: int) -> str:
        """What became of what was asked since the last look."""
        heard, self.heard = self.heard, []
        if not heard:
            return TURNED_AWAY
        _, answer = heard[-1]
        words = plain_text(answer.card, AT, Names()) if answer.card else ""
        missing = _NOT_THERE.fullmatch(words)
        if missing:
            assert int(missing[1]) == number
            return HIDDEN
        return REFUSED if answer.refused and _NOT_FOR_THEM.search(words) else HEARD

    def changed(self) -> bool:
        """Whether what was asked since the last look changed anything that is kept."""
        changes, self.changes = self.changes, 0
        return bool(changes)


def _substance(data: Data) -> tuple[object, ...]:
    logs = {number: len(log) for number, log in data.logs.items()}
    return logs, len(data.rows), data.standing, data.maintenances, data.codes


@dataclass(frozen=True, slots=True)
class Cell:
    """One question: who says what, where, and what must become of it."""

    row: Row
    who: str
    private: bool
    more: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a button or a form carries besides."""

    @property
    def number(self) -> int:
        """The incident it is about."""
        if self.who == "alone":
            return HIDDEN_ALONE if self.private else ALONE
        return HIDDEN_STAFFED if self.private else STAFFED

    @property
    def person(self) -> str:
        """Whose identity."""
        return {"alone": "declarer", "neighbour": "member", "speaker": "member"}.get(self.who, self.who)

    @property
    def inside(self) -> int | None:
        """The incident whose room it is said in, if one."""
        return {"speaker": self.number, "neighbour": NEIGHBOUR}.get(self.who)

    @property
    def line(self) -> str:
        """As it is typed, naming the incident."""
        return self.row.says if self.row.word in NAMELESS else f"INC-{self.number} {self.row.says}"

    @property
    def values(self) -> Mapping[str, str]:
        """As a button or a form carries them."""
        spec = find(self.row.word)
        own = {} if spec is None or spec.hidden else read(self.row.says, COMMANDS, POLICY).values
        return {**self.more, **own}

    @property
    def right(self) -> str:
        """What must become of it."""
        return self.row.answer(self.who, private=self.private)


PRESSED = tuple(Cell(*cell) for cell in CELLS)
"""Every cell: what can be pressed and sent."""
ONE_OF_EACH = {(*row.marks.values(), row.word in NAMELESS): row for row in reversed(ROWS)}.values()
"""A word of every rule there is."""
SLICE = tuple(cell for cell in PRESSED if cell.row in (*ONE_OF_EACH,))
"""The cells of those, for ways that another one leads into."""
TYPED = tuple(cell for cell in PRESSED if cell.row.says not in HIDDEN_WORDS)
"""Every cell whose word can be typed."""
