"""The words that read: status, list, timeline, why, terms, help, here."""

from dataclasses import replace

import pytest

from bot.cards import Press
from bot.catalog import COMMANDS
from bot.commands import (
    help_words,
    here,
    list_incidents,
    resolve,
    role,
    status,
    terms,
    timeline,
    update,
    why,
)
from bot.commands.spec import Context, History, Outcome, Sent
from bot.events import (
    Cancelled,
    Entry,
    Event,
    NoteAdded,
    PromiseEnded,
    PromiseMade,
    Recipient,
    Reminded,
    ReminderHeld,
    ReminderWithheld,
    Resolved,
    RoleAssigned,
    Rung,
    StepPassed,
)
from bot.incident import Incident
from bot.messages.incident_card import incident_card
from bot.policy import COMMANDER, INTERNAL, Policy, Priority
from bot.promises import by_resolve
from bot.refs import Address
from tests.core.asking import labels, refused, said
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    DEE,
    HANA,
    POLICY,
    TEN,
    context,
    declared,
    grown,
    log,
    moment,
    staffed,
    words,
)

AT = moment("10:20")
TEAM = staffed(declared())


def shown(outcome: Outcome) -> str:
    return words(outcome.reply)


# status


def test_status_is_the_incidents_card() -> None:
    assert said(TEAM, status.SPEC, "", context(CHEN)).reply == incident_card(TEAM, POLICY, AT)


# list


def search(number: int = 41, *events: Event, private: bool = False) -> Incident:
    slow = declared("medium", number=number, title="Slow search", by=DEE, private=private)
    return grown(slow, AT, DEE, *events)


def listed(which: str, *others: Incident, who: Context | None = None) -> str:
    asker = who or context(BEN)
    return shown(said(None, list_incidents.SPEC, which, replace(asker, others=others)))


def test_list_shows_open_incidents_newest_first_with_what_they_owe() -> None:
    assert listed("", search(), TEAM) == (
        "2 open incidents. "
        "INC-42 Checkout is down · Critical · Investigating · @Ben · next update by 10:30 UTC. "
        "INC-41 Slow search · Medium · Investigating · nobody yet · next update by 14:00 UTC."
    )


def test_list_says_what_is_overdue() -> None:
    late = context(BEN, moment("10:31"))
    assert listed("open", TEAM, who=late).endswith("update overdue since 10:30 UTC.")


def test_an_incident_that_owes_nothing_says_so() -> None:
    done = grown(TEAM, AT, BEN, Resolved(how="a", verified="b"), *by_resolve(TEAM, frozenset(), AT, POLICY))
    assert (
        listed("open", done)
        == "1 open incident. INC-42 Checkout is down · Critical · Resolved · @Ben · no update expected."
    )


def test_list_without_any_points_to_earlier_ones() -> None:
    over = search(41, Cancelled(reason="a probe"))
    assert listed("", over) == "No open incident. list all shows earlier ones."
    assert listed("all", over).startswith("1 incident. INC-41 Slow search · Medium · Cancelled")
    assert listed("all") == "No incident yet. declare opens one."


def test_list_mine_shows_those_one_works_on() -> None:
    assert listed("mine", search(), TEAM).startswith("1 incident of yours. INC-42")
    assert listed("mine", search()) == "No open incident is yours. list shows the others."


def test_a_private_incident_is_listed_to_its_people_only() -> None:
    private = search(private=True)
    assert "INC-41" not in listed("all", private, TEAM)
    assert "INC-41 (private) Slow search" in listed("all", private, who=context(DEE))


def test_a_long_list_is_cut_and_says_so() -> None:
    many = [search(number) for number in range(1, 31)]
    text = listed("open", *many)
    assert text.startswith("30 open incidents. INC-30 ")
    assert text.endswith("The 20 newest are shown.")
    assert "INC-11 " in text
    assert "INC-10 " not in text


# timeline


def noted(count: int) -> History:
    return History(entries=log(*((AT, ANA, NoteAdded(text=f"line {number}")) for number in range(1, count + 1))))


