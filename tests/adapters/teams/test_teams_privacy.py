"""Nothing private is declared where a whole team reads along."""

import pytest

from adapters.teams.privacy import NOT_HERE, asks_for_privacy
from bot.refs import Identity
from bot.requests import Request
from config.policy_file import load_policy

POLICY = load_policy(None, ()).policy
WHO = Identity("teams:T/o")


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("declare private critical Mail is read", True),
        ("new private Mail is read", True),
        ("declare critical Private keys leaked", False),
        ("declare critical Checkout is down", False),
        ("note private", False),
        ("no such word private", False),
        ("", False),
    ],
)
def test_a_line_that_declares_a_private_incident_is_known_before_anything_is_stored(text: str, private: bool) -> None:
    assert asks_for_privacy(Request(key="1", identity=WHO, text=text), POLICY) is private


@pytest.mark.parametrize(("ticked", "private"), [("yes", True), ("true", True), ("false", False), ("", False)])
def test_so_is_a_form_with_the_box_ticked(ticked: str, private: bool) -> None:
    values = {"title": "Mail is read", "private": ticked}

    assert asks_for_privacy(Request(key="1", identity=WHO, word="declare", values=values), POLICY) is private


def test_the_refusal_repeats_nothing_and_asks_to_delete_the_message() -> None:
    assert "delete that message" in NOT_HERE
