"""People who subscribed, for tests of what they are told: a service with its store, and who speaks to it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.commands.record import RecordRoom
from bot.incident import Incident
from bot.people import Profile
from bot.plain import plain_text
from bot.policy import INTERNAL, STAKEHOLDERS, Policy
from bot.refs import Address, Identity, Person
from bot.requests import Answer, Request
from bot.service import Service
from tests.core.builders import POLICY
from tests.memory import MemoryStore
from tests.scenario import at

HALL = Address("chat:T1/C1")
HOUR = timedelta(hours=1)


def rules(*, stakeholders: bool = False) -> Policy:
    """Internal by the half hour; stakeholders, where they are told, by the hour. Nothing has to be said."""
    more = {STAKEHOLDERS: HOUR} if stakeholders else {}
    critical = replace(POLICY.priorities[0], update_every={INTERNAL: HOUR / 2, **more})
    return replace(POLICY, priorities=(critical, *POLICY.priorities[1:]), standards={}, required={})


@dataclass(slots=True)
class Desk:
    """A service with its store, and people who speak in an incident's room or elsewhere."""

    policy: Policy = field(default_factory=rules)
    store: MemoryStore = field(default_factory=MemoryStore)
    count: int = 0

    @property
    def service(self) -> Service:
        return Service(store=self.store, policy=self.policy, rules="rules", replica="one")

    def say(self, clock: str, who: str, text: str, *, number: int = 0) -> Answer:
        known = Profile(name=who.title(), zone="Etc/UTC")
        return self._handled(clock, who, number, text=text, profile=known)

    def submit(self, clock: str, who: str, word: str, number: int = 1, **values: str) -> Answer:
        answer = self._handled(clock, who, number, word=word, values=values, incident=number, submitted=True)
        if answer.form and answer.form.preview:
            seen = {**values, **answer.form.values}
            return self._handled(clock, who, number, word=word, values=seen, incident=number, submitted=True)
        return answer

    def _handled(self, clock: str, who: str, number: int, **more: object) -> Answer:
        self.count += 1
        place = room(number) if number else HALL
        given = {"key": f"k{self.count}", "identity": Identity(f"chat:T1/{who}"), "place": place, **more}
        answer = self.service.handle(Request(**given), at(clock))  # type: ignore[arg-type]
        assert not answer.refused, answer
        self.store.sent()
        return answer

    def declare(self, clock: str, words: str = "critical Checkout is down") -> int:
        number = self.say(clock, "ana", f"declare {words}").number
        assert number is not None
        self.service.record(RecordRoom(address=room(number), name=f"inc-{number}"), number, f"room-{number}", at(clock))
        self.say(clock, "ben", "claim ic", number=number)
        return number

    def person(self, who: str) -> Person:
        return self.store.data.people[Identity(f"chat:T1/{who}")]

    def incident(self, number: int = 1) -> Incident:
        with self.store.reading() as tx:
            found = tx.load(number)
        assert found is not None
        return found

    def told(self, who: str, number: int = 1) -> dict[str, str]:
        """What somebody was told of an incident in private, by key."""
        person = self.person(who)
        rows = [row for row in self.store.data.rows if row.number == number and row.to == person]
        return {row.key: plain_text(row.order.card, at("12:00"), Answer().names) for row in rows}  # type: ignore[union-attr]


def room(number: int) -> Address:
    return Address(f"chat:T1/R{number}")


def followed(*, stakeholders: bool = False) -> Desk:
    """An incident that Kim, who is not of it, reads."""
    desk = Desk(policy=rules(stakeholders=stakeholders))
    desk.declare("10:00")
    desk.say("10:01", "kim", "subscribe 1")
    return desk


def update(desk: Desk, clock: str, what: str, to: str = INTERNAL, by: str = "ben") -> None:
    desk.submit(clock, by, "update", what=what, steps="comparing settings", to=to, next="30m")
