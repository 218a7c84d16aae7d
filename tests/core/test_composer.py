"""The composer: words are seen before they go out, findings are overruled with a reason, templates begin an update."""

from dataclasses import replace

import pytest

from bot.cards import Card, Spans, Text
from bot.commands import update
from bot.commands.spec import Outcome
from bot.events import Closed, DetectedSet, NoteAdded, Resolved, ServicesSet, UpdatePublished
from bot.forms import SEEN, TO_BE_SEEN
from bot.plain import plain_text
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS
from bot.questions import Form
from bot.refusals import Unreadable
from bot.status_policy import Service, StatusPage
from bot.wording import Template
from tests.core.asking import decided, fields, form_of, only, published, refused, said
from tests.core.builders import BEN, HANA, NAMES, POLICY, context, declared, grown, moment, staffed

TEAM = staffed(declared())
GOOD = {"what": "Cards fail.", "steps": "Comparing.", "who": "EU", "expect": "Transfers work.", "next": "30m"}
RISKY = {**GOOD, "what": "db-7 is down.", "expect": "It is back by 04:00 UTC, says Ben.", "to": "internal customers"}
SENT = context(HANA, submitted=True)
CLOSING = replace(POLICY.standards[CUSTOMERS], look_at="https://status.example.com", support="help@example.com.")
TOLD = replace(POLICY, standards={**POLICY.standards, CUSTOMERS: CLOSING, STAKEHOLDERS: replace(CLOSING, support="")})
TEMPLATES = {
    "outage": Template(what="{service} is down since {since}. [What exactly?]", expect="[What can people do?]"),
    "third_party": Template(what="A supplier of {service} fails.", words="Something we need fails."),
}
BEGUN = replace(POLICY, templates=TEMPLATES)


def shown(form: Form) -> list[str]:
    return [plain_text(card, moment("10:20"), NAMES) for card in form.preview]


def again(form: Form, **values: str) -> Outcome:
    return decided(TEAM, update.SPEC, SENT, POLICY, **{**values, **form.values})


def test_before_people_outside_are_told_each_audiences_words_are_shown() -> None:
    form = form_of(
        decided(TEAM, update.SPEC, SENT, TOLD, **GOOD, to="internal stakeholders customers", headline="Cards")
    )

    inside, stakeholders, customers = shown(form)
    assert inside.startswith("Internal will read: Update 1 on INC-42 Checkout is down. Cards fail.")
    assert stakeholders == (
        "Stakeholders will read: INC-42 Checkout is down: update 1. Cards fail. Affected: EU. Transfers work. "
        "Next update by 10:50 UTC. Where to look: https://status.example.com."
    )
    assert customers == (
        "Customers will read: Cards. Cards fail. Affected: EU. Transfers work. Next update by 10:50 UTC. "
        "Where to look: https://status.example.com. Whom to ask: help@example.com."
    )
    assert form.submit == "Publish"


def test_sent_again_unchanged_it_is_published() -> None:
    values = {**GOOD, "to": "internal customers", "headline": "Card payments"}
    form = form_of(decided(TEAM, update.SPEC, SENT, POLICY, **values))

    event = only(UpdatePublished, again(form, **values))

    assert (event.what, event.headline) == ("Cards fail.", "Card payments")


def test_changed_words_are_shown_again() -> None:
    values = {**GOOD, "to": "customers"}
    form = form_of(decided(TEAM, update.SPEC, SENT, POLICY, **values))

    changed = form_of(again(form, **{**values, "what": "Cards fail in Europe."}))

    assert "Cards fail in Europe." in shown(changed)[0]
    assert changed.values[SEEN] != form.values[SEEN]


def test_a_form_for_people_outside_promises_a_preview_and_keeps_that() -> None:
    opened = form_of(decided(TEAM, update.SPEC, context(HANA), to="customers"))
    assert (opened.submit, opened.values[SEEN]) == ("Preview", TO_BE_SEEN)

    unticked = form_of(again(opened, **GOOD, to="internal"))

    assert shown(unticked)[0].startswith("Internal will read:")
    assert only(UpdatePublished, again(unticked, **GOOD, to="internal")).audiences == (INTERNAL,)


