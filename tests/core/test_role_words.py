"""The words about people: role, claim, release, roles, handover, accept, decline."""

from dataclasses import replace

from bot.commands import accept, claim, decline, handover, release, role, roles
from bot.commands.spec import Outcome
from bot.events import (
    Closed,
    HandoverEnded,
    HandoverOffered,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoleWaived,
)
from bot.incident import Incident
from bot.people import Profile
from bot.policy import COMMANDER, COMMS, SCRIBE, SME
from bot.refs import Person
from tests.core.asking import decided, fields, form_of, kinds, labels, only, refused, said
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    DEE,
    HANA,
    LENA,
    MINUTE,
    PEOPLE,
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


def asked(incident: Incident = TEAM, taker: Person = LENA, giver: Person = HANA, held: str = COMMS) -> Incident:
    """The incident with an open request to take a role over."""
    offer = HandoverOffered(role=held, giver=giver, taker=taker, until=AT + 10 * MINUTE)
    return grown(incident, AT, giver, offer)


def after(incident: Incident, outcome: Outcome) -> Incident:
    return grown(incident, AT, BEN, *outcome.events)


def test_a_role_is_given_by_a_typed_line() -> None:
    outcome = said(declared(), role.SPEC, f"comms @{HANA}", context(ANA))
    assert outcome.events == (RoleAssigned(role=COMMS, person=HANA),)
    assert outcome.reply is None


def test_assign_is_another_word_for_it() -> None:
    assert role.SPEC.aliases == ("assign",)


def test_several_people_hold_a_role_for_several() -> None:
    outcome = said(TEAM, role.SPEC, f"sme @{ANA} @{CHEN}", context())
    assert outcome.events == (RoleAssigned(role=SME, person=ANA), RoleAssigned(role=SME, person=CHEN))


def test_a_role_for_one_is_refused_to_two() -> None:
    refusal = refused(lambda: said(TEAM, role.SPEC, f"scribe @{ANA} @{CHEN}", context()))
    assert (refusal.field, refusal.sentence) == ("people", "One person at a time is scribe: name one.")


def test_who_held_a_role_for_one_is_replaced() -> None:
    outcome = said(TEAM, role.SPEC, f"comms @{LENA}", context())
    assert outcome.events == (
        RoleReleased(role=COMMS, person=HANA, reason="replaced"),
        RoleAssigned(role=COMMS, person=LENA),
    )
    assert after(TEAM, outcome).holders(COMMS) == (LENA,)


def test_giving_a_role_to_its_holder_changes_nothing() -> None:
    outcome = said(TEAM, role.SPEC, f"comms @{HANA}", context())
    assert outcome.events == ()
    assert words(outcome.reply) == "@Hana is communications officer of INC-42; nothing changed."


def test_giving_a_role_to_its_holders_changes_nothing() -> None:
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=ANA), RoleAssigned(role=SME, person=CHEN))
    outcome = said(team, role.SPEC, f"sme @{ANA} @{CHEN}", context())
    assert words(outcome.reply) == "@Ana, @Chen are subject matter expert of INC-42; nothing changed."


def test_a_role_without_people_asks_for_them_with_the_first_wanted_role_chosen() -> None:
    form = form_of(decided(declared(), role.SPEC, context(ANA)))
    assert list(fields(form)) == ["role", "people"]
    assert fields(form)["role"].value == COMMANDER
    assert form.title == "Assign role: INC-42"


def test_the_form_proposes_no_role_that_is_filled_waived_or_already_named() -> None:
    assert "role" not in fields(form_of(decided(declared(), role.SPEC, context(ANA), role="comms")))
    team = grown(TEAM, AT, BEN, RoleReleased(role=SCRIBE, person=DEE), RoleWaived(role=SCRIBE, reason="small"))
    assert fields(form_of(decided(team, role.SPEC, context())))["role"].value == ""


