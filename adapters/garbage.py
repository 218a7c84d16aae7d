"""What the collector of garbage goes through again and again, and for how long everything stands still meanwhile."""

import gc
from collections.abc import Callable


def once_started(say: Callable[[str], None]) -> Callable[[str], None]:
    """The same, and what was made until then is never looked through again.

    That is all code and all tables, which live as long as the process: without it each full collection takes a tenth
    of a second, in which nothing is acknowledged.
    """

    def started(sentence: str) -> None:
        say(sentence)
        gc.collect()
        gc.freeze()

    return started
