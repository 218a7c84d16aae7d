"""What people who subscribed read in private, one message each (docs/words.md 2 and 3.4): outside words, no reason."""

from dataclasses import replace

from bot.cards import Card, Note, Part, Press, Span, Strong, Text, Tone, line
from bot.events import MarkedDuplicate, Subscribed, UpdatePublished
from bot.incident import Incident
from bot.messages.buttons import press
from bot.messages.news import update_outside
from bot.messages.phrases import affected, named, next_by, priority_word
from bot.plain import span_words
from bot.policy import Policy
from bot.refs import reference
from bot.standing import Standing


def update(incident: Incident, event: UpdatePublished, audience: str, policy: Policy) -> Card:
    """The update as that audience reads it, with a way out."""
    return replace(update_outside(incident, event, audience, policy), actions=(_leave(incident),))


def opened(incident: Incident, event: Subscribed, audience: str) -> Card:
    """To those whom a standing subscription brings along: what it is, when its next update comes, why they read it."""
    state = f"{priority_word(incident.priority)}, {incident.status.value}.{affected(incident)}"
    body: tuple[Part, ...] = (
        Text((state, *next_by(incident, audience))),
        Note((f"You are told because you subscribed to {standing_words(event.because)}.",)),
    )
    return Card(title=(named(incident),), body=body, actions=(_leave(incident),))


def standing_words(typed: str) -> str:
    """A standing subscription as people say it: `incidents that affect checkout`."""
    kind, _, name = typed.partition(":")
    return Standing(kind=kind, name=name).spoken


def resolved(incident: Incident) -> Card:
    """It works again, and was checked; how is told inside."""
    start, end = incident.detected_at or incident.declared_at, incident.resolved_at
    since = "detection" if incident.detected_at else "declaration"
    lasted = f"Lasted {span_words(end - start)} from {since}. " if start and end else ""
    body = (Text((lasted, Strong(("No further update is expected.",)))),)
    return Card(title=(f"{named(incident)} is resolved",), tone=Tone.GOOD, body=body)


def cancelled(incident: Incident) -> Card:
    """A false alarm."""
    return line(f"{named(incident)} is cancelled: it was a false alarm. No further update is expected.")


def duplicate(incident: Incident, event: MarkedDuplicate) -> Card:
    """The same as another incident, whose updates come from now on."""
    same = f"{named(incident)} is the same as {reference(event.of)}"
    if not event.subscribers:
        return line(f"{same}. No further update is expected.")
    return line(f"{same}: its updates reach you from now on.")


def reopened(incident: Incident, audience: str) -> Card:
    """The trouble is back."""
    said: tuple[Span, ...] = (f"{named(incident)} is open again.", *next_by(incident, audience))
    return Card(body=(Text(said),), actions=(_leave(incident),))


def _leave(incident: Incident) -> Press:
    return press(incident, "Unsubscribe", "unsubscribe")
