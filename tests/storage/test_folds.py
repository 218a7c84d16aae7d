"""Folded incidents are remembered, but never ones that are ahead of what is committed."""

from bot.incident import Incident
from storage.folds import Folds


def test_a_fold_is_given_for_its_version_and_later_ones() -> None:
    folds = Folds()
    folds.keep(Incident(number=42, version=3))

    assert folds.at_most(42, 3) == folds.at_most(42, 9) == Incident(number=42, version=3)
    assert folds.at_most(42, 2) is None
    assert folds.at_most(43, 9) is None


def test_an_older_fold_does_not_replace_a_newer_one() -> None:
    folds = Folds()
    folds.keep(Incident(number=42, version=3))
    folds.keep(Incident(number=42, version=2))

    assert folds.at_most(42, 9) == Incident(number=42, version=3)


def test_the_fold_not_used_for_longest_makes_place() -> None:
    folds = Folds(room=2)
    folds.keep(Incident(number=1, version=1))
    folds.keep(Incident(number=2, version=1))
    folds.at_most(1, 1)
    folds.keep(Incident(number=3, version=1))

    assert folds.at_most(2, 1) is None
    assert folds.at_most(1, 1) is not None
    assert folds.at_most(3, 1) is not None
