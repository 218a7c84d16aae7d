"""Whole stories through the front door: what people are answered, and what is said to whom (WORDS.md, PROMISES.md)."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.cards import Names, Press
from bot.commands.record import DeliveryGaveUp, PersonLeft, RecordRoom, RoomWasLost
from bot.events import Entry, Reminded, ReminderWithheld
from bot.incident import Incident
from bot.people import Profile
from bot.plain import plain_text
from bot.policy import COMMANDER, COMMS, Audience, Policy, SlaStep
from bot.posts import Invite, OpenRoom, Post, SetTopic
from bot.refs import Address, Identity, Person
from bot.refusals import Conflict
from bot.requests import Answer, Request
from bot.service import Service
from tests.memory import MemoryStore
from tests.scenario import MINUTE, QUIET, at, policy

ROOM = Address("slack:T1/C42")
ELSEWHERE = Address("slack:T1/C1")


def rules() -> Policy:
    found = policy()
    critical = replace(found.priorities[0], call=("slack:@oncall",), resolve_within=timedelta(hours=2))
    critical = replace(critical, respond_within=15 * MINUTE)
    reminders = replace(found.reminders, sla=(SlaStep(at=0.8, to=(COMMANDER,)), SlaStep(at=1.0, to=(COMMANDER,))))
    return replace(found, priorities=(critical, *found.priorities[1:]), reminders=reminders)


@dataclass(slots=True)
class Desk:
    """A service with its store, and people who type."""

    policy: Policy = field(default_factory=rules)
    store: MemoryStore = field(default_factory=MemoryStore)
    count: int = 0
    only: Service | None = None
    """One process; None: a new one for every word."""

    @property
    def service(self) -> Service:
        return self.only or Service(store=self.store, policy=self.policy, rules="rules", replica="one")

    def say(self, clock: str, who: str, text: str, place: Address | None = ROOM, key: str = "") -> Answer:
        self.count += 1
        request = Request(
            key=key or f"k{self.count}",
            identity=Identity(f"slack:T1/{who}"),
            profile=Profile(name=who, zone="Etc/UTC"),
            place=place,
            text=text,
        )
        return self.service.handle(request, at(clock))

    def press(self, clock: str, who: str, word: str, values: dict[str, str] | None = None, **more: bool) -> Answer:
        self.count += 1
        request = Request(
            key=f"k{self.count}",
            identity=Identity(f"slack:T1/{who}"),
            place=(more.get("elsewhere") and ELSEWHERE) or ROOM,
            word=word,
            values=values or {},
            incident=1,
            submitted=more.get("submitted", False),
        )
        answer = self.service.handle(request, at(clock))
        if answer.form and answer.form.preview and request.submitted:
            again = replace(request, key=f"k{self.count}-seen", values={**request.values, **answer.form.values})
            answer = self.service.handle(again, at(clock))
        return answer

    def incident(self) -> Incident:
        with self.store.reading() as tx:
            found = tx.load(1)
        assert found is not None
        return found

    def entries(self) -> list[Entry]:
        return list(self.store.data.logs.get(1, []))

    def words(self, to: str, clock: str = "12:00") -> dict[str, str]:
        """What stands at a target, by key, in plain words."""
        names = {person: profile.name for person, profile in self.store.data.known.items()}
        return {
            post.key: plain_text(post.card, at(clock), Names(people=names))
            for post in self.store.posts(to)
            if self.state(to, post.key) != "withheld"
        }

    def state(self, to: str, key: str) -> str:
        return next(row.state for row in self.store.data.rows if (row.to, row.key) == (to, key))

    def person(self, who: str) -> str:
        return self.store.data.people[Identity(f"slack:T1/{who}")]


def declared(*, private: bool = False) -> Desk:
    desk = Desk()
    desk.say("10:00", "ana", f"declare {'private ' if private else ''}critical Checkout is down", ELSEWHERE)
    desk.service.record(RecordRoom(address=ROOM, name="inc-1-checkout-is-down"), 1, "room", at("10:00"))
    return desk


def staffed(*, private: bool = False) -> Desk:
    desk = declared(private=private)
    desk.say("10:00", "ana", "role ic @{slack:T1/ben|ben}")
    desk.say("10:00", "ben", "role comms @{slack:T1/hana|hana}")
    desk.say("10:00", "ben", "role scribe @{slack:T1/dee|dee}")
    desk.store.sent()
    return desk


def text(answer: Answer) -> str:
    assert answer.card is not None
    return plain_text(answer.card, at("10:00"), answer.names)


def test_a_declaration_opens_a_room_and_tells_the_internal_addresses_once() -> None:
    desk = declared()
    orders = [row.order for row in desk.store.data.rows if row.to == "room"]
    assert [type(order).__name__ for order in orders] == [
        "OpenRoom",
        "SetTopic",
        "Invite",
        "Post",
        "Post",
        "Pin",
    ]
    assert isinstance(orders[0], OpenRoom)
    assert orders[0].name == "inc-1-checkout-is-down"
    assert isinstance(orders[1], SetTopic)
    assert orders[1].text == "INC-1 · Critical · Checkout is down"
    assert isinstance(orders[2], Invite)
    assert (orders[2].people, orders[2].groups) == ((desk.person("ana"),), ("slack:@oncall",))
    announced = desk.words("slack:#internal")
    assert list(announced) == ["announcement"]
    assert announced["announcement"].startswith("INC-1 Checkout is down. Next update by 10:30 UTC for internal.")
    assert "called" in desk.words("room")


def test_what_a_chat_knows_of_people_they_speak_of_counts_at_once() -> None:
    desk = declared()
    robot = Identity("slack:T1/robot")
    asked = Request(
        key="k",
        identity=Identity("slack:T1/ana"),
        others={robot: Profile(name="robot", bot=True)},
        place=ROOM,
        text="role ic @{slack:T1/robot|robot}",
    )

    answer = desk.service.handle(asked, at("10:01"))

    assert text(answer) == "@robot is a bot: name somebody who can answer."
    assert desk.incident().holders(COMMANDER) == ()


def test_the_same_delivery_twice_has_one_effect() -> None:
    desk = Desk()
    assert not desk.say("10:00", "ana", "declare low Disk", key="same").repeated
    again = desk.say("10:00", "ana", "declare low Disk", key="same")
    assert (again.repeated, again.card, len(desk.store.data.logs)) == (True, None, 1)


@pytest.mark.parametrize("who", ["ben", "zed"])
def test_a_form_sent_again_as_it_is_is_judged_again(who: str) -> None:
    desk = staffed()
    form = Request(
        key="the same form",
        identity=Identity(f"slack:T1/{who}"),
        place=ROOM if who == "ben" else ELSEWHERE,
        word="resolve",
        values={"how": "Rolled back"},
        incident=1,
        submitted=True,
    )

    first, second = desk.service.handle(form, at("10:05")), desk.service.handle(form, at("10:06"))

    assert first.refused or first.form is not None
    assert (second.repeated, second.refused, second.form) == (False, first.refused, first.form)


def test_a_form_that_had_its_effect_has_none_when_it_comes_again() -> None:
    desk = staffed()
    form = Request(
        key="the same form",
        identity=Identity("slack:T1/ben"),
        place=ROOM,
        word="note",
        values={"text": "Rolled back"},
        incident=1,
        submitted=True,
    )

    first, second = desk.service.handle(form, at("10:05")), desk.service.handle(form, at("10:06"))

    assert (first.refused, first.form, second.repeated) == (False, None, True)


def test_a_refusal_is_an_answer_and_changes_nothing() -> None:
    desk = staffed()
    before = len(desk.entries())
    answer = desk.say("10:05", "zed", "INC-1 resolve x verified:y", ELSEWHERE)
    assert answer.refused
    assert "for the incident commander or communications officer" in text(answer)
    assert len(desk.entries()) == before


def test_a_button_of_an_earlier_release_says_where_to_go() -> None:
    assert "earlier release" in text(staffed().press("10:05", "ben", "teleport"))


def test_without_a_word_the_card_in_a_room_and_the_form_elsewhere() -> None:
    desk = staffed()
    assert text(desk.say("10:05", "ben", "")).startswith("INC-1 Checkout is down")
    form = desk.say("10:05", "ben", "", ELSEWHERE).form
    assert form is not None
    assert form.command == "declare"
    assert text(desk.say("10:05", "ben", "INC-1", ELSEWHERE)).startswith("INC-1 Checkout is down")
    assert desk.say("10:05", "ben", "", None).form is not None


def test_an_incident_that_is_not_there_has_one_sentence() -> None:
    assert text(staffed().say("10:05", "ben", "status INC-9")) == "There is no INC-9 that you can see: look at `list`."


def test_who_works_on_one_incident_need_not_name_it() -> None:
    desk = staffed()
    desk.say("10:05", "ben", "identified", ELSEWHERE)
    assert desk.incident().status == "identified"
    desk.say("10:06", "ben", "declare low Disk full", ELSEWHERE)
    desk.say("10:06", "ben", "INC-2 claim ic", ELSEWHERE)
    form = desk.say("10:07", "ben", "monitoring", ELSEWHERE).form
    assert form is not None
    assert form.title == "Which incident?"


def test_when_others_write_first_it_is_decided_again() -> None:
    desk = staffed()
    desk.store.conflicts = 2
    assert not desk.say("10:05", "ben", "identified").refused
    desk.store.conflicts = 3
    refused = desk.say("10:06", "ben", "monitoring")
    assert refused.refused
    assert "was changed" in text(refused)


def test_taking_the_lead_is_news_in_the_room_and_a_role_given_is_told_in_private() -> None:
    desk = staffed()
    room = desk.words("room")
    assert [words for key, words in room.items() if key.startswith("role:")] == ["@ben is incident commander of INC-1."]
    (told,) = desk.words(desk.person("hana")).values()
    assert told.startswith("You are communications officer of INC-1 Checkout is down. @ben gave you the role.")
    assert "First: internal by 10:30 UTC" in told
    (scribe,) = desk.words(desk.person("dee")).values()
    assert "Post update" not in scribe
    assert desk.store.keys(desk.person("ana")) == []


def test_what_one_did_oneself_brings_no_message() -> None:
    desk = declared()
    desk.say("10:01", "ben", "claim ic")
    assert desk.store.keys(desk.person("ben")) == []


def test_an_update_is_whole_in_the_room_and_a_reply_under_the_announcement() -> None:
    desk = staffed()
    desk.say("10:10", "hana", "update Cards fail steps:Comparing settings next:30m")
    post = next(post for post in desk.store.posts("slack:#internal") if post.key == "update-1")
    assert (post.thread, post.broadcast) == ("announcement", False)
    room = desk.words("room")["update-1"]
    assert room.startswith("Update 1 on INC-1 Checkout is down. Cards fail.")
    assert "Next update by 10:40 UTC. By @hana, to internal." in room
    assert "Last update, 10:10 UTC: Cards fail" in desk.words("room")["card"]


def publish(desk: Desk, clock: str, to: str, **more: str) -> Answer:
    values = {"what": "Cards fail", "steps": "Looking", "who": "EU", "expect": "Wait", "to": to, "next": "30m", **more}
    return desk.press(clock, "hana", "update", values, submitted=True)


def test_customers_read_their_own_words_and_the_room_reads_everything() -> None:
    desk = staffed()
    publish(desk, "10:10", "internal customers", words="Some card payments fail.")
    told = desk.words("slack:#customers")["update-1"]
    assert told == "Some card payments fail. Next update by 10:40 UTC."
    publish(desk, "10:20", "customers")
    assert desk.words("slack:#customers")["update-2"].startswith("Cards fail. Affected: EU. Wait.")
    assert "update-2" in desk.words("room")
    assert "update-2" not in desk.words("slack:#internal")


def test_other_audiences_read_which_incident_it_is() -> None:
    desk = staffed()
    desk.policy = replace(
        desk.policy, audiences={**desk.policy.audiences, "press": Audience(name="press", addresses=("slack:#press",))}
    )
    publish(desk, "10:10", "press")
    assert desk.words("slack:#press")["update-1"].startswith("INC-1 Checkout is down: update 1.")


def test_no_further_update_is_said_with_its_reason() -> None:
    desk = staffed()
    publish(desk, "10:10", "internal", next="none", reason="Waiting for the vendor.")
    assert "No further update is expected: Waiting for the vendor." in desk.words("room")["update-1"]
    assert "No further update to internal is expected: Waiting for the vendor." in desk.words("room")["card"]
    publish(desk, "10:11", "internal customers", next="none", reason="Waiting for the vendor.")
    assert "No further update is expected: Waiting for the vendor." in desk.words("room")["card"]


def test_a_moved_promise_is_told_with_its_reason_inside_only() -> None:
    desk = staffed()
    publish(desk, "10:10", "internal customers")
    desk.say("10:20", "hana", "next all 11:00 the rollback takes longer")
    inside = [words for key, words in desk.words("room").items() if key.startswith("moved")]
    assert "The next update on INC-1 comes by 11:00 UTC, not 10:40 UTC: the rollback takes longer." in inside
    (outside,) = [words for key, words in desk.words("slack:#customers").items() if key.startswith("moved")]
    assert outside == "The next update comes by 11:00 UTC, not 10:40 UTC."
    desk.say("10:21", "hana", "next none over night")
    said = [words for key, words in desk.words("room").items() if key.startswith("moved")]
    assert "No further update on INC-1 is expected: over night." in said


def test_a_status_typed_alone_is_one_line_and_one_inside_an_update_none() -> None:
    desk = staffed()
    desk.say("10:10", "ben", "identified")
    assert "INC-1 is identified, by @ben." in desk.words("room").values()
    publish(desk, "10:20", "internal", status="monitoring")
    assert not any("is monitoring" in words for words in desk.words("room").values())
    assert desk.incident().status == "monitoring"


def test_a_raise_to_major_is_shown_in_the_channel_and_calls_people_once() -> None:
    desk = Desk()
    desk.say("10:00", "ana", "declare low Checkout is down", ELSEWHERE)
    desk.service.record(RecordRoom(address=ROOM, name="inc-1"), 1, "room", at("10:00"))
    desk.say("10:05", "ana", "priority critical all of Europe")
    reply = next(post for post in desk.store.posts("slack:#internal") if post.key.startswith("priority"))
    assert (reply.broadcast, reply.thread) == (True, "announcement")
    assert plain_text(reply.card, at("10:05"), Names()).startswith("INC-1 is critical, before low, by")
    assert "called:critical" in desk.words("room")
    desk.say("10:06", "ana", "priority low")
    desk.say("10:07", "ana", "priority critical")
    assert len([key for key in desk.words("room") if key.startswith("called")]) == 1


def test_a_priority_that_is_only_confirmed_is_no_news() -> None:
    desk = Desk()
    desk.say("10:00", "ana", "declare Checkout is down", ELSEWHERE)
    desk.service.record(RecordRoom(address=ROOM, name="inc-1"), 1, "room", at("10:00"))
    assert "(not confirmed)" in desk.words("room")["card"]
    desk.say("10:01", "ana", "priority critical")
    assert "(not confirmed)" not in desk.words("room")["card"]
    assert not [key for key in desk.words("room") if key.startswith("priority")]


def test_a_required_role_left_empty_is_said_in_the_room() -> None:
    desk = staffed()
    desk.say("10:10", "hana", "release comms")
    (said,) = [words for key, words in desk.words("room").items() if key.startswith("vacant")]
    assert said.startswith("INC-1 has no communications officer. @hana released the role. Reminders go to @ben")


def test_who_left_leaves_a_vacancy_and_nobody_stands_in_where_nobody_is() -> None:
    desk = declared()
    desk.say("10:01", "ben", "claim ic")
    for who in ("ana", "ben"):
        person = Person(desk.person(who))
        desk.store.data.known[person] = Profile(name=who, gone=True)
        desk.service.record(PersonLeft(person=person, unreachable="gone"), 1, f"left-{who}", at("10:05"))
    (said,) = [words for key, words in desk.words("room").items() if key.startswith("vacant")]
    assert "left." in said


@pytest.mark.parametrize("words", ["list", "INC-1 note I am back", "frobnicate"])
def test_who_was_out_of_reach_and_says_anything_is_reminded_again(words: str) -> None:
    desk = staffed()
    keeper = desk.only = desk.service
    desk.say("10:01", "hana", "list", ELSEWHERE)
    hana = Person(desk.person("hana"))
    gone = DeliveryGaveUp(what="a reminder", to=hana, reason="blocked", person=hana)
    keeper.record(gone, 1, "gave up", at("10:05"))
    assert desk.incident().unreachable == {hana}
    desk.say("10:06", "dee", "list", ELSEWHERE)
    assert desk.incident().unreachable == {hana}

    desk.say("10:07", "hana", words, ELSEWHERE)

    assert desk.incident().unreachable == frozenset()
    before = len(desk.entries())
    desk.say("10:08", "hana", "list", ELSEWHERE)
    desk.say("10:09", "hana", "list", ELSEWHERE)
    assert len(desk.entries()) == before
    tick(desk, "10:25")
    assert any("Update on INC-1" in said for said in desk.words(hana).values())


def test_who_was_out_of_reach_before_the_start_is_known_to_have_been() -> None:
    desk = staffed()
    hana = Person(desk.person("hana"))
    gone = DeliveryGaveUp(what="a reminder", to=hana, reason="blocked", person=hana)
    desk.service.record(gone, 1, "gave up", at("10:05"))

    desk.say("10:07", "hana", "help", ELSEWHERE)

    assert desk.incident().unreachable == frozenset()


def test_a_handover_is_a_brief_until_it_is_answered() -> None:
    desk = staffed()
    desk.say("10:05", "hana", "update Cards fail steps:Looking next:30m")
    desk.say("10:10", "hana", "handover comms @{slack:T1/lena|lena}")
    (brief,) = desk.words(desk.person("lena")).values()
    assert brief.startswith("Will you be communications officer of INC-1 Checkout is down? @hana hands the role over.")
    assert "You will owe: internal by 10:35 UTC" in brief
    desk.press("10:11", "lena", "accept", {"role": COMMS})
    assert "@lena is communications officer of INC-1, taken over from @hana. Next update by 10:35 UTC." in (
        desk.words("room").values()
    )


def test_a_handover_declined_or_unanswered_changes_nothing() -> None:
    desk = staffed()
    desk.say("10:10", "hana", "handover comms @{slack:T1/lena|lena}")
    desk.store.sent()
    desk.press("10:11", "lena", "decline", {"role": COMMS})
    for who in ("lena", "hana"):
        last = list(desk.words(desk.person(who)).values())[-1]
        assert last == "The handover of INC-1 was declined: @hana is still communications officer."
    desk.say("10:12", "hana", "handover comms @{slack:T1/lena|lena}")
    desk.service.tick(at("10:22"))
    assert "ended without an answer" in list(desk.words(desk.person("hana")).values())[-1]


def test_a_handover_overtaken_leaves_no_button() -> None:
    desk = staffed()
    desk.say("10:10", "hana", "handover comms @{slack:T1/lena|lena}")
    desk.store.sent()
    desk.say("10:11", "ben", "role comms @{slack:T1/dee|dee}")
    assert desk.words(desk.person("lena")) == {
        f"handover:{COMMS}:{desk.person('hana')}": "The handover of INC-1 ended: the role was given otherwise."
    }


def test_the_end_is_broadcast_with_how_and_how_verified() -> None:
    desk = staffed()
    desk.say("11:00", "ben", "resolve Rolled back verified:200 test payments")
    resolved = next(post for post in desk.store.posts("slack:#internal") if post.key.startswith("resolved"))
    assert resolved.broadcast
    words = plain_text(resolved.card, at("11:00"), Names())
    assert words.startswith("INC-1 Checkout is down is resolved. How: Rolled back. Verified: 200 test payments.")
    assert "Lasted 1 h from declaration. No further update is expected." in words
    assert "Resolved at 11:00 UTC by @ben, after 1 h. No further update is expected." in desk.words("room")["card"]
    topic = next(row.order for row in desk.store.data.rows if row.key == "topic")
    assert isinstance(topic, SetTopic)
    assert topic.text == "INC-1 · Resolved · Checkout is down"
    desk.say("11:30", "ben", "close")
    assert "INC-1 is closed, by @ben." in desk.words("room").values()
    assert "Closed at 11:30 UTC by @ben, resolved at 11:00 UTC." in desk.words("room")["card"]
    desk.say("11:40", "ben", "reopen card errors at 6 %")
    assert "INC-1 is open again, by @ben: card errors at 6 %. Roles are as before. Next update by 12:10 UTC." in (
        desk.words("room").values()
    )


def test_who_was_told_and_is_owed_the_final_word_stands_in_the_resolution() -> None:
    desk = staffed()
    publish(desk, "10:10", "internal customers")
    desk.say("10:30", "ben", "resolve Rolled back verified:tested")
    (said,) = [words for key, words in desk.words("room").items() if key.startswith("resolved")]
    assert "Final word to customers by 10:45 UTC." in said
    assert "Final word to customers by 10:45 UTC." in desk.words("room")["card"]


def test_a_false_alarm_is_said_as_one() -> None:
    desk = staffed()
    desk.say("10:05", "ben", "cancel a probe was set wrongly")
    said = "INC-1 is cancelled, by @ben: false alarm, a probe was set wrongly. No further update is expected."
    assert said in desk.words("room").values()
    assert "Cancelled at 10:05 UTC by @ben: false alarm, a probe was set wrongly." in desk.words("room")["card"]
    assert desk.incident().standing() == ()


def test_a_reason_that_says_false_alarm_is_not_said_twice() -> None:
    desk = staffed()

    desk.say("10:10", "ben", "cancel False alarm: a probe was set wrongly")

    assert any(": false alarm: a probe was set wrongly. No further" in said for said in desk.words("room").values())


def test_what_only_the_room_shows_is_answered_to_who_typed_it_elsewhere() -> None:
    desk = declared()

    inside, outside = desk.say("10:01", "ben", "claim ic"), desk.say("10:02", "hana", "INC-1 claim comms", ELSEWHERE)

    assert inside.card is None
    assert text(outside) == "Done: the card of INC-1 shows it."
    assert desk.say("10:03", "hana", "INC-1 claim comms", ELSEWHERE).card != outside.card


def test_a_duplicate_names_where_work_goes_on() -> None:
    desk = staffed()
    desk.say("10:05", "ben", "declare low Cart is down", ELSEWHERE)
    desk.say("10:06", "ben", "INC-1 duplicate INC-2")
    assert "INC-1 is the same as INC-2. Go on in #inc-2." in desk.words("room").values()
    card = next(row.order for row in desk.store.data.rows if (row.number, row.key) == (1, "card"))
    assert isinstance(card, Post)
    assert "the same as INC-2" in plain_text(card.card, at("10:06"), Names())


def tick(desk: Desk, *clocks: str) -> None:
    """The clock runs to each of these moments, and what is said is sent."""
    for clock in clocks:
        while desk.store.data.beat and desk.store.data.beat + MINUTE < at(clock):
            desk.service.tick(desk.store.data.beat + MINUTE)
            desk.store.sent()
        desk.service.tick(at(clock))
        desk.store.sent()


def test_where_a_tick_cannot_write_all_together_each_incident_has_its_own_turn() -> None:
    desk = Desk()
    desk.say("10:00", "ana", "declare critical Checkout is down", ELSEWHERE)
    tick(desk, "10:04")
    desk.store.conflicts = 2

    said = desk.service.tick(at("10:25"))

    assert said == 1
    assert desk.store.conflicts == 0


def test_the_ladder_as_messages() -> None:
    desk = staffed()
    tick(desk, "10:25", "10:30", "10:35", "10:45")
    hana = list(desk.words(desk.person("hana"), "10:25").values())[-1]
    assert hana == (
        "Update on INC-1 is due in 5 minutes. Promised to internal by 10:30 UTC. "
        "Buttons: Post update, Snooze 5 min, Move promise."
    )
    buttons = "Post update, Move promise"
    room = [words for key, words in desk.words("room", "10:35").items() if key.startswith("late:")]
    assert room == [
        f"Update on INC-1 is 5 minutes late. @{who}: promised to internal by 10:30 UTC. Buttons: {buttons}."
        for who in ("hana", "ben")
    ]
    ben = list(desk.words(desk.person("ben"), "10:35").values())[-1]
    assert "It reaches you as incident commander, after reminders at 10:25 UTC and 10:30 UTC." in ben
    assert "Reassign comms" in ben
    (leaders,) = [words for key, words in desk.words("slack:#leadership", "10:45").items()]
    assert leaders.startswith(
        "Update on INC-1 is 15 minutes late. INC-1 Checkout is down: promised to internal by 10:30 UTC."
    )
    assert "Update overdue since 10:30 UTC" in desk.words("room")["card"]


def test_later_steps_reply_to_the_first_message_in_the_room() -> None:
    desk = staffed()
    tick(desk, "10:25", "10:30", "10:35")
    first, second = (post for post in desk.store.posts("room") if post.key.startswith("late:"))
    assert (first.thread, second.thread) == ("", first.key)


def test_once_the_update_came_every_reminder_becomes_that_line() -> None:
    desk = staffed()
    tick(desk, "10:25", "10:30", "10:35")
    desk.say("10:37", "hana", "update Cards fail steps:Looking next:30m")
    for who in ("hana", "ben"):
        assert list(desk.words(desk.person(who)).values())[-1] == "Update 1 came at 10:37 UTC."
    late = [words for key, words in desk.words("room").items() if key.startswith("late:")]
    assert late == ["Update 1 came at 10:37 UTC.", "Update 1 came at 10:37 UTC."]


def test_a_moved_promise_and_an_end_settle_reminders_too() -> None:
    desk = staffed()
    tick(desk, "10:25")
    desk.say("10:26", "hana", "next 11:00")
    assert list(desk.words(desk.person("hana")).values())[-1] == "The next update on INC-1 comes by 11:00 UTC."
    tick(desk, "10:55")
    desk.say("10:56", "ben", "cancel a probe")
    assert list(desk.words(desk.person("hana")).values())[-1] == "INC-1 is cancelled since 10:56 UTC."


def test_a_reminder_that_is_no_longer_true_is_withheld() -> None:
    desk = staffed()
    desk.service.tick(at("10:25"))
    desk.say("10:26", "hana", "update Cards fail steps:Looking next:30m")
    assert [row.state for row in desk.store.data.rows if row.to == desk.person("hana")][-1] == "withheld"
    withheld = [entry.event for entry in desk.entries() if isinstance(entry.event, ReminderWithheld)]
    assert [event.why for event in withheld] == ["untrue"]


def test_a_reminder_for_two_audiences_is_reworded_when_one_is_told() -> None:
    desk = staffed()
    publish(desk, "10:10", "internal customers")
    desk.service.tick(at("10:35"))
    publish(desk, "10:36", "customers")
    assert "Promised to internal by 10:40 UTC." in list(desk.words(desk.person("hana")).values())[-1]


def test_a_reminder_leaves_who_gave_the_role_away() -> None:
    desk = staffed()
    desk.service.tick(at("10:25"))
    desk.say("10:26", "ben", "role comms @{slack:T1/lena|lena}")
    assert "withheld" in [row.state for row in desk.store.data.rows if row.to == desk.person("hana")]


def test_after_a_chat_outage_earlier_rows_are_withheld_once() -> None:
    desk = staffed()
    for clock in ("10:25", "10:30", "10:35"):
        desk.service.tick(at(clock))
    waiting = [(row.to, row.key) for row in desk.store.data.rows if row.state == "waiting" and ":" in row.key]
    assert sorted(to for to, _ in waiting) == sorted(["room", desk.person("hana"), desk.person("ben")])
    withheld = [entry.event.why for entry in desk.entries() if isinstance(entry.event, ReminderWithheld)]
    assert set(withheld) == {"higher step"}


def test_down_for_the_whole_ladder_it_says_so_once() -> None:
    desk = staffed()
    tick(desk, "10:20")
    desk.service.tick(at("10:47"))
    desk.store.sent()
    (event,) = [entry.event for entry in desk.entries() if isinstance(entry.event, Reminded) and entry.event.to.room]
    assert event.down == (at("10:20"), at("10:47"))
    hana = list(desk.words(desk.person("hana"), "10:47").values())[-1]
    assert "17 minutes late" in hana
    assert "Sitrep was down from 10:20 UTC to 10:47 UTC; this replaces the reminders between." in hana


def test_quiet_over_says_that_the_promise_still_stands() -> None:
    desk = staffed()
    tick(desk, "10:25")
    desk.say("10:26", "hana", "snooze 10m")
    assert "Reminders quiet until 10:36 UTC, by @hana." in desk.words("room")["card"]
    tick(desk, "10:30", "10:36")
    assert "Your quiet time ended" in list(desk.words(desk.person("hana")).values())[-1]


@pytest.mark.parametrize(
    ("staff", "who", "because"),
    [
        ((), "ana", "It reaches you because nobody holds a role and you declared"),
        (("ic",), "ben", "It reaches you because nobody is communications officer"),
    ],
)
def test_a_reminder_says_why_it_comes_to_somebody_else(staff: tuple[str, ...], who: str, because: str) -> None:
    desk = declared()
    for role in staff:
        desk.say("10:01", "ben", f"claim {role}")
    tick(desk, "10:25")
    said = next(words for key, words in desk.words(desk.person(who)).items() if key.startswith("remind:update"))
    assert because in said
    assert "Assign role" in said


def test_roles_wanted_are_one_message_with_a_claim_button_each() -> None:
    desk = declared()
    tick(desk, "10:05")
    (post,) = [post for post in desk.store.posts("room") if post.key.startswith("late:role")]
    words = plain_text(post.card, at("10:05"), Names())
    assert words.startswith("INC-1 needs an incident commander, a communications officer and a scribe.")
    labels = [action.label for action in post.card.actions if isinstance(action, Press)]
    assert labels == ["Claim commander", "Claim comms", "Claim scribe"]
    desk.say("10:06", "ben", "claim ic")
    desk.say("10:06", "hana", "claim comms")
    desk.say("10:06", "dee", "claim scribe")
    settled = next(
        post for post in desk.store.posts("room") if post.key == post.key and post.key.startswith("late:role")
    )
    assert settled.card.actions == ()


def test_the_sla_warns_and_breaches_in_words() -> None:
    desk = declared()
    tick(desk, "10:12", "10:15")
    said = list(desk.words(desk.person("ana")).values())
    assert any("INC-1 has no first response yet. Its response SLA ends at 10:15 UTC." in words for words in said)
    assert any("Its response SLA ended at 10:15 UTC." in words for words in said)
    desk.say("10:16", "ben", "claim ic")
    tick(desk, "11:36", "12:00")
    said = list(desk.words(desk.person("ben")).values())
    assert any(words.startswith("24 minutes left in the resolution SLA of INC-1.") for words in said)
    assert any("The 2 h allowed ended at 12:00 UTC." in words for words in said)


def test_silence_asks_whether_work_goes_on() -> None:
    desk = staffed()
    tick(desk, "12:00")
    asked = [words for key, words in desk.words(desk.person("ben")).items() if "silence" in key]
    assert asked[0].startswith("Nothing recorded on INC-1 for 2 h. Still under way?")
    desk.press("12:01", "ben", "note", {"text": "Still working on it."})
    settled = [words for key, words in desk.words(desk.person("ben")).items() if "silence" in key]
    assert settled == ["INC-1 is investigating since 10:00 UTC."]


def test_a_resolved_incident_may_be_asked_about() -> None:
    desk = staffed()
    desk.policy = replace(desk.policy, reminders=replace(desk.policy.reminders, close_within=timedelta(hours=1)))
    desk.say("10:30", "ben", "resolve Rolled back verified:tested")
    tick(desk, "11:30")
    asked = [words for key, words in desk.words(desk.person("ben")).items() if "close" in key]
    assert asked == ["May INC-1 be closed? Resolved at 10:30 UTC. Buttons: Close, Reopen."]


def test_what_did_not_arrive_is_told_to_the_commander_and_not_to_who_cannot_be_reached() -> None:
    desk = staffed()
    failed = DeliveryGaveUp(what="update 2", to="customers", reason="the channel is archived")
    desk.service.record(failed, 1, "f1", at("10:10"))
    said = list(desk.words(desk.person("ben")).values())[-1]
    assert said == "Update 2 of INC-1 did not reach customers. The channel is archived."
    ben = desk.incident().holder(COMMANDER)
    lost = DeliveryGaveUp(what="reminder", to=str(ben), reason="blocked", person=ben)
    desk.service.record(lost, 1, "f2", at("10:11"))
    assert [key for key in desk.words(desk.person("ana")) if key.startswith("failed")]


def test_when_everybody_is_out_of_reach_the_room_is_told() -> None:
    desk = declared()
    ana = desk.incident().declared_by
    desk.service.record(DeliveryGaveUp(what="reminder", to=str(ana), reason="gone", person=ana), 1, "f", at("10:10"))
    assert [key for key in desk.words("room") if key.startswith("failed")]


def test_without_its_room_it_goes_on_under_the_announcement() -> None:
    desk = staffed()
    desk.service.record(RoomWasLost(address=ROOM, reason="archived"), 1, "lost", at("10:10"))
    assert "The room of INC-1 is gone: archived. It goes on under its announcement." in (
        desk.words(desk.person("ben")).values()
    )
    desk.say("10:11", "ben", "INC-1 identified", ELSEWHERE)
    moved = [post for post in desk.store.posts("slack:#internal") if post.key.startswith("room:status")]
    assert [post.thread for post in moved] == ["announcement"]


def test_a_private_incident_without_its_room_goes_on_with_its_commander() -> None:
    desk = staffed(private=True)
    desk.service.record(RoomWasLost(address=ROOM, reason="archived"), 1, "lost", at("10:10"))
    desk.say("10:11", "ben", "INC-1 identified", ELSEWHERE)
    assert [key for key in desk.words(desk.person("ben")) if key.startswith("status")]
    assert desk.store.posts("slack:#internal") == []


def test_a_private_incident_that_never_gets_a_room_goes_on_with_its_commander() -> None:
    desk = Desk()
    desk.say("10:00", "ana", "declare private critical Checkout is down", ELSEWHERE)
    failed = DeliveryGaveUp(what="room", to="the room", reason="Sitrep may not make channels")
    desk.service.record(failed, 1, "no room", at("10:01"))
    desk.say("10:02", "ana", "INC-1 claim ic", ELSEWHERE)

    ana = desk.person("ana")
    assert "INC-1 has no room. Sitrep may not make channels." in desk.words(ana).values()
    assert "No room could be made: Sitrep may not make channels." in desk.words(ana)["card"]
    tick(desk, "10:25", "10:30")
    assert any("Update on INC-1 is due now" in said for said in desk.words(ana, "10:30").values())


def test_a_public_incident_that_never_gets_a_room_and_is_announced_nowhere_goes_on_with_its_commander() -> None:
    desk = Desk()
    desk.policy = replace(desk.policy, audiences={"internal": Audience(name="internal")})
    desk.say("10:00", "ana", "declare critical Checkout is down", ELSEWHERE)
    failed = DeliveryGaveUp(what="room", to="the room", reason="Sitrep may not make channels")

    desk.service.record(failed, 1, "no room", at("10:01"))

    assert "card" in desk.words(desk.person("ana"))


def test_a_private_incident_stands_in_no_announcement_and_its_number_only_in_messages() -> None:
    desk = staffed(private=True)
    publish(desk, "10:10", "internal")
    desk.say("10:12", "ben", "priority low")
    desk.say("10:13", "ben", "priority critical")
    tick(desk, "10:35", "10:40", "10:45")
    desk.say("10:50", "hana", "next 11:30")
    desk.say("11:00", "ben", "resolve Rolled back verified:tested")
    assert desk.store.posts("slack:#internal") == []
    assert desk.store.posts("slack:#leadership") == []
    for who in ("ana", "ben", "hana", "dee"):
        assert not any("Checkout" in words for words in desk.words(desk.person(who)).values())
    room = next(row.order for row in desk.store.data.rows if isinstance(row.order, OpenRoom))
    assert (room.name, room.private) == ("inc-1", True)


def test_a_commander_told_in_place_of_leadership_may_reassign_a_role_that_is_held() -> None:
    desk = staffed(private=True)
    tick(desk, "10:45")
    (post,) = [post for post in desk.store.posts(desk.person("ben")) if ":900:" in post.key]
    labels = [action.label for action in post.card.actions if isinstance(action, Press)]
    assert "Reassign comms" in labels
    assert "Assign role" not in labels


def test_a_private_incident_is_missing_to_everybody_else() -> None:
    desk = staffed(private=True)
    for words in ("status INC-1", "note INC-1 hello", "why INC-1"):
        answer = desk.say("10:05", "zed", words, ELSEWHERE)
        assert text(answer) == "There is no INC-1 that you can see: look at `list`."


def test_becoming_private_takes_the_title_out_of_the_announcement_and_back() -> None:
    desk = staffed()
    desk.say("10:05", "ben", "visibility private")
    assert desk.words("slack:#internal")["announcement"] == "INC-1 goes on in its room."
    desk.say("10:06", "ben", "visibility public")
    assert "Checkout is down" in desk.words("slack:#internal")["announcement"]


def test_a_room_made_for_everybody_tells_no_title_of_a_private_incident_where_it_is_listed() -> None:
    desk = staffed()

    def topics() -> list[tuple[str, str]]:
        found = [row.order for row in desk.store.data.rows if isinstance(row.order, SetTopic)]
        return [(order.text, order.name) for order in found]

    desk.say("10:05", "ben", "visibility private")
    assert topics() == [("INC-1 · Critical", "inc-1")]
    desk.say("10:06", "ben", "priority medium")
    assert topics() == [("INC-1 · Medium", "inc-1")]
    desk.say("10:07", "ben", "visibility public")
    assert topics() == [("INC-1 · Medium · Checkout is down", "inc-1-checkout-is-down")]
    desk.say("10:08", "ben", "priority critical")
    assert topics() == [("INC-1 · Critical · Checkout is down", "")]


def test_a_room_made_for_its_people_keeps_its_name_and_topic() -> None:
    desk = staffed(private=True)

    desk.say("10:05", "ben", "visibility public")
    answer = desk.say("10:06", "ben", "visibility private")

    assert text(answer) == "INC-1 is private from now on: only its people see it."
    (topic,) = [row.order for row in desk.store.data.rows if isinstance(row.order, SetTopic)]
    assert (topic.text, topic.name) == ("INC-1 · Critical · Checkout is down", "")


def test_a_report_about_nothing_is_an_error_of_the_caller() -> None:
    desk = Desk()
    with pytest.raises(LookupError):
        desk.service.record(RoomWasLost(address=ROOM, reason="x"), 7, "k", at("10:00"))


def test_a_report_twice_is_recorded_once() -> None:
    desk = staffed()
    before = len(desk.entries())
    for _ in range(2):
        desk.service.record(RoomWasLost(address=ROOM, reason="archived"), 1, "lost", at("10:10"))
    assert len(desk.entries()) == before + 1


def test_rows_of_other_rules_are_computed_anew() -> None:
    desk = staffed()
    other = Service(
        store=desk.store,
        policy=replace(desk.policy, reminders=replace(desk.policy.reminders, update=())),
        rules="new",
        replica="one",
    )
    assert other.refresh(10) == 1
    assert other.refresh(10) == 0
    assert desk.store.data.indexes[1][0].next_due_at != at("10:25")


def test_an_incident_that_vanished_is_passed_over() -> None:
    desk = staffed()
    del desk.store.data.logs[1]
    assert desk.service.tick(at("10:25")) == 0


def test_time_never_runs_backwards_on_a_timeline() -> None:
    desk = staffed()
    desk.say("10:20", "ben", "note later")
    desk.say("10:10", "ben", "note earlier")
    moments = [entry.at for entry in desk.entries()]
    assert moments == sorted(moments)
    assert isinstance(moments[-1], datetime)


def test_a_room_that_is_a_thread_says_so() -> None:
    desk = Desk()
    desk.say("10:00", "ana", "declare critical Checkout is down", ELSEWHERE)
    thread = Address("slack:T1/C1/1.0")
    desk.service.record(RecordRoom(address=thread, name="incidents", own=False), 1, "room", at("10:00"))
    assert "No channel could be made, so this thread is the room." in desk.words("room")["card"]
    assert "To help, join" not in desk.words("slack:#internal")["announcement"]


def test_in_a_room_that_is_the_announcements_thread_everything_is_said_once() -> None:
    desk = Desk()
    desk.say("10:00", "ana", "declare critical Checkout is down", ELSEWHERE)
    thread = Address("slack:T1/C1/1.0")
    desk.service.record(RecordRoom(address=thread, name="incidents", own=False), 1, "room", at("10:00"))
    desk.say("10:01", "ben", "INC-1 claim ic", ELSEWHERE)
    desk.say("10:05", "ben", "INC-1 update Cards fail steps:Looking next:30m", ELSEWHERE)
    desk.say("10:06", "ben", "INC-1 resolve Rolled back verified:tested", ELSEWHERE)
    assert "update-1" in desk.words("room")
    assert list(desk.words("slack:#internal")) == ["announcement", "resolved:9"]
    assert not any(key.startswith("resolved") for key in desk.words("room"))


def test_the_brief_of_a_private_handover_has_no_title() -> None:
    desk = staffed(private=True)
    desk.say("10:05", "hana", "next none nothing changes over night")
    desk.say("10:10", "hana", "handover comms @{slack:T1/lena|lena}")
    (brief,) = desk.words(desk.person("lena")).values()
    assert "Now: critical, investigating since 10:00 UTC." in brief
    assert "Checkout" not in brief
    assert "You will owe" not in brief


def test_the_last_word_says_that_none_follows() -> None:
    desk = staffed()
    publish(desk, "10:10", "internal customers")
    desk.say("10:30", "ben", "resolve Rolled back verified:tested")
    publish(desk, "10:35", "customers")
    assert desk.words("slack:#customers")["update-2"].endswith("No further update is expected: resolved and verified.")


def test_a_reminder_that_waited_for_the_morning_says_so() -> None:
    desk = staffed()
    desk.policy = replace(desk.policy, reminders=replace(desk.policy.reminders, quiet=QUIET))
    desk.say("10:00", "ben", "priority medium")
    desk.say("19:50", "hana", "update Cards fail steps:Looking next:21:00")
    tick(desk, "21:00")
    morning = at("08:00") + timedelta(days=1)
    desk.store.data.beat = morning
    desk.service.tick(morning)
    assert any(
        "It waited for the end of your quiet hours." in words for words in desk.words(desk.person("hana")).values()
    )


def test_a_reminder_says_who_could_not_be_reached() -> None:
    desk = staffed()
    hana = desk.incident().holder(COMMS)
    desk.service.record(DeliveryGaveUp(what="reminder", to=str(hana), reason="gone", person=hana), 1, "f", at("10:10"))
    tick(desk, "10:25")
    said = next(words for key, words in desk.words(desk.person("ben")).items() if key.startswith("remind:update"))
    assert "It reaches you because @hana, communications officer, cannot be reached." in said


def test_an_update_for_people_outside_leaves_what_the_room_was_promised() -> None:
    desk = staffed()
    values = {"what": "Cards fail.", "who": "Europe", "expect": "Pay by transfer.", "next": "45m", "to": "customers"}
    desk.press("10:05", "hana", "update", values, submitted=True)
    assert "Next update by 10:30 UTC. By @hana, to customers." in desk.words("room")["update-1"]
    desk.say("10:06", "hana", "next none the vendor works on it")
    desk.press("10:07", "hana", "update", values, submitted=True)
    assert "No further update is expected: the vendor works on it." in desk.words("room")["update-2"]


def test_an_audience_that_no_clock_serves_reads_that_nothing_is_promised_yet() -> None:
    desk = staffed()
    desk.press("10:05", "hana", "update", {"what": "Cards fail.", "to": "leadership"}, submitted=True)
    assert desk.words("slack:#leadership")["update-1"].endswith("The next update is not promised yet.")


def test_what_waits_for_people_outside_never_leaves_once_the_incident_is_private() -> None:
    desk = staffed()
    values = {"what": "Cards fail.", "steps": "We look.", "who": "EU", "expect": "Wait.", "to": "internal customers"}
    desk.press("10:05", "hana", "update", {**values, "next": "15m"}, submitted=True)
    for clock in ("10:15", "10:20", "10:25", "10:35"):
        desk.store.data.beat = at(clock)
        desk.service.tick(at(clock))
    outside = [(row.to, row.key) for row in desk.store.data.rows if row.to in {"slack:#customers", "slack:#leadership"}]
    assert len(outside) == 2
    desk.say("10:36", "ben", "visibility private")
    assert {desk.state(*row) for row in outside} == {"withheld"}
    assert desk.words("slack:#internal") == {"announcement": "INC-1 goes on in its room."}
    assert any(isinstance(entry.event, ReminderWithheld) for entry in desk.entries())


def test_becoming_private_takes_the_title_out_of_what_was_said_outside() -> None:
    desk = staffed()
    desk.say("10:05", "hana", "update Cards fail. steps:We look. next:30m")
    desk.store.sent()
    desk.say("10:06", "ben", "visibility private")
    assert set(desk.words("slack:#internal").values()) == {"INC-1 goes on in its room."}
    assert "Cards fail." in desk.words("room")["update-1"]


def test_what_waits_after_a_downtime_keeps_nobody_else_waiting() -> None:
    desk = staffed()
    tick(desk, "10:20")
    desk.service.tick(at("10:47"))
    desk.service.tick(at("10:48"))
    assert desk.store.data.indexes[1][0].next_due_at == at("10:52")
    desk.service.tick(at("10:52"))
    assert desk.store.posts("slack:#leadership") != []


def test_one_incident_that_cannot_be_told_of_silences_no_other() -> None:
    desk = staffed()
    desk.say("10:00", "ana", "declare critical Cart is down", ELSEWHERE)
    desk.say("10:00", "ana", "declare critical Search is down", ELSEWHERE)
    del desk.store.data.logs[3]
    broken = desk.store.data.logs[1]
    broken.append(replace(broken[-1], version=len(broken) + 5))
    with pytest.raises(Conflict):
        desk.service.tick(at("10:25"))
    assert any(row.number == 2 and row.key.startswith("remind:") for row in desk.store.data.rows)


def test_an_answer_says_whether_something_was_written_and_of_what_nothing_may_be_logged() -> None:
    desk = staffed(private=True)
    assert not desk.say("10:05", "ben", "status").changed
    assert not desk.say("10:05", "ben", "terms").changed
    answer = desk.say("10:05", "ben", "note hello")
    assert (answer.changed, answer.private) == (True, True)
