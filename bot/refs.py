"""References to incidents, people and places. Opaque to the core: it compares and stores them, no more."""

from datetime import datetime
from typing import NewType

Person = NewType("Person", str)
"""Our own id of a person, `P-17`. The store maps chat identities to it, so that two chats can share one person."""

Identity = NewType("Identity", str)
"""A person as one chat knows them: `slack:T1/U1`."""

Address = NewType("Address", str)
"""A place messages can be sent to: `slack:T1/C1`, a thread `slack:T1/C1/1700000000.000100`, a person `slack:T1/U1`."""


def chat_of(place: str) -> str:
    """The chat an address or identity belongs to: what stands before its colon."""
    return place.partition(":")[0]


def reference(number: int) -> str:
    """The incident's name in every sentence: `INC-42`."""
    return f"INC-{number}"


def aware(moment: datetime) -> datetime:
    """The moment itself.

    Raises ValueError for a moment without a time zone: every moment in Sitrep is an instant.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        msg = f"{moment!r} has no time zone"
        raise ValueError(msg)
    return moment
