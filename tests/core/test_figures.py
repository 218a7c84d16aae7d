"""The communication SLA of one incident: who was told when, how promises ended, and what the card says of it."""

from dataclasses import replace
from datetime import timedelta

from bot.commands import status, why
from bot.commands.spec import History
from bot.events import PromiseEnded, UpdatePublished
from bot.evolve import fold
from bot.figures import Figure, figures
from bot.incident import Incident
from bot.messages.figures import figures_note
from bot.messages.incident_card import incident_card
from bot.policy import CUSTOMERS, INTERNAL, Audience
from tests.core.asking import said
from tests.core.builders import (
    ANA,
    BEN,
    HANA,
    MINUTE,
    POLICY,
    TEN,
    context,
    declared,
    grown,
    moment,
    staffed,
    words,
)
from tests.scenario import Story, at

TEAM = staffed(declared())


def told(incident: Incident, *audiences: str) -> Incident:
    event = UpdatePublished(number=incident.updates + 1, audiences=audiences, what="Cards fail.")
    return grown(incident, moment("10:10"), HANA, event)


def of(audience: str, story: Story) -> Figure:
    (found,) = [figure for figure in figures(story.incident) if figure.audience == audience]
    return found


def begun() -> Story:
    story = Story()
    story.declare("10:00")
    story.hold("10:00")
    return story


def test_nobody_was_told_anything_yet() -> None:
    story = begun()

    assert [figure.audience for figure in figures(story.incident)] == [INTERNAL, CUSTOMERS]
    assert of(INTERNAL, story).first_after is None
    assert of(INTERNAL, story).promised == 0


def test_the_first_word_in_time_is_a_kept_promise() -> None:
    story = begun()

    story.update("10:12", (INTERNAL,), "10:42")

    assert of(INTERNAL, story) == Figure(
        audience=INTERNAL,
        first_after=12 * MINUTE,
        first_late=timedelta(),
        promised=1,
        kept=1,
        moved=0,
        last_late=timedelta(),
    )


def test_a_late_first_word_says_by_how_much() -> None:
    story = begun()

    story.update("10:37", (INTERNAL,), "11:07")
    story.update("11:00", (INTERNAL,), "11:30")

    found = of(INTERNAL, story)
    assert (found.first_after, found.first_late) == (37 * MINUTE, 7 * MINUTE)
    assert (found.kept, found.promised, found.last_late) == (1, 2, 7 * MINUTE)


def test_a_later_word_that_is_late_leaves_the_first_in_time() -> None:
    story = begun()

    story.update("10:20", (INTERNAL,), "10:50")
    story.update("10:55", (INTERNAL,), "11:25")

    found = of(INTERNAL, story)
    assert (found.first_late, found.last_late) == (timedelta(), 5 * MINUTE)


def test_a_promise_moved_before_its_moment_counts_as_kept() -> None:
    story = begun()

    story.next("10:24", (INTERNAL,), "11:00")
    story.update("10:50", (INTERNAL,), "11:20")

    found = of(INTERNAL, story)
    assert (found.kept, found.moved, found.promised) == (2, 1, 2)


def test_a_promise_that_merely_ends_is_neither_kept_nor_late() -> None:
    story = begun()

    story.cancel("10:05")

    assert of(INTERNAL, story).promised == 0


def test_an_update_to_internal_leaves_the_figures_of_customers_alone() -> None:
    story = begun()

    story.update("10:12", (INTERNAL,), "10:42")

    assert of(CUSTOMERS, story).first_after is None
    assert of(CUSTOMERS, story).promised == 0


def test_a_log_gives_the_same_figures_as_the_incident() -> None:
    story = begun()
    story.update("10:37", (INTERNAL, CUSTOMERS), "11:07")

    assert figures(fold(story.entries)) == figures(story.incident)


def test_figures_in_words() -> None:
    story = begun()
    story.next("10:24", (INTERNAL,), "10:40")
    story.update("10:37", (INTERNAL,), "11:07")
    story.update("11:20", (INTERNAL,), "11:50")

    (note,) = figures_note(figures(story.incident))

    assert note.spans[0] == (
        "Internal: first word after 37 minutes, 2 of 3 promises kept, 1 moved in time, the last late one by 13 minutes."
        " Customers: no word yet."
    )


def test_a_late_first_word_in_words() -> None:
    story = begun()
    story.update("11:05", (CUSTOMERS,), "12:00")

    (note,) = figures_note(figures(story.incident))

    assert note.spans[0] == (
        "Internal: no word yet. Customers: first word after 1 h 5 min (5 minutes late), 0 of 1 promise kept,"
        " the last late one by 5 minutes."
    )


def test_before_anything_was_said_there_are_no_figures_to_show() -> None:
    assert figures_note(figures(TEAM)) == ()


def test_status_and_why_show_the_figures_and_the_pinned_card_does_not() -> None:
    ended = PromiseEnded(audience=INTERNAL, due=moment("10:30"), outcome="kept")
    incident = grown(told(TEAM, INTERNAL), moment("10:10"), HANA, ended)
    line = "Internal: first word after 10 minutes, 1 of 1 promise kept. Customers: no word yet."

    history = History(entries=())

    assert line in words(said(incident, status.SPEC, "", context(BEN)).reply)
    assert line in words(said(incident, why.SPEC, "", context(BEN, history=history)).reply)
    assert line not in words(incident_card(incident, POLICY, moment("10:20")))


# who has not been told yet


def card(incident: Incident) -> str:
    return words(incident_card(incident, POLICY, moment("10:20")))


def test_the_card_names_who_is_promised_a_word_and_has_had_none() -> None:
    assert "Not told yet: customers." in card(TEAM)
    assert "Not told yet: customers." in card(told(TEAM, INTERNAL))
    assert "Not told yet" not in card(told(TEAM, CUSTOMERS))


def test_an_audience_without_an_address_is_not_waited_for() -> None:
    alone = replace(POLICY, audiences={**POLICY.audiences, CUSTOMERS: Audience(name=CUSTOMERS)})

    assert "Not told yet" not in words(incident_card(TEAM, alone, TEN))


def test_a_private_incident_and_a_drill_tell_nobody() -> None:
    assert "Not told yet" not in card(declared(private=True))
    assert "Not told yet" not in card(replace(TEAM, drill=True))


def test_once_it_is_over_nobody_is_waited_for() -> None:
    story = begun()
    story.resolve("10:40")

    assert "Not told yet" not in words(incident_card(story.incident, story.policy, at("10:41")))


def test_the_policy_of_first_words_is_what_the_figures_are_held_against() -> None:
    soon = replace(POLICY.priorities[0], first_word_within={CUSTOMERS: 15 * MINUTE})
    policy = replace(POLICY, priorities=(soon, *POLICY.priorities[1:]))
    incident = declared(policy=policy, by=ANA)

    assert (incident.promises[CUSTOMERS].due, incident.promises[INTERNAL].due) == (moment("10:15"), moment("10:30"))
