"""Approval: a second pair of eyes on what people outside read."""

from dataclasses import replace

import pytest

from bot.approvers import needs_approval
from bot.cards import Strong, Text
from bot.commands import approve, close, resolve, send_back, update, visibility
from bot.events import DraftEnded, NoteAdded, PromiseEnded, PromiseMade, Resolved, UpdateDrafted, UpdatePublished
from bot.messages.approval import shown
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS
from tests.core.asking import decided, form_of, kinds, only, refused, said
from tests.core.builders import BEN, CHEN, DEE, HANA, POLICY, context, declared, grown, moment, staffed, words
from tests.core.drafting import BOTH, CAREFUL, SAID, TEAM, later, line, waiting, written

FIRST = UpdatePublished(number=1, audiences=(CUSTOMERS,), what="Cards fail.", headline="Cards")

# what waits, and what goes out at once


def test_what_needs_no_approval_goes_out_and_the_rest_waits() -> None:
    outcome = written()

    assert kinds(outcome) == ["UpdatePublished", "UpdateDrafted", "PromiseEnded", "PromiseMade"]
    assert only(UpdatePublished, outcome).audiences == (INTERNAL,)
    drafted = only(UpdateDrafted, outcome)
    assert (drafted.update.number, drafted.update.audiences, drafted.told) == (1, (CUSTOMERS,), (INTERNAL,))
    assert drafted.update.words == "Some payments do not go through."
    assert drafted.update.drafted_by == HANA


def test_who_published_reads_what_is_out_and_what_waits() -> None:
    assert line(written()) == (
        "Update 1 is out to internal. Next by 10:50 UTC."
        " It waits for approval before it goes out to customers; their promise stands."
    )
    assert line(written(to="customers")) == (
        "Update 1 waits for approval before it goes out to customers; their promise stands."
    )


def test_the_promise_to_those_it_waits_for_stands() -> None:
    after = waiting()

    assert after.promises[CUSTOMERS] == TEAM.promises[CUSTOMERS]
    assert CUSTOMERS not in after.told


def test_at_a_priority_that_asks_for_no_approval_nothing_waits() -> None:
    low = staffed(declared("medium"))

    assert only(UpdatePublished, written(low, to="stakeholders customers")).audiences == (STAKEHOLDERS, CUSTOMERS)


def test_a_priority_that_the_policy_no_longer_has_counts_as_the_highest() -> None:
    assert needs_approval(staffed(declared("apocalyptic", policy=CAREFUL)), CUSTOMERS, CAREFUL)
    assert not needs_approval(TEAM, "unheard of", CAREFUL)


def test_the_preview_says_what_will_wait() -> None:
    who = context(HANA, submitted=True)
    form = form_of(decided(TEAM, update.SPEC, who, CAREFUL, **{**SAID, "to": "stakeholders customers"}))

    assert [words(card).partition(":")[0] for card in form.preview] == [
        "Stakeholders will read",
        "Customers will read, once it is approved",
    ]


def test_a_status_within_the_update_is_set_at_once() -> None:
    outcome = written(to="customers", status="identified")

    assert "StatusChanged" in kinds(outcome)
    assert only(UpdateDrafted, outcome).update.status is None


def test_what_waits_in_spite_of_findings_was_written_as_it_is() -> None:
    outcome = written(words="It works again without db-7.", publish_as_it_is="Asked for by law.")

    assert only(NoteAdded, outcome).text.startswith("Update 1 was written as it is: Asked for by law. Found: ")


def test_who_approves_reads_what_customers_know_the_incident_by() -> None:
    fresh, told = waiting(), waiting(grown(TEAM, moment("10:05"), HANA, FIRST), headline="Card payments")
    final = replace(told, drafts=(replace(told.drafts[0], update=replace(FIRST, headline="")),))

    read = [shown(each, each.drafts[0], (CUSTOMERS,), CAREFUL)[1] for each in (fresh, told, final)]

    known_as = ("Some payments do not go through.", "Card payments", "Cards")
    assert read == [Text((Strong((name,)),)) for name in known_as]


# approve


