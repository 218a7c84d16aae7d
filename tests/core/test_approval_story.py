"""Approval in the whole house: who reads what when an update waits, is approved, sent back or overtaken."""

from bot.cards import Card, Note, Part, Strong, Text
from bot.events import DraftEnded, UpdateDrafted, UpdatePublished
from bot.plain import plain_text
from bot.policy import CUSTOMERS
from bot.refs import Person
from tests.samples.approval import careful, drafted, unpromised
from tests.samples.desk import Desk, whom
from tests.samples.story import CUSTOMERS as PAGE
from tests.samples.story import WORDS, monitored, publish, staffed
from tests.samples.world import ANA, BEN, DEE, HANA, NAMES


def words(told: Desk, to: str, key: str) -> str:
    card, at = told.card(to, key)
    return plain_text(card, at, NAMES)


def keys(told: Desk, to: str) -> list[str]:
    return [row.key for row in told.store.data.rows if (row.number, row.to) == (told.number, to)]


def events(told: Desk, kind: type) -> list[object]:
    return [entry.event for entry in told.store.data.logs[told.number] if isinstance(entry.event, kind)]


def shown(card: Card) -> tuple[Part, ...]:
    """What the approver sees under `For customers`: the name they know it by, then their words."""
    at = card.body.index(Note((f"For {CUSTOMERS}:",)))
    return card.body[at + 1 :]


def buttons(told: Desk, to: str, key: str) -> list[str]:
    return [action.label for action in told.card(to, key)[0].actions]


def test_customers_read_letter_for_letter_what_the_approver_saw() -> None:
    told = drafted()
    known_as, *seen = shown(told.card(BEN, "approval:1")[0])
    assert keys(told, PAGE) == []

    told.press("02:12", BEN, "approve", number="1")

    assert told.card(PAGE, "update-1")[0].body == tuple(seen)
    assert WORDS in words(told, PAGE, "update-1")
    (draft,) = [event.update for event in events(told, UpdateDrafted) if isinstance(event, UpdateDrafted)]
    assert events(told, UpdatePublished)[-1] == draft
    assert known_as == Text((Strong((draft.headline,)),))


def test_the_headline_customers_know_it_by_is_approved_too() -> None:
    told = staffed()
    told.policy = careful()

    publish(told, "02:10", headline="Card payments in Europe")

    assert "For customers: Card payments in Europe. At 01:52" in words(told, BEN, "approval:1")


def test_the_timeline_names_who_wrote_and_who_approved() -> None:
    told = drafted()
    told.press("02:12", BEN, "approve", number="1")

    answer, at = told.answer(told.say("02:13", DEE, "timeline"))

    line = plain_text(answer, at, NAMES)
    assert "Update 1 to customers waits for approval, by @Hana: About 4 in 10" in line
    assert "Update 1 to customers, by @Hana, approved by @Ben: About 4 in 10" in line


def test_the_approvers_message_becomes_what_was_decided_and_loses_its_buttons() -> None:
    told = drafted()
    assert buttons(told, BEN, "approval:1") == ["Approve", "Send back"]

    told.press("02:12", BEN, "approve", number="1")

    assert words(told, BEN, "approval:1") == "Update 1 to customers on INC-42 was approved by @Ben: it is out."
    assert keys(told, BEN).count("approval:1") == 1


def test_who_wrote_it_reads_in_private_why_it_came_back() -> None:
    told = drafted()

    told.submit("02:13", BEN, "send-back", number="1", reason="Say that baskets are kept.")

    said = words(told, HANA, "draft:1")
    assert said.startswith("Update 1 to customers on INC-42 was sent back by @Ben: Say that baskets are kept.")
    assert buttons(told, HANA, "draft:1") == ["Edit update"]
    form = told.press("02:14", HANA, "update", to="customers").form
    assert form is not None
    assert {field.name: field.value for field in form.fields}["words"] == WORDS