def test_none_says_that_the_incident_needs_nobody_in_that_role() -> None:
    outcome = said(declared(), role.SPEC, "scribe none Two people only", context(ANA))
    assert outcome.events == (RoleWaived(role=SCRIBE, reason="Two people only"),)


def test_none_needs_a_reason() -> None:
    refusal = refused(lambda: said(declared(), role.SPEC, "scribe none", context(ANA)))
    assert refusal.sentence == "Say why INC-42 does without a scribe: `role scribe none REASON`."


def test_none_releases_who_holds_the_role_and_ends_the_request_to_take_it_over() -> None:
    outcome = said(asked(giver=DEE, held=SCRIBE), role.SPEC, "scribe none quiet now", context())
    assert kinds(outcome) == ["RoleWaived", "RoleReleased", "HandoverEnded"]


def test_none_a_second_time_changes_nothing() -> None:
    team = grown(TEAM, AT, BEN, RoleWaived(role=SCRIBE, reason="small"))
    outcome = said(team, role.SPEC, "scribe none small", context())
    assert (outcome.events, words(outcome.reply)) == ((), "INC-42 does without a scribe; nothing changed.")


def test_a_role_given_again_is_needed_again() -> None:
    team = grown(declared(), AT, BEN, RoleWaived(role=SCRIBE, reason="small"))
    assert after(team, said(team, role.SPEC, f"scribe @{DEE}", context(ANA))).waived == {}


def test_who_repairs_and_writes_the_updates_is_a_conflict_told_to_the_giver() -> None:
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=CHEN))
    outcome = said(team, role.SPEC, f"comms @{CHEN}", context())
    assert kinds(outcome) == ["RoleReleased", "RoleAssigned"]
    assert words(outcome.reply) == (
        "@Chen now repairs and writes the updates of INC-42. "
        "One of the two usually stops: name another with role comms @person."
    )


def test_the_conflict_is_seen_from_the_other_role_too() -> None:
    outcome = said(TEAM, role.SPEC, f"sme @{HANA}", context())
    assert words(outcome.reply).startswith("@Hana now repairs and writes the updates of INC-42.")


def test_any_two_roles_of_the_policy_can_be_in_each_others_way() -> None:
    outcome = said(TEAM, role.SPEC, f"comms @{BEN}", context())
    assert words(outcome.reply) == (
        "@Ben is now communications officer and incident commander of INC-42. "
        "One of the two usually stops: name another with role comms @person."
    )


def test_roles_that_go_together_are_no_conflict() -> None:
    assert said(TEAM, role.SPEC, f"scribe @{BEN}", context()).reply is None


def test_a_conflict_without_the_communications_officer_names_the_role_just_given() -> None:
    rules = tuple(replace(each, not_with=(SME,)) if each.name == SCRIBE else each for each in POLICY.roles)
    outcome = said(TEAM, role.SPEC, f"sme @{DEE}", context(), replace(POLICY, roles=rules))
    assert words(outcome.reply).endswith("name another with role sme @person.")


def test_a_bot_and_somebody_who_left_take_no_role() -> None:
    people = {**PEOPLE, CHEN: Profile(name="Chen", bot=True), LENA: Profile(name="Lena", gone=True)}
    bot = refused(lambda: said(TEAM, role.SPEC, f"sme @{CHEN}", context(people=people)))
    left = refused(lambda: said(TEAM, handover.SPEC, f"comms @{LENA}", context(HANA, people=people)))
    assert bot.sentence == "@Chen is a bot: name somebody who can answer."
    assert left.sentence == "@Lena has left: name somebody who can answer."


def test_a_guest_takes_a_role_only_where_guests_may_do_what_it_asks() -> None:
    people = {**PEOPLE, CHEN: Profile(name="Chen", guest=True)}
    guests = replace(POLICY, guests=True)

    guest = refused(lambda: said(TEAM, role.SPEC, f"sme @{CHEN}", context(people=people)))
    taken = said(TEAM, role.SPEC, f"sme @{CHEN}", context(people=people), guests)

    assert guest.sentence == "@Chen is a guest: name somebody who can answer."
    assert kinds(taken) == ["RoleAssigned"]


