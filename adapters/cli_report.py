"""The report of `sitrep check`: rows of state, thing and words, and whether that is enough (docs/words.md 3.11)."""

from collections.abc import Iterator
from dataclasses import dataclass

OK, MISSING, OFF, LEFT_OUT = "ok", "missing", "off", "left out"
STATE_WIDTH, THING_WIDTH = 9, 11


@dataclass(frozen=True, slots=True)
class Row:
    """One finding."""

    state: str
    thing: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All findings."""

    rows: tuple[Row, ...]

    @property
    def missing(self) -> int:
        """How many things must be put right."""
        return sum(row.state == MISSING for row in self.rows)

    @property
    def ready(self) -> bool:
        """Whether Sitrep can be run as it is."""
        return self.missing == 0

    def lines(self) -> Iterator[str]:
        """As an operator reads it, the verdict last."""
        for row in self.rows:
            yield f"{row.state:<{STATE_WIDTH}}{row.thing:<{THING_WIDTH}}{row.words}"
        many = "1 thing is" if self.missing == 1 else f"{self.missing} things are"
        yield "Ready." if self.ready else f"Not ready: {many} missing."
