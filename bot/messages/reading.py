"""Cards for the words that read: lists, timelines and roles; answered to the one who asks (WORDS 3.8)."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards import Action, Card, Code, Lines, Mention, Note, Part, Press, Span, Spans, Strong, Text, When
from bot.events import Entry
from bot.incident import Incident
from bot.messages.buttons import claim
from bot.messages.phrases import mentions, named, priority_word, role_title
from bot.messages.timeline import entry_line
from bot.policy import COMMANDER, Policy
from bot.refs import reference

PAGE = 15
"""Lines of a timeline shown at once."""
LISTED = 20
"""Incidents shown in a list."""


def list_card(incidents: Sequence[Incident], which: str, at: datetime) -> Card:
    """The incidents as lines, newest first: what each is, who leads, what it owes next. `which`: open, mine, all."""
    if not incidents:
        return _nothing(which)
    kind = {"open": "open incident", "mine": "incident of yours", "all": "incident"}[which]
    count = len(incidents)
    words = kind if count == 1 else kind.replace("incident", "incidents")
    shown = incidents[:LISTED]
    body: list[Part] = [Lines(tuple(_listed(incident, at) for incident in shown))]
    if count > len(shown):
        body.append(Note((f"The {LISTED} newest are shown.",)))
    return Card(title=(f"{count} {words}",), body=tuple(body))


def _nothing(which: str) -> Card:
    if which == "all":
        return Card(body=(Text(("No incident yet. ", Code("declare"), " opens one.")),))
    none = "No open incident is yours. " if which == "mine" else "No open incident. "
    hint = "list" if which == "mine" else "list all"
    says = " shows the others." if which == "mine" else " shows earlier ones."
    return Card(body=(Text((none, Code(hint), says)),))


def _listed(incident: Incident, at: datetime) -> Spans:
    leader = incident.holder(COMMANDER)
    who: Span = Mention(leader) if leader else "nobody yet"
    facts = f"{priority_word(incident.priority)} · {incident.status.value.capitalize()} · "
    return (f"{named(incident, inside=True)} · {facts}", who, " · ", *_owed(incident, at))


def _owed(incident: Incident, at: datetime) -> Spans:
    due = next((promise.due for promise in incident.standing() if promise.due), None)
    if due is None:
        return ("no update expected",)
    if due < at:
        return (Strong(("update overdue since ", When(due))),)
    return ("next update by ", When(due))


def timeline_card(incident: Incident, entries: Sequence[Entry], before: int | None, policy: Policy) -> Card:
    """The newest lines, or those before version `before`, oldest first, with a press for earlier ones."""
    total = len(entries)
    end = total if before is None else min(max(before - 1, 0), total)
    shown = entries[max(end - PAGE, 0) : end]
    name = reference(incident.number)
    if not shown:
        return Card(body=(Text((f"{name} has nothing earlier.",)),))
    first = shown[0].version
    if before is None:
        title = f"{name}, all {total}" if total == len(shown) else f"{name}, last {len(shown)} of {total}"
    else:
        title = f"{name}, {first} to {shown[-1].version} of {total}"
    earlier = Press(label="Show earlier", command="timeline", values={"before": str(first)}, incident=incident.number)
    actions: tuple[Action, ...] = (earlier,) if first > 1 else ()
    return Card(title=(title,), body=(Lines(tuple(entry_line(entry, policy) for entry in shown)),), actions=actions)


def roles_card(incident: Incident, policy: Policy) -> Card:
    """Who holds what, what is wanted, what is being handed over; vacant roles have a claim button."""
    names = dict.fromkeys([*(role.name for role in policy.roles), *(held.role for held in incident.holdings)])
    lines = tuple(_role_line(incident, name, policy) for name in names)
    vacant = [name for name in names if not incident.holders(name) and name not in incident.waived]
    actions = [] if incident.is_ended else [claim(incident, name, policy) for name in vacant]
    return Card(title=(f"Roles of {reference(incident.number)}",), body=(Lines(lines),), actions=tuple(actions))


def _role_line(incident: Incident, role: str, policy: Policy) -> Spans:
    holders, title = incident.holders(role), role_title(role, policy)
    if role in incident.waived:
        return (f"{title}: not needed, {incident.waived[role]}",)
    if not holders:
        wanted = role in policy.priority(incident.priority).roles and incident.is_open
        return (Strong((f"{title}: nobody yet, wanted",)),) if wanted else (f"{title}: nobody",)
    asked: list[Span] = []
    for offer in incident.handovers:
        if offer.role == role:
            asked += ["; ", Mention(offer.taker), " is asked to take over until ", When(offer.until)]
    return (f"{title}: ", *mentions(holders), *asked)
