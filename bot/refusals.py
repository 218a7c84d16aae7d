"""Refusals: a command that does not happen, said in one sentence that tells what to do (docs/words.md 1.10, 3.7)."""

from collections.abc import Mapping


class Refused(Exception):  # noqa: N818 - it is an outcome, not a fault
    """What is in the way, a colon, what to do. Nothing else happens."""

    def __init__(
        self, sentence: str, *, field: str = "", findings: Mapping[str, str] | None = None, risky: bool = False
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """Shown as it is, to the one who asked."""
        self.field = field
        """The parameter it is about, so that a form can show it there."""
        self.findings: Mapping[str, str] = findings or {field: sentence}
        """What is in the way at each field, where it is more than one thing."""
        self.risky = risky
        """Whether a reason would overrule it."""


class NotAllowed(Refused):
    """Somebody else may."""


class NotFound(Refused):
    """Nothing there that this person can see; the same words for hidden and for missing."""


class Unreadable(Refused):
    """A value or a word that cannot be read."""


class Taken(Exception):  # noqa: N818 - an outcome
    """Another incident that goes on has that room: one conversation is one incident's."""


class Unsure(Exception):  # noqa: N818 - an outcome
    """It may have been saved: the database was lost within the commit, and not back in time to tell."""


class Conflict(Exception):  # noqa: N818 - an outcome
    """Somebody else's events came first. The service decides again."""