def test_to_internal_alone_there_is_no_preview() -> None:
    opened = form_of(decided(TEAM, update.SPEC, context(HANA)))

    assert (opened.submit, SEEN in opened.values) == ("Publish", False)
    assert only(UpdatePublished, decided(TEAM, update.SPEC, SENT, POLICY, **GOOD))


def test_all_findings_stand_at_their_fields_with_the_preview() -> None:
    form = form_of(decided(TEAM, update.SPEC, SENT, POLICY, **RISKY))

    found = {name: field.finding for name, field in fields(form).items() if field.finding}
    assert found == {
        "what": "'db-7' is an internal name: customers do not know it.",
        "expect": "'back by 04:00' promises a repair time: promise the next update instead. "
        "'Ben' names a person: say what changed.",
    }
    assert fields(form)["publish_as_it_is"].required is False
    assert len(form.preview) == 2


def test_one_reason_overrules_them_all_and_stands_on_the_timeline() -> None:
    form = form_of(decided(TEAM, update.SPEC, SENT, POLICY, **RISKY))

    outcome = again(form, **RISKY, publish_as_it_is="The regulator asked for it.")

    assert only(UpdatePublished, outcome).what == "db-7 is down."
    assert only(NoteAdded, outcome).text == (
        "Update 1 was published as it is: The regulator asked for it. Found: "
        "'db-7' is an internal name: customers do not know it. "
        "'back by 04:00' promises a repair time: promise the next update instead. "
        "'Ben' names a person: say what changed."
    )


def test_words_without_findings_need_no_reason_and_keep_none() -> None:
    form = form_of(decided(TEAM, update.SPEC, SENT, POLICY, **RISKY))
    better = {**RISKY, "what": "Cards fail.", "expect": "Transfers work.", "publish_as_it_is": "Never mind."}

    outcome = published(TEAM, update.SPEC, SENT, POLICY, **{**better, **form.values})

    assert only(UpdatePublished, outcome)
    assert not [event for event in outcome.events if isinstance(event, NoteAdded)]


def test_a_typed_line_for_people_outside_opens_the_form_with_its_findings() -> None:
    line = "Cards fail. to:customers who:EU expect:We are back by 04:00 UTC. next:30m"

    form = form_of(said(TEAM, update.SPEC, line, context(HANA)))

    assert fields(form)["expect"].finding.startswith("'back by 04:00' promises")
    assert "publish_as_it_is" in fields(form)
    assert form.preview


def test_the_decision_itself_refuses_what_nobody_overruled() -> None:
    command = update.PublishUpdate(what="db-7 is down.", to=(CUSTOMERS,))

    refusal = refused(lambda: update.decide(TEAM, command, SENT, POLICY))

    assert (refusal.field, refusal.sentence) == ("what", "'db-7' is an internal name: customers do not know it.")


def test_the_headline_is_prefilled_and_is_for_customers_alone() -> None:
    event = UpdatePublished(number=1, audiences=(CUSTOMERS,), what="Cards fail.", headline="Card payments in Europe")
    told = grown(TEAM, moment("10:10"), HANA, event)

    form = fields(form_of(decided(told, update.SPEC, context(HANA), to="customers")))
    assert (form["headline"].value, form["headline"].limit) == ("Card payments in Europe", 80)
    assert only(UpdatePublished, decided(TEAM, update.SPEC, SENT, POLICY, **GOOD, headline="Cards")).headline == ""

    private = fields(form_of(decided(staffed(declared(private=True)), update.SPEC, context(HANA))))
    assert not {"headline", "words"} & set(private)


