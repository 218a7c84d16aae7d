"""Parts of sentences that several messages share, so that one thing is always said in one way."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.cards import Mention, Span, Spans, Strong, When
from bot.events import Recipient, UpdatePublished
from bot.incident import Incident, Promise
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS, Policy
from bot.refs import Person, reference

NEAREST = (INTERNAL, STAKEHOLDERS, CUSTOMERS)
"""Audiences in the order in which they are always named; others follow by name."""

PERSON = re.compile(r"P-\d+", re.ASCII)
"""A person's id, where an event names an audience or a person."""
MESSAGES: Mapping[str, str] = {
    "announcement": "the announcement",
    "call": "an invitation",
    "called": "the call for help",
    "card": "the card",
    "ended": "the end",
    "failed": "a note of what did not arrive",
    "handover": "a handover",
    "invite": "an invitation",
    "late": "a reminder",
    "moved": "the moved promise",
    "pin": "the pin",
    "priority": "the priority",
    "remind": "a reminder",
    "resolved": "the resolution",
    "role": "news of a role",
    "room": "the room",
    "room lost": "the loss of the room",
    "status": "the status",
    "subscribed": "a message to who subscribed",
    "topic": "the topic",
    "vacant": "a vacancy",
}
"""What a message is called, by how its key begins (bot/routes.py)."""


def listed(words: Sequence[str]) -> str:
    """`internal, stakeholders and customers`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def alternatives(words: Sequence[str]) -> str:
    """`critical, high or low`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def spread(items: Iterable[Spans], separator: str = ", ") -> Spans:
    """Spans one after the other with a separator between them."""
    found: list[Span] = []
    for index, item in enumerate(items):
        if index:
            found.append(separator)
        found.extend(item)
    return tuple(found)


def within(text: str) -> str:
    """A sentence as a part of another: without its capital (but for an acronym's) and its full stop."""
    words = text.strip().rstrip(".")
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def sentence(text: str) -> str:
    """Words as a sentence of their own: with a capital and a full stop."""
    words = text.strip().rstrip(".")
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def false_alarm(reason: str) -> str:
    """Why an incident was none, said once: `false alarm, a probe was set wrongly`."""
    words = reason.strip().rstrip(".")
    return within(words) if words.casefold().startswith("false alarm") else f"false alarm, {words}"


def labelled(label: str, text: str) -> str:
    """`Affected: shoppers in Europe`; nothing where nothing was said."""
    return f"{label}: {text}" if text else ""


def joined(*parts: str) -> str:
    """Sentences one after the other, each ended."""
    said = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part[-1] in ".?!…:" else f"{part}." for part in said)


def message_word(what: str) -> str:
    """A message of the outbox as people know it: `update 2`, `a reminder`, `the card`."""
    own = what.removeprefix("room:")
    return MESSAGES.get(own.partition(":")[0], own)


def mentions(people: Iterable[Person]) -> Spans:
    """`@Ana, @Chen`."""
    return spread((Mention(person),) for person in people)


def addressed(to: Recipient) -> Spans:
    """`@Hana: `, who must act on what is said in the room."""
    return (Mention(to.person), ": ") if to.person and to.room else ()


def by(person: Person | None) -> Spans:
    """`, by @Ben`; nothing where Sitrep itself acted."""
    return (", by ", Mention(person)) if person else ()


def named(incident: Incident, *, inside: bool = False) -> str:
    """The incident at first sight: `INC-42 Checkout is down`. Outside its room a private one has no title."""
    drill = "DRILL " if incident.drill else ""
    if not incident.private:
        return f"{drill}{reference(incident.number)} {incident.title}"
    shown = f"{reference(incident.number)} (private)"
    return f"{drill}{shown} {incident.title}" if inside else f"{drill}{shown}"


def priority_word(name: str) -> str:
    """A priority as people read it: `Critical`."""
    return name.replace("_", " ").capitalize()


def role_title(role: str, policy: Policy) -> str:
    """A role's title at the start of a sentence."""
    return policy.role(role).title


