"""`priority`, `title`, `impact`, `urgency`, `services`, `detected`, `bridge`, `visibility`."""

from dataclasses import replace

import pytest

from bot.commands import bridge, detected, impact, priority, services, title, urgency, visibility
from bot.commands.spec import Context, Outcome, Spec
from bot.events import (
    BridgeSet,
    Cancelled,
    Declared,
    DetectedSet,
    ImpactSet,
    PriorityChanged,
    PromiseEnded,
    PromiseMade,
    Resolved,
    ServicesSet,
    TitleChanged,
    UrgencySet,
    VisibilityChanged,
)
from bot.grading import by_matrix
from bot.incident import Incident
from bot.policy import INTERNAL, Policy
from bot.promises import at_declaration
from tests.core.asking import fields, form_of, kinds, labels, only, refused, said
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    HANA,
    HOUR,
    POLICY,
    TEN,
    context,
    declared,
    grown,
    moment,
    staffed,
    words,
)

OPEN = staffed(declared())
"""Critical, confirmed; Ben commands, Hana writes."""
NOW = context(BEN)
OUTSIDE = context(BEN, in_room=False)
RESOLVED = grown(OPEN, TEN, BEN, Resolved(how="x", verified="y"))
CANCELLED = grown(OPEN, TEN, BEN, Cancelled(reason="a probe"))


def unconfirmed() -> Incident:
    first = Declared(title="Checkout is down", priority="high", confirmed=False)
    return grown(Incident(number=42), TEN, ANA, first, *at_declaration("high", False, POLICY, TEN))


def of(spec: Spec, text: str, incident: Incident = OPEN, asked: Context = NOW, policy: Policy = POLICY) -> Outcome:
    return said(incident, spec, text, asked, policy)


# -------------------------------------------------------------------------------------------------------- Priority


def test_a_priority_is_set_and_its_promises_follow() -> None:
    low = staffed(declared("low"))
    outcome = of(priority.SPEC, "P1 all of Europe is affected", low)

    assert only(PriorityChanged, outcome) == PriorityChanged(
        priority="critical", before="low", reason="all of Europe is affected"
    )
    made = {event.audience: event.due for event in outcome.events if isinstance(event, PromiseMade)}
    assert made == {INTERNAL: moment("10:30"), "customers": moment("11:20")}


def test_in_the_room_the_rooms_own_line_says_it() -> None:
    assert of(priority.SPEC, "low").reply is None
    assert words(of(priority.SPEC, "low", asked=OUTSIDE).reply) == "INC-42 is low, before critical."


def test_naming_the_standing_priority_confirms_it_where_nobody_chose_it() -> None:
    outcome = of(priority.SPEC, "high", unconfirmed(), context(ANA))

    assert only(PriorityChanged, outcome) == PriorityChanged(priority="high", before="high")
    assert words(outcome.reply) == "INC-42: High is confirmed."


def test_a_priority_that_stands_is_not_set_again() -> None:
    outcome = of(priority.SPEC, "sev1")

    assert outcome.events == ()
    assert words(outcome.reply) == "INC-42 is critical since 10:00 UTC; nothing changed."


def test_a_button_sets_a_priority_by_its_level() -> None:
    form = form_of(of(priority.SPEC, ""))

    assert list(fields(form)) == ["level", "reason"]


def test_what_is_resolved_or_ended_is_graded_no_more() -> None:
    assert "INC-42 is resolved since" in refused(lambda: of(priority.SPEC, "low", RESOLVED)).sentence
    assert "`reopen REASON`" in refused(lambda: of(priority.SPEC, "low", CANCELLED)).sentence


# ---------------------------------------------------------------------------------------------- Impact and urgency


def test_impact_alone_waits_for_urgency() -> None:
    outcome = of(impact.SPEC, "high")

    assert outcome.events == (ImpactSet(level="high"),)
    assert words(outcome.reply) == "High impact. With `urgency LEVEL` they give the priority."


def test_urgency_alone_waits_for_impact() -> None:
    outcome = of(urgency.SPEC, "low")

    assert outcome.events == (UrgencySet(level="low"),)
    assert "impact LEVEL" in words(outcome.reply)


