"""An incident as it stands: what `evolve.fold` makes of its log. Holds no rule; a rule asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.events import Rung, Status, UpdatePublished
from bot.refs import Address, Person

OPEN = frozenset({Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING})
ENDED = frozenset({Status.CLOSED, Status.CANCELLED, Status.DUPLICATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A conversation of the incident."""

    address: Address
    name: str
    url: str = ""
    own: bool = True
    lost: str = ""
    """Why it is no longer there; empty while it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who holds a role, since when."""

    role: str
    person: Person
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A request to take over a role, not answered yet."""

    role: str
    giver: Person
    taker: Person
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The next update to one audience. `due` None while standing: none is expected."""

    audience: str
    due: datetime | None
    generation: int
    made_at: datetime
    cause: str
    reason: str = ""
    standing: bool = True
    handled: frozenset[float] = frozenset()
    """Steps that fired or were passed over, as seconds from `due`."""
    repeats: int = 0
    fired_at: datetime | None = None
    """When its last reminder fired: repeats count from there."""
    reminded: tuple[datetime, ...] = ()
    """When its reminders fired, in order."""
    late_key: str = ""
    """The key of its first message in the room; later ones reply to it."""
    room_keys: Mapping[float, str] = field(default_factory=dict[float, str])
    """By step, the key of its message in the room: a repeat edits it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Quiet that a person asked for."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reminder kept from a person until `until`."""

    rungs: tuple[Rung, ...]
    person: Person
    role: str
    why: str
    """`snooze` or `hours`."""
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the word given to one audience, counted over the whole incident."""

    first_at: datetime | None = None
    """When they were first told anything."""
    first_late: timedelta = timedelta()
    """By how much that came late; zero where it came in time."""
    kept: int = 0
    moved: int = 0
    """Promises that were moved before their moment came."""
    missed: int = 0
    last_late: timedelta = timedelta()
    """By how much the last that was not kept came late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An update that waits for approval."""

    at: datetime
    by: Person | None
    update: UpdatePublished
    """Its audiences are those it still waits for."""
    nudges: int = 0
    """How often who approves it was reminded of it alone, no promise running out."""
    nudged_at: datetime | None = None

    @property
    def subject(self) -> str:
        """What a reminder of it alone is about."""
        return f"draft:{self.update.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An update as it was published."""

    at: datetime
    by: Person | None
    update: UpdatePublished


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Everything known of one incident. Version 0: nothing yet."""

    number: int
    version: int = 0
    last_at: datetime | None = None

    title: str = ""
    priority: str = ""
    confirmed: bool = True
    status: Status = Status.INVESTIGATING
    status_since: datetime | None = None
    private: bool = False
    drill: bool = False
    taken: tuple[str, ...] = ()
    like: tuple[int, ...] = ()

    declared_at: datetime | None = None
    declared_by: Person | None = None
    detected_at: datetime | None = None
    opened_at: datetime | None = None
    """Declared, or last reopened: vacancies and first words count from here."""
    first_response_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: Person | None = None
    ended_at: datetime | None = None
    ended_by: Person | None = None
    ended_because: str = ""
    resolved_for: timedelta = timedelta()
    """Time spent resolved and then reopened: no SLA counts it."""
    how: str = ""
    verified: str = ""

    impact: str = ""
    urgency: str = ""
    services: tuple[str, ...] = ()
    bridge: str = ""
    related: tuple[int, ...] = ()
    duplicate_of: int | None = None

    place: Address | None = None
    rooms: tuple[Room, ...] = ()
    linked: tuple[Address, ...] = ()
    """Places where a second room was asked for, since the last that could not be made."""
    room_open: bool = True
    """Whether it was declared in public: such a room stays open to everybody, whatever becomes of the incident."""
    roomless: str = ""
    """Why no room could be made, where none ever will be."""

    holdings: tuple[Holding, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict[str, str])
    """Roles this incident does not need, with the reason."""
    vacated: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    """When a role was last left."""
    handovers: tuple[Handover, ...] = ()
    unreachable: frozenset[Person] = frozenset()

    subscribers: Mapping[Person, str] = field(default_factory=dict[Person, str])
    """Who reads its updates in private messages, and what brought them here; empty: they asked for this incident."""
    unsubscribed: frozenset[Person] = frozenset()
    """Who did, and does not any more: no standing subscription brings them back."""

    promises: Mapping[str, Promise] = field(default_factory=dict[str, Promise])
    """By audience, ended ones included."""
    told: Mapping[str, Told] = field(default_factory=dict[str, Told])
    """By audience, the last update they had."""
    updates: int = 0
    headline: str = ""
    """What customers know it by, from the first update they had."""
    drafts: tuple[Draft, ...] = ()
    """Updates that wait for approval, oldest first; to each audience one at most."""
    unsaid: Mapping[str, UpdatePublished] = field(default_factory=dict[str, UpdatePublished])
    """By audience, the last words written for it that were not published: they wait, or were sent back."""
    tallies: Mapping[str, Tally] = field(default_factory=dict[str, Tally])
    """By audience, how the promises to it ended."""
    final_told: frozenset[str] = frozenset()
    """Audiences that were told of the resolution, or were waived."""
    snoozes: Mapping[Person, Snooze] = field(default_factory=dict[Person, Snooze])
    kept: tuple[Kept, ...] = ()

    priorities: tuple[tuple[datetime, str], ...] = ()
    """Each priority with the moment it began."""
    role_steps: Mapping[str, tuple[int, frozenset[float]]] = field(
        default_factory=dict[str, tuple[int, frozenset[float]]]
    )
    """By role: the vacancy's generation and the steps handled."""
    sla_shares: Mapping[str, frozenset[float]] = field(default_factory=dict[str, frozenset[float]])
    """By `sla:respond` and `sla:resolve`: the shares handled."""
    silence_handled: datetime | None = None
    """The last sign of life that was asked about."""
    close_handled: datetime | None = None
    """The resolution whose closing was asked about."""
    last_person_at: datetime | None = None
    last_words: tuple[datetime, str, Person | None] | None = None
    """The newest thing a person recorded: moment, kind, who."""

    @property
    def is_open(self) -> bool:
        """Still being worked on: neither resolved nor ended."""
        return self.status in OPEN

    @property
    def is_ended(self) -> bool:
        """Closed, cancelled or a duplicate."""
        return self.status in ENDED

    @property
    def room(self) -> Room | None:
        """The first room that is still there."""
        return next((room for room in self.rooms if not room.lost), None)

    @property
    def is_exposed(self) -> bool:
        """Private now, in a room that everybody can find: nothing of it may stand where the room is listed."""
        return self.private and self.room_open

    def holders(self, role: str) -> tuple[Person, ...]:
        """Who holds that role, in the order they took it."""
        return tuple(held.person for held in self.holdings if held.role == role)

    def holder(self, role: str) -> Person | None:
        """Who holds that role first, if anybody."""
        return next(iter(self.holders(role)), None)

    def roles_of(self, person: Person) -> tuple[str, ...]:
        """The roles that person holds."""
        return tuple(held.role for held in self.holdings if held.person == person)

    def standing(self) -> tuple[Promise, ...]:
        """The promises with a moment that still hold, earliest first."""
        found = [promise for promise in self.promises.values() if promise.standing and promise.due]
        return tuple(sorted(found, key=lambda promise: (promise.due or promise.made_at, promise.audience)))

    def promise(self, audience: str) -> Promise | None:
        """The promise to that audience if it stands."""
        found = self.promises.get(audience)
        return found if found and found.standing else None

    def draft_for(self, audience: str) -> Draft | None:
        """The update to that audience that waits for approval."""
        return next((draft for draft in self.drafts if audience in draft.update.audiences), None)

    @property
    def is_silent(self) -> bool:
        """Ended, and nobody outside is owed the word of its end: no reminder comes any more."""
        return self.is_ended and not any(promise.cause == "final" for promise in self.standing())


NOTHING_YET = Incident(number=0)
"""What every log begins with. To copy it takes a fifth of the time of making another of sixty fields."""
