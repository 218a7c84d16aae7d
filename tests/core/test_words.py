"""Cards as plain words, and the parts of sentences that messages share."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.announce import posts
from bot.cards import (
    Card,
    Code,
    Facts,
    Group,
    Lines,
    Link,
    Mention,
    Names,
    Note,
    RoomLink,
    Rule,
    Strong,
    Text,
    Tone,
    When,
)
from bot.cards import Open as OpenAction
from bot.events import (
    BridgeSet,
    Declared,
    PriorityChanged,
    Recipient,
    Reminded,
    Resolved,
    RoleAssigned,
    RoleReleased,
    Rung,
    ServicesSet,
    Snoozed,
)
from bot.messages.incident_card import announcement, incident_card
from bot.messages.news import assigned, vacant
from bot.messages.phrases import a_role, claim_label, role_word
from bot.messages.reminders import reminder
from bot.plain import due_words, people_in, plain_spans, plain_text, rooms_in, span_words, spans_of, utc_words
from bot.policy import COMMANDER, COMMS, SCRIBE, Role
from bot.refs import Address, aware, reference
from bot.slugs import LONGEST, slug
from tests.scenario import ANA, BEN, HANA, Story, at, policy

NAMES = Names(people={ANA: "Ana"}, rooms={42: "inc-42-checkout"})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (45, "45 seconds"),
        (60, "1 minute"),
        (300, "5 minutes"),
        (3600, "1 h"),
        (6600, "1 h 50 min"),
        (86400, "1 day"),
        (2 * 86400 + 3600 + 60, "2 days 1 h"),
        (0, "0 minutes"),
    ],
)
def test_a_length_of_time_in_words(seconds: int, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("10:25", "due in 5 minutes"),
        ("10:30:04", "due now"),
        ("10:30:20", "20 seconds late"),
        ("10:29:30", "due in 30 seconds"),
        ("10:33", "3 minutes late"),
        ("11:35", "1 h 5 min late"),
    ],
)
def test_a_due_moment_is_worded_when_it_is_sent(clock: str, words: str) -> None:
    assert due_words(at("10:30"), at(clock)) == words


def test_a_moment_far_away_has_its_day() -> None:
    assert utc_words(at("10:30"), at("10:00")) == "10:30 UTC"
    assert utc_words(at("10:30") + timedelta(days=1), at("10:00")) == "Tue 24 Nov 10:30 UTC"


def test_every_span_has_plain_words() -> None:
    spans = (
        Mention(ANA),
        " ",
        Mention(BEN),
        " ",
        Group("slack:@oncall"),
        " ",
        Group("oncall"),
        " ",
        Link("", "https://example.org"),
        " ",
        Link("page", "https://example.org"),
        " ",
        RoomLink(42),
        " ",
        RoomLink(7),
        " ",
        Code("help"),
        " ",
        Strong(("by ", When(at("10:30")))),
    )
    said = plain_spans(spans, at("10:00"), NAMES)
    assert said == ("@Ana @someone @oncall oncall https://example.org page #inc-42-checkout #inc-7 help by 10:30 UTC")


def test_a_card_is_sentences_ending_with_its_buttons() -> None:
    card = Card(
        title=("Title",),
        body=(
            Text(("One",)),
            Facts((("Role", (Mention(ANA),)),)),
            Lines((("a",), ("b.",))),
            Rule(),
            Note(("quiet",)),
            Text((" ",)),
        ),
        actions=(OpenAction(label="Open room", room=7),),
    )
    assert plain_text(card, at("10:00"), NAMES) == "Title. One. Role: @Ana. a. b. quiet. Buttons: Open room."


def test_a_card_tells_whom_and_which_rooms_it_speaks_of() -> None:
    card = Card(
        body=(
            Text((Strong((Mention(ANA), RoomLink(42))),)),
            Facts((("x", (Mention(BEN),)),)),
            Lines(((Mention(HANA),),)),
            Rule(),
        ),
        actions=(OpenAction(label="Open room", room=7), OpenAction(label="Page", url="https://example.org")),
    )
    assert people_in(card) == {ANA, BEN, HANA}
    assert rooms_in(card) == {42, 7}
    assert sum(isinstance(span, Strong) for span in spans_of(card)) == 1


def test_a_moment_needs_a_zone() -> None:
    assert aware(at("10:00")) == at("10:00")
    with pytest.raises(ValueError, match="no time zone"):
        aware(at("10:00").replace(tzinfo=None))
    assert reference(42) == "INC-42"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout is down", "checkout-is-down"),
        ("  Übung: Größe & Straße ", "ubung-groe-strae"),
        ("決済が落ちた", ""),
        ("a" * 90, "a" * LONGEST),
        ("word " * 30, "word-word-word-word-word-word-word-word"),
    ],
)
def test_a_title_as_part_of_a_name(title: str, name: str) -> None:
    assert slug(title) == name


def test_roles_in_sentences() -> None:
    found = policy()
    assert role_word(COMMS, found) == "communications officer"
    assert a_role(COMMANDER, found) == "an incident commander"
    assert a_role(SCRIBE, found) == "a scribe"
    acronym = replace(
        found, roles=(Role(name="qa", title="QA lead"), Role(name="long", title="A very long title indeed"))
    )
    assert role_word("qa", acronym) == "QA lead"
    assert claim_label("long", acronym) == "Claim indeed"
    assert claim_label("qa", replace(found, roles=(Role(name="qa", title="QA"),))) == "Claim QA"


def told(*events: object, priority: str = "critical") -> Story:
    story = Story()
    story.declare(priority=priority)
    story.write("10:01", events, by=BEN)  # type: ignore[arg-type]
    return story


def words(story: Story, clock: str = "10:02") -> str:
    return plain_text(incident_card(story.incident, story.policy, at(clock)), at(clock), NAMES)


def test_the_card_says_what_is_known() -> None:
    story = told(ServicesSet(services=("web", "api")), BridgeSet(url="https://meet.example/1"))
    story.incident = replace(story.incident, detected_at=at("09:52"))
    said = words(story)
    assert "Affected: web, api." in said
    assert "Detected 09:52 UTC, reported by @Ana." in said
    assert "Bridge: https://meet.example/1" in said


def test_the_card_of_what_a_machine_declared_has_no_reporter() -> None:
    story = told()
    story.incident = replace(story.incident, declared_by=None, detected_at=at("09:52"))
    assert "Detected 09:52 UTC. " in words(story) + " "
    story.incident = replace(story.incident, detected_at=None)
    assert "eported" not in words(story)


def test_the_card_shows_quiet_with_its_reason_and_drills_as_such() -> None:
    story = told(Snoozed(person=HANA, until=at("10:40"), reason="waiting"))
    assert "Reminders quiet until 10:40 UTC, by @someone: waiting." in words(story)
    story.incident = replace(story.incident, drill=True)
    said = words(story)
    assert said.startswith("DRILL INC-42")
    assert "Practice run. Nothing here is real; no customer is told." in said


def test_the_card_of_a_private_incident_says_who_reads_it() -> None:
    story = Story()
    story.declare(private=True)
    said = words(story)
    assert said.startswith("INC-42 (private) Checkout is down.")
    assert "Only people in this room see this." in said


def test_the_tone_tells_priority_and_lateness() -> None:
    def tone(priority: str, clock: str) -> str:
        story = told(priority=priority)
        return incident_card(story.incident, story.policy, at(clock)).tone.value

    assert tone("critical", "10:02") == "critical"
    assert tone("medium", "10:02") == "warning"
    assert tone("low", "10:02") == "neutral"
    story = told(priority="low")
    late = at("10:02") + timedelta(days=2)
    assert incident_card(story.incident, story.policy, late).tone.value == "warning"
    story.incident = replace(story.incident, priority="gone")
    assert incident_card(story.incident, story.policy, at("10:02")).tone.value == "critical"


def test_a_resolution_without_a_person_names_none() -> None:
    story = told()
    story.write("10:30", (Resolved(how="a", verified="b"),))
    assert "Resolved at 10:30 UTC, after 30 minutes." in words(story, "10:31")
    announced = announcement(story.incident, story.policy, at("10:31"))
    assert announced.actions == ()


def test_a_role_given_by_nobody_names_nobody() -> None:
    story = told(RoleAssigned(role=COMMS, person=HANA))
    event = RoleAssigned(role=COMMS, person=HANA)
    said = plain_text(assigned(story.incident, event, None, story.policy), at("10:02"), NAMES)
    assert "gave you" not in said
    story.incident = replace(story.incident, promises={})
    assert "First:" not in plain_text(assigned(story.incident, event, BEN, story.policy), at("10:02"), NAMES)


def test_a_vacancy_nobody_stands_in_for() -> None:
    story = told()
    event = RoleReleased(role=COMMS, person=HANA, reason="left")
    said = plain_text(vacant(story.incident, event, None, story.policy), at("10:02"), NAMES)
    assert said.startswith("INC-42 has no communications officer. @someone left. Buttons:")


def test_nothing_happened_says_nothing() -> None:
    story = told()
    assert posts(story.incident, (), story.incident, story.policy, {}) == ()


def test_a_raise_without_anybody_to_call_calls_nobody() -> None:
    story = told(priority="low")
    before = story.incident
    story.write("10:05", (PriorityChanged(priority="critical", before="low"),), by=BEN)
    orders = posts(before, (story.entries[-1],), story.incident, story.policy, {})
    assert not [order for order in orders if order.key.startswith("call")]


def test_a_declaration_made_by_nobody_invites_nobody() -> None:
    story = Story()
    before = story.incident
    story.write("10:00", (Declared(title="x", priority="critical", place=Address("slack:T1/C1")),))
    (invite,) = [
        order
        for order in posts(before, tuple(story.entries), story.incident, story.policy, {})
        if order.key == "invite"
    ]
    assert getattr(invite, "people", None) == ()


def test_a_reminder_of_a_drill_looks_like_one() -> None:
    story = told()
    story.incident = replace(story.incident, drill=True)
    rung = Rung(subject="update:internal", generation=1, step=0, moment=at("10:30"), about=at("10:30"))
    event = Reminded(rungs=(rung,), to=Recipient(room=True), key="k")
    assert reminder(story.incident, event, story.policy, at("10:30")).tone is Tone.DRILL
