"""The timeline: each thing that happened as one line, for `timeline` and the export. Total over `Event`."""

from typing import assert_never

from bot.cards import Mention, Span, Spans, When
from bot.events import (
    AboutDrafts,
    AboutFields,
    AboutPromises,
    AboutReminders,
    AboutRoles,
    AboutRooms,
    AboutStatus,
    AboutSubscriptions,
    BridgeSet,
    Cancelled,
    Closed,
    Declared,
    DeliveryFailed,
    DetectedSet,
    DraftEnded,
    Entry,
    HandoverEnded,
    HandoverOffered,
    ImpactSet,
    MarkedDuplicate,
    NoteAdded,
    PersonReachable,
    PersonUnreachable,
    PriorityChanged,
    PromiseEnded,
    PromiseMade,
    Redacted,
    Related,
    Reopened,
    Resolved,
    RoleAssigned,
    RoleReleased,
    RoleWaived,
    RoomAsked,
    RoomLost,
    RoomOpened,
    RoomRenamed,
    ServicesSet,
    Snoozed,
    StatusChanged,
    Subscribed,
    TitleChanged,
    Unknown,
    UpdateDrafted,
    UpdatePublished,
    UrgencySet,
    VisibilityChanged,
)
from bot.messages.phrases import (
    PERSON,
    a_role,
    by,
    false_alarm,
    joined,
    labelled,
    listed,
    mentions,
    message_word,
    priority_word,
    role_word,
    written_by,
)
from bot.messages.rungs import reminder_words
from bot.plain import span_words
from bot.policy import ROOM, SECOND_ROOM, Policy
from bot.refs import Person, reference

BECAME = {"kept-moved": "moved in time"}
"""Ends of a promise that read badly as they are kept."""


def entry_line(entry: Entry, policy: Policy) -> Spans:
    """When it happened, and what: `{02:21} Identified, by @Ana`."""
    return (When(entry.at), " ", *entry_words(entry, policy))


def entry_words(entry: Entry, policy: Policy) -> Spans:
    """What happened and by whom, without the moment."""
    event, who = entry.event, entry.by
    if isinstance(event, AboutFields):
        return _field(event, who)
    if isinstance(event, AboutRooms):
        return (_room(event),)
    if isinstance(event, AboutRoles):
        return _role(event, who, policy)
    if isinstance(event, AboutStatus):
        return _status(event, who)
    if isinstance(event, AboutPromises):
        return _promise(event, who)
    if isinstance(event, AboutDrafts):
        return _draft(event, who)
    if isinstance(event, AboutReminders):
        return reminder_words(event, policy)
    if isinstance(event, AboutSubscriptions):
        return _subscription(event)
    assert_never(event)


def _subscription(event: AboutSubscriptions) -> Spans:
    who = mentions(event.people)
    if isinstance(event, Subscribed):
        return (*who, " subscribed", _because(event.because))
    many = "are" if len(event.people) > 1 else "is"
    return (*who, f" {many} no longer subscribed", _because(event.because))


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _field(event: AboutFields, who: Person | None) -> Spans:
    match event:
        case Declared():
            return _declared(event, who)
        case TitleChanged():
            return (f"Title is {event.title}", *by(who))
        case PriorityChanged():
            return _priority(event, who)
        case ImpactSet() | UrgencySet() | ServicesSet() | DetectedSet() | BridgeSet() | VisibilityChanged():
            return (*_set(event), *by(who))
        case Related():
            return (f"{reference(event.number)}: {event.how}", *by(who))
        case NoteAdded():
            return ("Note", *_by(who), f": {event.text}")
        case Redacted():
            return (f"Entry {event.entry} was redacted", *by(who), _because(event.reason))
        case DeliveryFailed():
            if event.what in {ROOM, SECOND_ROOM}:
                return (f"No {event.what} could be opened{_because(event.reason)}",)
            word = message_word(event.what)
            what = f"{word[:1].upper()}{word[1:]} did not reach "
            to: Span = Mention(Person(event.to)) if PERSON.fullmatch(event.to) else event.to
            return (what, to, _because(event.reason))
        case Unknown():
            return (f"Something this release does not know: {event.kind}", *by(who))
        case _:
            assert_never(event)


def _set(event: ImpactSet | UrgencySet | ServicesSet | DetectedSet | BridgeSet | VisibilityChanged) -> Spans:
    match event:
        case ImpactSet():
            return (f"Impact is {event.level}",)
        case UrgencySet():
            return (f"Urgency is {event.level}",)
        case ServicesSet():
            return (f"Affected: {', '.join(event.services)}" if event.services else "Affected services: none",)
        case DetectedSet():
            return ("Detected at ", When(event.detected_at))
        case BridgeSet():
            return (f"Bridge: {event.url}" if event.url else "No bridge",)
        case VisibilityChanged():
            return (f"{'Private' if event.private else 'Public'} from now on",)
        case _:
            assert_never(event)


