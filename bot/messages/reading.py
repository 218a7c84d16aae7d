"""Cards for the words that read: lists, timelines and roles; answered to the one who asks (WORDS 3.8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.cards import Action, Card, Code, Lines, Mention, Note, Part, Press, Span, Spans, Strong, Text, When
from bot.events import Entry, PromiseEnded, PromiseMade
from bot.incident import Incident
from bot.messages.buttons import claim
from bot.messages.phrases import in_order, listed, mentions, named, priority_word, role_title
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
    lines = _lines(entries)
    total = len(lines)
    end = total if before is None else sum(entry.version < before for entry in lines)
    start = max(end - PAGE, 0)
    shown = lines[start:end]
    name = reference(incident.number)
    if not shown:
        return Card(body=(Text((f"{name} has nothing earlier.",)),))
    if before is None:
        title = f"{name}, all {total}" if total == len(shown) else f"{name}, last {len(shown)} of {total}"
    else:
        title = f"{name}, {start + 1} to {end} of {total}"
    values = {"before": str(shown[0].version)}
    earlier = Press(label="Show earlier", command="timeline", values=values, incident=incident.number)
    actions: tuple[Action, ...] = (earlier,) if start else ()
    return Card(title=(title,), body=(Lines(tuple(entry_line(entry, policy) for entry in shown)),), actions=actions)


def _lines(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """An entry for each line: promises made, or settled, at once and alike are one line for all their audiences."""
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_likeness(entry), []).append(entry)
    return tuple(_as_one(group) for group in groups.values())


def _likeness(entry: Entry) -> object:
    """Equal for entries that differ in their audience only."""
    match entry.event:
        case PromiseMade() as made:
            return entry.at, made.due, made.cause, made.reason
        case PromiseEnded() as ended:
            return entry.at, ended.due, ended.outcome, ended.late, ended.reason
        case _:
            return entry.version


def _as_one(group: Sequence[Entry]) -> Entry:
    first = group[0].event
    if not isinstance(first, PromiseMade | PromiseEnded):
        return group[0]
    events = (entry.event for entry in group)
    names = in_order(event.audience for event in events if isinstance(event, PromiseMade | PromiseEnded))
    return replace(group[0], event=replace(first, audience=listed(names)))


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