def test_what_is_approved_is_what_is_published_letter_for_letter() -> None:
    drafted = only(UpdateDrafted, written())

    outcome = decided(waiting(), approve.SPEC, later(), CAREFUL)

    assert only(UpdatePublished, outcome) == drafted.update
    assert (only(PromiseEnded, outcome).outcome, only(PromiseMade, outcome).due) == ("kept", moment("10:50"))
    assert line(outcome) == "Update 1 to customers is out. Next by 10:50 UTC."


def test_once_approved_nothing_waits_any_more() -> None:
    before = waiting()
    outcome = decided(before, approve.SPEC, later(), CAREFUL, number="1")

    after = grown(before, moment("10:25"), BEN, *outcome.events)

    assert (after.drafts, after.unsaid) == ((), {})
    assert after.told[CUSTOMERS].by == BEN
    again = refused(lambda: decided(after, approve.SPEC, later(), CAREFUL, number="1"))
    assert again.sentence == "Update 1 on INC-42 does not wait for approval: `timeline` shows what became of it."
    nothing = refused(lambda: said(after, approve.SPEC, "", later(), CAREFUL))
    assert nothing.sentence == "No update on INC-42 waits for approval: `status` shows how it stands."


def test_without_a_next_moment_the_approval_names_none() -> None:
    before = waiting(next="none", reason="The vendor calls.")

    assert line(decided(before, approve.SPEC, later(), CAREFUL)) == "Update 1 to customers is out."


def test_nobody_approves_their_own_words() -> None:
    own = refused(lambda: decided(waiting(), approve.SPEC, later(HANA), CAREFUL))

    assert own.sentence == "Update 1 is yours, and somebody else approves it: ask @Ben."


def test_who_is_not_named_does_not_approve() -> None:
    other = refused(lambda: decided(waiting(), approve.SPEC, later(DEE), CAREFUL))

    assert other.sentence == "Update 1 is for others to approve: ask @Ben."
    assert refused(lambda: decided(waiting(), approve.SPEC, replace(later(), actor=None), CAREFUL))


def test_words_that_promise_what_has_passed_are_not_published() -> None:
    late = refused(lambda: decided(waiting(), approve.SPEC, later(clock="10:50"), CAREFUL))

    assert late.sentence == (
        "Update 1 promises the next one by 11:50 (10:50 UTC), which has passed: `send-back 1 REASON`."
    )


def test_each_approves_for_those_the_policy_names_them_for() -> None:
    before = waiting(to="stakeholders customers", policy=BOTH)

    outcome = decided(before, approve.SPEC, later(DEE), BOTH)
    after = grown(before, moment("10:25"), DEE, *outcome.events)

    assert only(UpdatePublished, outcome).audiences == (STAKEHOLDERS,)
    assert only(UpdatePublished, outcome).words == ""
    assert [draft.update.audiences for draft in after.drafts] == [(CUSTOMERS,)]
    rest = decided(after, approve.SPEC, later(BEN), BOTH)
    assert only(UpdatePublished, rest).audiences == (CUSTOMERS,)
    assert only(UpdatePublished, rest).words == "Some payments do not go through."


def test_of_several_that_wait_one_is_named() -> None:
    before = waiting(waiting(to="stakeholders", policy=BOTH), to="customers", policy=BOTH)

    several = refused(lambda: said(before, approve.SPEC, "", later(), BOTH))

    assert several.sentence == "Updates 1 and 2 on INC-42 wait: say which, as in `approve 1`."
    assert only(UpdatePublished, said(before, approve.SPEC, "2", later(), BOTH)).number == 2


# send back


def test_what_is_sent_back_is_not_published_and_its_words_are_kept() -> None:
    before = waiting()

    outcome = said(before, send_back.SPEC, "1 Say that baskets are kept.", later(), CAREFUL)
    after = grown(before, moment("10:25"), BEN, *outcome.events)

    ended = only(DraftEnded, outcome)
    assert (ended.number, ended.audiences, ended.outcome) == (1, (CUSTOMERS,), "sent back")
    assert ended.reason == "Say that baskets are kept."
    assert line(outcome) == "Update 1 to customers is sent back: who wrote it knows."
    assert after.drafts == ()
    form = form_of(decided(after, update.SPEC, later(HANA), CAREFUL, to="customers"))
    values = {field.name: field.value for field in form.fields}
    assert (values["what"], values["words"]) == ("Cards fail.", "Some payments do not go through.")


