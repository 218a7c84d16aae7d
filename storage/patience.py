"""How long a job may take: it commits within its time or is rolled back for certain (docs/architecture.md).

But for one whose commit got no answer: that one is known to be in doubt, until a later commit of the same job.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from bot.refusals import Unsure
from storage.errors import TooLate

T = TypeVar("T")


class Patience:
    """Knows, in each thread, until when the job it runs may still commit. Owns nothing but that."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._here = threading.local()

    def until(self, within: float | None) -> float | None:
        """The moment on the clock that lies `within` seconds ahead; None: whenever."""
        return None if within is None else self._clock() + within

    def run(self, until: float | None, work: Callable[[], T]) -> T:
        """The work's own result. Raises TooLate, with the work never begun, where the moment has passed.

        Raises Unsure where its last commit got no answer, whatever came of it after.
        """
        before: float | None = getattr(self._here, "until", None)
        self._here.until, self._here.in_doubt = until, False
        try:
            self.check()
            result = work()
        except Exception as fault:
            if self._here.in_doubt:
                raise Unsure from fault
            raise
        finally:
            self._here.until = before
        if self._here.in_doubt:
            raise Unsure
        return result

    def committed(self, *, answered: bool) -> None:
        """What came of a commit of this thread's job."""
        self._here.in_doubt = not answered

    def over(self, until: float | None, ahead: float = 0.0) -> bool:
        """Whether that moment has passed, or will have so many seconds ahead."""
        return until is not None and until <= self._clock() + ahead

    def left(self) -> float | None:
        """Seconds left to this thread's job; None: as long as it takes."""
        until: float | None = getattr(self._here, "until", None)
        return None if until is None else until - self._clock()

    def check(self) -> None:
        """Asked before beginning and before committing. Raises TooLate where no time is left."""
        left = self.left()
        if left is not None and left <= 0:
            raise TooLate("not committed in time: nothing of it was saved")
