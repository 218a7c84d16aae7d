"""`resolve`, `close`, `reopen`, `cancel`, `duplicate`, `waive`: nobody who was told is left without the end of it."""

from dataclasses import replace

import pytest

from bot.commands import cancel, close, duplicate, reopen, resolve, services, status_words, waive
from bot.commands.spec import Context, Outcome, Spec
from bot.decide import decide
from bot.events import (
    Cancelled,
    Closed,
    Event,
    MarkedDuplicate,
    PromiseEnded,
    PromiseMade,
    Related,
    Reopened,
    Resolved,
    UpdatePublished,
    VisibilityChanged,
)
from bot.incident import Incident
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS
from bot.promises import by_resolve, by_waiver
from tests.core.asking import decided, fields, form_of, kinds, only, refused, said
from tests.core.builders import BEN, CHEN, HANA, POLICY, context, declared, grown, moment, staffed, words
from tests.scenario import MINUTE

AT = moment("10:40")
TEAM = staffed(declared())
HOW = {"how": "Release 5.8 was rolled back.", "verified": "200 test payments went through."}


def told(*audiences: str, incident: Incident = TEAM) -> Incident:
    return grown(incident, moment("10:20"), HANA, UpdatePublished(number=1, audiences=audiences, what="Cards fail."))


def resolved(incident: Incident = TEAM) -> Incident:
    ended = by_resolve(incident, frozenset(), AT, POLICY)
    return grown(incident, AT, BEN, Resolved(how="Rolled back", verified="Watched"), *ended)


def closed(incident: Incident = TEAM) -> Incident:
    return grown(resolved(incident), AT, BEN, Closed())


def sent(incident: Incident, spec: Spec, **values: str) -> Outcome:
    """What the submitted form comes to."""
    return decide(incident, spec, values, context(BEN, AT, submitted=True), POLICY, submitted=True)


def ended(outcome: Outcome) -> dict[str, str]:
    """What became of each promise."""
    return {event.audience: event.outcome for event in outcome.events if isinstance(event, PromiseEnded)}


def at() -> Context:
    """Ben, who leads, at twenty to eleven."""
    return context(BEN, AT)


# resolve


def test_resolve_says_how_and_how_that_was_verified() -> None:
    line = "Rolled back 4.2 verified:errors normal for 20 min"
    outcome = said(TEAM, resolve.SPEC, line, at())
    assert only(Resolved, outcome) == Resolved(how="Rolled back 4.2", verified="errors normal for 20 min")
    assert outcome.reply is None


@pytest.mark.parametrize("line", ["", "Rolled back 4.2", "verified:errors normal"])
def test_resolve_asks_for_what_is_missing_of_the_two(line: str) -> None:
    form = form_of(said(TEAM, resolve.SPEC, line, at()))
    assert list(fields(form)) == ["how", "verified"]
    assert all(field.required for field in form.fields)


def test_how_it_was_checked_is_not_how_it_was_resolved() -> None:
    form = form_of(sent(TEAM, resolve.SPEC, how="Rolled back.", verified="rolled  back"))
    assert fields(form)["verified"].finding == "Say how it was checked; this repeats how it was resolved."


@pytest.mark.parametrize("answer", ["No", "not yet", "n/a", "-", "None."])
def test_unverified_stays_open(answer: str) -> None:
    refusal = refused(lambda: said(TEAM, resolve.SPEC, f"Rolled back verified:{answer}", at()))
    assert refusal.sentence == (
        "INC-42 stays open until its fix is verified: say how in the second field of `resolve`."
    )


def test_the_fields_that_the_policy_asks_for_are_asked_for() -> None:
    strict = replace(POLICY, required={"resolve": ("services",)})
    form = form_of(decided(TEAM, resolve.SPEC, at(), strict, **HOW))
    assert fields(form)["services"].required
    outcome = decided(TEAM, resolve.SPEC, at(), strict, **HOW, services="checkout, search")
    assert only(Resolved, outcome).services == ("checkout", "search")


def test_a_field_that_resolve_does_not_have_is_named_with_the_words_that_set_it() -> None:
    strict = replace(POLICY, required={"resolve": ("impact", "detected", "services")})
    refusal = refused(lambda: decided(TEAM, resolve.SPEC, at(), strict, **HOW, services="checkout"))
    assert refusal.sentence == (
        "To resolve INC-42 the policy asks for impact and detected: `impact LEVEL` and `detected WHEN`."
    )


def test_any_step_may_ask_for_fields() -> None:
    strict = replace(POLICY, required={"identified": ("services",), "services": ("services", "impact")})

    refusal = refused(lambda: decided(TEAM, status_words.IDENTIFIED, at(), strict))
    assert refusal.sentence == "For `identified` in INC-42 the policy asks for services: `services NAME`."
    refusal = refused(lambda: decided(TEAM, services.SPEC, at(), strict, names="web"))
    assert refusal.sentence == "For `services` in INC-42 the policy asks for impact: `impact LEVEL`."
    known = replace(TEAM, services=("web",))
    assert kinds(decided(known, status_words.IDENTIFIED, at(), strict))


