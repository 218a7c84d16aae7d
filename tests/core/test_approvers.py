"""Whom an update waits for, and the last words to people outside."""

from dataclasses import replace
from datetime import timedelta

from bot.approvers import Approvers, approvers, asked
from bot.commands import approve, reopen, resolve, waive
from bot.commands.spec import Outcome
from bot.events import DraftEnded, Event, PersonUnreachable, RoleAssigned, RoleReleased, UpdatePublished
from bot.incident import Incident
from bot.messages.incident_card import incident_card
from bot.policy import COMMANDER, COMMS, CUSTOMERS, SCRIBE, Policy, Standard
from bot.refs import Person
from tests.core.asking import decided, kinds, only, refused
from tests.core.builders import ANA, BEN, CHEN, DEE, HANA, LENA, declared, grown, moment, words
from tests.core.drafting import CAREFUL, TEAM, later, waiting

# whom to ask


def whom(*events: Event, policy: Policy = CAREFUL, by: Person = HANA) -> Approvers:
    incident = grown(waiting(policy=policy), moment("10:21"), BEN, *events)
    draft = replace(incident.drafts[0], by=by)
    return approvers(incident, CUSTOMERS, draft, policy, {})


def named(*entries: str) -> Policy:
    standards = {**CAREFUL.standards, CUSTOMERS: Standard(approve=("critical",), approvers=entries)}
    return replace(CAREFUL, standards=standards)


def test_the_commander_is_asked_unless_the_policy_names_others() -> None:
    assert whom() == Approvers(people=(BEN,))
    assert whom(policy=named("scribe")) == Approvers(people=(DEE,))
    assert whom(policy=named("ic", "slack:@legal")) == Approvers(people=(BEN,), groups=("slack:@legal",))


def test_without_a_commander_who_declared_is_asked() -> None:
    assert whom(RoleReleased(role=COMMANDER, person=BEN)) == Approvers(people=(ANA,))


def test_a_commander_who_wrote_it_is_looked_over_by_the_communications_officer() -> None:
    assert whom(by=BEN) == Approvers(people=(HANA,))


def test_an_approver_who_cannot_be_reached_is_stood_in_for() -> None:
    gone = PersonUnreachable(person=DEE, reason="blocked")

    assert whom(gone, policy=named(SCRIBE)) == Approvers(people=(BEN,))


def test_where_nobody_else_is_left_whoever_works_on_it_may_approve() -> None:
    alone = (
        RoleReleased(role=COMMANDER, person=BEN),
        RoleReleased(role=COMMS, person=HANA),
        RoleReleased(role=SCRIBE, person=DEE),
    )
    before = grown(declared(by=HANA), moment("10:01"), HANA)
    incident = grown(waiting(before), moment("10:21"), BEN, *alone)

    assert asked(incident, incident.drafts[0], CAREFUL, {}).anybody
    assert "Update 1 to customers waits for approval since 10:20 UTC." in words(
        incident_card(incident, CAREFUL, moment("10:21"))
    )
    assert only(UpdatePublished, decided(incident, approve.SPEC, later(CHEN), CAREFUL)).number == 1
    outside = refused(lambda: decided(incident, approve.SPEC, later(CHEN, in_room=False), CAREFUL))
    assert outside.sentence == "Update 1 is for others to approve: ask somebody else who works on it."


def test_a_group_is_asked_in_the_room_and_its_people_may_approve() -> None:
    policy = named("slack:@legal")
    before = waiting(policy=policy)

    assert asked(before, before.drafts[0], policy, {}) == Approvers(groups=("slack:@legal",))
    member = replace(later(LENA), groups=frozenset({"slack:@legal"}))
    assert only(UpdatePublished, decided(before, approve.SPEC, member, policy)).number == 1
    assert refused(lambda: decided(before, approve.SPEC, later(BEN), policy))


def test_everybody_who_works_on_it_may_be_named() -> None:
    policy = named("responders")
    before = waiting(policy=policy)

    assert asked(before, before.drafts[0], policy, {}).anybody
    assert only(UpdatePublished, decided(before, approve.SPEC, later(DEE), policy)).number == 1


def test_a_new_commander_is_the_one_to_ask() -> None:
    assert whom(RoleReleased(role=COMMANDER, person=BEN), RoleAssigned(role=COMMANDER, person=LENA)).people == (LENA,)


# final words


def told() -> Incident:
    update_1 = UpdatePublished(number=1, audiences=(CUSTOMERS,), what="Cards fail.")
    return grown(TEAM, moment("10:10"), HANA, update_1)


def settled_by(spec: object, **values: str) -> tuple[Outcome, Incident]:
    before = told()
    who = later(BEN, submitted=True)
    outcome = decided(before, spec, who, CAREFUL, **values)  # type: ignore[arg-type]
    return outcome, grown(before, moment("10:25"), BEN, *outcome.events)


def test_a_resolution_is_not_held_up_and_its_words_for_customers_are() -> None:
    outcome, after = settled_by(resolve.SPEC, how="Rolled back.", verified="Watched.", words="All works again.")

    assert kinds(outcome)[:2] == ["Resolved", "UpdateDrafted"]
    assert after.promises[CUSTOMERS].cause == "final"
    approved = decided(after, approve.SPEC, later(ANA if after.drafts[0].by == BEN else BEN), named("responders"))
    done = grown(after, moment("10:30"), ANA, *approved.events)
    assert only(UpdatePublished, approved).final
    assert (done.final_told, done.standing()) == (frozenset({CUSTOMERS}), ())


def test_reopened_the_word_that_it_is_over_is_withdrawn() -> None:
    _, after = settled_by(resolve.SPEC, how="Rolled back.", verified="Watched.", words="All works again.")

    outcome = decided(after, reopen.SPEC, later(BEN), CAREFUL, reason="Errors again.")

    assert only(DraftEnded, outcome).reason == "the incident is open again"


def test_an_audience_that_needs_no_word_has_none_waiting() -> None:
    _, after = settled_by(resolve.SPEC, how="Rolled back.", verified="Watched.", words="All works again.")

    outcome = decided(after, waive.SPEC, later(BEN), CAREFUL, audience=CUSTOMERS, reason="They saw it.")

    assert only(DraftEnded, outcome).reason == "they need no further word"


def test_an_update_that_waits_says_until_when_its_promise_stands() -> None:
    after = waiting()

    assert after.promises[CUSTOMERS].due == moment("10:00") + timedelta(hours=1)
