"""The card in the room and the announcement: drawn anew when they would look otherwise, and only then."""

from datetime import datetime, timedelta

import pytest

from bot.announce import posts
from bot.events import Event, ImpactSet, NoteAdded, Recipient, Reminded, ReminderHeld, Rung, Snoozed
from bot.incident import Incident
from bot.posts import Post
from bot.routes import ANNOUNCEMENT, CARD
from tests.core.builders import BEN, POLICY, TEN, declared, grown, log, staffed

NOTE = NoteAdded(text="A line")
OPEN = grown(staffed(declared()), TEN, BEN, NOTE)
"""Somebody responded: the next note says nothing that a card shows."""


def drawn(before: Incident, event: Event, at: datetime) -> set[str]:
    """Which of the two are written because of that event."""
    orders = posts(before, log((at, BEN, event), after=before), grown(before, at, BEN, event), POLICY, {})
    return {order.key for order in orders if isinstance(order, Post)} & {CARD, ANNOUNCEMENT}


def later(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def test_a_note_draws_nothing_anew() -> None:
    assert drawn(OPEN, NOTE, later(1)) == set()


REMINDED = (
    ("update:internal", -300.0),
    ("role:scribe", 300.0),
    ("sla:resolve", 0.5),
    ("silence", 3600.0),
)


@pytest.mark.parametrize(("subject", "step"), REMINDED)
def test_a_reminder_draws_nothing_anew(subject: str, step: float) -> None:
    generation = next(promise.generation for promise in OPEN.standing())
    rung = Rung(subject=subject, generation=generation, step=step, moment=later(1), about=later(6))

    for to in (Recipient(person=BEN, role="incident_commander"), Recipient(room=True)):
        assert drawn(OPEN, Reminded(rungs=(rung,), to=to, key="remind"), later(1)) == set()
    held = ReminderHeld(rungs=(rung,), to=Recipient(person=BEN), why="snooze", until=later(5))
    assert drawn(OPEN, held, later(1)) == set()


def test_a_reminder_after_the_promised_moment_draws_what_is_overdue() -> None:
    promise = OPEN.standing()[0]
    assert promise.due is not None
    rung = Rung(
        subject=f"update:{promise.audience}",
        generation=promise.generation,
        step=0.0,
        moment=promise.due,
        about=promise.due,
    )

    said = Reminded(rungs=(rung,), to=Recipient(room=True), key="late")
    assert drawn(OPEN, said, promise.due) == {CARD, ANNOUNCEMENT}


def test_what_a_card_shows_is_drawn_anew() -> None:
    assert drawn(OPEN, ImpactSet(level="major"), later(1)) == {CARD, ANNOUNCEMENT}


def test_a_note_after_the_promised_moment_draws_what_is_overdue() -> None:
    due = OPEN.standing()[0].due
    assert due is not None

    assert drawn(OPEN, NOTE, due - timedelta(seconds=1)) == set()
    assert drawn(OPEN, NOTE, due + timedelta(seconds=1)) == {CARD, ANNOUNCEMENT}


def test_a_note_after_somebodys_quiet_ended_takes_it_off_the_card() -> None:
    quiet = grown(OPEN, TEN, BEN, Snoozed(person=BEN, until=later(5)))

    assert drawn(quiet, NOTE, later(4)) == set()
    assert drawn(quiet, NOTE, later(6)) == {CARD, ANNOUNCEMENT}