def test_what_one_takes_back_oneself_needs_no_message() -> None:
    told = drafted()

    told.say("02:13", HANA, "send-back 1 A better word came to me.")

    assert [key for key in keys(told, HANA) if key.startswith("draft:")] == []


def test_what_the_resolution_overtook_is_told_to_who_wrote_it() -> None:
    told = drafted()

    told.say("02:20", BEN, "resolve Rolled back verified:200 payments went through")

    said = words(told, HANA, "draft:1")
    assert said == "Update 1 to customers on INC-42 waits no more: the incident is resolved."
    assert keys(told, PAGE) == []


def test_an_edit_asks_again_and_the_older_message_says_so() -> None:
    told = drafted()

    publish(told, "02:14", "customers", words="All card payments fail at times.")

    assert words(told, BEN, "approval:1") == (
        "Update 1 to customers on INC-42 waits no more: update 2 takes its place."
    )
    assert "All card payments fail at times." in words(told, BEN, "approval:2")
    refused, _ = told.press_refused("02:15", BEN, "approve", number="1")
    assert "does not wait for approval" in plain_text(refused, told.clock, NAMES)
    assert keys(told, PAGE) == []


def test_a_new_commander_is_asked_and_the_old_one_told() -> None:
    told = drafted()

    told.say("02:12", BEN, f"role ic {whom(ANA)}")

    assert WORDS in words(told, ANA, "approval:1")
    assert words(told, BEN, "approval:1") == "Update 1 on INC-42 is for somebody else to approve."


def test_where_only_a_group_approves_the_room_is_asked_by_a_mention() -> None:
    told = drafted("slack:@legal")

    assert words(told, "room", "approval:1").startswith(
        "Update 1 to customers waits for approval: INC-42 Checkout is down. @legal: @Hana wrote it at 02:10 UTC."
    )
    publish(told, "02:14", "customers")
    assert "update 2 takes its place" in words(told, "room", "approval:1")


def test_two_who_were_asked_both_read_the_answer_of_one() -> None:
    told = drafted("commander", "scribe")

    told.press("02:12", DEE, "approve", number="1")

    assert words(told, BEN, "approval:1") == "Update 1 to customers on INC-42 was approved by @Dee: it is out."


def test_the_room_that_read_the_words_gets_one_line_and_else_the_whole() -> None:
    told = drafted()
    told.press("02:12", BEN, "approve", number="1")
    assert words(told, "room", "approved") == "Update 1 to customers on INC-42 is out, by @Hana, approved by @Ben."

    publish(told, "02:30", "customers")
    told.press("02:31", BEN, "approve", number="2")

    whole = words(told, "room", "approved")
    assert whole.startswith("Update 2 on INC-42 Checkout is down. About 4 in 10")
    assert whole.endswith("By @Hana, approved by @Ben, to customers.")


def test_the_card_and_why_name_who_it_waits_for_until_it_is_out() -> None:
    told = drafted()
    line = "Update 1 to customers waits for approval by @Ben since 02:10 UTC."

    asked = told.answer(told.say("02:11", DEE, "why"))[0]

    assert line in plain_text(asked, told.clock, NAMES)
    assert line in plain_text(told.pinned()[0], told.clock, NAMES)
    told.press("02:12", BEN, "approve", number="1")
    assert line not in plain_text(told.pinned()[0], told.clock, NAMES)


def test_the_nudge_of_an_approver_holds_the_words_and_the_answers() -> None:
    told = drafted()

    told.tick("02:25")

    card, at = told.last(BEN)
    said = plain_text(card, at, NAMES)
    assert said.startswith("Update on INC-42 is due in 5 minutes. Promised to customers by 02:30 UTC.")
    assert "Update 1 to customers waits for your approval since 02:10 UTC." in said
    assert WORDS in said
    assert [action.label for action in card.actions] == ["Approve", "Send back", "Snooze 5 min"]
    assert "waits for approval by @Ben" in plain_text(*told.last(HANA), NAMES)


