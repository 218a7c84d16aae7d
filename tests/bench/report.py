"""What was measured, as a page: figures beside a floor of the same run, and what they were to be."""

import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.acceptance.process import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
FOUND = Path(__file__).with_name("found.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question, and its answers."""

    title: str
    says: str
    """What was done, in a sentence or two."""
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def p50(seconds: Iterable[float]) -> float:
    """Milliseconds."""
    return median(seconds) * 1000


def p99(seconds: Iterable[float]) -> float:
    """Milliseconds."""
    return quantiles(seconds, n=100)[98] * 1000


def met(holds: object) -> str:
    """Whether it is as it was to be."""
    return "yes" if holds else "no"


def written(section: Section) -> str:
    """As Markdown."""
    rule = tuple("---" for _ in section.heads)
    lines = ["| " + " | ".join(row) + " |" for row in (section.heads, rule, *section.rows)]
    return "\n".join((f"## {section.title}", "", section.says, "", *lines))


def page(sections: Iterable[Section]) -> str:
    """The whole page."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    head = (
        "# How fast, how much\n\n"
        "`make bench` writes this page. Every figure stands beside a floor or a smaller case of the same run, turn by "
        "turn, so that the ratios\nhold on another machine; the figures themselves are those of the machine of the "
        f"run: {machine}.\nTimes are milliseconds unless they say otherwise."
    )
    return "\n\n".join((head, *map(written, sections), FOUND.read_text(encoding="utf-8").strip())) + "\n"