def test_known_services_are_not_asked_for() -> None:
    strict = replace(POLICY, required={"resolve": ("services",)})
    known = replace(TEAM, services=("checkout",))
    assert kinds(decided(known, resolve.SPEC, at(), strict, **HOW))[0] == "Resolved"


def test_the_resolution_is_internals_final_word_and_ends_the_other_promises() -> None:
    outcome = decided(TEAM, resolve.SPEC, at(), POLICY, **HOW)
    assert ended(outcome) == {INTERNAL: "missed", CUSTOMERS: "ended"}
    assert "PromiseMade" not in kinds(outcome)


def test_row_15_customers_who_were_told_are_owed_the_word_that_it_is_resolved() -> None:
    outcome = decided(told(CUSTOMERS), resolve.SPEC, at(), POLICY, **HOW)
    made = only(PromiseMade, outcome)
    assert (made.audience, made.cause, made.due) == (CUSTOMERS, "final", moment("10:55"))


def test_words_for_customers_are_asked_for_only_if_they_were_told() -> None:
    assert "words" not in fields(form_of(decided(TEAM, resolve.SPEC, at())))
    form = fields(form_of(decided(told(CUSTOMERS), resolve.SPEC, at())))
    assert not form["words"].required


def test_customers_are_not_told_by_a_typed_line_alone() -> None:
    line = "Rolled back verified:Watched for 20 min words:Cards work again."
    form = form_of(said(told(CUSTOMERS), resolve.SPEC, line, at()))
    assert fields(form)["words"].value == "Cards work again."


def test_a_submitted_form_tells_customers_in_their_words() -> None:
    outcome = sent(told(CUSTOMERS), resolve.SPEC, **HOW, words="Cards work again.")
    event = only(UpdatePublished, outcome)
    assert (event.number, event.audiences, event.words, event.final) == (2, (CUSTOMERS,), "Cards work again.", True)
    assert "PromiseMade" not in kinds(outcome)


def test_a_submitted_form_tells_stakeholders_how_and_how_that_was_verified() -> None:
    outcome = sent(told(STAKEHOLDERS, CUSTOMERS), resolve.SPEC, **HOW)
    event = only(UpdatePublished, outcome)
    assert (event.audiences, event.words) == ((STAKEHOLDERS,), "")
    assert event.what == "Resolved: Release 5.8 was rolled back."
    assert event.expect == "Verified: 200 test payments went through."
    assert only(PromiseMade, outcome).audience == CUSTOMERS


def test_who_resolves_reads_who_else_is_told() -> None:
    form = form_of(decided(told(STAKEHOLDERS), resolve.SPEC, at()))
    assert form.above == ("Stakeholders were told of it and read both answers.",)
    assert form_of(decided(told(CUSTOMERS), resolve.SPEC, at())).above == ()


def test_a_typed_line_tells_no_stakeholders() -> None:
    outcome = decided(told(STAKEHOLDERS), resolve.SPEC, at(), POLICY, **HOW)
    assert "UpdatePublished" not in kinds(outcome)
    assert only(PromiseMade, outcome).audience == STAKEHOLDERS


def test_resolving_a_resolved_incident_changes_nothing() -> None:
    outcome = decided(resolved(), resolve.SPEC, at(), POLICY, **HOW)
    assert (outcome.events, words(outcome.reply, AT)) == ((), "INC-42 is resolved since 10:40 UTC; nothing changed.")


def test_an_ended_incident_is_not_resolved() -> None:
    assert refused(lambda: decided(closed(), resolve.SPEC, at(), POLICY, **HOW)).sentence.startswith(
        "INC-42 is closed since"
    )


def test_resolving_is_for_the_commander_or_the_communications_officer() -> None:
    refusal = refused(lambda: decided(TEAM, resolve.SPEC, context(CHEN, AT), POLICY, **HOW))
    assert refusal.sentence == (
        "Resolving INC-42 is for the incident commander or communications officer: ask @Ben or @Hana."
    )


# close


def test_a_resolved_incident_is_closed() -> None:
    assert kinds(decided(resolved(), close.SPEC, at())) == ["Closed"]


def test_an_open_incident_is_resolved_first() -> None:
    refusal = refused(lambda: decided(TEAM, close.SPEC, at()))
    assert refusal.sentence == ("INC-42 is still investigating: `resolve` it first, or `cancel REASON` a false alarm.")


