"""Whatever people do, in whatever order, under whatever policy: what must always hold (and a log of any age folds)."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.announce import looks_alike
from bot.commands.record import PersonLeft, RecordRoom, Report, RoomWasLost
from bot.deadlines import deadlines
from bot.events import Entry, Reminded, ReminderHeld, Rung, Unknown
from bot.evolve import evolve, fold
from bot.firings import Tick, looked_at_next
from bot.incident import Incident
from bot.messages.incident_card import announcement, incident_card
from bot.policy import COMMS, Policy, Role, Step
from bot.posts import Post
from bot.refs import Address, Identity, Person
from bot.requests import Request
from bot.saving import index
from bot.service import Service
from tests.memory import MemoryStore
from tests.scenario import LADDER, MINUTE, QUIET, SLA, at, policy

ROOM = Address("slack:T1/C42")
PEOPLE = ("ana", "ben", "hana", "dee")

LINES = st.sampled_from(
    [
        "claim ic",
        "claim comms",
        "claim scribe",
        "claim sme",
        "release comms",
        "release ic",
        "role comms @{slack:T1/dee|dee}",
        "role sme @{slack:T1/ana|ana} @{slack:T1/dee|dee}",
        "role scribe none too small",
        "handover comms @{slack:T1/ana|ana}",
        "accept",
        "decline",
        "priority low calmer",
        "priority critical worse",
        "priority medium",
        "impact high",
        "urgency low",
        "identified",
        "monitoring",
        "investigating",
        "update Cards fail steps:Looking next:20m",
        "update Cards fail steps:Looking next:2m",
        "next 25m",
        "next all 40m rollback",
        "next none over night",
        "next customers 15m",
        "snooze 10m",
        "snooze 1m",
        "note restarted",
        "resolve Rolled back verified:tested",
        "close",
        "reopen it is back",
        "cancel false alarm",
        "duplicate INC-2",
        "waive customers nobody noticed",
        "visibility private",
        "visibility public",
        "title Another title",
        "services web, api",
        "detected 5m",
        "why",
        "timeline",
        "list all",
        "nonsense",
        "update to:customers hello",
    ]
)
SUBMITTED = {"what": "Cards fail", "steps": "Looking", "who": "EU", "expect": "Wait", "to": "customers", "next": "30m"}

SAY = st.tuples(st.just("say"), st.sampled_from(PEOPLE), LINES)
WAIT = st.tuples(st.just("wait"), st.sampled_from([0.5, 1.0, 5.0, 9.0, 31.0, 300.0]), st.just(""))
PUBLISH = st.tuples(st.just("publish"), st.sampled_from(PEOPLE), st.just(""))
SENT = st.tuples(st.just("sent"), st.just(""), st.just(""))
LEFT = st.tuples(st.just("left"), st.sampled_from(PEOPLE), st.just(""))
LOST = st.tuples(st.just("lost"), st.just(""), st.just(""))
POLICY = st.tuples(st.just("policy"), st.sampled_from(range(5)), st.just(""))
LATER = st.tuples(st.just("later"), st.just(""), st.just(""))
DEEDS = st.lists(st.one_of(SAY, SAY, SAY, WAIT, PUBLISH, SENT, LEFT, LOST, POLICY, LATER), min_size=1, max_size=40)


def policies() -> list[Policy]:
    found = policy(quiet=QUIET, sla=SLA)
    other = replace(found.priorities[0], name="severe", roles=("pilot",))
    pilot = Role(name="pilot", title="Pilot")
    return [
        found,
        policy(update=(*LADDER[:2], Step(at=2 * MINUTE, to=("room", COMMS)), *LADDER[2:])),
        policy(gather=MINUTE, grace=timedelta(), close_within=timedelta(minutes=20)),
        replace(found, priorities=(other,), roles=(pilot,), audiences={}),
        policy(update=(), role=()),
    ]


class World:
    """A store, a clock and a policy that changes."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.policies = policies()
        self.policy = self.policies[0]
        self.now = at("10:00")
        self.count = 0
        self.drawn = Incident(number=1)

    @property
    def service(self) -> Service:
        return Service(store=self.store, policy=self.policy, rules=str(id(self.policy)), replica="one")

    def ask(self, who: str, **said: object) -> None:
        self.count += 1
        request = Request(key=f"k{self.count}", identity=Identity(f"slack:T1/{who}"), place=ROOM, **said)  # type: ignore[arg-type]
        self.service.handle(request, self.now)

    def waits(self, incident: Incident, kept: datetime | None) -> bool:
        """Whether only steps that wait after a downtime are due, so that it is looked at again later."""
        downtime = self.store.data.downtime
        tick = Tick(now=self.now, policy=self.policy, people={}, downtime=downtime)
        return downtime is not None and kept == looked_at_next(incident, tick)

    def report(self, report: Report) -> None:
        self.count += 1
        self.service.record(report, 1, f"k{self.count}", self.now)

    def begin(self) -> None:
        self.ask("ana", text="declare critical Checkout is down")
        self.ask("ben", text="declare low Another thing")

    def do(self, deed: tuple[str, object, str]) -> None:
        kind, value, line = deed
        match kind:
            case "say":
                self.ask(str(value), text=f"INC-1 {line}")
            case "wait":
                assert isinstance(value, float)
                self.now += timedelta(minutes=value)
                self.service.tick(self.now)
            case "publish":
                self.ask(str(value), word="update", values=SUBMITTED, incident=1, submitted=True)
            case "sent":
                self.store.sent()
            case "left":
                person = self.store.data.people.get(Identity(f"slack:T1/{value}"))
                if person:
                    self.report(PersonLeft(person=person))
            case "lost":
                self.report(RoomWasLost(address=ROOM, reason="archived"))
            case "policy":
                assert isinstance(value, int)
                self.policy = self.policies[value]
                while self.service.refresh(10):
                    pass
            case _:
                log = self.store.data.logs[1]
                unknown = Unknown(kind="Teleported", v=7, data='{"to": "the moon"}')
                log.append(Entry(version=len(log) + 1, at=log[-1].at, by=None, event=unknown))


