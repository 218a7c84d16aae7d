"""How subscriptions fold: who reads an incident's updates in private messages."""

from typing import assert_never

from bot.changing import changed
from bot.events import AboutSubscriptions, Subscribed, Unsubscribed
from bot.incident import Incident


def subscriptions_after(incident: Incident, event: AboutSubscriptions) -> Incident:
    """The incident after people began, or ceased, to read along."""
    people = frozenset(event.people)
    match event:
        case Subscribed():
            reading = {**incident.subscribers, **dict.fromkeys(event.people, event.because)}
            return changed(incident, subscribers=reading, unsubscribed=incident.unsubscribed - people)
        case Unsubscribed():
            left = {person: why for person, why in incident.subscribers.items() if person not in people}
            return changed(incident, subscribers=left, unsubscribed=incident.unsubscribed | people)
        case _:
            assert_never(event)