def role_word(role: str, policy: Policy) -> str:
    """A role within a sentence: `communications officer`; an acronym stays as it is."""
    title = policy.role(role).title
    return title if title.isupper() or title[:2].isupper() else title[:1].lower() + title[1:]


def a_role(role: str, policy: Policy) -> str:
    """`an incident commander`, `a scribe`."""
    word = role_word(role, policy)
    return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def claim_label(role: str, policy: Policy) -> str:
    """A claim button: the shortest name people use, 20 characters at most: `Claim comms`."""
    found = policy.role(role)
    names = [name.replace("_", " ") for name in (found.title, *found.aliases)]
    fitting = [name for name in names if len(name) <= 14]
    last = found.title.rsplit(" ", 1)[-1]
    if role == "incident_commander":
        return f"Claim {last.lower()}"
    word = next(iter(fitting), last)
    return f"Claim {word if word.isupper() else word.lower()}"


def affected(incident: Incident) -> str:
    """` Affected: checkout, card payments.`, or nothing."""
    return f" Affected: {', '.join(incident.services)}." if incident.services else ""


def in_order(audiences: Iterable[str]) -> list[str]:
    """Each audience once, those nearest to the work first."""
    places = {name: place for place, name in enumerate(NEAREST)}
    return sorted(set(audiences), key=lambda name: (places.get(name, len(places)), name))


def by_moment(promises: Iterable[Promise]) -> list[tuple[datetime, list[str]]]:
    """Audiences that share a moment, earliest first."""
    groups: dict[datetime, list[str]] = {}
    for promise in promises:
        assert promise.due is not None, "only promises with a moment are listed"
        groups.setdefault(promise.due, []).append(promise.audience)
    return [(moment, in_order(names)) for moment, names in sorted(groups.items())]


def promise_line(incident: Incident, at: datetime) -> Spans:
    """The first line of the card: what is owed next, or since when it is overdue. The promise is bold."""
    groups = by_moment(incident.standing())
    if not groups:
        return _none_expected(incident)
    (first, audiences), *rest = groups
    what: Spans = ("Update overdue since ", When(first)) if first < at else ("Next update by ", When(first))
    alone = audiences == [INTERNAL] and not rest
    spans: list[Span] = [Strong((*what, "." if alone else ""))]
    if not alone:
        spans.append(f" for {listed(audiences)}.")
    for moment, names in rest:
        overdue = "overdue since " if moment < at else "by "
        spans += [f" {listed(names).capitalize()} {overdue}", When(moment), "."]
    for promise in incident.promises.values():
        if promise.standing and promise.due is None:
            spans.append(f" No further update to {promise.audience} is expected: {promise.reason.rstrip('.')}.")
    return tuple(spans)


def _none_expected(incident: Incident) -> Spans:
    reasons = [promise.reason for promise in incident.promises.values() if promise.standing and promise.reason]
    because = f": {reasons[0].rstrip('.')}." if reasons else "."
    return (Strong((f"No further update is expected{because}",)),)


def next_by(incident: Incident, audience: str = INTERNAL) -> Spans:
    """` Next update by {02:30}.`, or nothing where none is promised."""
    promise = incident.promise(audience)
    return (" Next update by ", When(promise.due), ".") if promise and promise.due else ()


def written_by(event: UpdatePublished, by_whom: Person | None) -> Spans:
    """Who wrote an update, and who approved it where that was somebody else: `@Hana, approved by @Ben`."""
    if event.drafted_by is None:
        return mentions((by_whom,) if by_whom else ())
    return (Mention(event.drafted_by), *((", approved by ", Mention(by_whom)) if by_whom else ()))


def to_come(incident: Incident, event: UpdatePublished) -> Spans:
    """` To customers once it is approved.`, whom the same words reach later; or nothing."""
    waiting = (draft.update for draft in incident.drafts if draft.update.number == event.number)
    names = [name for update in waiting for name in update.audiences]
    return (f" To {listed(in_order(names))} once it is approved.",) if names else ()
