"""What is known of people outside any incident."""

from dataclasses import dataclass
from datetime import datetime

from bot.cards import Card
from bot.refs import Identity, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person as the chats describe them."""

    name: str = ""
    zone: str = ""
    """IANA name; empty: not known yet, the organisation's counts."""
    guest: bool = False
    """A guest, or somebody of another organisation."""
    bot: bool = False
    gone: bool = False
    """Left or deactivated."""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCode:
    """A code somebody was given to prove in another chat who they are."""

    code: str
    person: Person
    identity: Identity
    """Theirs in the chat where they asked for it."""
    at: datetime
    misses: int = 0
    """Wrong codes that were typed since it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The codes that are out, and one more, drawn at random, that is none of them."""

    open: tuple[OpenCode, ...]
    drawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGiven:
    """The asker's code from now on; one they had before is good no more."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMissed:
    """A wrong code was typed: it counts against every code that is out."""

    shown: OpenCode | None = None
    """It was a code of the very chat it was typed in, where others may have read it: it is good no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePerson:
    """The asker and who was given that code are one person from now on."""

    other: OpenCode
    told: Card
    """To the other, where they were given the code."""


Matching = CodeGiven | CodeMissed | SamePerson
