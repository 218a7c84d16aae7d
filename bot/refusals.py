"""Refusals: a command that does not happen, said in one sentence that tells what to do (docs/words.md 1.10, 3.7)."""


class Refused(Exception):  # noqa: N818 - it is an outcome, not a fault
    """What is in the way, a colon, what to do. Nothing else happens."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """Shown as it is, to the one who asked."""
        self.field = field
        """The parameter it is about, so that a form can show it there."""


class NotAllowed(Refused):
    """Somebody else may."""


class NotFound(Refused):
    """Nothing there that this person can see; the same words for hidden and for missing."""


class Unreadable(Refused):
    """A value or a word that cannot be read."""


class Conflict(Exception):  # noqa: N818 - an outcome
    """Somebody else's events came first. The service decides again."""
