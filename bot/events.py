"""What has happened to an incident: facts, past tense, never changed once written.

The events are the timeline, the audit log and the raw material of the postmortem. An `Entry` says when, by whom and
in which order; the event itself says only what. New kinds may come and fields may be added with defaults; nothing is
ever removed, for stored events stay readable for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.refs import Address, Person


class Status(StrEnum):
    """Where an incident stands. The last two are endings like `closed`, with another reason."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Somebody said that something is wrong."""

    title: str
    priority: str
    confirmed: bool = True
    """False where nobody chose the priority: it is the policy's default."""
    private: bool = False
    drill: bool = False
    detected_at: datetime | None = None
    place: Address | None = None
    """The conversation it was declared in."""
    services: tuple[str, ...] = ()
    bridge: str = ""
    taken: tuple[str, ...] = ()
    """First words taken as `private` or a priority, so that one press puts them back into the title."""
    like: tuple[int, ...] = ()
    """Open incidents it may be the same as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOpened:
    """The conversation of the incident exists."""

    address: Address
    name: str
    """As people see it: `inc-42-checkout-is-down`."""
    url: str = ""
    own: bool = True
    """False where the room is a thread because no channel could be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAsked:
    """A second room was asked for, in another chat or another place."""

    address: Address
    """Of the place, as a policy would write it; the room itself may be a thread there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRenamed:
    """Somebody renamed the room in the chat."""

    address: Address
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLost:
    """The room was archived or deleted, or Sitrep was removed from it."""

    address: Address
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleChanged:
    """The incident has another name."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityChanged:
    """The priority was set, or the standing one was confirmed."""

    priority: str
    before: str
    reason: str = ""
    derived: bool = False
    """True where impact and urgency gave it by the policy's matrix."""
    confirmed: bool = True
    """False where it went back to the policy's default, which nobody chose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactSet:
    """How much is hit."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencySet:
    """How fast it must be repaired."""

    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesSet:
    """Which services are affected."""

    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedSet:
    """When it was first noticed."""

    detected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeSet:
    """Where people talk."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityChanged:
    """The incident became private or public."""

    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned:
    """Somebody holds a role from now on."""

    role: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReleased:
    """Somebody no longer holds a role."""

    role: str
    person: Person
    reason: str = ""
    """`released`, `replaced`, `handed over`, `left`, or a person's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWaived:
    """The incident needs nobody in that role."""

    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOffered:
    """A holder asked somebody to take over. Until accepted, nothing changes."""

    role: str
    giver: Person
    taker: Person
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEnded:
    """The request is over."""

    role: str
    giver: Person
    taker: Person
    outcome: str
    """`accepted`, `declined`, `unanswered` or `overtaken`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnreachable:
    """A message to somebody cannot be delivered: their reminders go on to the next in line."""

    person: Person
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReachable:
    """Somebody who was out of reach spoke again: what is private goes to them as before."""

    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """The investigation moved on (or back). Never to resolved or an ending: those are events of their own."""

    status: Status
    before: Status
    within_update: bool = False
    """Set inside an update, and so without a line of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePublished:
    """People were told. The promises it makes follow as `PromiseMade`."""

    number: int
    """1, 2, 3 … within the incident."""
    audiences: tuple[str, ...]
    what: str
    steps: str = ""
    who: str = ""
    expect: str = ""
    words: str = ""
    """For customers, where they read something else than `what`."""
    next: Mapping[str, datetime | None] = field(default_factory=dict[str, datetime | None])
    """By audience; None where no further update is expected."""
    none_because: str = ""
    status: Status | None = None
    final: bool = False
    """True where it says that the incident is resolved."""
    drafted_by: Person | None = None
    """Who wrote it, where somebody else approved it; the entry is by who approved."""
    headline: str = ""
    """What customers know the incident by; empty: as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDrafted:
    """An update waits for somebody else's approval. The promises of its audiences stand meanwhile."""

    update: UpdatePublished
    """As it is published once approved; its audiences are those that wait."""
    told: tuple[str, ...] = ()
    """Audiences that need no approval and read the same update at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEnded:
    """A draft waits no more for these audiences, though it was not published to them."""

    number: int
    audiences: tuple[str, ...]
    outcome: str
    """`sent back`, `superseded` by later words to the same people, or `withdrawn`."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMade:
    """An audience was promised an update, or is owed one by the policy. Starts a generation."""

    audience: str
    due: datetime | None
    """None: no further update is expected, for the reason given."""
    cause: str
    """`declared`, `update`, `moved`, `priority`, `reopened`, `status`, or `final`: say that it is resolved."""
    reason: str = ""
    before: datetime | None = None
    """What stood until now."""
    tell: bool = False
    """Whether the audience is told the moment (docs/promises.md 1.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseEnded:
    """What became of a promise. Followed by a `PromiseMade` where another takes its place."""

    audience: str
    due: datetime
    outcome: str
    """`kept`, `kept-moved`, `missed`, `ended` or `waived`."""
    late: timedelta = timedelta()
    """For `missed`: how long after the moment."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """A person asked for quiet; replaces an earlier snooze of theirs."""

    person: Person
    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded:
    """A line for the record."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """It works again, and somebody checked."""

    how: str
    verified: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Nothing is left to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """The trouble is back, or was never gone."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """It was a false alarm."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedDuplicate:
    """It is the same as another incident."""

    of: int
    subscribers: int = 0
    """How many who subscribed to this one read on there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another incident has to do with this one."""

    number: int
    how: str
    """`duplicate of this`, `like this`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """People read each update in a private message from now on."""

    people: tuple[Person, ...]
    because: str = ""
    """Empty where they asked for this incident; else `service:checkout`, `priority:high`, `moved from INC-45`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """People read no more of it in private messages."""

    people: tuple[Person, ...]
    because: str = ""
    """Empty where they asked for it; else why no message reaches them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """The words of an earlier entry were overwritten for good, wherever they can be reached.

    The one exception to "never changed once written": who, when and what kind stay as they were.
    """

    entry: int
    """Its version."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed:
    """Something could not be delivered for good."""

    what: str
    """A short name of the message: `update 2`."""
    to: str
    """As people know it: an audience, a room's name, a person's id."""
    reason: str


