"""What the collector of garbage goes through again and again, and for how long everything stands still meanwhile."""

import gc
from collections.abc import Callable

NEW, AGAIN = 20_000, 20
"""How many things that hold others are made before the young ones are looked through, and how often those are before
the older ones are. Python's own 700 is for small programs: going through them takes a tenth of the time of a tick."""


def once_started(say: Callable[[str], None]) -> Callable[[str], None]:
    """The same, and with it `settle`."""

    def started(sentence: str) -> None:
        say(sentence)
        settle()

    return started


def settle() -> None:
    """What was made until now is never looked through again, and what is made from now on more seldom.

    The former is all code and all tables, which live as long as the process: without this each full collection takes
    a tenth of a second, in which nothing is acknowledged.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW, AGAIN, AGAIN)