def test_an_ended_incident_gives_no_roles() -> None:
    closed = grown(grown(TEAM, AT, BEN, Resolved(how="a", verified="b")), AT, BEN, Closed())
    refusal = refused(lambda: said(closed, role.SPEC, f"sme @{CHEN}", context()))
    assert refusal.sentence == "INC-42 is closed since 11:20 (10:20 UTC): `reopen REASON` opens it again."


def test_a_resolved_incident_still_does() -> None:
    resolved = grown(TEAM, AT, BEN, Resolved(how="a", verified="b"))
    assert kinds(said(resolved, claim.SPEC, "sme", context(CHEN))) == ["RoleAssigned"]


def test_giving_the_role_to_somebody_ends_the_request_to_take_it_over() -> None:
    outcome = said(asked(), role.SPEC, f"comms @{CHEN}", context())
    assert only(HandoverEnded, outcome).outcome == "overtaken"


def test_giving_a_role_for_several_ends_only_requests_it_settles() -> None:
    team = asked(grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=ANA)), giver=ANA, held=SME)
    assert kinds(said(team, role.SPEC, f"sme @{CHEN}", context())) == ["RoleAssigned"]
    assert kinds(said(team, role.SPEC, f"sme @{LENA}", context())) == ["RoleAssigned", "HandoverEnded"]


def test_claiming_a_vacant_role_takes_it() -> None:
    assert said(declared(), claim.SPEC, "comms", context(HANA)).events == (RoleAssigned(role=COMMS, person=HANA),)


def test_claiming_a_role_somebody_holds_is_refused_with_who_and_what_to_do() -> None:
    refusal = refused(lambda: said(TEAM, claim.SPEC, "comms", context(LENA)))
    assert refusal.sentence == "@Hana is communications officer of INC-42: ask for `handover comms @you`."


def test_claiming_a_role_one_is_asked_to_take_points_to_accept() -> None:
    refusal = refused(lambda: said(asked(), claim.SPEC, "comms", context(LENA)))
    assert refusal.sentence == "@Hana is communications officer of INC-42: `accept comms` takes it over."


def test_claiming_ones_own_role_changes_nothing() -> None:
    outcome = said(TEAM, claim.SPEC, "comms", context(HANA))
    assert (outcome.events, words(outcome.reply)) == (
        (),
        "You are communications officer of INC-42; nothing changed.",
    )


def test_a_role_for_several_can_be_claimed_by_another() -> None:
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=CHEN))
    assert said(team, claim.SPEC, "sme", context(LENA)).events == (RoleAssigned(role=SME, person=LENA),)


def test_releasing_a_role_keeps_the_reason_or_says_released() -> None:
    plain = said(TEAM, release.SPEC, "comms", context(HANA))
    told = said(TEAM, release.SPEC, "comms my shift is over", context(HANA))
    assert plain.events == (RoleReleased(role=COMMS, person=HANA, reason="released"),)
    assert only(RoleReleased, told).reason == "my shift is over"


def test_releasing_ends_the_request_to_take_the_role_over() -> None:
    outcome = said(asked(), release.SPEC, "comms", context(HANA))
    assert outcome.events[1:] == (HandoverEnded(role=COMMS, giver=HANA, taker=LENA, outcome="overtaken"),)


def test_releasing_a_role_one_does_not_hold_is_refused_with_who_does() -> None:
    held = refused(lambda: said(TEAM, release.SPEC, "comms", context(LENA)))
    vacant = refused(lambda: said(TEAM, release.SPEC, "sme", context(LENA)))
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=ANA), RoleAssigned(role=SME, person=CHEN))
    several = refused(lambda: said(team, release.SPEC, "sme", context(LENA)))
    advice = "`role comms @person` names another."
    assert held.sentence == f"You are not communications officer of INC-42, @Hana is: {advice}"
    assert vacant.sentence.startswith("You are not subject matter expert of INC-42, nobody is:")
    assert several.sentence.startswith("You are not subject matter expert of INC-42, @Ana and @Chen are:")