def test_the_timeline_shows_the_last_lines_with_a_press_for_earlier_ones() -> None:
    outcome = said(TEAM, timeline.SPEC, "", context(history=noted(23)))
    assert shown(outcome).startswith("INC-42, last 15 of 23. 10:20 UTC Note by @Ana: line 9.")
    (earlier,) = outcome.reply.actions if outcome.reply else ()
    assert earlier == Press(label="Show earlier", command="timeline", values={"before": "9"}, incident=42)


def test_the_press_shows_the_lines_before() -> None:
    command = timeline.ShowTimeline(before="9")
    card = timeline.decide(TEAM, command, context(history=noted(23)), POLICY).reply
    assert words(card).startswith("INC-42, 1 to 8 of 23. 10:20 UTC Note by @Ana: line 1.")
    assert labels(card) == []


def test_a_short_timeline_is_shown_whole() -> None:
    assert shown(said(TEAM, timeline.SPEC, "", context(history=noted(2)))).startswith("INC-42, all 2.")


@pytest.mark.parametrize("before", ["1", "0"])
def test_before_the_first_line_is_nothing(before: str) -> None:
    card = timeline.decide(TEAM, timeline.ShowTimeline(before=before), context(history=noted(2)), POLICY).reply
    assert words(card) == "INC-42 has nothing earlier."


def test_a_press_nobody_made_shows_the_last_lines() -> None:
    card = timeline.decide(TEAM, timeline.ShowTimeline(before="x"), context(history=noted(2)), POLICY).reply
    assert words(card).startswith("INC-42, all 2.")


def test_promises_made_or_settled_alike_are_one_line_for_all_their_audiences() -> None:
    kept = [PromiseEnded(audience=name, due=AT, outcome="kept") for name in ("customers", "internal")]
    made = [PromiseMade(audience=name, due=AT, cause="update") for name in ("customers", "internal")]
    moved = PromiseEnded(audience="stakeholders", due=AT, outcome="kept-moved")
    entries = log(*((AT, BEN, event) for event in (kept[0], made[0], kept[1], made[1], moved)))
    assert shown(said(TEAM, timeline.SPEC, "", context(history=History(entries=entries)))) == (
        "INC-42, all 3. 10:20 UTC Promise to internal and customers of 10:20 UTC: kept. "
        "10:20 UTC Next update to internal and customers by 10:20 UTC. "
        "10:20 UTC Promise to stakeholders of 10:20 UTC: moved in time."
    )


def test_a_timeline_without_a_log_is_empty() -> None:
    assert shown(said(TEAM, timeline.SPEC, "", context())) == "INC-42 has nothing earlier."


# why


def rung(clock: str, step: float = 0, subject: str = "update:internal", repeat: int = 0) -> Rung:
    return Rung(subject=subject, generation=1, step=step, moment=moment(clock), about=moment("10:30"), repeat=repeat)


def row(to: str, state: str, *, key: str = "k", clock: str | None = None, error: str = "") -> Sent:
    when = moment(clock) if clock else None
    return Sent(key=key, to=to, address="slack:T1/U1", state=state, at=when, text="", error=error)


PRIVATE = Recipient(person=HANA)
ROOM = Recipient(person=HANA, room=True)


def explained(*entries: Entry, sent: tuple[Sent, ...] = (), incident: Incident = TEAM, policy: Policy = POLICY) -> str:
    asker = context(history=History(entries=entries, sent=sent))
    return shown(said(incident, why.SPEC, "", asker, policy))


def test_why_shows_what_became_of_each_reminder() -> None:
    entries = log(
        (moment("10:25"), None, Reminded(rungs=(rung("10:25", -300),), to=PRIVATE, key="a")),
        (moment("10:30"), None, Reminded(rungs=(rung("10:30"),), to=ROOM, key="b")),
        (moment("10:35"), None, Reminded(rungs=(rung("10:35", 300),), to=Recipient(audience="leadership"), key="c")),
        (moment("10:36"), None, Reminded(rungs=(rung("10:36", 300, repeat=2),), to=Recipient(room=True), key="d")),
    )
    rows = (
        row(HANA, "sent", key="a", clock="10:25:01"),
        row("room", "withheld", key="b", clock="10:30"),
        row("leadership", "dead", key="c", clock="10:35", error="no such channel"),
        row("leadership", "waiting", key="c"),
    )
    text = explained(*entries, sent=rows)
    assert text.startswith(
        "Reminders of INC-42. "
        "10:25 UTC internal before due, to @Hana, private: sent 10:25 UTC. "
        "10:30 UTC internal due, room, to @Hana: withheld. "
        "10:35 UTC internal overdue, to leadership: could not be delivered: no such channel. "
        "10:36 UTC internal overdue, again (2), room: on its way. "
    )


