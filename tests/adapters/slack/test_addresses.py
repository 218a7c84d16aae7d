"""Slack's places as Sitrep writes them."""

import pytest

from adapters.slack.addresses import Spot, conversation, message_at, message_ref, person, spot


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("slack:T1/C1", Spot(team="T1", channel="C1")),
        ("slack:T1/C1/1700000000.000100", Spot(team="T1", channel="C1", thread="1700000000.000100")),
        ("slack:T1/D1", Spot(team="T1", channel="D1")),
        ("slack:T1/U1", Spot(team="T1", user="U1")),
        ("slack:T1/W1", Spot(team="T1", user="W1")),
        ("slack:#incidents", Spot(name="incidents")),
        ("slack:C123", Spot(channel="C123")),
        ("slack:U123", Spot(user="U123")),
        ("slack:@sre-oncall", Spot(group="sre-oncall")),
        ("slack:S123", Spot(group="S123")),
        ("slack:T1/S123", Spot(team="T1", group="S123")),
    ],
)
def test_addresses_are_read(address: str, meant: Spot) -> None:
    assert spot(address) == meant


@pytest.mark.parametrize(
    "address",
    [
        "slack:",
        "slack:#",
        "slack:@",
        "teams:T1/C1",
        "slack:T1/X1",
        "slack:T1/U1/1.0",
        "slack:T1/S1/1.0",
        "slack:T1/C1/1.0/2",
        "slack:x/C1",
    ],
)
def test_what_is_none_of_slacks_places_is_none(address: str) -> None:
    assert spot(address) is None


def test_what_is_written_is_read_again() -> None:
    assert spot(conversation("T1", "C1")) == Spot(team="T1", channel="C1")
    assert spot(conversation("T1", "C1", "1.0")) == Spot(team="T1", channel="C1", thread="1.0")
    assert spot(person("T1", "U1")) == Spot(team="T1", user="U1")
    assert message_at(message_ref("C1", "1.0")) == ("C1", "1.0")
    assert message_at("C1") == ("", "")
