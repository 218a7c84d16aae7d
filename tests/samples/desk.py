"""The whole core at work on a store in memory: people type, press and submit, the clock ticks, and cards come of it."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.cards import Card
from bot.commands.record import RecordRoom, Report
from bot.events import Cancelled, Declared, Entry, Event
from bot.policy import Policy
from bot.posts import Post
from bot.questions import Form
from bot.refs import Address, Person
from bot.requests import Answer, Request
from bot.service import Service
from tests.memory import MemoryStore
from tests.samples.world import IDENTITIES, LARKFIELD, NAMES, PROFILES, at

ELSEWHERE = Address("slack:T1/C1")
"""A conversation that is no incident's room."""

Shown = tuple[Card, datetime]
"""A card and when it is sent."""


@dataclass(slots=True)
class Desk:
    """One installation, and the incident that is spoken of."""

    number: int
    """What is said and pressed is about this one."""
    store: MemoryStore
    policy: Policy = LARKFIELD
    clock: datetime = field(default_factory=lambda: at("00:00"))
    """The moment of what was done last."""
    count: int = 0

    @property
    def service(self) -> Service:
        """The front door."""
        return Service(store=self.store, policy=self.policy, rules="rules", replica="one")

    @property
    def room(self) -> Address:
        """The incident's room."""
        return Address(f"slack:T1/C{self.number}")

    def apart(self) -> "Desk":
        """The same story, to be told on in another way."""
        return replace(self, store=MemoryStore(data=deepcopy(self.store.data)))

    def say(self, clock: str, who: Person, text: str, place: Address | None = None) -> Answer:
        """Type a line in the incident's room, or at another place."""
        return self._done(clock, self._request(who, place or self.room, text=text))

    def press(self, clock: str, by: Person, word: str, /, **values: str) -> Answer:
        """Press a button."""
        return self._done(clock, self._request(by, self.room, word=word, values=values))

    def submit(self, clock: str, by: Person, word: str, /, **values: str) -> Answer:
        """Send a form; where its words are shown first, look at them and send them."""
        answer = self.ask(clock, by, word, **values)
        if answer.form and answer.form.preview:
            return self.ask(clock, by, word, **values, **answer.form.values)
        return answer

    def ask(self, clock: str, by: Person, word: str, /, **values: str) -> Answer:
        """Send a form once."""
        return self._done(clock, self._request(by, self.room, word=word, values=values, submitted=True))

    def refusal(self, clock: str, who: Person, text: str, place: Address | None = None) -> Shown:
        """Type a line that is refused."""
        return self._refused(clock, self._request(who, place or self.room, text=text))

    def press_refused(self, clock: str, by: Person, word: str, /, **values: str) -> Shown:
        """Press a button in vain."""
        return self._refused(clock, self._request(by, self.room, word=word, values=values))

    def declare(self, clock: str, who: Person, words: str) -> Answer:
        """Declare an incident that gets this desk's number, and its room at once."""
        answer = self.say(clock, who, f"declare {words}", ELSEWHERE)
        assert answer.number == self.number, answer
        self.record(clock, RecordRoom(address=self.room, name=NAMES.rooms.get(self.number, f"inc-{self.number}")))
        return answer

    def record(self, clock: str, report: Report) -> None:
        """What the chat tells by itself."""
        self.clock = at(clock)
        self.count += 1
        self.service.record(report, self.number, f"report-{self.count}", self.clock)
        self.store.sent()

    def tick(self, *clocks: str) -> None:
        """The clock ran until now, and runs now; what was waiting goes out."""
        for clock in clocks:
            self.clock = at(clock)
            self.store.data.beat = self.clock
            self.service.tick(self.clock)
            self.store.sent()

    def down(self, since: str, until: str) -> None:
        """Nothing ran between these moments."""
        self.store.data.beat = at(since)
        self.clock = at(until)
        self.service.tick(self.clock)
        self.store.sent()

    def answer(self, answer: Answer) -> Shown:
        """The card that was answered just now."""
        assert answer.card is not None, answer
        return answer.card, self.clock

    def card(self, to: str, key: str) -> Shown:
        """The message of that key, or the newest whose key begins so, as it stands at a target."""
        found = [
            row.order.card
            for row in self.store.data.rows
            if isinstance(row.order, Post) and (row.number, row.to) == (self.number, to) and row.key.startswith(key)
        ]
        assert found, (to, key, [(row.to, row.key) for row in self.store.data.rows if row.number == self.number])
        return found[-1], self.clock

    def pinned(self) -> Shown:
        """The incident's card in its room."""
        return self.card("room", "card")

    def last(self, to: str) -> Shown:
        """The newest message at a target."""
        return self.card(to, "")

    def _request(
        self,
        who: Person,
        place: Address,
        *,
        text: str = "",
        word: str = "",
        values: Mapping[str, str] | None = None,
        submitted: bool = False,
    ) -> Request:
        self.count += 1
        return Request(
            key=f"delivery-{self.count}",
            identity=IDENTITIES[who],
            profile=PROFILES[who],
            place=place,
            text=text,
            word=word,
            values=values or {},
            incident=self.number if word else None,
            submitted=submitted,
        )

    def _done(self, clock: str, request: Request) -> Answer:
        answer = self._handled(clock, request)
        assert not answer.refused, answer
        return answer

    def _refused(self, clock: str, request: Request) -> Shown:
        answer = self._handled(clock, request)
        assert answer.refused, answer
        return self.answer(answer)

    def _handled(self, clock: str, request: Request) -> Answer:
        self.clock = at(clock)
        answer = self.service.handle(request, self.clock)
        self.store.sent()
        return answer


def desk(number: int, policy: Policy = LARKFIELD) -> Desk:
    """A desk whose next incident gets that number; its store has met everybody, in the order of their ids."""
    store = MemoryStore()
    with store.begin() as tx:
        for person, identity in IDENTITIES.items():
            tx.learn(identity, PROFILES[person])
    earlier: tuple[Event, ...] = (Declared(title="Slow lifts", priority="low"), Cancelled(reason="a test"))
    store.data.logs[number - 1] = [
        Entry(version=version, at=at("00:00"), by=None, event=event) for version, event in enumerate(earlier, 1)
    ]
    return Desk(number=number, store=store, policy=policy)


def whom(*people: Person) -> str:
    """People as a line holds them: `@{slack:T1/UBEN|Ben}`."""
    return " ".join(f"@{{{IDENTITIES[person]}|{PROFILES[person].name}}}" for person in people)


def form_of(answer: Answer) -> Form:
    """The form that was answered."""
    assert answer.form is not None, answer
    return answer.form
