"""What is known, as data, of a message to an audience: for ways of telling people that are no chat.

A mail needs a subject, a status page a state, a program fields. The words are those of the message's card. A message
without a notice is said in chats only: what stands and is edited there, everything private, every drill.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST_HEADLINE = 80


class Kind(StrEnum):
    """What a message is about."""

    DECLARED = "declared"
    UPDATE = "update"
    MOVED = "moved"
    """The next update comes at another time."""
    PRIORITY = "priority"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"
    REMINDER = "reminder"
    CALL = "call"
    """Somebody is called to the incident: a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message. To customers it holds nothing that they may not read: no number, no title, no name."""

    about: Kind
    headline: str
    """One line that says which incident this is: the same from the first message to the last, if people let it be."""
    status: str
    """As people write it: `investigating`."""
    number: int | None = None
    """The incident's; None for customers."""
    priority: str = ""
    """Empty for customers."""
    major: bool = False
    """Whether its priority is a major one."""
    services: tuple[str, ...] = ()
    declared_at: datetime | None = None
    detected_at: datetime | None = None
    next_at: datetime | None = None
    """The promise: when this audience hears again."""
    none_because: str = ""
    """Why no further update is expected, where that was said to this audience."""
    update: int | None = None
    """The update's number within the incident; None where it is no update."""
    final: bool = False
    """Whether this is the end for this audience."""


def headline(given: str, services: tuple[str, ...], words: str) -> str:
    """What customers know an incident by: the title they were given, else the services, else the first words."""
    return shortened(given or ", ".join(services) or words)


def shortened(text: str, longest: int = LONGEST_HEADLINE) -> str:
    """Text on one line, cut after a word where it is too long."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    whole = cut.rpartition(" ")[0] or cut
    return f"{whole.rstrip(' ,;:.')}…"
