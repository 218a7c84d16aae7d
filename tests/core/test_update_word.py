"""`update`: what it demands, whom it tells, what it promises; and the form it is written in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import update
from bot.commands.spec import Context, Outcome
from bot.composer import audiences_in
from bot.decide import decide
from bot.events import (
    Closed,
    DetectedSet,
    NoteAdded,
    PromiseEnded,
    PromiseMade,
    Resolved,
    RoleReleased,
    Status,
    StatusChanged,
    UpdatePublished,
)
from bot.incident import Incident
from bot.policy import COMMANDER, CUSTOMERS, INTERNAL, STAKEHOLDERS, Audience, Policy
from bot.promises import by_next
from bot.proposals import typed_length
from tests.core.asking import decided, fields, form_of, kinds, only, published, refused, said
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    HANA,
    MINUTE,
    POLICY,
    context,
    declared,
    grown,
    moment,
    staffed,
    words,
)

AT = moment("10:20")
TEAM = staffed(declared())
FULL = {"what": "Cards fail.", "steps": "Comparing settings.", "who": "EU", "expect": "Bank transfer works."}


def resolved(incident: Incident = TEAM) -> Incident:
    return grown(incident, AT, BEN, Resolved(how="Rolled back", verified="Watched"))


def full(who: Context, incident: Incident = TEAM, policy: Policy = POLICY, **more: str) -> Outcome:
    """The update with everything said that anybody demands, but for the moment of the next."""
    values = {**FULL, **more}
    if who.submitted:
        return published(incident, update.SPEC, who, policy, **values)
    return decide(incident, update.SPEC, values, who, policy)


def told(*audiences: str, what: str = "Cards fail.", words: str = "") -> Incident:
    event = UpdatePublished(number=1, audiences=audiences, what=what, steps="Looking", who="EU", words=words)
    return grown(TEAM, moment("10:10"), HANA, event)


def test_a_typed_line_with_nothing_lacking_is_published_to_internal() -> None:
    outcome = said(TEAM, update.SPEC, "Cards fail. steps:Comparing settings next:30m", context(CHEN))
    assert only(UpdatePublished, outcome) == UpdatePublished(
        number=1,
        audiences=(INTERNAL,),
        what="Cards fail.",
        steps="Comparing settings",
        next={INTERNAL: moment("10:50")},
    )
    assert kinds(outcome) == ["UpdatePublished", "PromiseEnded", "PromiseMade"]
    assert (only(PromiseEnded, outcome).outcome, only(PromiseMade, outcome).due) == ("kept", moment("10:50"))


def test_in_the_room_the_update_itself_is_the_answer() -> None:
    line = "Cards fail. steps:Comparing next:30m"
    assert said(TEAM, update.SPEC, line, context(HANA)).reply is None
    outside = said(TEAM, update.SPEC, line, context(HANA, in_room=False))
    assert words(outside.reply) == "Update 1 is out to internal. Next by 10:50 UTC."


def test_what_the_policy_demands_and_the_line_lacks_is_asked_for() -> None:
    form = form_of(said(TEAM, update.SPEC, "Cards fail.", context(CHEN)))
    needed = [field.name for field in form.fields if field.required]
    assert needed == ["what", "steps", "next"]
    assert fields(form)["what"].value == "Cards fail."


def test_customers_are_owed_more_than_internal() -> None:
    form = form_of(said(TEAM, update.SPEC, "Cards fail. to:customers", context(HANA)))
    assert [field.name for field in form.fields if field.required] == ["what", "who", "expect", "next"]


def test_nobody_outside_is_told_by_a_typed_line_though_nothing_lacks() -> None:
    outcome = full(context(HANA), to="internal customers", next="30m")
    assert form_of(outcome).submit == "Publish"


def test_a_decision_without_a_submitted_form_tells_nobody_outside() -> None:
    command = update.PublishUpdate(what="Cards fail.", to=(CUSTOMERS,))
    refusal = refused(lambda: update.decide(TEAM, command, context(HANA), POLICY))
    assert refusal.sentence.endswith("open `update to:customers` and publish its form.")


def test_the_submitted_form_tells_them_all_by_the_same_moment() -> None:
    outcome = full(
        context(HANA, submitted=True),
        to="internal customers",
        next="30m",
        words="Cards fail in the EU.",
    )
    event = only(UpdatePublished, outcome)
    assert event.audiences == (INTERNAL, CUSTOMERS)
    assert event.next == {INTERNAL: moment("10:50"), CUSTOMERS: moment("10:50")}
    assert event.words == "Cards fail in the EU."
    assert words(outcome.reply) == "Update 1 is out to internal and customers. Next by 10:50 UTC."


def test_words_for_customers_are_kept_only_where_customers_read_them() -> None:
    outcome = full(context(HANA), next="30m", words="Cards fail in the EU.")
    assert only(UpdatePublished, outcome).words == ""


def test_only_those_who_speak_for_the_incident_tell_people_outside() -> None:
    refusal = refused(lambda: said(TEAM, update.SPEC, "Cards fail. to:customers", context(CHEN)))
    assert refusal.sentence == (
        "Telling people about INC-42 is for the incident commander or communications officer: ask @Ben or @Hana."
    )


def test_an_audience_without_an_address_cannot_be_told() -> None:
    silent = replace(POLICY, audiences={INTERNAL: POLICY.audiences[INTERNAL]})
    refusal = refused(lambda: full(context(HANA, submitted=True), policy=silent, to="customers", next="30m"))
    assert refusal.sentence == "Nobody can be told: the policy names no address for `customers`."


def test_a_private_incident_tells_its_room_only() -> None:
    private = staffed(declared(private=True))
    command = update.PublishUpdate(what="Cards fail.", to=(CUSTOMERS,))
    refusal = refused(lambda: update.decide(private, command, context(HANA, submitted=True), POLICY))
    assert refusal.sentence == "INC-42 is private: only its room is told."
    assert refusal.field == "to"


def test_another_time_than_those_offered_counts_where_it_is_named() -> None:
    outcome = full(context(HANA, submitted=True), next="30m", other_time="2h")
    assert only(UpdatePublished, outcome).next == {INTERNAL: moment("12:20")}


def test_a_moment_beyond_the_limits_of_a_promise_is_told_at_its_field() -> None:
    form = form_of(full(context(HANA, submitted=True), next="30h"))
    assert fields(form)["next"].finding.startswith("An update may be promised 1 day ahead at most: name")
    form = form_of(full(context(HANA, submitted=True), other_time="30h"))
    assert fields(form)["other_time"].finding


def test_none_expected_needs_a_reason() -> None:
    form = form_of(full(context(HANA, submitted=True), next="none"))
    assert fields(form)["reason"].finding == "Choose a time, or none with a reason."
    command = update.PublishUpdate(what="Cards fail.", next="none")
    assert refused(lambda: update.decide(TEAM, command, context(HANA), POLICY)).field == "reason"


def test_none_expected_ends_the_promise() -> None:
    line = "Cards fail. steps:Waiting next:none reason:The vendor repairs it"
    outcome = said(TEAM, update.SPEC, line, context(HANA, in_room=False))
    event = only(UpdatePublished, outcome)
    assert (event.next, event.none_because) == ({INTERNAL: None}, "The vendor repairs it")
    assert only(PromiseMade, outcome).due is None
    assert words(outcome.reply) == "Update 1 is out to internal."


def test_none_and_another_time_contradict_each_other() -> None:
    sent = context(HANA, submitted=True)
    form = form_of(full(sent, next="none", other_time="2h", reason="waiting"))
    assert fields(form)["other_time"].finding == "Choose a time, or none with a reason."


def test_where_the_policy_demands_no_moment_its_interval_is_promised() -> None:
    lax = replace(POLICY, standards={})
    outcome = published(TEAM, update.SPEC, context(HANA), lax, what="Cards fail.", to="internal stakeholders")
    assert only(UpdatePublished, outcome).next == {INTERNAL: moment("10:50")}


def test_a_status_within_an_update_has_no_line_of_its_own() -> None:
    outcome = full(context(HANA), next="30m", status="identified")
    changed = only(StatusChanged, outcome)
    assert changed == StatusChanged(status=Status.IDENTIFIED, before=Status.INVESTIGATING, within_update=True)
    assert only(UpdatePublished, outcome).status is Status.IDENTIFIED


def test_the_standing_status_is_no_change() -> None:
    outcome = full(context(HANA), next="30m", status="investigating")
    assert "StatusChanged" not in kinds(outcome)


def test_a_new_status_promises_anew_to_those_who_expected_none_and_are_not_told_now() -> None:
    quiet = TEAM
    for audience in (INTERNAL, CUSTOMERS):
        quiet = grown(quiet, AT, HANA, *by_next(quiet, (audience,), None, "vendor", AT, POLICY))
    outcome = full(context(HANA), quiet, next="30m", status="identified")
    made = [event for event in outcome.events if isinstance(event, PromiseMade)]
    assert {event.audience: event.cause for event in made} == {INTERNAL: "update", CUSTOMERS: "status"}


def test_while_resolved_an_update_is_the_final_word_and_promises_nothing() -> None:
    outcome = full(context(HANA), resolved())
    event = only(UpdatePublished, outcome)
    assert (event.final, event.next) == (True, {})
    assert "PromiseMade" not in kinds(outcome)


def test_while_resolved_a_status_is_not_set_by_an_update() -> None:
    command = update.PublishUpdate(what="Cards fail.", status=Status.MONITORING)
    refusal = refused(lambda: update.decide(resolved(), command, context(HANA), POLICY))
    assert refusal.sentence == "INC-42 is resolved: `reopen REASON` before its status."


def test_an_ended_incident_has_no_updates() -> None:
    closed = grown(resolved(), AT, BEN, Closed())
    assert refused(lambda: full(context(HANA), closed)).sentence.startswith("INC-42 is closed")


def test_a_promised_repair_time_is_told_at_its_field_to_people_outside() -> None:
    sent = context(HANA, submitted=True)
    form = form_of(full(sent, expect="We are back by 04:00 UTC.", to="customers", next="30m"))
    finding = "'back by 04:00' promises a repair time: promise the next update instead."
    assert fields(form)["expect"].finding == finding
    assert "publish_as_it_is" in fields(form)


def test_the_reason_to_publish_as_it_is_stands_in_no_fresh_form() -> None:
    assert "publish_as_it_is" not in fields(form_of(decided(TEAM, update.SPEC, context(HANA))))


def test_with_a_reason_it_is_published_as_it_is() -> None:
    said_so = {"expect": "We are back by 04:00 UTC.", "publish_as_it_is": "Legal asked for it"}
    values = {**FULL, **said_so, "to": "customers", "next": "30m"}
    outcome = published(TEAM, update.SPEC, context(HANA), POLICY, **values)
    assert only(UpdatePublished, outcome)
    assert only(NoteAdded, outcome).text == (
        "Update 1 was published as it is: Legal asked for it. Found: "
        "'back by 04:00' promises a repair time: promise the next update instead."
    )


def test_internal_words_are_free() -> None:
    assert only(UpdatePublished, full(context(HANA), expect="We are back by 04:00 UTC.", next="30m"))


def test_the_composer_ticks_who_is_due_for_those_who_may_tell_them() -> None:
    late = context(HANA, moment("10:40"))
    assert fields(form_of(decided(TEAM, update.SPEC, late)))["to"].value == "internal customers"
    assert fields(form_of(decided(TEAM, update.SPEC, context(HANA))))["to"].value == "internal"
    assert fields(form_of(decided(TEAM, update.SPEC, context(CHEN, moment("10:40")))))["to"].value == "internal"


def test_the_composer_ticks_nobody_more_once_something_was_typed() -> None:
    form = form_of(said(TEAM, update.SPEC, "Cards fail.", context(HANA, moment("10:40"))))
    assert fields(form)["to"].value == "internal"


def test_the_composer_is_prefilled_from_the_last_update_to_the_same_audience() -> None:
    form = fields(
        form_of(decided(told(INTERNAL, CUSTOMERS, words="Cards."), update.SPEC, context(HANA), to="customers"))
    )
    assert {name: form[name].value for name in ("what", "steps", "who", "words")} == {
        "what": "Cards fail.",
        "steps": "Looking",
        "who": "EU",
        "words": "Cards.",
    }
    assert "words" in fields(form_of(decided(told(INTERNAL), update.SPEC, context(HANA))))


def test_words_from_before_the_resolution_are_not_proposed_as_the_final_word() -> None:
    after = resolved(told(INTERNAL, CUSTOMERS, words="Cards."))
    form = fields(form_of(decided(after, update.SPEC, context(HANA), to="customers")))
    assert {name: form[name].value for name in ("what", "steps", "who", "words", "to")} == {
        "what": "",
        "steps": "",
        "who": "",
        "words": "",
        "to": "customers",
    }


def test_the_composer_proposes_the_policys_next_moment() -> None:
    assert fields(form_of(decided(TEAM, update.SPEC, context(HANA))))["next"].value == "30m"
    calm = staffed(declared("medium"))
    form = fields(form_of(decided(calm, update.SPEC, context(HANA))))
    assert (form["next"].value, form["other_time"].value) == ("", "4h")


def test_the_composer_offers_the_usual_moments() -> None:
    form = fields(form_of(decided(TEAM, update.SPEC, context(HANA))))
    assert [option.value for option in form["next"].options] == ["15m", "30m", "60m", "none"]


def test_a_moment_that_was_named_is_not_proposed_again() -> None:
    form = fields(form_of(said(TEAM, update.SPEC, "Cards fail. next:15m", context(CHEN))))
    assert form["next"].value == "15m"
    assert form["other_time"].value == ""


def test_where_no_clock_holds_the_composer_proposes_no_moment() -> None:
    form = fields(form_of(decided(TEAM, update.SPEC, context(HANA), to="stakeholders")))
    assert (form["next"].value, form["other_time"].value) == ("", "")


def test_the_composer_asks_for_no_moment_while_resolved() -> None:
    form = fields(form_of(decided(resolved(), update.SPEC, context(HANA))))
    assert not {"next", "other_time", "reason", "status"} & set(form)


def test_a_private_incident_asks_for_no_audience() -> None:
    form = fields(form_of(decided(staffed(declared(private=True)), update.SPEC, context(HANA))))
    assert not {"to", "words"} & set(form)


def test_above_the_form_stands_what_is_known() -> None:
    known = grown(told(INTERNAL), AT, ANA, DetectedSet(detected_at=moment("09:52")))
    above = form_of(decided(known, update.SPEC, context(HANA))).above
    assert above == ("Detected ", above[1], ", last update ", above[3], ".")
    assert form_of(decided(TEAM, update.SPEC, context(HANA))).above[0] == "Declared "
    assert update.SPEC.above is not None
    assert update.SPEC.above(Incident(number=1), POLICY) == ()


def test_the_proposal_is_the_soonest_of_the_audiences() -> None:
    both = decided(TEAM, update.SPEC, context(HANA), to="customers internal")
    assert fields(form_of(both))["next"].value == "30m"
    assert fields(form_of(decided(TEAM, update.SPEC, context(HANA), to="customers")))["next"].value == "60m"


def test_an_incident_without_a_commander_is_told_of_by_who_declared() -> None:
    alone = grown(TEAM, AT, BEN, RoleReleased(role=COMMANDER, person=BEN))
    assert form_of(said(alone, update.SPEC, "Cards fail. to:stakeholders", context(ANA)))


@pytest.mark.parametrize(
    ("length", "typed"),
    [
        (timedelta(seconds=45), "45s"),
        (30 * MINUTE, "30m"),
        (60 * MINUTE, "60m"),
        (90 * MINUTE, "1h30m"),
        (240 * MINUTE, "4h"),
    ],
)
def test_lengths_are_proposed_as_people_type_them(length: timedelta, typed: str) -> None:
    assert typed_length(length) == typed


def test_audiences_are_read_as_the_policy_writes_them() -> None:
    loud = replace(POLICY, audiences={**POLICY.audiences, "VIP": Audience(name="VIP")})
    assert audiences_in({"to": "Internal, vip partners"}, loud) == (INTERNAL, "VIP", "partners")
    assert audiences_in({"to": STAKEHOLDERS}, POLICY) == (STAKEHOLDERS,)
    assert audiences_in({}, POLICY) == (INTERNAL,)
