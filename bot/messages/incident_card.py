"""The incident's card, pinned and edited, and its announcement. They never say "ago" or "in": it would rot."""

from datetime import datetime

from bot.cards import (
    Action,
    Card,
    Facts,
    Mention,
    Note,
    Open,
    Part,
    RoomLink,
    Span,
    Spans,
    Strong,
    Text,
    Tone,
    When,
)
from bot.events import Status
from bot.incident import Incident
from bot.ladders import sla_end
from bot.messages.approval import waits
from bot.messages.buttons import card_actions, press
from bot.messages.phrases import (
    affected,
    by,
    by_moment,
    false_alarm,
    in_order,
    joined,
    labelled,
    listed,
    mentions,
    named,
    priority_word,
    promise_line,
)
from bot.plain import span_words
from bot.policy import COMMANDER, INTERNAL, Policy
from bot.refs import reference


def incident_card(incident: Incident, policy: Policy, at: datetime) -> Card:
    """The card as it stands at `at`, with buttons for what comes next (WORDS 3.1). Shown to its people only."""
    return Card(
        title=(named(incident, inside=True),),
        tone=tone(incident, policy, at),
        body=(*_lead(incident, at), *_untold(incident, policy), *_middle(incident, policy), *_notes(incident, policy)),
        actions=card_actions(incident, policy),
        headline=True,
    )


def tone(incident: Incident, policy: Policy, at: datetime) -> Tone:
    """Critical at the highest priority, warning at the next or when an update is overdue, good when resolved."""
    if incident.drill:
        return Tone.DRILL
    if incident.status is Status.RESOLVED:
        return Tone.GOOD
    if incident.is_ended:
        return Tone.NEUTRAL
    names = [priority.name for priority in policy.priorities]
    rank = names.index(incident.priority) if incident.priority in names else 0
    if rank == 0:
        return Tone.CRITICAL
    overdue = any(promise.due and promise.due < at for promise in incident.standing())
    return Tone.WARNING if rank == 1 or overdue else Tone.NEUTRAL


def _lead(incident: Incident, at: datetime) -> tuple[Part, ...]:
    match incident.status:
        case Status.RESOLVED:
            return _resolved(incident, at)
        case Status.CLOSED:
            resolved: Spans = (", resolved at ", When(incident.resolved_at)) if incident.resolved_at else ()
            return (Text(("Closed at ", When(_ended_at(incident)), *by_whom(incident), *resolved, ".")),)
        case Status.CANCELLED:
            because = f": {false_alarm(incident.ended_because)}."
            rest = _final_words(incident, at) or (" No further update is expected.",)
            return (Text(("Cancelled at ", When(_ended_at(incident)), *by_whom(incident), because, *rest)),)
        case Status.DUPLICATE:
            same = f": the same as {reference(incident.duplicate_of or 0)}."
            rest = _final_words(incident, at) or (" No further update is expected here.",)
            return (Text(("Ended at ", When(_ended_at(incident)), *by_whom(incident), same, *rest)),)
        case _:
            return (Text(promise_line(incident, at)), Text(standing_line(incident)))


def untold(incident: Incident, policy: Policy) -> tuple[str, ...]:
    """Audiences outside that are promised updates, can be reached, and have heard nothing yet."""
    if not incident.is_open or incident.private or incident.drill:
        return ()
    promised = in_order(name for name, promise in incident.promises.items() if promise.standing)
    others = (name for name in promised if name != INTERNAL and policy.addresses(name))
    return tuple(name for name in others if name not in incident.told)


def _untold(incident: Incident, policy: Policy) -> tuple[Part, ...]:
    names = untold(incident, policy)
    named_so: tuple[Part, ...] = (Text((f"Not told yet: {listed(names)}.",)),) if names else ()
    return (*named_so, *(Text(waits(incident, draft, policy)) for draft in incident.drafts))


def _ended_at(incident: Incident) -> datetime:
    return _known(incident.ended_at or incident.status_since)


