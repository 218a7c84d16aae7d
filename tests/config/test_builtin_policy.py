"""The built-in policy: what the guide and the contract fix, and the defaults of the promises."""

from dataclasses import fields
from datetime import time, timedelta

import pytest

from bot.policy import COMMANDER, COMMS, INTERNAL, ROOM, SCRIBE, SME, Reminders, SlaStep, Step, Where
from config.policy_file import load_policy

LOADED = load_policy(None)
POLICY = LOADED.policy

LATEST = {"critical": 2, "high": 6, "medium": 12, "low": 72}
"""The guide's SLA targets, hours at most."""
EARLIEST = {"critical": 2, "high": 4, "medium": 8, "low": 48}


def test_it_is_whole() -> None:
    assert LOADED.source == "built in"
    assert LOADED.left_out == ()


def test_its_priorities_are_the_guides_highest_first() -> None:
    assert [priority.name for priority in POLICY.priorities] == ["critical", "high", "medium", "low"]
    assert [priority.aliases for priority in POLICY.priorities] == [
        (f"p{number}", f"sev{number}") for number in range(1, 5)
    ]
    assert [priority.name for priority in POLICY.priorities if priority.major] == ["critical"]
    assert POLICY.default_priority == "high"


def test_critical_is_as_the_contract_writes_it() -> None:
    critical = POLICY.priority("critical")

    assert critical.means == "Severe disruption or degradation."
    assert critical.example == "The shop cannot be reached."
    assert critical.respond_within == timedelta(minutes=15)
    assert critical.resolve_within == timedelta(hours=2)
    assert critical.update_every == {
        "internal": timedelta(minutes=30),
        "stakeholders": timedelta(hours=1),
        "customers": timedelta(minutes=30),
    }
    assert critical.roles == (COMMANDER, COMMS, SCRIBE)


@pytest.mark.parametrize("name", LATEST)
def test_the_sla_targets_are_the_guides(name: str) -> None:
    within = POLICY.priority(name).resolve_within

    assert within
    assert timedelta(hours=EARLIEST[name]) <= within <= timedelta(hours=LATEST[name])


def test_a_lower_priority_is_never_in_a_greater_hurry() -> None:
    for higher, lower in zip(POLICY.priorities, POLICY.priorities[1:], strict=False):
        assert higher.respond_within
        assert lower.respond_within
        assert higher.respond_within <= lower.respond_within
        assert set(lower.update_every) <= set(higher.update_every)
        assert all(higher.update_every[audience] <= every for audience, every in lower.update_every.items())
        assert set(lower.roles) <= set(higher.roles)


def test_every_priority_has_a_definition_and_an_example_that_fit_a_form() -> None:
    for priority in POLICY.priorities:
        assert 0 < len(f"{priority.name}: {priority.means}") <= 75
        assert 0 < len(f"Such as: {priority.example} Resolve within 72 h.") <= 75


def test_every_priority_promises_the_room_a_next_update() -> None:
    assert all(INTERNAL in priority.update_every for priority in POLICY.priorities)


def test_its_roles_are_the_guides_four() -> None:
    assert [(role.name, role.several) for role in POLICY.roles] == [
        (COMMANDER, False),
        (COMMS, False),
        (SCRIBE, False),
        (SME, True),
    ]
    assert all(role.duties for role in POLICY.roles)


def test_who_writes_the_updates_neither_leads_nor_repairs() -> None:
    comms = POLICY.role(COMMS)

    assert comms.title == "Communications officer"
    assert comms.aliases == ("comms",)
    assert comms.duties == "Writes every update and keeps the promise of the next one."
    assert comms.not_with == (COMMANDER, SME)


def test_the_update_ladder_is_the_contracts() -> None:
    assert POLICY.reminders.update == (
        Step(at=timedelta(minutes=-5), to=(COMMS,), where=Where.PRIVATE),
        Step(at=timedelta(), to=(COMMS,), where=Where.ROOM),
        Step(at=timedelta(minutes=5), to=(COMMANDER,), where=Where.BOTH, repeat=timedelta(minutes=15)),
    )


def test_the_other_ladders_are_the_contracts() -> None:
    assert POLICY.reminders.role == (Step(at=timedelta(minutes=5), to=(ROOM,)),)
    assert POLICY.reminders.sla == (SlaStep(at=0.8, to=(COMMANDER,)), SlaStep(at=1.0, to=(COMMANDER,)))


@pytest.mark.parametrize(
    "knob", [field.name for field in fields(Reminders) if field.name not in {"update", "role", "sla", "quiet"}]
)
def test_each_knob_has_the_default_of_the_promises(knob: str) -> None:
    assert getattr(POLICY.reminders, knob) == getattr(Reminders(), knob)


def test_the_two_lower_priorities_are_quiet_at_night_and_on_weekends() -> None:
    quiet = POLICY.reminders.quiet

    assert quiet
    assert quiet.priorities == ("medium", "low")
    assert (quiet.starts, quiet.ends) == (time(20), time(8))
    assert quiet.days == {0, 1, 2, 3, 4}


def test_only_internal_has_an_address() -> None:
    assert {name: audience.addresses for name, audience in POLICY.audiences.items()} == {
        "internal": ("slack:#incidents",),
        "stakeholders": (),
        "customers": (),
        "leadership": (),
    }


def test_what_an_update_must_say_is_the_contracts() -> None:
    customers = POLICY.standards["customers"]

    assert POLICY.standards["internal"].must_say == ("what", "steps", "next")
    assert customers.must_say == ("what", "detected", "who", "expect", "next")
    assert customers.channel == "status page"
    assert POLICY.standards["stakeholders"].must_say == customers.must_say


def test_impact_and_urgency_meet_in_the_matrix() -> None:
    assert POLICY.levels == ("high", "medium", "low")
    assert [[POLICY.matrix[impact][urgency] for urgency in POLICY.levels] for impact in POLICY.levels] == [
        ["critical", "high", "medium"],
        ["high", "medium", "low"],
        ["medium", "low", "low"],
    ]


def test_its_terms_are_the_guides_worksheet() -> None:
    assert list(POLICY.terms) == ["alert", "incident", "major_incident"]
    assert POLICY.terms["alert"].means == "A threshold was crossed, something changed, or something failed."
    assert POLICY.terms["alert"].example == "Scheduled maintenance of a host during shopping hours."
    assert all(term.means and term.example for term in POLICY.terms.values())


def test_who_may_is_left_to_the_built_in_rule() -> None:
    assert POLICY.permissions == {}
    assert POLICY.required == {}
    assert not POLICY.guests
