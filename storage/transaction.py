"""One unit of work, as the core sees it (`bot.ports.Transaction`)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.exc import IntegrityError

from bot.cards import Card, Names
from bot.commands.spec import Sent
from bot.events import Entry
from bot.incident import Incident
from bot.maintenance import Maintenance
from bot.people import Codes, OpenCode, Profile
from bot.ports import Downtime, Index, ReminderRow
from bot.posts import Order, Post, ToPerson
from bot.refs import Address, Identity, Person
from bot.refusals import Conflict
from bot.standing import Standing, Wanted
from storage import (
    codes,
    crowds,
    heartbeat,
    hiding,
    joining,
    log,
    maintenances,
    messages,
    outbox,
    presence,
    profiles,
    redacting,
    register,
)
from storage import standing as wishes
from storage.acquaintance import Acquaintance
from storage.ahead import Ahead
from storage.folds import Folds, Joined
from storage.naming import names_for
from storage.tables import inbox
from storage.upserts import insert_new


class SqlTransaction:
    """Implements `bot.ports.Transaction` over one connection, whose transaction somebody else ends."""

    def __init__(self, connection: Connection, folds: Folds, unsettled: set[int]) -> None:
        """`unsettled`: incidents written to before in what may yet be undone together with this; grows by its own."""
        self._connection = connection
        self._folds = folds
        self._written = unsettled
        self._sends = False
        self._people: Joined | None = None
        self._acquaintance = Acquaintance(connection)
        self._ahead: Ahead | None = None
        self._after, self._rewritten = dict[int, Incident](), False

    def first_time(self, key: str, at: datetime) -> bool:
        """Whether this delivery key is new; it is remembered with the transaction."""
        return insert_new(self._connection, inbox, {"key": key, "at": at})

    def forget(self, key: str) -> None:
        """Nothing came of that delivery: the same key is new again."""
        self._connection.execute(delete(inbox).where(inbox.c.key == key))

    def person(self, identity: Identity, name: str = "") -> Person:
        """Our id of a chat's person, given at first sight. `name` is kept if none is known."""
        return self._acquaintance.person(identity, name)

    def profiles(self, people: Iterable[Person]) -> Mapping[Person, Profile]:
        """What is known of these people."""
        return self._acquaintance.profiles(people)

    def learn(self, identity: Identity, profile: Profile) -> None:
        """Keep what a chat says of one of its people; what it leaves empty stays as it was."""
        self._acquaintance.learn(identity, profile)

    def called(self, words: str) -> tuple[Person, ...]:
        """The members whose e-mail address or shown name that is, whatever its case."""
        return profiles.called(self._connection, words)

    def identities(self, person: Person) -> tuple[Identity, ...]:
        """Everything chats know that person by."""
        return self._acquaintance.identities(person)

    def missed_in(self, identity: Identity) -> tuple[int, ...]:
        """Incidents not yet ended in which that person is out of reach, or was."""
        return self._acquaintance.missed_in(identity)

    def reached(self, number: int, person: Person) -> None:
        """They are out of reach in that incident no more."""
        presence.reached(self._connection, number, person)

    def was_seen(self, identity: Identity) -> None:
        """That person uses that chat now: what is for them alone goes there from now on."""
        self._acquaintance.was_seen(identity)

    def codes(self) -> Codes:
        """The codes by which people prove who they are in another chat, with one more to give."""
        return codes.out(self._connection)

    def give_code(self, identity: Identity, code: str, at: datetime) -> None:
        """That person's code from now on."""
        codes.give(self._connection, identity, code, at)

    def miss_code(self, shown: OpenCode | None = None) -> None:
        """A wrong one was typed: counted at every code. `shown` is good no more."""
        codes.miss(self._connection)
        if shown is not None:
            codes.use_up(self._connection, shown.identity)

    def join(self, identity: Identity, other: OpenCode) -> None:
        """The two are one person from now on; the code is used up. Raises Conflict where somebody else was first."""
        if not codes.use_up(self._connection, other.identity):
            raise Conflict
        mine = self._acquaintance.person(identity, "")
        self._acquaintance.forget()
        joining.join(self._connection, mine, other.person)
        self._acquaintance.was_seen(identity)
        self._people, self._rewritten = None, True

    def maintenances(self) -> tuple[Maintenance, ...]:
        """Everything planned and not called off, what begins first first; of what is over, the newest."""
        return maintenances.standing(self._connection)

    def plan(self, maintenance: Maintenance) -> None:
        """Keep planned maintenance; it gets the next number."""
        maintenances.plan(self._connection, maintenance)

    def call_off(self, number: int, at: datetime) -> None:
        """That maintenance is planned no more."""
        maintenances.call_off(self._connection, number, at)

    def standing(self) -> Mapping[Person, tuple[Standing, ...]]:
        """What people subscribed to for good, oldest first."""
        return wishes.standing(self._connection)

    def want(self, person: Person, wanted: Wanted, at: datetime) -> None:
        """Keep what a person subscribes to for good, and forget what they no longer do."""
        wishes.want(self._connection, person, wanted, at)

    def tell(self, identity: Identity, card: Card, key: str, at: datetime) -> None:
        """Enqueue something for one person in that very chat that concerns no incident."""
        person = self._acquaintance.person(identity, "")
        self._sends = True
        outbox.tell(self._connection, Address(identity), Post(to=ToPerson(person=person), card=card, key=key), at)

    def names(self, people: Iterable[Person], incidents: Iterable[int]) -> Names:
        """What these people, and the rooms of these incidents, are called and where they are."""
        return names_for(self._connection, self._folds, people, incidents, self._written)

    def next_number(self) -> int:
        """The number for a new incident: one more than the highest."""
        return register.next_number(self._connection)

    def load(self, number: int) -> Incident | None:
        """The incident, its row locked until the end of the transaction; None if there is none."""
        self.finish()
        if (version := register.version_of(self._connection, number)) is None:
            return None
        kept = number not in self._written  # what this transaction wrote itself may yet be rolled back
        return log.folded(self._connection, self._folds, number, version, self._joined(), keep=kept)

    def at_place(self, address: Address) -> int | None:
        """The number of the incident whose room this is, or in whose room this thread is."""
        return register.at_place(self._connection, address)

    def opened(self, *, ended: bool = False) -> tuple[Incident, ...]:
        """The incidents not yet ended, newest first; all of them with `ended`."""
        self.finish()
        versions = register.versions(self._connection, ended=ended)
        return tuple(log.folded_many(self._connection, self._folds, versions, self._joined(), self._written).values())

    def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Numbers of incidents whose next deadline has come, longest overdue first."""
        return register.due(self._connection, now, limit)

    def take_due(self, now: datetime, limit: int) -> tuple[Incident, ...]:
        """The same incidents, but for those that somebody else works on, read together and written together."""
        self.finish()
        taken = register.take_due(self._connection, now, limit)
        self._ahead = Ahead(self._connection, self._folds, self._joined(), taken, self._written)
        return self._ahead.incidents

    def finish(self) -> None:
        """Write what is not written yet. Raises as `append` does."""
        if self._ahead is not None:
            self._sends |= self._ahead.write()

    def remember(self) -> None:
        """Everything is committed: whoever comes next finds folded what was written."""
        if self._people is not None and not self._rewritten:
            for incident in self._after.values():
                self._folds.keep(incident, self._people)

    def append(self, before: Incident, entries: tuple[Entry, ...], after: Incident, index: Index) -> None:
        """Write the entries after version `before.version`, and the index row.

        Raises `bot.refusals.Conflict` where somebody else wrote that version first, and `bot.refusals.Taken` where a
        room that they open is that of another incident not yet ended.
        """
        assert [entry.version for entry in entries] == list(range(before.version + 1, after.version + 1)), "in order"
        if not entries:
            return
        self._written.add(after.number)
        self._after[after.number] = after
        if self._ahead is not None and before.number in self._ahead:
            self._ahead.append(before, entries, after, index)
            return
        try:
            register.write(self._connection, after.number, index, before.version, after.version)
            log.write(self._connection, after.number, entries)
            presence.missed(self._connection, after.number, after.unreachable)
        except IntegrityError as fault:
            raise Conflict from fault

    def entries(self, number: int) -> tuple[Entry, ...]:
        """The incident's whole log."""
        self.finish()
        return log.read(self._connection, number, self._joined())

    def enqueue(
        self, incident: Incident, orders: Iterable[Order], resolve: Callable[[str], tuple[str, ...]], at: datetime
    ) -> None:
        """Write what is to be said or done. `resolve` gives an audience's addresses as the policy writes them."""
        if self._ahead is not None and incident.number in self._ahead:
            self._ahead.enqueue(incident, orders, resolve, at)
            return
        self._sends |= crowds.enqueue(self._connection, incident, orders, resolve, at)

    def give_room(self, incident: Incident, address: Address) -> None:
        """What waited for the incident's room now has its address."""
        self._sends = True
        outbox.give_room(self._connection, incident, address)

    def reminders(self, number: int) -> tuple[ReminderRow, ...]:
        """Reminder messages that wait, or were sent (or may have been) and still stand as reminders."""
        if self._ahead is not None and number in self._ahead:
            return self._ahead.reminders(number)
        return messages.reminders(self._connection, number, self._joined())

    def narrow(self, row: int, order: Order | None, at: datetime) -> None:
        """Replace what a reminder's message says and claims; None withholds a waiting one."""
        self._sends = True
        messages.narrow(self._connection, row, order, at)

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
        self._sends = True
        hiding.take_back(self._connection, incident.number, card, outside, stays, at)

    def redact(self, number: int, words: Collection[str], at: datetime, *, ours: Collection[str] = ()) -> None:
        """Overwrite these words in the incident's log and in its messages, which are edited where people have them.

        `ours`: words of the policy, which messages keep but in titles.
        """
        self._written.add(number)
        self._rewritten = True
        self._sends |= redacting.redact(self._connection, number, words, at, ours)

    def sent(self, number: int) -> tuple[Sent, ...]:
        """What became of the incident's messages."""
        return messages.sent(self._connection, self._folds, number, self._written)

    def to_send(self) -> bool:
        """Whether something waits to be sent because of this transaction."""
        return self._sends

    def tick(self, now: datetime, replica: str) -> Downtime | None:
        """Note that the clock ran; the last downtime, if one is known."""
        return heartbeat.beat(self._connection, now, replica)

    def stale(self, rules: str, limit: int) -> tuple[int, ...]:
        """Numbers of incidents not ended whose deadlines were computed by other rules, oldest deadline first."""
        return register.stale(self._connection, rules, limit)

    def reindex(self, incident: Incident, index: Index, rules: str) -> None:
        """Write an index row anew. Raises `bot.refusals.Conflict` where the incident has moved on."""
        if self._ahead is not None and incident.number in self._ahead:
            self._ahead.row(incident.number, replace(index, rules=rules), incident.version, incident.version)
            return
        register.rewrite(self._connection, incident.number, index, incident.version, rules)
        presence.missed(self._connection, incident.number, incident.unreachable)

    def _joined(self) -> Joined:
        """Looked up once, and again after this transaction joined people itself."""
        if self._people is None:
            self._people = log.joined(self._connection, self._folds, self._acquaintance.joins)
        return self._people
