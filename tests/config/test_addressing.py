"""Addresses that a policy writes, and which of them an installation can reach."""

import pytest

from bot.policy import Audience, Policy, Priority
from config.addressing import is_person, is_place, scheme, shown, usable

PLACES = {
    "slack:#incidents": "slack",
    "slack:#störung-2": "slack",
    "slack:C0123ABCD": "slack",
    "slack:T012/C345": "slack",
    "teams:19:abc@thread.tacv2": "teams",
    "local:incidents": "local",
    "mailto:ops@example.com": "mailto",
    "https://hooks.example.com/x?y=1": "https",
    "http://127.0.0.1:9000/hook": "https",
    "status:": "status",
    "statuspage:": "statuspage",
    "ntfy://example.com/topic": "apprise",
    "slack://token-a/token-b": "apprise",
}


@pytest.mark.parametrize(("address", "carrier"), PLACES.items())
def test_each_form_of_the_contract_is_a_place_with_its_carrier(address: str, carrier: str) -> None:
    assert is_place(address)
    assert scheme(address) == carrier


@pytest.mark.parametrize(
    "address",
    ["", "#incidents", "incidents", "slack:incidents", "slack:", "slack:# x", "slack:@group", "slak:#incidents"],
)
def test_other_texts_are_no_places(address: str) -> None:
    assert not is_place(address)


@pytest.mark.parametrize("address", ["mailto:ops", "teams:", "status:x", "http://example.com/", "https://"])
def test_half_an_address_is_no_place(address: str) -> None:
    assert not is_place(address)


@pytest.mark.parametrize(
    "address",
    ["slack:@sre-oncall", "slack:U012", "slack:S012", "slack:T1/U2", "teams:8:orgid:1", "mailto:a@example.com"],
)
def test_people_and_groups_have_addresses_too(address: str) -> None:
    assert is_person(address)


@pytest.mark.parametrize("address", ["slack:#incidents", "ben", "@ben", "https://example.com", "status:"])
def test_a_place_is_no_person(address: str) -> None:
    assert not is_person(address)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("slack:#incidents", "slack:#incidents"),
        ("mailto:ops@example.com", "mailto:ops@example.com"),
        ("https://hooks.example.com/secret", "https:…"),
        ("slack://token-a/token-b", "slack:…"),
        ("incidents", "incidents"),
        ("hooks.example.com/secret/of/ours", "…"),
    ],
)
def test_a_sentence_repeats_no_secret_of_an_address(address: str, said: str) -> None:
    assert shown(address) == said


def _policy() -> Policy:
    return Policy(
        priorities=(Priority(name="critical", call=("slack:@sre", "teams:8:orgid:1")),),
        audiences={
            "internal": Audience(name="internal", addresses=("slack:#incidents", "teams:19:a@thread.tacv2")),
            "customers": Audience(name="customers", addresses=("status:", "https://example.com/secret")),
        },
        rooms={"teams": "teams:19:a@thread.tacv2"},
        link=("slack:#war-room", "teams:19:b@thread.tacv2"),
    )


def test_what_nothing_carries_is_dropped() -> None:
    policy, _ = usable(_policy(), frozenset({"slack"}))

    assert policy.addresses("internal") == ("slack:#incidents",)
    assert policy.addresses("customers") == ()
    assert policy.priorities[0].call == ("slack:@sre",)
    assert policy.rooms == {}
    assert policy.link == ("slack:#war-room",)


def test_each_thing_dropped_is_said_once_and_without_secrets() -> None:
    _, sentences = usable(_policy(), frozenset({"slack", "status"}))

    assert sentences == (
        "audience internal: teams:19:a@thread.tacv2 is left out, for teams is not set up.",
        "audience customers: https:… is left out, for https is not set up.",
        "call of critical: teams:8:orgid:1 is left out, for teams is not set up.",
        "rooms: teams is left out, for it is not set up.",
        "rooms: teams:19:b@thread.tacv2 is not linked, for teams is not set up.",
    )


def test_a_policy_that_everything_carries_stays_as_it_is() -> None:
    assert usable(_policy(), frozenset({"slack", "teams", "status", "https"})) == (_policy(), ())
