"""What is kept in memory is bounded: the newest stay."""

from adapters.bounded import put, trim


def test_what_was_put_in_longest_ago_goes_first() -> None:
    kept = {"a": 1, "b": 2}

    put(kept, "c", 3, 2)

    assert list(kept.items()) == [("b", 2), ("c", 3)]


def test_what_is_put_in_again_is_the_newest() -> None:
    kept = {"a": 1, "b": 2}

    put(kept, "a", 3, 2)

    assert list(kept.items()) == [("b", 2), ("a", 3)]


def test_what_is_too_much_already_is_cut_to_the_newest() -> None:
    kept = dict.fromkeys(range(10), "")

    trim(kept, 3)

    assert list(kept) == [7, 8, 9]
