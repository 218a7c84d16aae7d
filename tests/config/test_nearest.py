"""What somebody probably meant."""

from config.nearest import advice, nearest

KNOWN = ("respond_within", "resolve_within", "roles")


def test_the_most_alike_is_meant() -> None:
    assert nearest("respond_witin", KNOWN) == "respond_within"


def test_capitals_make_no_difference() -> None:
    assert nearest("ROLES", KNOWN) == "roles"


def test_what_is_like_nothing_means_nothing() -> None:
    assert nearest("zzz", KNOWN) == ""


def test_advice_asks_for_the_nearest_or_tells_what_there_is() -> None:
    assert advice("role", KNOWN) == "did you mean `roles`?"
    assert advice("zzz", KNOWN) == "known here: respond_within, resolve_within, roles."
    assert advice("zzz", ()) == "nothing is known here."
