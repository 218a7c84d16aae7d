"""What is made at the start is not looked through for garbage for ever after."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from adapters.garbage import once_started


class Knot:
    """Something that only the collector finds."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def thawed() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("thawed")
def test_once_started_what_is_there_is_set_aside_and_what_is_none_any_more_is_gone() -> None:
    heard: list[str] = []
    lost = weakref.ref(Knot())
    kept = Knot()

    once_started(heard.append)("Sitrep is ready.")

    assert heard == ["Sitrep is ready."]
    assert lost() is None
    assert gc.get_freeze_count() > 0
    assert not any(one is kept for one in gc.get_objects())


@pytest.mark.usefixtures("thawed")
def test_once_started_what_is_new_is_looked_through_more_seldom_and_yet_looked_through() -> None:
    before = gc.get_threshold()

    once_started(lambda _: None)("Sitrep is ready.")

    assert gc.isenabled()
    assert gc.get_threshold()[0] > before[0]