def test_a_reminder_that_reached_one_of_its_addresses_was_sent() -> None:
    entries = log((moment("10:25"), None, Reminded(rungs=(rung("10:25"),), to=ROOM, key="k")))
    rows = (row("room", "dead", error="gone"), row("room", "sent"))
    assert "room, to @Hana: sent 10:25 UTC" in explained(*entries, sent=rows)


def test_a_dead_message_without_an_error_is_said_in_few_words() -> None:
    entries = log((moment("10:25"), None, Reminded(rungs=(rung("10:25"),), to=ROOM, key="k")))
    assert "room, to @Hana: could not be delivered. " in explained(*entries, sent=(row("room", "dead"),))


def test_why_shows_what_was_held_back_passed_over_and_withheld() -> None:
    snoozed = ReminderHeld(rungs=(rung("10:30"),), to=ROOM, why="snooze", until=moment("10:36"))
    asleep = ReminderHeld(rungs=(rung("10:31"),), to=PRIVATE, why="hours", until=moment("11:00"))
    entries = log(
        (moment("10:30"), None, snoozed),
        (moment("10:31"), None, asleep),
        (moment("10:32"), None, StepPassed(rung=rung("10:32", -300), why="higher step")),
        (moment("10:33"), None, StepPassed(rung=rung("10:33"), person=HANA, why="untrue")),
        (moment("10:34"), None, ReminderWithheld(rungs=(rung("10:34"),), to=PRIVATE, why="untrue")),
        (moment("10:34"), HANA, NoteAdded(text="not a reminder")),
    )
    text = explained(*entries)
    assert "10:30 UTC internal due, room, to @Hana: held back, snoozed until 10:36 UTC. " in text
    assert "10:31 UTC internal due, to @Hana, private: held back, quiet hours until 11:00 UTC. " in text
    assert "10:32 UTC internal before due: passed over, a later step speaks for it. " in text
    assert "10:33 UTC internal due, to @Hana, private: passed over, no longer true. " in text
    assert "10:34 UTC internal due, to @Hana, private: withheld, no longer true. " in text
    assert "not a reminder" not in text


def test_why_shows_what_is_coming_and_to_whom() -> None:
    text = explained()
    assert "10:25 UTC internal before due, to @Hana, private: will come" in text
    assert "10:35 UTC internal overdue, room, to @Ben; to @Ben, private: will come" in text
    assert "11:36 UTC resolution SLA at 80 %, to @Ben, private: will come" in text
    assert text.endswith("later ones are not shown.")


def test_why_of_a_quiet_incident_says_so() -> None:
    over = grown(TEAM, AT, BEN, Cancelled(reason="a probe"))
    assert explained(incident=over) == "Reminders of INC-42. No reminder of INC-42 was sent, and none is coming."


def test_why_without_a_log_shows_what_is_coming() -> None:
    assert "will come" in shown(said(TEAM, why.SPEC, "", context()))


def test_why_names_what_the_policy_no_longer_has() -> None:
    odd = grown(TEAM, AT, BEN, RoleAssigned(role="pilot", person=ANA))
    odd = grown(odd, AT, None, PromiseMade(audience="partners", due=moment("12:00"), cause="declared"))
    newer = replace(POLICY, priorities=(Priority(name="severe", update_every={INTERNAL: moment("11:00") - TEN}),))
    assert explained(incident=odd, policy=newer).endswith(
        "The policy no longer has priority critical, role pilot and audience partners: "
        "the highest priority's times count."
    )


# terms


def test_terms_are_the_organisations_own_words() -> None:
    text = shown(said(None, terms.SPEC, "", context()))
    assert text.startswith(
        "Words of Larkfield. Alert: A threshold was crossed. For example: maintenance in shopping hours. "
        "Incident: Something people rely on does not work as it should. "
        "Critical: Severe disruption or degradation. Such as: the shop cannot be reached. "
        "First response within 15 minutes and resolved within 2 h. Updates: internal every 30 minutes, "
        "customers every 1 h. "
    )
    assert text.endswith(
        "Updates to customers (status page): each says what is happening, when it was detected, who is affected, "
        "what people can expect or do and when the next update comes."
    )


