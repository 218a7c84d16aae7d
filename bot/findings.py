"""What a rule of the communication standard finds, and what it is given to look at. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.typed import shortened
from bot.wording import Vocabulary

QUOTE = 40
"""How many characters of the text a finding repeats."""
_CLAUSE = re.compile(r"[.;:!?]\s|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in an update that people outside had better not read, with what to do."""

    rule: str
    """One of `bot.standards.RULES`."""
    field: str
    """Where it stands."""
    start: int
    """Of the words in that field, in characters; `end` is after the last."""
    end: int
    words: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One field as one audience reads it, with what there is to know of it."""

    field: str
    text: str
    whole: str
    """Everything these people read of the update, this text among it."""
    audience: str
    status: str
    """Of the incident."""
    vocabulary: Vocabulary
    ended: bool = False
    """Whether the incident is resolved, or this says so."""
    people: tuple[str, ...] = ()
    """Names of the incident's people."""
    zones: frozenset[str] = frozenset()
    """Words that name the organisation's time zone."""
    links: tuple[str, ...] = ()
    """Beginnings of the addresses these people may be sent to."""
    longest: int = 0
    """Characters of the whole text; 0: any length."""

    def before(self, start: int) -> str:
        """The clause up to that place."""
        return _CLAUSE.split(self.text[:start])[-1]

    def clause(self, start: int, end: int) -> str:
        """The clause around those words."""
        return self.before(start) + self.text[start:end] + _CLAUSE.split(self.text[end:])[0]


Rule = Callable[[Reading], Iterator[tuple[int, int, str]]]
"""Yields where the words stand, and what to do about them: the end of the sentence that begins with them."""


def found(rule: str, look: Rule, reading: Reading) -> Iterator[Finding]:
    """What a rule finds in a text, each as a sentence that begins with the words."""
    for start, end, advice in look(reading):
        words = reading.text[start:end].strip()
        quote = shortened(" ".join(words.split()), QUOTE)
        sentence = f"'{quote}' {advice}"
        yield Finding(rule=rule, field=reading.field, start=start, end=end, words=words, sentence=sentence)
