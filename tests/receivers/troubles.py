"""What may go wrong with a server that is told something: each kind for so many requests."""

from dataclasses import dataclass


@dataclass(slots=True)
class Trouble:
    """One kind of trouble."""

    kind: str
    """`429`, `500` or another status; `slow`; `drop_before` and `drop_after` it was taken in."""
    times: int = 1
    """For so many requests; -1 until it is taken away."""
    seconds: float = 1.0
    """Of `Retry-After`, or of the delay."""
    only: str = ""
    """For requests of that method alone."""

    def strikes(self, method: str = "") -> bool:
        """Whether this request is hit; each hit is counted off."""
        if self.times == 0 or (self.only and self.only != method):
            return False
        self.times -= 1 if self.times > 0 else 0
        return True