def test_both_together_give_the_priority_by_the_matrix() -> None:
    known = grown(OPEN, TEN, BEN, ImpactSet(level="high"))
    outcome = of(urgency.SPEC, "medium", known)

    assert only(UrgencySet, outcome).level == "medium"
    assert only(PriorityChanged, outcome) == PriorityChanged(priority="high", before="critical", derived=True)
    assert words(outcome.reply) == "High, from impact and urgency."


def test_the_priority_that_stands_is_not_set_again_by_the_matrix() -> None:
    known = grown(OPEN, TEN, BEN, UrgencySet(level="high"))
    outcome = of(impact.SPEC, "high", known)

    assert kinds(outcome) == ["ImpactSet"]
    assert words(outcome.reply) == "Critical, from impact and urgency."


def test_the_matrix_confirms_a_priority_nobody_chose() -> None:
    known = grown(unconfirmed(), TEN, ANA, UrgencySet(level="medium"))

    assert only(PriorityChanged, of(impact.SPEC, "high", known, context(CHEN))).confirmed


def test_a_chosen_priority_stands_for_those_who_may_not_choose() -> None:
    known = grown(OPEN, TEN, BEN, UrgencySet(level="low"))
    outcome = of(impact.SPEC, "low", known, context(CHEN))

    assert kinds(outcome) == ["ImpactSet"]
    assert words(outcome.reply).startswith("INC-42 stays critical, as somebody chose it. Impact and urgency say low.")
    assert labels(outcome.reply) == ["Set low"]


def test_a_priority_that_came_from_the_matrix_goes_on_following_it() -> None:
    known = grown(OPEN, TEN, BEN, UrgencySet(level="high"), ImpactSet(level="high"))

    assert only(PriorityChanged, of(impact.SPEC, "low", known, context(CHEN))).priority == "medium"


@pytest.mark.parametrize("state", [RESOLVED, CANCELLED])
def test_what_a_step_still_asks_for_can_be_said_of_what_is_resolved_or_ended(state: Incident) -> None:
    outcome = of(urgency.SPEC, "low", grown(state, TEN, BEN, ImpactSet(level="low")))

    assert outcome.events == (UrgencySet(level="low"),)
    assert words(outcome.reply) == "INC-42 has low impact and low urgency. Its priority stays."


def test_a_level_that_stands_is_not_set_again() -> None:
    known = grown(OPEN, TEN, BEN, ImpactSet(level="high"))

    assert words(of(impact.SPEC, "high", known).reply) == "INC-42 has high impact; nothing changed."


def test_a_matrix_with_a_gap_leaves_the_priority_as_it_is() -> None:
    known = grown(OPEN, TEN, BEN, ImpactSet(level="high"))
    outcome = of(urgency.SPEC, "high", known, policy=replace(POLICY, matrix={}))

    assert kinds(outcome) == ["UrgencySet"]
    assert words(outcome.reply) == "INC-42 has high impact and high urgency. Its priority stays."
    assert by_matrix("high", "high", replace(POLICY, matrix={})) == ""


# ----------------------------------------------------------------------------------------------------------- Title


def test_a_title_is_changed() -> None:
    outcome = of(title.SPEC, "Card  payments fail")

    assert outcome.events == (TitleChanged(title="Card payments fail"),)
    assert outcome.reply is None
    assert words(of(title.SPEC, "Other", asked=OUTSIDE).reply) == "INC-42 has its new title."


def test_the_same_title_changes_nothing() -> None:
    assert words(of(title.SPEC, "Checkout is down").reply) == "INC-42 has that title; nothing changed."


def test_the_title_form_shows_the_title() -> None:
    assert fields(form_of(of(title.SPEC, "")))["title"].value == "Checkout is down"


def test_a_title_of_more_than_100_characters_is_shortened_by_its_author() -> None:
    assert refused(lambda: of(title.SPEC, "x" * 101)).sentence == "Shorten the title to 100 characters."


