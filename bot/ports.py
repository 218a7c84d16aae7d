"""What the core needs from outside: a store whose transactions hold everything a command changes."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.cards import Card, Names
from bot.commands.spec import Profile, Sent
from bot.events import Entry
from bot.incident import Incident
from bot.maintenance import Maintenance
from bot.people import Codes, OpenCode
from bot.posts import Order, Reminder
from bot.refs import Address, Identity, Person
from bot.standing import Standing, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What incidents are found by; written with every entry."""

    title: str
    status: str
    priority: str
    private: bool
    drill: bool
    is_open: bool
    declared_at: datetime
    next_due_at: datetime | None
    rules: str = ""
    """Fingerprint of the rules that gave `next_due_at`; empty: what the row says of that stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRow:
    """A reminder's message as the outbox has it."""

    id: int
    reminder: Reminder
    """What it still claims."""
    key: str
    thread: str
    """The key of the message it replies to."""
    state: str
    """`waiting`, or `sent`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downtime:
    """The last time no replica ticked for a minute: from the last tick before to the first one after."""

    since: datetime
    until: datetime


class Transaction(Protocol):
    """One unit of work, rolled back unless its `with` block ends well. Holds no network call."""

    def first_time(self, key: str, at: datetime) -> bool:
        """Whether this delivery key is new; it is remembered with the transaction."""

    def forget(self, key: str) -> None:
        """Nothing came of that delivery: the same key is new again."""

    def person(self, identity: Identity, name: str = "") -> Person:
        """Our id of a chat's person, given at first sight. `name` is kept if none is known."""

    def profiles(self, people: Iterable[Person]) -> Mapping[Person, Profile]:
        """What is known of these people."""

    def learn(self, identity: Identity, profile: Profile) -> None:
        """Keep what a chat says of one of its people."""

    def called(self, words: str) -> tuple[Person, ...]:
        """The members whose e-mail address or shown name that is, whatever its case."""

    def identities(self, person: Person) -> tuple[Identity, ...]:
        """Everything chats know that person by."""

    def missed_in(self, identity: Identity) -> tuple[int, ...]:
        """Incidents not yet ended in which that person is out of reach, or was. Whoever asks looks, and says `reached`.

        It costs nothing where there are none.
        """

    def reached(self, number: int, person: Person) -> None:
        """They are out of reach in that incident no more."""

    def was_seen(self, identity: Identity) -> None:
        """That person uses that chat now: what is for them alone goes there from now on."""

    def codes(self) -> Codes:
        """The codes by which people prove who they are in another chat, with one more to give."""

    def give_code(self, identity: Identity, code: str, at: datetime) -> None:
        """That person's code from now on."""

    def miss_code(self, shown: OpenCode | None = None) -> None:
        """A wrong one was typed: counted at every code. `shown` is good no more."""

    def join(self, identity: Identity, other: OpenCode) -> None:
        """The two are one person from now on; the code is used up. Events keep the ids they were written with.

        Raises `bot.refusals.Conflict` where somebody else used it first.
        """

    def maintenances(self) -> tuple[Maintenance, ...]:
        """Everything planned and not called off, what begins first first; of what is over, the newest."""

    def plan(self, maintenance: Maintenance) -> None:
        """Keep planned maintenance; it gets the next number."""

    def call_off(self, number: int, at: datetime) -> None:
        """That maintenance is planned no more."""

    def standing(self) -> Mapping[Person, tuple[Standing, ...]]:
        """What people subscribed to for good, oldest first."""

    def want(self, person: Person, wanted: Wanted, at: datetime) -> None:
        """Keep what a person subscribes to for good, and forget what they no longer do."""

    def tell(self, identity: Identity, card: Card, key: str, at: datetime) -> None:
        """Enqueue something for one person in that very chat that concerns no incident."""

    def names(self, people: Iterable[Person], incidents: Iterable[int]) -> Names:
        """What these people, and the rooms of these incidents, are called and where they are."""

    def next_number(self) -> int:
        """The number for a new incident: one more than the highest."""

    def load(self, number: int) -> Incident | None:
        """The incident, its row locked until the end of the transaction; None if there is none."""

    def at_place(self, address: Address) -> int | None:
        """The number of the incident whose room this is."""

    def opened(self, *, ended: bool = False) -> tuple[Incident, ...]:
        """The incidents not yet ended, newest first; all of them with `ended`."""

    def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Numbers of incidents whose next deadline has come, longest overdue first."""

    def take_due(self, now: datetime, limit: int) -> tuple[Incident, ...]:
        """The same incidents, but for those that somebody else works on, their rows locked like a loaded one's.

        They are read together, and what is written of them is written together, at the latest with the commit.
        """

    def append(self, before: Incident, entries: tuple[Entry, ...], after: Incident, index: Index) -> None:
        """Write the entries after version `before.version`, and the index row.

        Raises `bot.refusals.Conflict` where somebody else wrote that version first, and `bot.refusals.Taken` where a
        room that they open is that of another incident not yet ended.
        """

    def entries(self, number: int) -> tuple[Entry, ...]:
        """The incident's whole log."""

    def enqueue(
        self, incident: Incident, orders: Iterable[Order], resolve: Callable[[str], tuple[str, ...]], at: datetime
    ) -> None:
        """Write what is to be said or done. `resolve` gives an audience's addresses as the policy writes them."""

    def give_room(self, incident: Incident, address: Address) -> None:
        """What waited for the incident's room now has its address."""

    def reminders(self, number: int) -> tuple[ReminderRow, ...]:
        """Reminder messages that wait, or were sent and still stand as reminders."""

    def narrow(self, row: int, order: Order | None, at: datetime) -> None:
        """Replace what a reminder's message says and claims; None withholds a waiting one."""

    def take_back(
        self,
        incident: Incident,
        card: Card,
        outside: Callable[[str, str], bool],
        stays: Callable[[str], bool],
        at: datetime,
    ) -> None:
        """Of messages whose target and key are `outside`, withhold those that wait; those that are out say `card` now.

        Sent words to a target that `stays` are left as they are.
        """

    def redact(self, number: int, words: Collection[str], at: datetime, *, ours: Collection[str] = ()) -> None:
        """Overwrite these words in the incident's log and in its messages, which are edited where people have them.

        `ours`: words of the policy, which messages keep but in titles.
        """

    def sent(self, number: int) -> tuple[Sent, ...]:
        """What became of the incident's messages."""

    def to_send(self) -> bool:
        """Whether something waits to be sent because of this transaction."""

    def tick(self, now: datetime, replica: str) -> Downtime | None:
        """Note that the clock ran; the last downtime, if one is known."""

    def stale(self, rules: str, limit: int) -> tuple[int, ...]:
        """Numbers of incidents not ended whose deadlines were computed by other rules, oldest deadline first."""

    def reindex(self, incident: Incident, index: Index, rules: str) -> None:
        """Write an index row anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the outbox, claimed for one attempt."""

    id: int
    incident: int
    """0: it concerns none."""
    private: bool
    """Whether the incident is private: nothing of it may stand in a log or in metadata."""
    address: Address
    """As the policy writes it (`slack:#incidents`) or as a chat gave it. For `OpenRoom`: the chat, `slack:`."""
    order: Order
    attempt: int
    """The fencing token: what is recorded for an older attempt is refused."""
    revision: int
    """Of the order: a newer one may come while this is being sent."""
    ref: str
    """The chat's own name of the message, once it was sent: this is an edit then."""
    thread_ref: str
    """The same of the message it replies to; empty: none, or it is not there."""
    tried_at: datetime | None
    """When an earlier attempt with an unknown outcome began: read back before sending again."""
    token: str
    """Goes into the message's metadata, to be found again: unique to the row, tells nothing."""
    queued_at: datetime
    names: Names
    """Who and where the people and rooms of its card are."""
    thread_token: str = ""
    """Like `token`, and the same for all that one audience is told of one incident."""
    failures: int = 0
    """Attempts in a row that failed and counted, since it was last sent: the pause grows with them."""
    failing_since: datetime | None = None
    """When the first of these failed: after a day of it the relay gives up."""
    withdrawn: bool = False
    """It no longer holds, but may have arrived. Found: it is edited. Not found: `retry` it, and it is withheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A delivery that is out, with the chat's own name of it."""

    delivery: Delivery
    ref: str
    at: datetime