def test_the_nudge_settles_once_it_was_approved() -> None:
    told = drafted()
    told.tick("02:25")
    key = keys(told, BEN)[-1]

    told.press("02:27", BEN, "approve", number="1")

    assert buttons(told, BEN, key) == []


def test_leadership_reads_nothing_of_who_holds_it_up() -> None:
    told = drafted()

    told.tick("02:25", "02:30", "02:35", "02:50")

    assert "approval" not in plain_text(*told.last("slack:#leadership"), NAMES)


def test_a_private_incident_keeps_nothing_waiting_for_people_outside() -> None:
    told = drafted()

    told.say("02:12", BEN, "visibility private")

    assert [event.outcome for event in events(told, DraftEnded) if isinstance(event, DraftEnded)] == ["withdrawn"]
    assert keys(told, PAGE) == []


def cancelled(by: Person = BEN) -> Desk:
    told = monitored()
    told.policy = careful()
    told.submit("03:50", by, "cancel", reason="a probe was set wrongly", words="Card payments worked all the time.")
    return told


def test_a_cancel_is_not_held_up_and_its_last_words_are_owed_until_approved() -> None:
    told = cancelled()
    before = words(told, PAGE, "update")
    told.tick("04:00")
    assert "waits for your approval" in words(told, HANA, "remind:")

    told.press("04:01", HANA, "approve")

    assert before != words(told, PAGE, "update")
    assert words(told, PAGE, "update") == (
        "Card payments worked all the time. No further update is expected: it was a false alarm."
    )
    assert "No further update is expected." in plain_text(told.pinned()[0], told.clock, NAMES)


def test_last_words_that_came_back_are_written_anew_though_the_incident_is_over() -> None:
    told = cancelled()
    told.submit("03:55", HANA, "send-back", reason="Too short.")
    refused, _ = told.press_refused("03:56", HANA, "update", what="Nothing new.", steps="None.", to="internal")
    assert "is cancelled since" in plain_text(refused, told.clock, NAMES)

    better = "Card payments worked all the time. A probe told us otherwise."
    told.submit(
        "03:57", HANA, "update", what="All is well.", who="Nobody.", expect="Nothing.", words=better, to=CUSTOMERS
    )
    told.press("03:58", BEN, "approve")

    assert better in words(told, PAGE, "update")
    assert words(told, PAGE, "update").endswith("No further update is expected: it was a false alarm.")


def test_last_words_nobody_needs_are_waived_though_the_incident_is_over() -> None:
    told = cancelled()

    told.say("03:56", BEN, "waive customers they saw that it works")

    assert [event.outcome for event in events(told, DraftEnded) if isinstance(event, DraftEnded)] == ["withdrawn"]
    assert "No further update is expected." in plain_text(told.pinned()[0], told.clock, NAMES)


def test_a_duplicate_owes_its_last_words_too() -> None:
    told = monitored()
    told.policy = careful()
    told.say("03:49", ANA, "declare critical Checkout does not load")

    told.submit("03:50", BEN, "duplicate", of="INC-43", words="We go on at another place.")

    said = plain_text(told.pinned()[0], told.clock, NAMES)
    assert "the same as INC-43. Final word to customers by 04:05 UTC." in said


def test_who_approves_is_reminded_of_words_that_no_promise_waits_for() -> None:
    told, asked_in_room = unpromised(), unpromised("slack:@legal")

    card, at = told.last(BEN)
    said = plain_text(card, at, NAMES)
    in_room = asked_in_room.last("room")[0]

    assert said.startswith(
        "Update 2 on INC-42 is not approved yet. Update 2 to customers waits for your approval since"
    )
    assert WORDS in said
    assert [action.label for action in card.actions] == ["Approve", "Send back", "Snooze 5 min"]
    assert [action.label for action in in_room.actions] == ["Approve", "Send back"]
    assert "update 2 not approved yet" in plain_text(*told.answer(told.say("02:28", BEN, "why")), NAMES)
