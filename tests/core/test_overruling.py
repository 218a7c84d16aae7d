"""Last words for customers are read like any others: what is found is overruled with a reason that is kept."""

import pytest

from bot.commands import cancel, duplicate, resolve
from bot.commands.spec import Spec
from bot.events import NoteAdded, UpdatePublished
from bot.incident import Incident
from bot.policy import CUSTOMERS, STAKEHOLDERS
from tests.core.asking import decided, fields, form_of, only
from tests.core.builders import BEN, HANA, POLICY, context, declared, grown, moment, staffed

FINDING = "'db-7' is an internal name: customers do not know it."
ENDINGS = [
    (resolve.SPEC, {"how": "Rolled back db-7.", "verified": "200 payments went through."}),
    (cancel.SPEC, {"reason": "A probe on db-7 was set wrongly."}),
    (duplicate.SPEC, {"of": "INC-41"}),
]
SENT = context(BEN, submitted=True, others=(staffed(declared(number=41)),))


def told(*audiences: str) -> Incident:
    event = UpdatePublished(number=1, audiences=audiences, what="Cards fail.")
    return grown(staffed(declared()), moment("10:10"), HANA, event)


@pytest.mark.parametrize(("spec", "values"), ENDINGS, ids=lambda one: getattr(one, "word", ""))
def test_what_is_found_in_last_words_stands_at_them_and_a_reason_goes_on(spec: Spec, values: dict[str, str]) -> None:
    incident = told(CUSTOMERS)
    risky = {**values, "words": "It works again without db-7."}

    form = fields(form_of(decided(incident, spec, SENT, POLICY, **risky)))
    outcome = decided(incident, spec, SENT, POLICY, **risky, publish_as_it_is="Asked for by law.")

    assert (form["words"].finding, "publish_as_it_is" in form) == (FINDING, True)
    assert only(NoteAdded, outcome).text == f"Update 2 was published as it is: Asked for by law. Found: {FINDING}"
    assert only(UpdatePublished, outcome).words == "It works again without db-7."


@pytest.mark.parametrize(("spec", "values"), ENDINGS, ids=lambda one: getattr(one, "word", ""))
def test_good_last_words_go_out_at_once(spec: Spec, values: dict[str, str]) -> None:
    outcome = decided(
        told(CUSTOMERS), spec, SENT, POLICY, **values, words="Cards work again.", publish_as_it_is="None needed"
    )

    assert only(UpdatePublished, outcome).final
    assert not [event for event in outcome.events if isinstance(event, NoteAdded)]


def test_how_it_was_resolved_is_free_for_stakeholders() -> None:
    outcome = decided(told(STAKEHOLDERS), resolve.SPEC, SENT, how="Rolled back db-7.", verified="Watched for an hour.")

    assert only(UpdatePublished, outcome).what == "Resolved: Rolled back db-7."