def check(world: World) -> None:
    log = tuple(world.store.data.logs[1])
    incident = fold(log, number=1)
    assert incident.version == len(log)
    kept, _ = world.store.data.indexes[1]
    fresh = index(incident, world.policy)
    assert (kept.status, kept.title, kept.priority, kept.private) == (
        fresh.status,
        fresh.title,
        fresh.priority,
        fresh.private,
    )
    if not isinstance(log[-1].event, Unknown):
        due = min(deadlines(incident, world.policy), default=None)
        assert kept.next_due_at == due or world.waits(incident, kept.next_due_at)
    for role in world.policies[0].roles:
        assert role.several or len(incident.holders(role.name)) <= 1
    assert not (incident.is_ended and deadlines(incident, world.policy))
    assert [entry.at for entry in log] == sorted(entry.at for entry in log)


def stands_as_drawn(world: World) -> None:
    """What stands is drawn anew whenever it would look otherwise."""
    incident = world.drawn
    for entry in world.store.data.logs[1][incident.version :]:
        after = evolve(incident, entry)
        if looks_alike(incident, after, entry.at):
            assert incident.last_at
            for draw in (incident_card, announcement):
                assert draw(incident, world.policy, incident.last_at) == draw(after, world.policy, entry.at)
        incident = after
    world.drawn = incident


def fired_once(world: World) -> None:
    """No step of one promise or SLA ever goes twice to the same addressee, but as a repeat.

    A step for a vacant role names every role that is vacant then, and so a role more than once.
    """
    seen: set[tuple[object, ...]] = set()
    for entry in world.store.data.logs[1]:
        if isinstance(entry.event, Reminded | ReminderHeld):
            quiet = isinstance(entry.event, ReminderHeld) or bool(entry.event.quiet_over)
            for rung in entry.event.rungs:
                key = (_named(rung), rung.repeat, entry.event.to.person, entry.event.to.room, entry.event.to.audience)
                assert quiet or rung.subject.startswith("role:") or key not in seen, key
                if not quiet:
                    seen.add(key)


def _named(rung: Rung) -> tuple[object, ...]:
    return (rung.subject, rung.generation, rung.step, rung.about if rung.subject.startswith("sla") else None)


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(DEEDS)
def test_any_sequence_of_deeds_keeps_what_must_hold(deeds: list[tuple[str, object, str]]) -> None:
    world = World()
    world.begin()
    world.report(RecordRoom(address=ROOM, name="inc-1"))
    check(world)
    for deed in deeds:
        world.do(deed)
        check(world)
        stands_as_drawn(world)
    fired_once(world)
    world.now += timedelta(days=3)
    world.service.tick(world.now)
    world.service.tick(world.now)
    check(world)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(DEEDS)
def test_a_private_incident_never_leaves_its_people(deeds: list[tuple[str, object, str]]) -> None:
    world = World()
    world.begin()
    world.ask("ana", text="INC-1 visibility private")
    world.report(RecordRoom(address=ROOM, name="inc-1"))
    said = len(world.store.data.rows)
    for deed in deeds:
        if "visibility" not in deed[2]:
            world.do(deed)
    inside = {"room", *(Person(person) for person in world.store.data.people.values())}
    outside = [row for row in world.store.data.rows[said:] if row.number == 1 and row.to not in inside]
    assert [row.key for row in outside if isinstance(row.order, Post)] == []