# -------------------------------------------------------------------------------------------------------- Services


def test_services_are_named_and_taken_back() -> None:
    named = of(services.SPEC, "checkout, card payments")
    known = grown(OPEN, TEN, BEN, *named.events)
    none = of(services.SPEC, "none", known)

    assert named.events == (ServicesSet(services=("checkout", "card payments")),)
    assert words(named.reply) == "INC-42 affects checkout and card payments."
    assert none.events == (ServicesSet(services=()),)
    assert words(none.reply) == "INC-42 affects no service that is named."
    assert of(services.SPEC, "checkout, card payments", known).events == ()


# -------------------------------------------------------------------------------------------------------- Detected


def test_when_it_was_noticed_is_read_looking_back() -> None:
    outcome = of(detected.SPEC, "10:52")

    assert outcome.events == (DetectedSet(detected_at=moment("09:52")),)
    assert words(outcome.reply) == "INC-42 was detected at 09:52 UTC."


def test_a_zone_not_yet_known_is_named() -> None:
    unknown = replace(NOW, zone="Etc/UTC", zone_known=False)

    assert words(of(detected.SPEC, "09:52", asked=unknown).reply) == (
        "INC-42 was detected at 09:52 UTC. Read in the organisation's zone, Etc/UTC."
    )


def test_the_same_moment_changes_nothing() -> None:
    known = grown(OPEN, TEN, BEN, DetectedSet(detected_at=moment("09:52")))

    assert words(of(detected.SPEC, "10:52", known).reply) == "INC-42 was detected at 09:52 UTC; nothing changed."


def test_a_moment_that_cannot_be_read_is_told_at_its_field() -> None:
    assert refused(lambda: of(detected.SPEC, "half four")).field == "when"


@pytest.mark.parametrize(("spec", "text"), [(title.SPEC, "x"), (services.SPEC, "x"), (detected.SPEC, "1h")])
def test_the_record_is_put_right_after_the_end_too(spec: Spec, text: str) -> None:
    assert of(spec, text, CANCELLED).events


# ---------------------------------------------------------------------------------------------------------- Bridge


def test_a_bridge_is_set_and_taken_back() -> None:
    outcome = of(bridge.SPEC, "https://meet.example.com/42")
    known = grown(OPEN, TEN, BEN, *outcome.events)

    assert outcome.events == (BridgeSet(url="https://meet.example.com/42"),)
    assert words(outcome.reply).startswith("The bridge of INC-42 is https://meet.example.com/42")
    assert of(bridge.SPEC, "None", known).events == (BridgeSet(url=""),)
    assert words(of(bridge.SPEC, "none").reply) == "INC-42 has no bridge; nothing changed."


# ------------------------------------------------------------------------------------------------------ Visibility


def test_a_private_incident_promises_its_room_only() -> None:
    outcome = of(visibility.SPEC, "private")

    assert only(VisibilityChanged, outcome).private is True
    assert [(event.audience, event.outcome) for event in outcome.events if isinstance(event, PromiseEnded)] == [
        ("customers", "ended")
    ]
    assert words(outcome.reply) == (
        "INC-42 is private from now on: only its people see it. "
        "Its room was made for everybody and stays so: close it in the chat."
    )


def test_an_incident_made_public_promises_everybody_the_first_word_from_now() -> None:
    hidden = staffed(declared(private=True))
    outcome = of(visibility.SPEC, "Public", hidden)

    assert only(VisibilityChanged, outcome).private is False
    made = only(PromiseMade, outcome)
    assert (made.audience, made.due) == ("customers", NOW.at + HOUR)
    assert words(outcome.reply) == "INC-42 is public from now on: everybody sees it."


def test_a_visibility_that_stands_changes_nothing() -> None:
    assert words(of(visibility.SPEC, "public").reply) == "INC-42 is public; nothing changed."


def test_visibility_is_for_the_commander() -> None:
    assert refused(lambda: of(visibility.SPEC, "private", asked=context(HANA))).sentence == (
        "Changing who sees INC-42 is for the incident commander: ask @Ben."
    )