def _known(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment


def by_whom(incident: Incident) -> Spans:
    """` by @Ben`, who ended it."""
    return (" by ", Mention(incident.ended_by)) if incident.ended_by else ()


def standing_line(incident: Incident) -> Spans:
    """How it stands: `Critical, investigating since {02:00}. Affected: checkout`."""
    word = priority_word(incident.priority)
    unconfirmed = "" if incident.confirmed else " (not confirmed)"
    since = _known(incident.status_since)
    return (f"{word}{unconfirmed}, {incident.status.value} since ", When(since), f".{affected(incident)}")


def _resolved(incident: Incident, at: datetime) -> tuple[Part, ...]:
    resolved = _known(incident.resolved_at)
    start = _known(incident.detected_at or incident.declared_at)
    lasted = f", after {span_words(resolved - start)}."
    who: Spans = (" by ", Mention(incident.resolved_by)) if incident.resolved_by else ()
    owed = _final_words(incident, at) or (" No further update is expected.",)
    return (
        Text(("Resolved at ", When(resolved), *who, lasted, *owed)),
        Text((joined(labelled("How", incident.how)),)),
        Text((joined(labelled("Verified", incident.verified)),)),
    )


def _final_words(incident: Incident, at: datetime) -> Spans:
    """Who was told of the incident is owed the word of its end."""
    spans: list[Span] = []
    for moment, audiences in by_moment(incident.standing()):
        overdue = "overdue since " if moment < at else "by "
        spans += [" ", Strong((f"Final word to {listed(audiences)} {overdue}", When(moment), "."))]
    return tuple(spans)


def _middle(incident: Incident, policy: Policy) -> tuple[Part, ...]:
    if incident.is_ended:
        return ()
    roles = [role.name for role in policy.roles]
    roles += [held.role for held in incident.holdings if held.role not in roles]
    required = policy.priority(incident.priority).roles
    pairs: list[tuple[str, Spans]] = []
    for role in dict.fromkeys(roles):
        holders = incident.holders(role)
        wanted = role == COMMANDER or (role in required and role not in incident.waived)
        if holders or (wanted and incident.is_open):
            title = policy.role(role).title + ("s" if len(holders) > 1 else "")
            pairs.append((title, mentions(holders) if holders else ("nobody yet",)))
    told = incident.told.get(INTERNAL)
    last: tuple[Part, ...] = ()
    if told and incident.is_open:
        last = (Text(("Last update, ", When(told.at), f": {joined(told.update.what)}")),)
    return (Facts(tuple(pairs)), *last) if pairs else last


def _notes(incident: Incident, policy: Policy) -> tuple[Part, ...]:
    spans: list[Span] = []
    if incident.detected_at:
        spans += ["Detected ", When(incident.detected_at)]
        spans += [", reported by ", Mention(incident.declared_by), ". "] if incident.declared_by else [". "]
    elif incident.declared_by:
        spans += ["Reported by ", Mention(incident.declared_by), ". "]
    end = sla_end(incident, "sla:resolve", policy)
    if end and incident.is_open:
        spans += ["Resolution SLA ", When(end), ". "]
    if incident.bridge:
        spans += [f"Bridge: {incident.bridge} "]
    for person, snooze in incident.snoozes.items():
        if incident.is_open and incident.last_at and snooze.until > incident.last_at:
            because = f": {snooze.reason.rstrip('.')}. " if snooze.reason else ". "
            spans += ["Reminders quiet until ", When(snooze.until), *by(person), because]
    spans += _room_note(incident)
    if incident.private:
        spans += ["Only people in this room see this. Not announced, listed or counted. "]
        spans += ["Personal messages give its number only. "]
    if incident.drill:
        spans += ["Practice run. Nothing here is real; no customer is told."]
    if not spans:
        return ()
    last = spans[-1]
    return (Note((*spans[:-1], last.rstrip() if isinstance(last, str) else last)),)


def _room_note(incident: Incident) -> Spans:
    """What is out of the ordinary about the room, if something is."""
    if incident.room:
        return () if incident.room.own else ("No channel could be made, so this thread is the room. ",)
    lost = [room.lost for room in incident.rooms if room.lost]
    if lost:
        return (f"The room is gone: {lost[-1]}. ",)
    return (f"No room could be made: {incident.roomless.rstrip('.')}. ",) if incident.roomless else ()


_READ_ALONG: Spans = ("To read along in private, subscribe.",)


def announcement(incident: Incident, policy: Policy, at: datetime) -> Card:
    """The one message in the internal addresses, edited as the incident goes on (WORDS 3.2)."""
    if not incident.is_open:
        body: tuple[Part, ...] = _lead(incident, at)
        return Card(title=(named(incident),), tone=tone(incident, policy, at), body=body, headline=True)
    lead = Text((*promise_line(incident, at), " ", *standing_line(incident)))
    own = incident.room is not None and incident.room.own
    join: Spans = ("To help, join ", RoomLink(incident.number), "; to read along, subscribe.") if own else _READ_ALONG
    room: tuple[Action, ...] = (Open(label="Join room", room=incident.number),) if own else ()
    actions = (*room, press(incident, "Subscribe", "subscribe"))
    return Card(
        title=(named(incident),),
        tone=tone(incident, policy, at),
        body=(lead, Note(("Updates follow in this thread. ", *join))),
        actions=actions,
        headline=True,
    )
