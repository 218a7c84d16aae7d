"""Whether a new incident may be one that is open already."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from bot.incident import Incident

LATELY = timedelta(minutes=15)
"""Two incidents declared within this time may well be one."""
ALIKE = 0.75
"""How alike (difflib's ratio) two titles must be."""
SHARED = 0.5
"""Or: which share of the shorter title's telling words the other one has too."""
MOST = 2
"""How many are named: more would help nobody."""

# fmt: off
_TELLS_NOTHING = frozenset({
    "about", "after", "again", "and", "are", "broken", "cannot", "does", "doesn", "down", "error", "errors",
    "fail", "failed", "failing", "fails", "for", "from", "gone", "has", "have", "high", "incident", "into",
    "issue", "issues", "low", "not", "off", "our", "out", "outage", "problem", "problems", "slow", "some",
    "that", "the", "their", "this", "trouble", "very", "was", "when", "with", "work", "working", "works",
})
# fmt: on
"""Words that stand in the title of any incident."""


def like(title: str, others: Iterable[Incident], at: datetime) -> tuple[int, ...]:
    """Open incidents this one may be the same as: with a like title first, then declared lately, each newest first.

    Private ones and drills are never named.
    """
    shown = [each for each in others if each.is_open and not each.private and not each.drill]
    newest = sorted(shown, key=lambda each: -each.number)
    titled = [each.number for each in newest if alike(title, each.title)]
    lately = [each.number for each in newest if each.declared_at and at - each.declared_at <= LATELY]
    return tuple(dict.fromkeys([*titled, *lately]))[:MOST]


def alike(title: str, other: str) -> bool:
    """Whether two titles may speak of the same."""
    one, two = title.casefold(), other.casefold()
    matcher = SequenceMatcher(None, one, two)
    if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
        return True
    words, others = _telling(one), _telling(two)
    fewer = min(len(words), len(others))
    return fewer > 0 and len(words & others) / fewer >= SHARED


def _telling(title: str) -> set[str]:
    return {word for word in re.findall(r"\w+", title) if len(word) > 2} - _TELLS_NOTHING