def test_closing_is_refused_while_a_final_word_is_owed() -> None:
    refusal = refused(lambda: decided(resolved(told(CUSTOMERS)), close.SPEC, at()))
    assert refusal.sentence == (
        "Customers were told of INC-42 and not that it is resolved: "
        "say so by `update to:customers`, or `waive customers REASON`."
    )


def test_closing_goes_on_once_it_was_said_or_waived() -> None:
    owed = resolved(told(CUSTOMERS))
    heard = grown(owed, AT, HANA, UpdatePublished(number=2, audiences=(CUSTOMERS,), what="Works.", final=True))
    waived = grown(owed, AT, BEN, *by_waiver(owed, CUSTOMERS, "maintenance page says it", AT))
    assert kinds(decided(heard, close.SPEC, at()))[0] == "Closed"
    assert kinds(decided(waived, close.SPEC, at()))[0] == "Closed"


def test_an_audience_that_the_policy_no_longer_has_holds_up_no_close() -> None:
    without = {name: audience for name, audience in POLICY.audiences.items() if name != CUSTOMERS}
    untimed = tuple(replace(each, update_every={INTERNAL: MINUTE}) for each in POLICY.priorities)
    later = replace(POLICY, audiences=without, priorities=untimed)
    assert kinds(decided(resolved(told(CUSTOMERS)), close.SPEC, at(), later))[0] == "Closed"


def test_closing_asks_for_the_fields_that_the_policy_names() -> None:
    strict = replace(POLICY, required={"close": ("bridge",)})
    refusal = refused(lambda: decided(resolved(), close.SPEC, at(), strict))
    assert refusal.sentence == "To close INC-42 the policy asks for bridge: `bridge URL`."


def test_closing_a_closed_incident_changes_nothing() -> None:
    assert decided(closed(), close.SPEC, at()).events == ()


# reopen


@pytest.mark.parametrize("incident", [resolved(), closed()])
def test_reopening_promises_as_at_the_declaration(incident: Incident) -> None:
    outcome = said(incident, reopen.SPEC, "card errors at 6 %", at())
    assert outcome.events[0] == Reopened(reason="card errors at 6 %")
    made = {event.audience: event.due for event in outcome.events if isinstance(event, PromiseMade)}
    assert made == {INTERNAL: moment("11:10"), CUSTOMERS: moment("11:40")}


def test_reopening_an_open_incident_changes_nothing() -> None:
    outcome = said(TEAM, reopen.SPEC, "card errors", at())
    assert words(outcome.reply) == "INC-42 is investigating since 10:00 UTC; nothing changed."


# cancel and duplicate


def test_row_19_a_false_alarm_ends_all_promises() -> None:
    outcome = said(TEAM, cancel.SPEC, "a probe was set wrongly", context(BEN, moment("10:28")))
    assert outcome.events[0] == Cancelled(reason="a probe was set wrongly")
    assert ended(outcome) == {INTERNAL: "ended", CUSTOMERS: "ended"}


def test_who_was_told_of_a_false_alarm_is_told_its_end_by_a_form() -> None:
    form = fields(form_of(said(told(CUSTOMERS), cancel.SPEC, "a probe", at())))
    assert form["words"].required
    typed = said(told(CUSTOMERS), cancel.SPEC, "a probe words:Nothing was wrong.", at())
    assert fields(form_of(typed))["words"].value == "Nothing was wrong."
    assert "words" not in fields(form_of(decided(TEAM, cancel.SPEC, at())))


def test_the_submitted_form_cancels_and_tells_them() -> None:
    outcome = sent(told(CUSTOMERS, STAKEHOLDERS), cancel.SPEC, reason="a probe", words="Nothing was wrong.")
    event = only(UpdatePublished, outcome)
    assert (event.audiences, event.final) == ((CUSTOMERS, STAKEHOLDERS), True)
    assert (event.what, event.words, event.none_because) == (
        "Nothing was wrong.",
        "Nothing was wrong.",
        "it was a false alarm",
    )
    assert ended(outcome) == {CUSTOMERS: "kept", INTERNAL: "missed"}


def test_a_decision_without_their_words_is_refused() -> None:
    command = cancel.CancelIncident(reason="a probe", words="Nothing was wrong.")
    refusal = refused(lambda: cancel.decide(told(STAKEHOLDERS), command, at(), POLICY))
    assert refusal.sentence == (
        "Stakeholders were told of INC-42: write their last words in the form of `cancel`, "
        "or `waive stakeholders REASON`."
    )


def test_with_a_waiver_it_is_cancelled_without_words() -> None:
    before = told(CUSTOMERS)
    waived = grown(before, AT, BEN, *by_waiver(before, CUSTOMERS, "nobody noticed", AT))
    assert kinds(said(waived, cancel.SPEC, "a probe", at()))[0] == "Cancelled"


def test_a_resolved_incident_is_no_false_alarm_any_more() -> None:
    refusal = refused(lambda: said(resolved(), cancel.SPEC, "a probe", at()))
    assert refusal.sentence == "INC-42 is resolved since 11:40 (10:40 UTC): if the trouble is back, `reopen REASON`."


