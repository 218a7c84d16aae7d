"""`next`, `snooze` and `note`."""

from datetime import timedelta

from bot.commands import next_update, note, snooze
from bot.events import Closed, NoteAdded, PromiseEnded, PromiseMade, Resolved, Snoozed, UpdatePublished
from bot.incident import Incident
from bot.policy import CUSTOMERS, INTERNAL
from bot.promises import by_next, by_resolve
from tests.core.asking import decided, fields, form_of, kinds, only, refused, said
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    HANA,
    POLICY,
    context,
    declared,
    grown,
    moment,
    staffed,
    words,
)

AT = moment("10:24")
TEAM = staffed(declared())
"""Internal is promised an update by 10:30, customers by 11:00; nobody was told anything yet."""


def told() -> Incident:
    return grown(TEAM, moment("10:10"), HANA, UpdatePublished(number=1, audiences=(CUSTOMERS,), what="Cards fail."))


def resolved(incident: Incident, *, closed: bool = False) -> Incident:
    ended = by_resolve(incident, frozenset(), AT, POLICY)
    after = grown(incident, AT, BEN, Resolved(how="Rolled back", verified="Watched"), *ended)
    return grown(after, AT, BEN, Closed()) if closed else after


def test_next_moves_the_promise_of_internal_and_tells_it() -> None:
    outcome = said(TEAM, next_update.SPEC, "45m The rollback takes one more step", context(CHEN, AT))
    made = only(PromiseMade, outcome)
    assert (made.audience, made.due, made.tell) == (INTERNAL, moment("11:09"), True)
    assert made.reason == "The rollback takes one more step"
    assert only(PromiseEnded, outcome).outcome == "kept-moved"


def test_in_the_room_the_moved_promise_is_the_answer() -> None:
    assert said(TEAM, next_update.SPEC, "45m", context(HANA, AT)).reply is None
    outside = said(TEAM, next_update.SPEC, "45m", context(HANA, AT, in_room=False))
    assert words(outside.reply) == "Promise moved to 11:09 UTC; internal is told."


def test_next_all_moves_every_promise_but_tells_only_those_told_before() -> None:
    outcome = said(told(), next_update.SPEC, "all 11:30Z", context(HANA, AT))
    made = {event.audience: event.tell for event in outcome.events if isinstance(event, PromiseMade)}
    assert made == {INTERNAL: True, CUSTOMERS: True}
    assert words(outcome.reply) == "Promise moved to 11:30 UTC; internal and customers are told."
    quiet = said(TEAM, next_update.SPEC, "all 11:30Z", context(HANA, AT, in_room=False))
    assert words(quiet.reply) == "Promise moved to 11:30 UTC; internal is told."


def test_an_audience_never_told_anything_is_not_told_of_its_promise() -> None:
    outcome = said(TEAM, next_update.SPEC, "customers 2h", context(HANA, AT))
    assert words(outcome.reply) == "Promise moved to 12:24 UTC."


def test_next_for_others_is_for_those_who_speak_for_the_incident() -> None:
    refusal = refused(lambda: said(TEAM, next_update.SPEC, "customers 2h", context(CHEN, AT)))
    assert refusal.sentence.startswith("Moving the promise of INC-42 is for the incident commander")


def test_none_expected_needs_a_reason() -> None:
    refusal = refused(lambda: said(TEAM, next_update.SPEC, "none", context(HANA, AT)))
    assert refusal.sentence == "Say why no further update on INC-42 is expected: `next none REASON`."
    form = form_of(decided(TEAM, next_update.SPEC, context(HANA, AT, submitted=True), when="none"))
    assert fields(form)["reason"].finding


def test_none_expected_ends_the_promise() -> None:
    outcome = said(TEAM, next_update.SPEC, "none The vendor repairs it", context(HANA, AT, in_room=False))
    assert kinds(outcome) == ["PromiseEnded", "PromiseMade"]
    assert only(PromiseMade, outcome).due is None
    assert words(outcome.reply) == "No further update is expected; internal is told."


def test_what_stands_already_changes_nothing() -> None:
    outcome = said(TEAM, next_update.SPEC, "10:30Z", context(HANA, AT))
    assert outcome.events == ()
    assert words(outcome.reply) == "The next update on INC-42 is promised by 10:30 UTC; nothing changed."
    quiet = grown(TEAM, AT, HANA, *by_next(TEAM, (INTERNAL,), None, "vendor", AT, POLICY))
    again = said(quiet, next_update.SPEC, "none vendor", context(HANA, AT))
    assert words(again.reply) == "No further update on INC-42 is expected; nothing changed."


def test_a_moment_beyond_the_limits_is_refused() -> None:
    assert refused(lambda: said(TEAM, next_update.SPEC, "30h", context(HANA, AT))).field == "when"


def test_a_private_incident_moves_no_promise_of_others() -> None:
    private = staffed(declared(private=True))
    refusal = refused(lambda: said(private, next_update.SPEC, "customers 2h", context(HANA, AT)))
    assert refusal.sentence == "INC-42 is private: only its room is told."