class Why(StrEnum):
    """Why a reminder reaches this addressee."""

    POLICY = "policy"
    """The step names the room or an audience."""
    ROLE = "role"
    """They hold the role the step names."""
    VACANT = "vacant"
    """Nobody holds that role; they are next in line."""
    UNREACHABLE = "unreachable"
    """Who holds that role cannot be reached."""
    NO_ADDRESS = "no-address"
    """The audience the step names has no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of one ladder, for one generation."""

    subject: str
    """`update:internal`, `role:scribe`, `sla:respond`, `sla:resolve`, `silence`, `close`, `draft:2`."""
    generation: int
    """Tells this promise, vacancy or silence from earlier ones of the same subject."""
    step: float
    """Seconds from `about` as the policy's step says; for an SLA the share."""
    moment: datetime
    """When the step was due."""
    about: datetime
    """The promised moment, the start of the vacancy, the end of the SLA, the last sign of life."""
    repeat: int = 0
    """0 for the step itself, 1, 2 … for its repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a reminder addresses. Exactly one of the three kinds."""

    person: Person | None = None
    """In private where set and `room` is False."""
    room: bool = False
    """In the room; `person`, where set too, is mentioned."""
    audience: str = ""
    role: str = ""
    """The role the step named, if it named one."""
    why: Why = Why.POLICY
    via: str = ""
    """Whom the line of succession came to: `holder`, `commander`, `declarer` or `room`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """A reminder is to go out: one message, to one addressee. Its row is written in the same transaction."""

    rungs: tuple[Rung, ...]
    """Newest wording is the highest step; each names its promise."""
    to: Recipient
    key: str
    """Names the message: the same key again edits it."""
    thread: str = ""
    """The key of the message it replies to."""
    after: tuple[datetime, ...] = ()
    """When earlier reminders about the same went out."""
    down: tuple[datetime, datetime] | None = None
    """From when to when Sitrep was down, if that is why it is late."""
    quiet_over: str = ""
    """`snooze` or `hours`, where it was held back until now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderHeld:
    """A reminder is kept from a person until their quiet ends."""

    rungs: tuple[Rung, ...]
    to: Recipient
    why: str
    """`snooze` or `hours`."""
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPassed:
    """A step will not fire."""

    rung: Rung
    person: Person | None = None
    """For a rung kept from somebody: from whom."""
    why: str
    """`set later`: past when the promise was made. `higher step`. `untrue`: kept until it no longer held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderWithheld:
    """A reminder's message had not been sent yet when it stopped being true, or when a higher step took its place."""

    rungs: tuple[Rung, ...]
    to: Recipient
    why: str
    """`untrue` or `higher step`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A kind of event that this release does not know. Kept, shown as such, never fatal."""

    kind: str
    v: int
    data: str
    """As stored, JSON."""


AboutFields = (
    Declared
    | TitleChanged
    | PriorityChanged
    | ImpactSet
    | UrgencySet
    | ServicesSet
    | DetectedSet
    | BridgeSet
    | VisibilityChanged
    | Related
    | NoteAdded
    | Redacted
    | DeliveryFailed
    | Unknown
)
AboutRooms = RoomOpened | RoomAsked | RoomRenamed | RoomLost
AboutRoles = (
    RoleAssigned | RoleReleased | RoleWaived | HandoverOffered | HandoverEnded | PersonUnreachable | PersonReachable
)
AboutStatus = StatusChanged | Resolved | Closed | Reopened | Cancelled | MarkedDuplicate
AboutPromises = UpdatePublished | PromiseMade | PromiseEnded | Snoozed
AboutDrafts = UpdateDrafted | DraftEnded
AboutReminders = Reminded | ReminderHeld | StepPassed | ReminderWithheld
AboutSubscriptions = Subscribed | Unsubscribed

Event = (
    AboutFields
    | AboutRooms
    | AboutRoles
    | AboutStatus
    | AboutPromises
    | AboutDrafts
    | AboutReminders
    | AboutSubscriptions
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an incident's log. `at` is UTC and never earlier than the entry before it (docs/promises.md 5)."""

    version: int
    """1, 2, 3 … within the incident."""
    at: datetime
    by: Person | None
    """None: Sitrep itself."""
    event: Event