def test_cancelling_twice_changes_nothing() -> None:
    over = grown(TEAM, AT, BEN, Cancelled(reason="a probe"))
    assert words(said(over, cancel.SPEC, "a probe", at()).reply, AT).startswith("INC-42 is cancelled since 10:40 UTC;")


def other(number: int = 41, *events: Event, private: bool = False) -> Incident:
    return grown(declared(number=number, private=private, by=HANA), AT, HANA, *events)


def test_a_duplicate_ends_and_the_other_names_it() -> None:
    outcome = said(TEAM, duplicate.SPEC, "INC-41", context(BEN, AT, others=(other(),)))
    assert outcome.events[0] == MarkedDuplicate(of=41)
    assert outcome.related == {41: (Related(number=42, how="duplicate of this"),)}
    assert ended(outcome) == {INTERNAL: "missed", CUSTOMERS: "ended"}


def test_the_other_must_be_there_and_be_seen() -> None:
    missing = refused(lambda: said(TEAM, duplicate.SPEC, "57", context(BEN, AT, others=(other(),))))
    hidden = refused(lambda: said(TEAM, duplicate.SPEC, "57", context(BEN, AT, others=(other(57, private=True),))))
    assert missing.sentence == hidden.sentence == "There is no INC-57 that you can see: look at `list`."


def test_an_incident_is_no_duplicate_of_itself() -> None:
    refusal = refused(lambda: said(TEAM, duplicate.SPEC, "INC-42", context(BEN, AT, others=(TEAM,))))
    assert refusal.sentence == "INC-42 cannot be a duplicate of itself: name the other incident."


def test_of_a_duplicate_the_first_one_is_named() -> None:
    chain = other(41, MarkedDuplicate(of=40))
    refusal = refused(lambda: said(TEAM, duplicate.SPEC, "41", context(BEN, AT, others=(chain,))))
    assert refusal.sentence == "INC-41 is a duplicate of INC-40 itself: name INC-40."


def test_a_public_incident_does_not_name_a_private_one() -> None:
    seen = context(HANA, AT, others=(other(41, VisibilityChanged(private=True)),))
    refusal = refused(lambda: said(TEAM, duplicate.SPEC, "41", seen))
    assert refusal.sentence == "INC-41 is private, so INC-42 may not name it: `cancel REASON` ends it without."


def test_a_private_incident_is_not_named_on_a_public_timeline() -> None:
    private = staffed(declared(private=True))
    outcome = said(private, duplicate.SPEC, "41", context(BEN, AT, others=(other(),)))
    assert (outcome.events[0], outcome.related) == (MarkedDuplicate(of=41), {})


def test_the_same_duplicate_again_changes_nothing() -> None:
    over = grown(TEAM, AT, BEN, MarkedDuplicate(of=41))
    same = said(over, duplicate.SPEC, "41", context(BEN, AT, others=(other(),)))
    assert words(same.reply, AT) == "INC-42 is a duplicate of INC-41 since 10:40 UTC; nothing changed."
    assert refused(lambda: said(over, duplicate.SPEC, "40", context(BEN, AT, others=(other(40),))))


# waive


def test_a_waiver_ends_what_is_owed_and_keeps_the_reason() -> None:
    outcome = said(resolved(told(CUSTOMERS)), waive.SPEC, "customers the banner says it", at())
    event = only(PromiseEnded, outcome)
    assert (event.audience, event.outcome, event.reason) == (CUSTOMERS, "waived", "the banner says it")
    assert words(outcome.reply) == "Customers are owed no final word on INC-42."


def test_a_waiver_comes_before_the_end_too() -> None:
    assert kinds(said(told(CUSTOMERS), waive.SPEC, "customers nobody noticed", at())) == ["PromiseEnded"]


def test_internal_is_never_waived() -> None:
    assert refused(lambda: said(TEAM, waive.SPEC, "internal why not", at())).field == "audience"


def test_nothing_owed_is_nothing_to_waive() -> None:
    refusal = refused(lambda: said(TEAM, waive.SPEC, "customers why not", at()))
    assert refusal.sentence == "Customers were told nothing of INC-42: nothing is to be waived."


def test_a_waiver_twice_changes_nothing() -> None:
    before = told(CUSTOMERS)
    waived = grown(before, AT, BEN, *by_waiver(before, CUSTOMERS, "nobody noticed", AT))
    outcome = said(waived, waive.SPEC, "customers nobody noticed", at())
    assert words(outcome.reply) == "Customers are owed no further word on INC-42; nothing changed."


def test_an_ended_incident_owes_nothing_to_waive() -> None:
    assert refused(lambda: said(closed(), waive.SPEC, "customers why not", at()))