class Relay(Protocol):
    """The outbox as the one who carries it out sees it. Moments are real time, never the incident's clock."""

    def claim(self, now: datetime, limit: int, lease: timedelta, without: Collection[str] = ()) -> tuple[Delivery, ...]:
        """Rows that may go now, the first of each (incident, address, lane). For `lease` each is nobody else's.

        `without`: chats to leave out, as their addresses begin (`slack`): they refuse us, or have enough to carry.
        """

    def sent(self, delivery: Delivery, ref: str, at: datetime) -> bool:
        """It is out. False where the claim had passed to another attempt."""

    def all_sent(self, arrivals: Sequence[Arrival]) -> tuple[bool, ...]:
        """The same of several, written down together; False as well where another works on the row: `sent` waits."""

    def retry(
        self, delivery: Delivery, *, at: datetime, not_before: datetime, error: str, unknown: bool, counts: bool
    ) -> bool:
        """It goes again at `not_before`. `unknown`: it may have arrived. `counts` False: told to wait."""

    def dead(self, delivery: Delivery, *, at: datetime, error: str) -> bool:
        """It will never arrive."""

    def release(self, delivery: Delivery) -> None:
        """Not tried after all: it may go at once."""

    def wake_at(self, without: Collection[str] = ()) -> datetime | None:
        """The earliest moment at which a row may go, chats in `without` left out; None: nothing waits."""

    def depth(self) -> tuple[int, datetime | None]:
        """How many rows wait, and since when the oldest."""


class Store(Protocol):
    """Where incidents are kept."""

    def together(self) -> AbstractContextManager[None]:
        """What this thread writes meanwhile may share one commit; each transaction in it still fails alone."""

    def begin(self) -> AbstractContextManager[Transaction]:
        """A transaction for writing; one at a time on SQLite."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction for reading only."""