def test_terms_say_nothing_of_what_the_policy_leaves_open() -> None:
    bare = Policy(
        priorities=(Priority(name="low"),), standards={INTERNAL: replace(POLICY.standards[INTERNAL], must_say=())}
    )
    text = shown(said(None, terms.SPEC, "", context(), bare))
    assert text == "Words of Example. Low: Updates to internal: nothing is demanded."


# help


def helped(text: str, incident: Incident | None = None, policy: Policy = POLICY) -> str:
    return shown(said(incident, help_words.SPEC, text, replace(context(CHEN), words=COMMANDS), policy))


def test_help_lists_every_word_that_is_there_and_no_other() -> None:
    text = helped("")
    named = {word for line in text.split(". ") for word in line.partition(": ")[2].rstrip(".").split(", ")}
    assert {spec.word for spec in COMMANDS if not spec.hidden} <= named
    assert not {spec.word for spec in COMMANDS if spec.hidden} & named


def test_in_a_room_what_tells_people_comes_first_elsewhere_how_to_start() -> None:
    assert helped("", TEAM).startswith(
        "Words for INC-42. help WORD explains one."
        " Tell: update, next, snooze, approve, send-back, maintenance. People: role"
    )
    assert helped("").startswith("Words. help WORD explains one. Start: declare. Look: status, list")


def test_help_explains_one_word() -> None:
    assert helped("note") == "note TEXT writes a line into the timeline. For: those who work on it."
    assert helped("close") == "close closes a resolved incident: nothing is left to be done. For: incident commander."


def test_help_says_who_may_tell_others_and_what_else_can_be_typed() -> None:
    text = helped("update")
    assert text.startswith(
        "update [TEXT] [to:AUDIENCE…] publishes an update and sets the next promise. "
        "For: those who work on it; to others: incident commander, communications officer. "
    )
    assert "steps: What is being done? Internal readers see it." in text


def test_help_follows_the_organisations_permissions() -> None:
    strict = replace(POLICY, permissions={"resolve": ("commander", "slack:@sre"), "note": ("anyone",)})
    assert "For: incident commander, slack:@sre." in helped(resolve.SPEC.word, policy=strict)
    assert helped("note", policy=strict).endswith("For: anyone.")


def test_help_knows_aliases_and_names_them() -> None:
    assert helped("assign").endswith("Also: assign.")
    assert helped(role.SPEC.word) == helped("assign")


def test_help_for_a_word_that_is_not_there_names_the_nearest() -> None:
    assert refused(lambda: helped("resovle")).sentence == "There is no word `resovle`: did you mean `resolve`?"
    assert refused(lambda: helped("xyzzy")).sentence == "There is no word `xyzzy`: see `help`."


def test_every_word_has_its_place_in_the_help() -> None:
    groups = {spec.group for spec in COMMANDS if not spec.hidden}
    assert groups <= set(help_words.INSIDE)
    assert set(help_words.INSIDE) == set(help_words.ELSEWHERE)


def test_update_is_a_word_of_the_catalog() -> None:
    assert update.SPEC in COMMANDS


# here


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("slack:T1/C1", "slack:C1"),
        ("slack:T1/C1/1700000000.000100", "slack:C1"),
        ("local:room", "local:room"),
    ],
)
def test_here_is_the_address_as_the_policy_wants_it(place: str, address: str) -> None:
    text = shown(said(None, here.SPEC, "", context(place=Address(place))))
    assert text == f"This conversation's address, as the policy wants it: {address}."


def test_nowhere_has_no_address() -> None:
    refusal = refused(lambda: said(None, here.SPEC, "", context(place=None)))
    assert refusal.sentence == "This is no conversation: type `here` in the one you mean."


def test_the_commander_is_listed_by_name() -> None:
    led = grown(search(), AT, DEE, RoleAssigned(role=COMMANDER, person=CHEN))
    assert "@Chen" in listed("", led)