def test_a_holder_asks_somebody_to_take_over_until_a_moment() -> None:
    outcome = said(TEAM, handover.SPEC, f"comms @{LENA}", context(HANA, AT))
    assert outcome.events == (HandoverOffered(role=COMMS, giver=HANA, taker=LENA, until=moment("10:30")),)
    assert words(outcome.reply) == (
        "@Lena is asked to be communications officer of INC-42. Until they accept it stays with @Hana. "
        "The request ends at 10:30 UTC."
    )


def test_the_commander_may_ask_for_somebody_elses_role() -> None:
    assert only(HandoverOffered, said(TEAM, handover.SPEC, f"comms @{LENA}", context(BEN))).giver == HANA


def test_who_declared_may_while_there_is_no_commander() -> None:
    team = grown(declared(), AT, ANA, RoleAssigned(role=COMMS, person=HANA))
    assert only(HandoverOffered, said(team, handover.SPEC, f"comms @{LENA}", context(ANA))).giver == HANA


def test_nobody_else_hands_a_role_over() -> None:
    refusal = refused(lambda: said(TEAM, handover.SPEC, f"comms @{LENA}", context(DEE)))
    assert refusal.sentence == "Only @Hana or the incident commander hands that role of INC-42 over: ask them."


def test_a_vacant_role_is_given_not_handed_over() -> None:
    refusal = refused(lambda: said(declared(), handover.SPEC, f"comms @{LENA}", context(ANA)))
    assert refusal.sentence == "Nobody is communications officer of INC-42: `role comms @person` names somebody."


def test_the_commander_does_not_choose_among_several_holders() -> None:
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=ANA), RoleAssigned(role=SME, person=CHEN))
    refusal = refused(lambda: said(team, handover.SPEC, f"sme @{LENA}", context(BEN)))
    assert refusal.sentence == "Several people are subject matter expert of INC-42: add one by `role sme @person`."


def test_handing_over_to_a_holder_changes_nothing() -> None:
    outcome = said(TEAM, handover.SPEC, f"comms @{HANA}", context(HANA))
    assert (outcome.events, words(outcome.reply)) == (
        (),
        "@Hana is communications officer of INC-42; nothing changed.",
    )


def test_asking_the_same_person_again_changes_nothing() -> None:
    outcome = said(asked(), handover.SPEC, f"comms @{LENA}", context(HANA))
    assert outcome.events == ()
    assert words(outcome.reply).startswith("@Lena is asked to be communications officer of INC-42 until 10:30 UTC;")


def test_asking_another_ends_the_earlier_request() -> None:
    outcome = said(asked(), handover.SPEC, f"comms @{CHEN}", context(HANA))
    assert kinds(outcome) == ["HandoverEnded", "HandoverOffered"]
    assert [offer.taker for offer in after(asked(), outcome).handovers] == [CHEN]


def test_a_resolved_incident_has_no_handover() -> None:
    resolved = grown(TEAM, AT, BEN, Resolved(how="a", verified="b"))
    refusal = refused(lambda: said(resolved, handover.SPEC, f"comms @{LENA}", context(HANA)))
    assert refusal.sentence == "INC-42 is resolved since 11:20 (10:20 UTC): if the trouble is back, `reopen REASON`."


def test_accepting_takes_the_role_over() -> None:
    outcome = said(asked(), accept.SPEC, "", context(LENA))
    assert outcome.events == (
        RoleReleased(role=COMMS, person=HANA, reason="handed over"),
        RoleAssigned(role=COMMS, person=LENA),
        HandoverEnded(role=COMMS, giver=HANA, taker=LENA, outcome="accepted"),
    )
    assert (after(asked(), outcome).holders(COMMS), after(asked(), outcome).handovers) == ((LENA,), ())


