"""Notices: what is known, as data, of each message to an audience (`bot.notices`), made beside its card."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.events import (
    Cancelled,
    Closed,
    Event,
    MarkedDuplicate,
    PriorityChanged,
    PromiseMade,
    Reminded,
    Reopened,
    Resolved,
    UpdatePublished,
)
from bot.incident import Incident
from bot.messages.phrases import named
from bot.notices import Kind, Notice
from bot.policy import CUSTOMERS, INTERNAL, Policy
from bot.posts import Order, Post, ToAudience

AnyOrder = TypeVar("AnyOrder", bound=Order)

KINDS: Mapping[type, Kind] = {
    UpdatePublished: Kind.UPDATE,
    PromiseMade: Kind.MOVED,
    PriorityChanged: Kind.PRIORITY,
    Resolved: Kind.RESOLVED,
    Closed: Kind.CLOSED,
    Cancelled: Kind.CANCELLED,
    MarkedDuplicate: Kind.DUPLICATE,
    Reopened: Kind.REOPENED,
    Reminded: Kind.REMINDER,
}
"""What is said of an event to an audience. Of what is not here, only chats are told."""

ENDS = frozenset({Kind.RESOLVED, Kind.CLOSED, Kind.CANCELLED, Kind.DUPLICATE})
FOR_CUSTOMERS = frozenset({Kind.UPDATE, Kind.MOVED})

NAMELESS = "Service update"
"""What customers read who were never told what it is about."""


def noticed(order: AnyOrder, event: Event, incident: Incident, policy: Policy) -> AnyOrder:
    """The order with the notice of that event, where it is a message to an audience and has none yet."""
    kind = KINDS.get(type(event))
    if kind is None or not isinstance(order, Post) or not isinstance(order.to, ToAudience) or order.notice:
        return order
    made = notice(kind, order.to.name, incident, policy)
    return replace(order, notice=_said(made, event, order.to.name) if made else None)


def notice(kind: Kind, audience: str, incident: Incident, policy: Policy) -> Notice | None:
    """What is known of the incident to that audience; None where nothing may be told of it by other ways than chats."""
    if incident.private or incident.drill:
        return None
    if audience == CUSTOMERS:
        return _for_customers(kind, incident, policy)
    return Notice(
        about=kind,
        headline=named(incident),
        status=incident.status.value,
        number=incident.number,
        priority=incident.priority,
        major=policy.priority(incident.priority).major,
        services=incident.services,
        declared_at=incident.declared_at,
        detected_at=incident.detected_at,
        next_at=_promised(incident, audience),
        final=kind in ENDS,
    )


def _for_customers(kind: Kind, incident: Incident, policy: Policy) -> Notice | None:
    if kind not in FOR_CUSTOMERS:
        return None
    return Notice(
        about=kind,
        headline=incident.headline or NAMELESS,
        status=incident.status.value,
        major=policy.priority(incident.priority).major,
        services=policy.status.public(incident.services),
        declared_at=incident.declared_at,
        detected_at=incident.detected_at,
        next_at=_promised(incident, CUSTOMERS),
    )


def _promised(incident: Incident, audience: str) -> datetime | None:
    promise = incident.promise(audience)
    return promise.due if promise else None


def _said(made: Notice, event: Event, audience: str) -> Notice:
    """The notice with what the event itself told that audience."""
    if isinstance(event, UpdatePublished):
        due = event.next.get(audience)
        none = event.final or (audience in event.next and due is None)
        because = event.none_because if none else ""
        return replace(made, update=event.number, next_at=due, none_because=because, final=event.final)
    if isinstance(event, PromiseMade):
        because = event.reason if event.due is None and audience == INTERNAL else ""
        return replace(made, next_at=event.due, none_because=because)
    return made