def test_all_of_a_resolved_incident_are_the_final_words_owed() -> None:
    outcome = said(resolved(told()), next_update.SPEC, "all 45m", context(HANA, AT))
    made = only(PromiseMade, outcome)
    assert (made.audience, made.cause, made.due) == (CUSTOMERS, "final", moment("11:09"))


def test_a_resolved_incident_that_owes_nothing_promises_nothing() -> None:
    refusal = refused(lambda: said(resolved(TEAM), next_update.SPEC, "all 45m", context(HANA, AT)))
    assert refusal.sentence.startswith("INC-42 is resolved")


def test_an_ended_incident_promises_nothing() -> None:
    refusal = refused(lambda: said(resolved(TEAM, closed=True), next_update.SPEC, "45m", context(HANA, AT)))
    assert refusal.sentence.startswith("INC-42 is closed since 11:24 (10:24 UTC)")


def test_the_form_proposes_the_policys_moment_and_says_what_stands() -> None:
    form = form_of(decided(TEAM, next_update.SPEC, context(HANA, AT)))
    assert fields(form)["when"].value == "30m"
    assert [span for span in form.above if isinstance(span, str)] == ["Internal by ", ".", " ", "Customers by ", "."]
    customers = form_of(decided(TEAM, next_update.SPEC, context(HANA, AT), audience=CUSTOMERS))
    assert (fields(customers)["when"].value, dict(customers.values)) == ("60m", {"audience": CUSTOMERS})


def test_where_no_clock_holds_the_form_proposes_nothing() -> None:
    form = form_of(decided(TEAM, next_update.SPEC, context(HANA, AT), audience="leadership"))
    assert fields(form)["when"].value == ""


def test_the_form_says_nothing_of_promises_that_ended() -> None:
    quiet = grown(TEAM, AT, HANA, *by_next(TEAM, (INTERNAL, CUSTOMERS), None, "vendor", AT, POLICY))
    assert form_of(decided(quiet, next_update.SPEC, context(HANA, AT))).above == ()


def test_snooze_quiets_the_reminders_to_oneself_and_names_the_promise() -> None:
    outcome = said(TEAM, snooze.SPEC, "16m waiting for the rollback", context(HANA, AT))
    expected = Snoozed(person=HANA, until=moment("10:40"), reason="waiting for the rollback")
    assert outcome.events == (expected,)
    assert words(outcome.reply) == (
        "Quiet until 10:40 UTC, 10 minutes past the promise of 10:30 UTC. next moves the promise."
    )


def test_a_snooze_that_ends_before_the_promise_says_that_it_stands() -> None:
    outcome = said(TEAM, snooze.SPEC, "5m", context(HANA, AT))
    assert words(outcome.reply) == "Quiet until 10:29 UTC. The promise is still 10:30 UTC."


def test_a_snooze_without_any_promise_is_quiet_all_the_same() -> None:
    quiet = grown(TEAM, AT, HANA, *by_next(TEAM, (INTERNAL, CUSTOMERS), None, "vendor", AT, POLICY))
    assert words(said(quiet, snooze.SPEC, "5m", context(HANA, AT)).reply) == "Quiet until 10:29 UTC."
    assert form_of(decided(quiet, snooze.SPEC, context(HANA, AT))).above == ()


def test_a_snooze_has_a_longest_time() -> None:
    refusal = refused(lambda: said(TEAM, snooze.SPEC, "61m", context(HANA, AT)))
    assert (refusal.field, refusal.sentence) == ("duration", "Quiet lasts 1 h at most: name less.")


def test_a_snooze_of_no_time_is_refused() -> None:
    command = snooze.SnoozeReminders(duration=timedelta())
    assert refused(lambda: snooze.decide(TEAM, command, context(HANA, AT), POLICY)).field == "duration"


def test_the_form_of_a_snooze_offers_times_and_says_that_the_promise_stands() -> None:
    form = form_of(decided(TEAM, snooze.SPEC, context(HANA, AT)))
    assert [option.value for option in fields(form)["duration"].options] == ["5m", "10m", "15m"]
    assert form.above[0] == "The promise is still "


def test_a_resolved_incident_is_snoozed_only_while_a_final_word_is_owed() -> None:
    assert kinds(said(resolved(told()), snooze.SPEC, "5m", context(HANA, AT))) == ["Snoozed"]
    refusal = refused(lambda: said(resolved(TEAM), snooze.SPEC, "5m", context(HANA, AT)))
    assert refusal.sentence == "INC-42 is resolved since 11:24 (10:24 UTC): no reminder of it is coming."


def test_an_ended_incident_is_not_snoozed() -> None:
    assert refused(lambda: said(resolved(TEAM, closed=True), snooze.SPEC, "5m", context(HANA, AT)))


def test_a_note_stands_in_the_record_and_says_when() -> None:
    outcome = said(TEAM, note.SPEC, "first alert was at 01:52, see INC-41", context(CHEN, AT))
    assert outcome.events == (NoteAdded(text="first alert was at 01:52, see INC-41"),)
    assert words(outcome.reply) == "Noted at 10:24 UTC."


def test_a_note_may_be_added_after_the_end() -> None:
    assert kinds(said(resolved(TEAM, closed=True), note.SPEC, "the graph is attached", context(ANA, AT))) == [
        "NoteAdded"
    ]
