"""Words that only insiders know or should say: what the policy adds, takes away, and leaves as built in."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.events import UpdatePublished
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS, Policy, Standard
from bot.standards import RULES, avoided, by_field, findings
from bot.wording import Vocabulary
from tests.core.builders import POLICY, declared, staffed

TEAM = staffed(declared())


def policy(vocabulary: Vocabulary | None = None, **standard: object) -> Policy:
    told = replace(Standard(), **standard)  # type: ignore[arg-type]
    standards = {**POLICY.standards, CUSTOMERS: told}
    return replace(POLICY, standards=standards, vocabulary=vocabulary or Vocabulary())


def found(
    text: str, rules: Policy = POLICY, people: Iterable[str] = (), audience: str = CUSTOMERS, **more: str
) -> list[str]:
    update = UpdatePublished(number=1, audiences=(audience,), what=text, **more)  # type: ignore[arg-type]
    return [each.sentence for each in findings(update, TEAM, (audience,), rules, people)]


def test_a_person_is_known_by_the_whole_name_and_by_each_part_that_is_no_word() -> None:
    people = ["Will Grant", "Hana Ito", "li"]

    assert found("Will Grant looks at the till.", people=people) == ["'Will Grant' names a person: say what changed."]
    assert found("Will you get your order? We grant a day more.", people=people) == []
    assert found("Ask Hana.", people=people) == ["'Hana' names a person: say what changed."]
    assert found("Li is a village where trains do not stop.", people=people) == []


def test_who_is_known_by_a_login_alone_is_found_with_a_capital() -> None:
    assert found("Ask Ben.", people=["ben"]) == ["'Ben' names a person: say what changed."]
    assert found("Mark the day.", people=["mark"]) == []


def test_names_of_the_policy_are_found_in_any_spelling_but_short_ones_as_written() -> None:
    rules = policy(Vocabulary(vendors=("Cloudflare", "SAP"), internal_names=("Hermes",), customer_names=("Northwind",)))

    assert found("cloudflare is slow.", rules) == ["'cloudflare' names a vendor: say what does not work."]
    assert found("SAP is slow.", rules) == ["'SAP' names a vendor: say what does not work."]
    assert found("The sap of the trees rises.", rules) == []
    assert found("HERMES is slow.", rules) == ["'HERMES' is an internal name: customers do not know it."]
    assert found("northwind waits.", rules) == ["'northwind' names a customer: say how many are affected."]


def test_a_name_within_a_name_is_found_once() -> None:
    rules = policy(Vocabulary(internal_names=("db-7.eu.internal", "eu.internal")))

    assert found("db-7.eu.internal is slow.", rules) == [
        "'db-7.eu.internal' is an internal name: customers do not know it."
    ]


def test_an_allowed_address_leads_to_all_below_it_and_is_no_name() -> None:
    rules = policy(Vocabulary(links=("https://help.example.com",)), look_at="https://status.example.com")

    assert found("See https://status.example.com/db-7 and https://help.example.com/OPS-12?a=b.", rules) == []
    assert found("See https://status.example.com.evil/x.", rules) == [
        "'https://status.example.com.evil/x' is not an address for customers: leave it out."
    ]
    assert found("See www.example.org for more.", rules) == [
        "'www.example.org' is not an address for customers: leave it out."
    ]


def test_the_policy_adds_jargon_and_takes_some_away() -> None:
    rules = policy(Vocabulary(jargon={"ETL": "nightly copy", "latency": ""}))

    assert found("The ETL is late.", rules) == ["'ETL' is jargon: say 'nightly copy'."]
    assert found("Latency is high.", rules) == []
    assert found("Latency is high.") == ["'Latency' is jargon: say 'delay'."]


@pytest.mark.parametrize(
    "text", ["Since 14:20 UTC.", "Since 14:20 CET.", "Since 14:20 Berlin time.", "14:20 (Europe/Berlin)"]
)
def test_a_time_in_utc_or_in_the_organisations_zone_is_told_well(text: str) -> None:
    assert found(text, replace(POLICY, time_zone="Europe/Berlin")) == []


def test_one_zone_in_a_text_is_enough_and_one_finding_too() -> None:
    assert found("From 14:20 to 15:00.") == ["'14:20' has no time zone: add UTC."]
    assert found("From 14:20 on.", expect="Until 15:00 UTC.") == []


def test_who_is_told_what_the_policy_decides() -> None:
    assert avoided(INTERNAL, POLICY) == ()
    assert avoided(CUSTOMERS, POLICY) == tuple(RULES)
    assert "jargon" not in avoided(STAKEHOLDERS, POLICY)
    assert avoided(CUSTOMERS, policy(avoid=("blame",))) == ("blame",)
    assert found("db-7 is back by 04:00 UTC.", policy(avoid=("internal_name",))) == [
        "'db-7' is an internal name: customers do not know it."
    ]


def test_how_long_a_text_may_be_is_the_policys_too() -> None:
    text = "Cards fail in shops. " * 40

    assert found(text)[0].endswith("is past the 600 characters people read: shorten the 840 there are.")
    assert found(text, policy(longest=0)) == []
    assert found(text, audience=STAKEHOLDERS) == []
    assert "past the 100 characters" in found(text[:200], policy(longest=100))[0]


def test_findings_of_one_field_are_told_together_in_the_order_of_the_text() -> None:
    update = UpdatePublished(number=1, audiences=(CUSTOMERS,), what="db-7 fails, see OPS-1.", expect="Latency is high.")

    assert by_field(findings(update, TEAM, (CUSTOMERS, INTERNAL), POLICY)) == {
        "what": "'db-7' is an internal name: customers do not know it. 'OPS-1' is a ticket: customers cannot open it.",
        "expect": "'Latency' is jargon: say 'delay'.",
    }


def test_customers_own_words_are_read_instead_of_the_general_ones() -> None:
    update = UpdatePublished(
        number=1, audiences=(INTERNAL, CUSTOMERS), what="db-7 is down.", words="Cards fail.", headline="db-8 is slow"
    )

    assert [each.field for each in findings(update, TEAM, update.audiences, POLICY)] == ["headline"]


def test_the_same_words_for_two_audiences_are_found_once() -> None:
    update = UpdatePublished(number=1, audiences=(CUSTOMERS, STAKEHOLDERS), what="It is fixed.")

    assert len(findings(update, TEAM, update.audiences, POLICY)) == 1