def _by(who: Person | None) -> Spans:
    return (" by ", Mention(who)) if who else ()


def _declared(event: Declared, who: Person | None) -> Spans:
    kinds = [word for word, so in (("private", event.private), ("a drill", event.drill)) if so]
    unconfirmed = "" if event.confirmed else ", not confirmed"
    more = f", {', '.join(kinds)}" if kinds else ""
    return ("Declared", *_by(who), f": {event.title}. {priority_word(event.priority)}{unconfirmed}{more}")


def _priority(event: PriorityChanged, who: Person | None) -> Spans:
    word = priority_word(event.priority)
    if event.priority == event.before:
        return (f"{word} is confirmed", *by(who), _because(event.reason))
    derived = ", from impact and urgency" if event.derived else ""
    return (f"Priority is {event.priority}, before {event.before}{derived}", *by(who), _because(event.reason))


def _room(event: AboutRooms) -> str:
    match event:
        case RoomOpened():
            return f"Room opened: {event.name}"
        case RoomAsked():
            return f"Second room asked for at {event.address}"
        case RoomRenamed():
            return f"Room renamed: {event.name}"
        case RoomLost():
            return f"Room gone: {event.reason}"
        case _:
            assert_never(event)


def _role(event: AboutRoles, who: Person | None, policy: Policy) -> Spans:
    match event:
        case RoleAssigned():
            giver = None if who == event.person else who
            return (Mention(event.person), f" is {role_word(event.role, policy)}", *by(giver))
        case RoleReleased():
            word = role_word(event.role, policy)
            return (Mention(event.person), f" is no longer {word}", _because(event.reason))
        case RoleWaived():
            return (f"Goes without {a_role(event.role, policy)}", *by(who), _because(event.reason))
        case HandoverOffered():
            word = role_word(event.role, policy)
            asked: Spans = (Mention(event.taker), f" is asked to be {word} in place of ", Mention(event.giver))
            return (*asked, " until ", When(event.until))
        case HandoverEnded():
            word = role_word(event.role, policy)
            people: Spans = (Mention(event.giver), " to ", Mention(event.taker))
            return (f"Handover of {word} from ", *people, f": {event.outcome}")
        case PersonUnreachable():
            return (Mention(event.person), " cannot be reached", _because(event.reason))
        case PersonReachable():
            return (Mention(event.person), " can be reached again")
        case _:
            assert_never(event)


def _status(event: AboutStatus, who: Person | None) -> Spans:
    match event:
        case StatusChanged():
            return (event.status.value.capitalize(), *by(who))
        case Resolved():
            return ("Resolved", *_by(who), f": {event.how} Verified: {event.verified}")
        case Closed():
            return ("Closed", *by(who))
        case Reopened():
            return ("Open again", *by(who), _because(event.reason))
        case Cancelled():
            return ("Cancelled", *by(who), f": {false_alarm(event.reason)}")
        case MarkedDuplicate():
            return (f"Ended as the same as {reference(event.of)}", *by(who))
        case _:
            assert_never(event)


def _promise(event: AboutPromises, who: Person | None) -> Spans:
    match event:
        case UpdatePublished():
            final = "Final update" if event.final else "Update"
            wrote: Spans = (", by ", *written_by(event, who)) if who else ()
            return (f"{final} {event.number} to {listed(event.audiences)}", *wrote, f": {_update_words(event)}")
        case PromiseMade():
            return _promised(event)
        case PromiseEnded():
            became = f"{span_words(event.late)} late" if event.outcome == "missed" else event.outcome
            became = BECAME.get(became, became)
            return (f"Promise to {event.audience} of ", When(event.due), f": {became}", _because(event.reason))
        case Snoozed():
            return (
                "Reminders to ",
                Mention(event.person),
                " are quiet until ",
                When(event.until),
                _because(event.reason),
            )
        case _:
            assert_never(event)


def _update_words(event: UpdatePublished) -> str:
    return joined(event.what, event.steps, labelled("Affected", event.who), event.expect)


def _draft(event: AboutDrafts, who: Person | None) -> Spans:
    match event:
        case UpdateDrafted(update=update):
            what = f"Update {update.number} to {listed(update.audiences)} waits for approval"
            return (what, *by(who), f": {_update_words(update)}")
        case DraftEnded():
            what = f"Update {event.number} to {listed(event.audiences)}"
            if event.outcome != "sent back":
                return (f"{what} waits for approval no more", _because(event.reason))
            return (f"{what} was sent back", *by(who), _because(event.reason))
        case _:
            assert_never(event)


def _promised(event: PromiseMade) -> Spans:
    if event.due is None:
        return (f"No further update to {event.audience} is expected", _because(event.reason))
    what = f"Final word to {event.audience}" if event.cause == "final" else f"Next update to {event.audience}"
    return (f"{what} by ", When(event.due), _because(event.reason))