def test_a_headline_that_nobody_gave_is_made_of_public_names_and_shown_before_it_goes_out() -> None:
    services = ServicesSet(services=("pg-prod-eu-3", "acme-tenant"))
    known = grown(TEAM, moment("10:05"), BEN, services)
    listed = replace(POLICY, status=StatusPage(services=(Service(name="Checkout", also=("pg-prod-eu-3",)),)))
    values = {**GOOD, "to": "customers"}

    form = form_of(decided(known, update.SPEC, SENT, listed, **values))
    outcome = decided(known, update.SPEC, SENT, listed, **values, **form.values)

    assert shown(form)[0].startswith("Customers will read: Checkout. Cards fail.")
    assert only(UpdatePublished, outcome).headline == "Checkout"


def test_a_headline_made_of_the_first_words_is_read_once() -> None:
    values = {**GOOD, "what": "db-7 is down.", "to": "customers"}

    form = form_of(decided(TEAM, update.SPEC, SENT, POLICY, **values))

    assert shown(form)[0].startswith("Customers will read: db-7 is down. db-7 is down.")
    assert [name for name, field in fields(form).items() if field.finding] == ["what"]


def test_a_template_begins_an_update_and_publishes_nothing() -> None:
    known = grown(
        TEAM, moment("10:05"), BEN, ServicesSet(services=("Checkout",)), DetectedSet(detected_at=moment("09:52"))
    )

    form = form_of(said(known, update.SPEC, "template:outage to:customers", context(HANA), BEGUN))

    asked = fields(form)
    assert asked["what"].value == "Checkout is down since 09:52 UTC. [What exactly?]"
    assert (asked["expect"].value, asked["to"].value) == ("[What can people do?]", "customers")
    assert "template" not in asked
    assert asked["what"].required


def test_what_the_template_leaves_to_the_writer_must_be_written() -> None:
    values = {**GOOD, "what": "Cards are down. [What exactly?]", "to": "internal"}

    form = form_of(decided(TEAM, update.SPEC, SENT, BEGUN, **values))

    assert fields(form)["what"].finding == "Write what you know instead of [What exactly?]"
    assert only(UpdatePublished, decided(TEAM, update.SPEC, SENT, BEGUN, **{**GOOD, "what": "Cards fail [EU]."}))


def test_a_template_keeps_what_was_typed_beside_it() -> None:
    form = form_of(said(TEAM, update.SPEC, "template:outage expect:Pay by transfer.", context(HANA), BEGUN))

    assert fields(form)["what"].value.startswith("The service is down since")
    assert fields(form)["expect"].value == "Pay by transfer."


def above_words(spans: Spans) -> str:
    return plain_text(Card(body=(Text(spans),)), moment("10:10"), NAMES)


def test_before_the_first_update_the_form_says_how_to_begin_with_a_template() -> None:
    fresh = form_of(decided(TEAM, update.SPEC, context(HANA), BEGUN))

    assert above_words(fresh.above).endswith("To begin with a template: update template:outage.")
    assert fields(fresh)["what"].required
    told = grown(TEAM, moment("10:10"), HANA, only(UpdatePublished, decided(TEAM, update.SPEC, SENT, BEGUN, **GOOD)))
    assert "template" not in above_words(form_of(decided(told, update.SPEC, context(HANA), BEGUN)).above)
    assert "template" not in above_words(form_of(decided(TEAM, update.SPEC, context(HANA))).above)


def test_a_template_nobody_wrote_cannot_be_chosen() -> None:
    with pytest.raises(Unreadable, match="needs one of these: outage or third_party"):
        decided(TEAM, update.SPEC, SENT, BEGUN, **GOOD, template="storm")


def test_where_the_policy_has_no_template_none_can_be_chosen() -> None:
    with pytest.raises(Unreadable, match="The policy names nothing that `template` could be: leave it out"):
        decided(TEAM, update.SPEC, SENT, POLICY, **GOOD, template="storm")


def test_no_template_begins_an_update_of_what_is_closed() -> None:
    closed = grown(TEAM, moment("10:10"), HANA, Resolved(how="x", verified="y"), Closed())

    refusal = refused(lambda: said(closed, update.SPEC, "template:outage", context(HANA), BEGUN))

    assert "`reopen REASON` opens it again" in refusal.sentence
