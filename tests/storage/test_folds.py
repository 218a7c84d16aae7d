"""Folded incidents are remembered, but never ones that are ahead of what is committed."""

from collections.abc import Collection, Mapping

from bot.incident import Incident, Room
from bot.refs import Address
from storage.folds import Folds, Joined, Speaking


def test_a_fold_is_given_for_its_version_and_later_ones() -> None:
    folds = Folds()
    folds.keep(Incident(number=42, version=3), Joined())

    assert folds.at_most(42, 3, Joined()) == folds.at_most(42, 9, Joined()) == Incident(number=42, version=3)
    assert folds.at_most(42, 2, Joined()) is None
    assert folds.at_most(43, 9, Joined()) is None


def test_an_older_fold_does_not_replace_a_newer_one() -> None:
    folds = Folds()
    folds.keep(Incident(number=42, version=3), Joined())
    folds.keep(Incident(number=42, version=2), Joined())

    assert folds.at_most(42, 9, Joined()) == Incident(number=42, version=3)


def test_the_fold_not_used_for_longest_makes_place() -> None:
    folds = Folds(room=2)
    folds.keep(Incident(number=1, version=1), Joined())
    folds.keep(Incident(number=2, version=1), Joined())
    folds.at_most(1, 1, Joined())
    folds.keep(Incident(number=3, version=1), Joined())

    assert folds.at_most(2, 1, Joined()) is None
    assert folds.at_most(1, 1, Joined()) is not None
    assert folds.at_most(3, 1, Joined()) is not None


def test_where_its_rooms_are_is_known_longer_than_the_incident_and_for_that_version_alone() -> None:
    room = Room(address=Address("slack:T1/C42"), name="inc-42", url="", own=True)
    folds = Folds(room=1, rooms=2)
    folds.keep(Incident(number=42, version=3, rooms=(room,)), Joined())
    folds.keep(Incident(number=43, version=3), Joined())

    assert folds.at_most(42, 3, Joined()) is None
    assert folds.rooms(42, 3) == (room,)
    assert folds.rooms(42, 4) is None
    assert folds.rooms(43, 3) == ()


def test_the_rooms_of_the_incident_not_written_to_for_longest_make_place() -> None:
    folds = Folds(rooms=2)
    for number in (1, 2, 3):
        folds.keep(Incident(number=number, version=1), Joined())

    assert folds.rooms(1, 1) is None
    assert folds.rooms(3, 1) == ()


def speaking(*numbers: int) -> Speaking:
    return lambda people, kept: {number for number in numbers if number in kept and people}


def test_a_fold_that_speaks_of_somebody_who_was_joined_is_forgotten_and_others_stay() -> None:
    folds = Folds()
    before = folds.joined("", dict, speaking())
    folds.keep(Incident(number=42, version=3), before)
    folds.keep(Incident(number=43, version=3), before)

    after = folds.joined("joined once", lambda: {"P-2": "P-1"}, speaking(42))

    assert after.speaks == {"P-2": "P-1"}
    assert folds.joined("joined once", dict, speaking()) == after
    assert folds.at_most(42, 9, after) is None
    assert folds.at_most(43, 9, after) is not None


def test_a_fold_made_in_another_state_is_neither_kept_nor_given() -> None:
    folds = Folds()
    before = folds.joined("", dict, speaking())
    after = folds.joined("joined once", lambda: {"P-2": "P-1"}, speaking())

    folds.keep(Incident(number=42, version=1), before)
    folds.keep(Incident(number=43, version=1), after)

    assert folds.at_most(42, 9, after) is None
    assert folds.at_most(43, 9, before) is None
    assert folds.at_most(43, 9, after) is not None


def test_when_many_were_joined_everything_is_folded_anew() -> None:
    folds = Folds()
    folds.keep(Incident(number=42, version=3), folds.joined("", dict, speaking()))

    after = folds.joined("all", lambda: {f"P-{number}": "P-1" for number in range(2, 99)}, speaking())

    assert folds.at_most(42, 9, after) is None


def test_a_fold_written_while_people_are_being_joined_is_forgotten() -> None:
    folds = Folds()
    before = folds.joined("", dict, speaking())
    folds.keep(Incident(number=42, version=3), before)

    def meanwhile(people: Collection[str], kept: Mapping[int, int]) -> Collection[int]:
        folds.keep(Incident(number=42, version=4), before)
        return ()

    after = folds.joined("joined once", lambda: {"P-2": "P-1"}, meanwhile)

    assert folds.at_most(42, 9, after) is None


def test_a_fold_made_of_other_people_in_what_is_called_the_same_state_is_neither_kept_nor_given() -> None:
    folds = Folds()
    before = folds.joined("", dict, speaking())
    folds.joined("joined once", lambda: {"P-2": "P-1"}, speaking())
    late = folds.joined("", lambda: {"P-2": "P-1"}, speaking())  # somebody knew the state from before

    folds.keep(Incident(number=42, version=3), before)
    assert folds.at_most(42, 9, late) is None

    folds.keep(Incident(number=42, version=3), late)
    assert folds.at_most(42, 9, before) is None
    assert folds.at_most(42, 9, late) is not None
