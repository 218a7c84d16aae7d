"""A story told minute by minute, without a store: what is said when, for tests of the pure core."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot import promises
from bot.deadlines import next_due
from bot.due import due_events
from bot.events import (
    Cancelled,
    Declared,
    Entry,
    Event,
    PriorityChanged,
    Reminded,
    ReminderWithheld,
    Resolved,
    RoleAssigned,
    RoleReleased,
    Snoozed,
    UpdatePublished,
)
from bot.evolve import fold
from bot.firings import Tick
from bot.incident import Incident
from bot.people import Profile
from bot.policy import (
    COMMANDER,
    COMMS,
    SCRIBE,
    SME,
    Audience,
    Policy,
    Priority,
    Quiet,
    Reminders,
    Role,
    SlaStep,
    Step,
    Where,
)
from bot.ports import Downtime
from bot.posts import Reminder
from bot.refs import Person

ANA, BEN, HANA, DEE, LENA = (Person(name) for name in ("Ana", "Ben", "Hana", "Dee", "Lena"))
MINUTE = timedelta(minutes=1)


def at(clock: str) -> datetime:
    """A moment of the sample day: `10:30` or `10:30:01`."""
    return datetime.fromisoformat(f"2026-11-23T{clock}").replace(tzinfo=UTC)


LADDER = (
    Step(at=-5 * MINUTE, to=(COMMS,), where=Where.PRIVATE),
    Step(at=0 * MINUTE, to=(COMMS,), where=Where.ROOM),
    Step(at=5 * MINUTE, to=(COMMANDER,), where=Where.BOTH),
    Step(at=15 * MINUTE, to=("leadership",), repeat=15 * MINUTE),
)


def policy(**reminders: object) -> Policy:
    """The policy of the worked timelines: critical, internal every 30 minutes, customers every 60."""
    every = {"internal": 30 * MINUTE, "customers": 60 * MINUTE}
    required = (COMMANDER, COMMS, SCRIBE)
    priorities = (
        Priority(name="critical", major=True, update_every=every, roles=required),
        Priority(name="medium", update_every={"internal": timedelta(hours=4), "customers": timedelta(hours=8)}),
        Priority(name="low", update_every={"internal": timedelta(hours=24)}),
    )
    roles = (
        Role(name=COMMANDER, title="Incident commander", aliases=("ic",)),
        Role(name=COMMS, title="Communications officer", aliases=("comms",)),
        Role(name=SCRIBE, title="Scribe"),
        Role(name=SME, title="Subject matter expert", aliases=("sme",), several=True),
    )
    found = Policy(
        default_priority="critical",
        priorities=priorities,
        roles=roles,
        reminders=Reminders(update=LADDER, role=(Step(at=5 * MINUTE, to=("room",)),)),
        audiences={
            name: Audience(name=name, addresses=(f"slack:#{name}",)) for name in ("internal", "customers", "leadership")
        },
    )
    return replace_reminders(found, **reminders)


def replace_reminders(found: Policy, **reminders: object) -> Policy:
    """The policy with some knobs turned."""
    return replace(found, reminders=replace(found.reminders, **reminders))  # type: ignore[arg-type]


@dataclass(slots=True)
class Story:
    """One incident; its clock moves as the test says."""

    policy: Policy = field(default_factory=policy)
    incident: Incident = field(default_factory=lambda: Incident(number=42))
    entries: list[Entry] = field(default_factory=list)
    people: dict[Person, Profile] = field(default_factory=dict)
    waiting: list[Reminder] = field(default_factory=list)
    outage: bool = False
    """The chat cannot be reached: reminders stay in the outbox."""
    downtime: Downtime | None = None

    def write(self, clock: str | datetime, events: Iterable[Event], by: Person | None = None) -> None:
        moment = at(clock) if isinstance(clock, str) else clock
        for event in events:
            entry = Entry(version=len(self.entries) + 1, at=moment, by=by, event=event)
            self.entries.append(entry)
            self.incident = fold((entry,), self.incident)

    def declare(self, clock: str = "10:00", *, priority: str = "critical", private: bool = False) -> None:
        declared = Declared(title="Checkout is down", priority=priority, private=private)
        made = promises.at_declaration(priority, private, self.policy, at(clock))
        self.write(clock, (declared, *made), by=ANA)

    def hold(self, clock: str = "10:00", roles: Mapping[str, Person] | None = None) -> None:
        held = roles or {COMMANDER: BEN, COMMS: HANA, SCRIBE: DEE}
        self.write(clock, [RoleAssigned(role=role, person=person) for role, person in held.items()], by=BEN)

    def leave(self, clock: str, role: str, person: Person) -> None:
        self.write(clock, [RoleReleased(role=role, person=person, reason="left")])

    def update(self, clock: str, audiences: tuple[str, ...], following: str, *, final: bool = False) -> None:
        due = dict.fromkeys(audiences, at(following)) if following else {}
        number = self.incident.updates + 1
        said = UpdatePublished(number=number, audiences=audiences, what="Looking.", next=dict(due), final=final)
        settled = promises.by_update(self.incident, audiences, dict(due), "", at(clock), self.policy)
        self.write(clock, (said, *settled), by=HANA)

    def next(self, clock: str, audiences: tuple[str, ...], when: str) -> None:
        self.write(clock, promises.by_next(self.incident, audiences, at(when), "", at(clock), self.policy), by=HANA)

    def snooze(self, clock: str, person: Person, minutes: int) -> None:
        until = at(clock) + minutes * MINUTE
        self.write(clock, [Snoozed(person=person, until=until)], by=person)

    def prioritise(self, clock: str, priority: str) -> None:
        changed = PriorityChanged(priority=priority, before=self.incident.priority)
        moved = promises.by_priority(self.incident, priority, at(clock), self.policy)
        self.write(clock, (changed, *moved), by=BEN)

    def resolve(self, clock: str, told_now: frozenset[str] = frozenset()) -> None:
        ended = promises.by_resolve(self.incident, told_now, at(clock), self.policy)
        self.write(clock, (Resolved(how="Rolled back.", verified="Watched."), *ended), by=BEN)

    def cancel(self, clock: str) -> None:
        ended = promises.by_ending(self.incident, at(clock), self.policy)
        self.write(clock, (Cancelled(reason="a probe"), *ended), by=BEN)

    def tick(self, clock: str | datetime) -> list[str]:
        """One tick at that moment: what it says, a line each."""
        now = at(clock) if isinstance(clock, str) else clock
        circumstances = Tick(
            now=now,
            policy=self.policy,
            people=self.people,
            downtime=self.downtime,
            waiting=tuple(self.waiting),
        )
        before = self.incident
        events = due_events(before, circumstances)
        self.write(now, events)
        for event in events:
            if isinstance(event, ReminderWithheld):
                self.waiting = [one for one in self.waiting if one.rungs != event.rungs or one.to != event.to]
            if isinstance(event, Reminded) and self.outage:
                self.waiting.append(Reminder(rungs=event.rungs, to=event.to))
        return [said(now, event) for event in events if isinstance(event, Reminded)]

    def run(self, until: str) -> list[str]:
        """Ticks at each deadline up to that moment."""
        found: list[str] = []
        for _ in range(1000):
            due = next_due(self.incident, self.policy)
            if due is None or due > at(until):
                return found
            found += self.tick(max(due, self.incident.last_at or due))
        raise AssertionError("deadlines do not end")


def said(now: datetime, event: Reminded) -> str:
    """`10:25 Hana internal`, `10:30 room @Hana internal+customers`, `10:45 leadership internal`."""
    who = event.to.audience or (f"room @{event.to.person}" if event.to.room and event.to.person else "")
    who = who or ("room" if event.to.room else str(event.to.person))
    subjects = sorted({rung.subject.removeprefix("update:").removeprefix("role:") for rung in event.rungs})
    return f"{now:%H:%M} {who} {'+'.join(sorted(subjects, reverse=True))}"


QUIET = Quiet(
    priorities=("medium", "low"),
    starts=datetime(2026, 1, 1, 20, 0, tzinfo=UTC).time(),
    ends=datetime(2026, 1, 1, 8, 0, tzinfo=UTC).time(),
    days=frozenset(range(5)),
)
SLA = (SlaStep(at=0.8, to=(COMMANDER,)), SlaStep(at=1.0, to=(COMMANDER,)))
