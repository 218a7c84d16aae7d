"""What several words check before they act."""

import pytest

from bot.events import DetectedSet
from bot.guards import already, check_addressed, check_required, missing_fields
from bot.incident import Incident
from bot.policy import CUSTOMERS, INTERNAL
from bot.refs import Person
from bot.visibility import people_of, sees
from tests.core.asking import refused
from tests.core.builders import ANA, BEN, POLICY, TEN, declared, grown, moment, words


def test_internal_can_always_be_told() -> None:
    check_addressed((INTERNAL,), declared(private=True), POLICY, "to")
    check_addressed((INTERNAL, CUSTOMERS), declared(), POLICY, "to")


def test_what_an_incident_has_is_not_asked_for() -> None:
    known = grown(declared(), TEN, ANA, DetectedSet(detected_at=moment("09:50")))
    assert missing_fields(known, "resolve", POLICY) == ()
    check_required(known, "resolve", POLICY)


def test_an_incident_without_a_moment_still_has_a_status() -> None:
    assert words(already(Incident(number=7)).reply) == "INC-7 is investigating; nothing changed."


@pytest.mark.parametrize("person", [BEN, None])
def test_a_private_incident_is_not_seen_by_others(person: Person | None) -> None:
    assert not sees(declared(private=True), person)
    assert sees(declared(), person)


def test_an_incident_nobody_declared_has_no_people() -> None:
    assert people_of(Incident(number=7)) == frozenset()


def test_an_address_that_is_missing_is_named() -> None:
    assert "`partners`" in refused(lambda: check_addressed(("partners",), declared(), POLICY, "to")).sentence