def test_accepting_a_role_for_several_releases_the_giver_only() -> None:
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=ANA), RoleAssigned(role=SME, person=CHEN))
    outcome = said(asked(team, giver=CHEN, held=SME), accept.SPEC, "sme", context(LENA))
    assert after(asked(team, giver=CHEN, held=SME), outcome).holders(SME) == (ANA, LENA)


def test_other_requests_that_are_settled_by_it_are_overtaken() -> None:
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=ANA), RoleAssigned(role=SME, person=CHEN))
    both = asked(asked(team, giver=ANA, held=SME), giver=CHEN, held=SME)
    ended = [event for event in said(both, accept.SPEC, "", context(LENA)).events if isinstance(event, HandoverEnded)]
    assert [(event.giver, event.outcome) for event in ended] == [(CHEN, "accepted"), (ANA, "overtaken")]


def test_accepting_warns_of_a_conflict() -> None:
    team = grown(TEAM, AT, BEN, RoleAssigned(role=SME, person=LENA))
    assert words(said(asked(team), accept.SPEC, "", context(LENA)).reply).startswith("@Lena now repairs")


def test_accepting_without_a_request_is_refused() -> None:
    nothing = refused(lambda: said(TEAM, accept.SPEC, "", context(LENA)))
    other = refused(lambda: said(asked(), accept.SPEC, "scribe", context(LENA)))
    assert nothing.sentence == "Nobody asks you to take a role of INC-42 now: `roles` shows who holds what."
    assert other.sentence == "Nobody asks you to be scribe of INC-42 now: `roles` shows who holds what."


def test_a_request_that_has_ended_cannot_be_accepted() -> None:
    assert refused(lambda: said(asked(), accept.SPEC, "", context(LENA, moment("10:30"))))


def test_somebody_elses_request_cannot_be_accepted() -> None:
    assert refused(lambda: said(asked(), accept.SPEC, "", context(CHEN)))


def test_of_two_requests_one_is_named() -> None:
    both = asked(asked(), giver=DEE, held=SCRIBE)
    refusal = refused(lambda: said(both, accept.SPEC, "", context(LENA)))
    assert refusal.sentence == (
        "You are asked to be communications officer and scribe of INC-42: say which, as in `accept comms`."
    )
    assert only(RoleAssigned, said(both, accept.SPEC, "scribe", context(LENA))).role == SCRIBE


def test_declining_changes_nothing_but_the_request() -> None:
    outcome = said(asked(), decline.SPEC, "", context(LENA))
    assert outcome.events == (HandoverEnded(role=COMMS, giver=HANA, taker=LENA, outcome="declined"),)


def test_roles_shows_who_holds_what_and_what_is_wanted() -> None:
    team = asked(grown(TEAM, AT, BEN, RoleReleased(role=SCRIBE, person=DEE)))
    outcome = said(team, roles.SPEC, "", context())
    assert words(outcome.reply) == (
        "Roles of INC-42. Incident commander: @Ben. "
        "Communications officer: @Hana; @Lena is asked to take over until 10:30 UTC. "
        "Scribe: nobody yet, wanted. Subject matter expert: nobody. Buttons: Claim scribe, Claim sme."
    )


def test_roles_shows_what_is_not_needed_and_roles_the_policy_forgot() -> None:
    team = grown(TEAM, AT, BEN, RoleWaived(role=SME, reason="one person"), RoleAssigned(role="pilot", person=ANA))
    shown = words(said(team, roles.SPEC, "", context()).reply)
    assert "Subject matter expert: not needed, one person. Pilot: @Ana." in shown


def test_an_ended_incident_has_no_claim_buttons() -> None:
    closed = grown(grown(TEAM, AT, BEN, Resolved(how="a", verified="b")), AT, BEN, Closed())
    assert labels(said(closed, roles.SPEC, "", context()).reply) == []
