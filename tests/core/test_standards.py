"""The communication standard: what people outside had better not read."""

import pytest

from bot.events import Resolved, UpdatePublished
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS
from bot.standards import demanded, findings
from tests.core.builders import BEN, POLICY, TEN, declared, grown, staffed

TEAM = staffed(declared())


def sentences(text: str, *, final: bool = False, audiences: tuple[str, ...] = (CUSTOMERS,)) -> list[str]:
    update = UpdatePublished(number=1, audiences=audiences, what=text, final=final)
    return [finding.sentence for finding in findings(update, TEAM, audiences, POLICY)]


def test_what_is_demanded_is_the_sum_of_the_audiences_in_the_order_of_the_form() -> None:
    assert demanded((INTERNAL,), POLICY) == ("what", "steps", "next")
    assert demanded((CUSTOMERS, INTERNAL), POLICY) == ("what", "steps", "who", "expect", "next")
    assert demanded(("leadership",), POLICY) == ()


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("We are back by 04:00 UTC.", "back by 04:00"),
        ("Checkout will be restored within 2 hours.", "restored within 2 hours"),
        ("It is up and running again in 30 minutes.", "up and running again in 30 minutes"),
        ("We will fix this within an hour.", "fix this within an hour"),
        ("We expect to resolve it by tomorrow.", "resolve it by tomorrow"),
    ],
)
def test_a_repair_time_is_found_in_the_persons_own_words(text: str, promised: str) -> None:
    assert sentences(text) == [f"'{promised}' promises a repair time: promise the next update instead."]


@pytest.mark.parametrize(
    "text",
    [
        "At 01:52 UTC we noticed that cards fail.",
        "The next update comes by 02:40 UTC.",
        "Bank transfer works meanwhile.",
        "It is not fixed.",
        "We try to get this to be fixed.",
        "About 4 in 10 payments fail in Europe.",
    ],
)
def test_what_promises_nothing_is_left_alone(text: str) -> None:
    assert sentences(text) == []


def test_fixed_says_more_than_the_status() -> None:
    assert sentences("The fault is fixed.") == ["'fixed' says more than investigating: wait for resolve."]


def test_of_a_final_word_it_may_be_said() -> None:
    assert sentences("The fault is fixed.", final=True) == []


def test_while_resolved_it_may_be_said() -> None:
    resolved = grown(TEAM, TEN, BEN, Resolved(how="a", verified="b"))
    update = UpdatePublished(number=1, audiences=(CUSTOMERS,), what="It is fixed.")
    assert findings(update, resolved, (CUSTOMERS,), POLICY) == ()


def test_internal_words_are_free_and_mixed_ones_are_not() -> None:
    assert sentences("It is fixed.", audiences=(INTERNAL,)) == []
    assert sentences("It is fixed.", audiences=(INTERNAL, STAKEHOLDERS)) != []


def test_a_finding_names_its_field() -> None:
    update = UpdatePublished(number=1, audiences=(CUSTOMERS,), what="Cards fail.", words="All is solved.")
    (finding,) = findings(update, TEAM, (CUSTOMERS,), POLICY)
    assert finding.field == "words"


def test_why_no_more_is_expected_is_read_for_people_outside() -> None:
    def found(*audiences: str, words: str = "") -> list[tuple[str, str]]:
        update = UpdatePublished(
            number=1,
            audiences=audiences,
            what="Cards fail.",
            words=words,
            next=dict.fromkeys(audiences),
            none_because="It is fixed.",
        )
        return [(each.field, each.words) for each in findings(update, TEAM, audiences, POLICY)]

    assert found(CUSTOMERS) == found(CUSTOMERS, words="Cards fail.") == found(STAKEHOLDERS) == [("reason", "fixed")]
    assert found(INTERNAL) == []
