"""What single messages say: a brief, what did not arrive, final words, why a reminder comes (docs/words.md)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.cards import Card, Press
from bot.events import (
    HandoverOffered,
    MarkedDuplicate,
    PromiseMade,
    Recipient,
    Reminded,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoleWaived,
    Rung,
    UpdatePublished,
    Why,
)
from bot.incident import Incident
from bot.messages import endings, news
from bot.messages.incident_card import incident_card
from bot.messages.phrases import in_order, joined, message_word, sentence, within
from bot.messages.reminders import reminder, settled
from bot.policy import COMMANDER, COMMS, SCRIBE, SME
from bot.promises import by_resolve, by_update
from tests.core.asking import labels
from tests.core.builders import (
    ANA,
    BEN,
    CHEN,
    DEE,
    HANA,
    HOUR,
    LENA,
    MINUTE,
    POLICY,
    TEN,
    declared,
    grown,
    moment,
    staffed,
    words,
)

AT = moment("10:20")
TEAM = staffed(declared())
OFFER = HandoverOffered(role=COMMS, giver=HANA, taker=LENA, until=moment("10:30"))


def told(incident: Incident, *audiences: str) -> Incident:
    """The same after an update at 10:20 that promises the next in half an hour."""
    due = dict.fromkeys(audiences, AT + 30 * MINUTE)
    said = UpdatePublished(number=1, audiences=audiences, what="Cards fail", next=due)
    return grown(incident, AT, HANA, said, *by_update(incident, audiences, due, "", AT, POLICY))


def nudge(incident: Incident, step: int, to: Recipient, *audiences: str) -> Card:
    """The reminder of what these audiences are promised at 10:30."""
    due = moment("10:30")
    rungs = tuple(Rung(subject=f"update:{name}", generation=1, step=step, about=due, moment=due) for name in audiences)
    return reminder(incident, Reminded(rungs=rungs, to=to, key="k"), POLICY, AT)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("update 2", "update 2"),
        ("remind:update:customers:2: 300:0", "a reminder"),
        ("late:role:scribe:1:300", "a reminder"),
        ("room:card", "the card"),
        ("room:update 2", "update 2"),
        ("role:8", "news of a role"),
        ("something new", "something new"),
    ],
)
def test_a_message_is_named_as_people_know_it(key: str, said: str) -> None:
    assert message_word(key) == said


def test_audiences_are_named_from_the_nearest_to_the_farthest() -> None:
    assert in_order(["press", "customers", "internal", "board", "internal"]) == [
        "internal",
        "customers",
        "board",
        "press",
    ]


def test_a_sentence_within_another_loses_its_capital_and_an_acronym_keeps_it() -> None:
    assert [within("The shop is down."), within("DNS fails."), within("")] == ["the shop is down", "DNS fails", ""]


def test_words_become_sentences() -> None:
    assert (sentence("the channel is archived"), sentence(" ")) == ("The channel is archived.", "")
    assert joined("One", "", "Two?") == "One. Two?"


def test_a_brief_says_how_it_stands_who_is_there_what_was_told_and_what_is_owed() -> None:
    team = grown(
        told(TEAM, "internal", "customers"), AT, BEN, *(RoleAssigned(role=SME, person=who) for who in (ANA, CHEN))
    )
    assert words(news.handover(team, OFFER, POLICY), AT) == (
        "Will you be communications officer of INC-42 Checkout is down? @Hana hands the role over. "
        "Now: critical, investigating since 10:00 UTC. Cards fail. "
        "People: incident commander @Ben, scribe @Dee, subject matter experts @Ana, @Chen. "
        "Told: update 1 at 10:20 UTC, to internal and customers. "
        "You will owe: internal and customers by 10:50 UTC. "
        "Until you accept, the role and its reminders stay with @Hana. This request ends at 10:30 UTC. "
        "Buttons: Accept role, Decline role."
    )


def test_a_brief_before_the_first_update_says_that_nothing_was_told() -> None:
    alone = grown(declared(), TEN, BEN, RoleAssigned(role=COMMS, person=HANA))
    brief = words(news.handover(alone, OFFER, POLICY), AT)
    assert "Told: nothing yet." in brief
    assert "People" not in brief


def test_the_brief_of_a_private_incident_repeats_nothing_that_was_written() -> None:
    brief = words(news.handover(told(staffed(declared(private=True)), "internal"), OFFER, POLICY), AT)
    assert "Now: critical, investigating since 10:00 UTC. People" in brief


def test_who_gets_a_role_reads_its_duties() -> None:
    event = RoleAssigned(role=SCRIBE, person=DEE)
    assert "@Ben gave you the role. Duties: writes down what was seen and done." in words(
        news.assigned(TEAM, event, BEN, POLICY)
    )
    bare = replace(POLICY, roles=tuple(replace(role, duties="") for role in POLICY.roles))
    assert words(news.assigned(TEAM, event, BEN, bare)).startswith(
        "You are scribe of INC-42 Checkout is down. @Ben gave you the role. Buttons"
    )


def test_what_did_not_reach_a_person_names_that_person() -> None:
    assert words(news.undelivered(TEAM, "remind:update:internal:1: 300:0", HANA, "the account is off")) == (
        "A reminder of INC-42 did not arrive. @Hana cannot be reached in private. The account is off."
    )


def test_a_room_that_could_not_be_opened_is_said_so() -> None:
    assert words(news.undelivered(TEAM, "room", "the room", "no channel may be made")) == (
        "INC-42 has no room. No channel may be made."
    )


def test_a_private_incident_without_its_room_goes_on_with_its_commander() -> None:
    assert words(news.room_lost(staffed(declared(private=True)), "archived")) == (
        "The room of INC-42 is gone: archived. What is said of it comes to you."
    )


def test_people_who_are_called_read_what_it_is_about() -> None:
    assert words(news.called(TEAM, ("slack:@oncall",))) == (
        "@oncall: INC-42 is critical: Checkout is down. Its card says what is owed next."
    )


def resolved() -> Incident:
    """Resolved at 10:20 with a final word owed to customers."""
    team = told(TEAM, "internal", "customers")
    ended = by_resolve(team, frozenset(), AT, POLICY)
    return grown(team, AT, BEN, Resolved(how="Rolled back", verified="Watched"), *ended)


def test_while_a_final_word_is_owed_the_card_says_so_and_leads_with_it() -> None:
    card = incident_card(resolved(), POLICY, AT)
    assert "Final word to customers by 10:35 UTC. How: Rolled back. Verified: Watched." in words(card, AT)
    assert labels(card) == ["Post update", "Close", "Reopen"]
    assert isinstance(card.actions[0], Press)
    assert card.actions[0].values == {"to": "customers"}
    late = incident_card(resolved(), POLICY, moment("10:40"))
    assert "Final word to customers overdue since 10:35 UTC." in words(late, AT)


def test_last_words_are_filled_in_where_there_were_any() -> None:
    hana = Recipient(person=HANA, role=COMMS, why=Why.ROLE)
    assert "last words" not in words(nudge(TEAM, -300, hana, "internal"))
    assert "Your last words are filled in." in words(nudge(told(TEAM, "internal"), -300, hana, "internal"))


def test_people_outside_read_which_incident_it_is_and_why_they_are_told() -> None:
    assert words(nudge(TEAM, 900, Recipient(audience="leadership"), "customers", "internal")).startswith(
        "Update on INC-42 is due in 10 minutes. INC-42 Checkout is down: promised to internal and customers "
        "by 10:30 UTC. It reaches you by the policy: 15 minutes late, to leadership."
    )


def test_who_is_told_in_place_of_others_reads_of_whom() -> None:
    ben = Recipient(person=BEN, role=COMMANDER, why=Why.NO_ADDRESS)
    said = "It reaches you in place of {}, which cannot be told."
    assert said.format("leadership") in words(nudge(TEAM, 900, ben, "internal"))
    assert said.format("an audience") in words(nudge(TEAM, 777, ben, "internal"))


def test_earlier_reminders_are_named_by_their_moments() -> None:
    rung = Rung(subject="update:internal", generation=1, step=300, about=AT, moment=AT)
    ben = Recipient(person=BEN, role=COMMANDER, why=Why.ROLE)
    moments = (AT - HOUR, AT - 30 * MINUTE, AT - 5 * MINUTE)
    event = Reminded(rungs=(rung,), to=ben, key="k", after=moments)
    assert "after reminders at 09:20 UTC, 09:50 UTC and 10:15 UTC." in words(reminder(TEAM, event, POLICY, AT))


def test_a_call_for_roles_ends_in_who_took_them() -> None:
    rungs = tuple(
        Rung(subject=f"role:{role}", generation=0, step=300, about=TEN, moment=TEN) for role in (COMMS, SCRIBE)
    )
    assert words(settled(TEAM, rungs, POLICY)) == "@Hana is communications officer, @Dee is scribe of INC-42."
    gone = grown(
        TEAM,
        AT,
        BEN,
        RoleReleased(role=COMMS, person=HANA),
        RoleWaived(role=COMMS, reason="small"),
        RoleReleased(role=SCRIBE, person=DEE),
        RoleWaived(role=SCRIBE, reason="small"),
    )
    assert words(settled(gone, rungs, POLICY)) == "INC-42 is investigating since 10:00 UTC."


def test_a_duplicate_links_to_the_other_room() -> None:
    card = endings.duplicate(TEAM, MarkedDuplicate(of=41))
    assert words(card) == "INC-42 is the same as INC-41. Go on in #inc-41."


@pytest.mark.parametrize(
    ("before", "words_of_it"),
    [
        (AT + timedelta(seconds=3), "The next update on INC-42 comes by 10:20 UTC."),
        (AT - timedelta(seconds=1), "The next update on INC-42 comes by 10:20 UTC, not 10:19 UTC."),
        (AT + timedelta(days=1), "The next update on INC-42 comes by 10:20 UTC, not Tue 24 Nov 10:20 UTC."),
    ],
)
def test_a_moment_that_reads_like_the_one_before_is_said_once(before: datetime, words_of_it: str) -> None:
    made = PromiseMade(audience="internal", due=AT, cause="moved", before=before)

    assert words(news.moved(TEAM, made, inside=True)) == words_of_it