def test_a_button_names_the_update_and_asks_for_the_reason() -> None:
    pressed = decided(waiting(), send_back.SPEC, later(), CAREFUL, number="1")

    form = form_of(pressed)
    assert ([field.name for field in form.fields], form.values) == (["reason"], {"number": "1"})
    sent = decided(waiting(), send_back.SPEC, later(submitted=True), CAREFUL, number="1", reason="1 more check")
    assert only(DraftEnded, sent).reason == "1 more check"


def test_without_a_number_the_only_one_is_meant_and_a_reason_is_needed() -> None:
    assert only(DraftEnded, said(waiting(), send_back.SPEC, "Too long.", later(), CAREFUL)).reason == "Too long."
    lacking = refused(lambda: said(waiting(), send_back.SPEC, "1", later(), CAREFUL))
    assert lacking.sentence == "Say what should be different."


def test_who_wrote_it_may_take_it_back_and_nobody_else_may_refuse_it() -> None:
    own = said(waiting(), send_back.SPEC, "A better word came to me.", later(HANA), CAREFUL)

    assert line(own) == "Update 1 to customers is sent back."
    assert refused(lambda: said(waiting(), send_back.SPEC, "No.", later(CHEN), CAREFUL)).sentence.endswith("ask @Ben.")


# an edit, and what overtakes a draft


def test_an_edit_is_a_new_draft_that_asks_again_and_the_older_is_over() -> None:
    outcome = written(waiting(), to="customers", words="All payments fail.")
    after = grown(waiting(), moment("10:22"), HANA, *outcome.events)

    ended = only(DraftEnded, outcome)
    assert (ended.number, ended.outcome, ended.reason) == (1, "superseded", "update 2 takes its place")
    assert [draft.update.number for draft in after.drafts] == [2]
    older = refused(lambda: decided(after, approve.SPEC, later(), CAREFUL, number="1"))
    assert "does not wait" in older.sentence
    approved = only(UpdatePublished, decided(after, approve.SPEC, later(), CAREFUL, number="2"))
    assert approved.words == "All payments fail."


def test_an_edit_for_some_leaves_the_draft_for_the_others() -> None:
    before = waiting(to="stakeholders customers", policy=BOTH)

    after = waiting(before, to="customers", policy=BOTH)

    assert [(draft.update.number, draft.update.audiences) for draft in after.drafts] == [
        (1, (STAKEHOLDERS,)),
        (2, (CUSTOMERS,)),
    ]


def test_words_that_need_no_approval_any_more_take_the_place_of_those_that_wait() -> None:
    outcome = written(waiting(), to="customers", policy=POLICY, who="EU", expect="Bank transfer works.")
    after = grown(waiting(), moment("10:22"), HANA, *outcome.events)

    assert kinds(outcome)[:2] == ["DraftEnded", "UpdatePublished"]
    assert after.drafts == ()


def test_an_older_number_approved_later_does_not_turn_the_count_back() -> None:
    before = waiting(waiting(), to="internal")
    after = grown(before, moment("10:25"), BEN, *decided(before, approve.SPEC, later(), CAREFUL).events)

    assert after.updates == 2


@pytest.mark.parametrize(
    ("spec", "values", "reason"),
    [
        (resolve.SPEC, {"how": "Rolled back.", "verified": "Watched."}, "the incident is resolved"),
        (visibility.SPEC, {"visibility": "private"}, "the incident is private"),
    ],
)
def test_what_is_no_longer_true_is_withdrawn(spec: object, values: dict[str, str], reason: str) -> None:
    before = waiting()
    outcome = decided(before, spec, later(), CAREFUL, **values)  # type: ignore[arg-type]
    after = grown(before, moment("10:25"), BEN, *outcome.events)

    ended = only(DraftEnded, outcome)
    assert (ended.outcome, ended.reason) == ("withdrawn", reason)
    assert (after.drafts, after.unsaid) == ((), {})


def test_a_closed_incident_leaves_nothing_that_could_be_published() -> None:
    resolved = grown(TEAM, moment("10:10"), BEN, Resolved(how="Rolled back.", verified="Watched."))
    before = waiting(resolved, to="customers")

    outcome = decided(before, close.SPEC, later(), CAREFUL)

    assert only(DraftEnded, outcome).reason == "the incident is closed"
    assert grown(before, moment("10:25"), BEN, *outcome.events).drafts == ()
