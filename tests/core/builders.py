"""Small builders for tests of the core: a policy, moments, people, and incidents made of events, never of fields."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.cards import Card, Names
from bot.commands.spec import Context, History
from bot.events import Declared, Entry, Event, RoleAssigned
from bot.evolve import fold
from bot.incident import Incident
from bot.people import Codes, Profile
from bot.plain import plain_text
from bot.policy import (
    COMMANDER,
    COMMS,
    CUSTOMERS,
    INTERNAL,
    SCRIBE,
    SME,
    STAKEHOLDERS,
    Audience,
    Policy,
    Priority,
    Reminders,
    Role,
    SlaStep,
    Standard,
    Step,
    Term,
    Where,
)
from bot.promises import at_declaration
from bot.refs import Address, Identity, Person

ANA, BEN, CHEN, DEE, HANA, LENA = (Person(f"P-{number}") for number in range(1, 7))
"""Ana declares; Ben leads, Hana writes the updates, Dee is scribe; Chen repairs; Lena comes later."""

PEOPLE: Mapping[Person, Profile] = {
    ANA: Profile(name="Ana", zone="Europe/Berlin"),
    BEN: Profile(name="Ben", zone="Europe/Berlin"),
    CHEN: Profile(name="Chen", zone="Europe/Berlin"),
    DEE: Profile(name="Dee", zone="Europe/Berlin"),
    HANA: Profile(name="Hana", zone="Europe/London"),
    LENA: Profile(name="Lena", zone="Europe/London"),
}
NAMES = Names(
    people={person: profile.name for person, profile in PEOPLE.items()}, rooms={42: "inc-42-checkout-is-down"}
)

PLACE = Address("slack:T1/C1")
NUMBER = 42

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def moment(clock: str, *, day: int = 23) -> datetime:
    """`10:25` or `10:25:30` of Monday 23 November 2026, UTC."""
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), tzinfo=UTC)


TEN = moment("10:00")
"""When incidents are declared here."""

CRITICAL = Priority(
    name="critical",
    aliases=("p1", "sev1"),
    means="Severe disruption or degradation.",
    example="The shop cannot be reached.",
    major=True,
    respond_within=15 * MINUTE,
    resolve_within=2 * HOUR,
    update_every={INTERNAL: 30 * MINUTE, CUSTOMERS: 60 * MINUTE},
    roles=(COMMANDER, COMMS, SCRIBE),
)
HIGH = Priority(
    name="high",
    aliases=("p2", "sev2"),
    means="Loss of normal functionality.",
    respond_within=30 * MINUTE,
    resolve_within=6 * HOUR,
    update_every={INTERNAL: HOUR, CUSTOMERS: 2 * HOUR},
    roles=(COMMANDER,),
)
MEDIUM = Priority(name="medium", aliases=("p3",), update_every={INTERNAL: 4 * HOUR}, roles=(COMMANDER,))
LOW = Priority(name="low", aliases=("p4",), update_every={INTERNAL: 24 * HOUR})

ROLES = (
    Role(name=COMMANDER, title="Incident commander", aliases=("commander", "ic"), duties="Decides."),
    Role(
        name=COMMS,
        title="Communications officer",
        aliases=("comms",),
        duties="Writes every update and keeps the promise of the next one.",
        not_with=(COMMANDER, SME),
    ),
    Role(name=SCRIBE, title="Scribe", duties="Writes down what was seen and done."),
    Role(name=SME, title="Subject matter expert", aliases=("sme",), duties="Repairs.", several=True),
)

LADDER = (
    Step(at=-5 * MINUTE, to=(COMMS,), where=Where.PRIVATE),
    Step(at=timedelta(), to=(COMMS,), where=Where.ROOM),
    Step(at=5 * MINUTE, to=(COMMANDER,), where=Where.BOTH),
    Step(at=15 * MINUTE, to=("leadership",), repeat=15 * MINUTE),
)

POLICY = Policy(
    organisation="Larkfield",
    default_priority="high",
    terms={
        "alert": Term(means="A threshold was crossed.", example="Maintenance in shopping hours."),
        "incident": Term(means="Something people rely on does not work as it should."),
    },
    priorities=(CRITICAL, HIGH, MEDIUM, LOW),
    roles=ROLES,
    matrix={
        "high": {"high": "critical", "medium": "high", "low": "medium"},
        "medium": {"high": "high", "medium": "medium", "low": "low"},
        "low": {"high": "medium", "medium": "low", "low": "low"},
    },
    reminders=Reminders(
        update=LADDER,
        role=(Step(at=5 * MINUTE, to=("room",)),),
        sla=(SlaStep(at=0.8, to=(COMMANDER,)), SlaStep(at=1.0, to=(COMMANDER,))),
    ),
    audiences={
        INTERNAL: Audience(name=INTERNAL, addresses=("slack:#incidents",)),
        STAKEHOLDERS: Audience(name=STAKEHOLDERS, addresses=("slack:#stakeholders",)),
        CUSTOMERS: Audience(name=CUSTOMERS, addresses=("status:",)),
        "leadership": Audience(name="leadership", addresses=("slack:#leadership",)),
    },
    standards={
        INTERNAL: Standard(must_say=("what", "steps", "next")),
        STAKEHOLDERS: Standard(must_say=("what", "who", "expect", "next")),
        CUSTOMERS: Standard(channel="status page", must_say=("what", "detected", "who", "expect", "next")),
    },
)
"""The policy of the worked timelines."""


def log(*said: tuple[datetime, Person | None, Event], after: Incident | None = None) -> tuple[Entry, ...]:
    """Entries in order, numbered on from `after`."""
    first = after.version if after else 0
    return tuple(
        Entry(version=first + index, at=at, by=by, event=event) for index, (at, by, event) in enumerate(said, start=1)
    )


def grown(incident: Incident, at: datetime, by: Person | None, *events: Event) -> Incident:
    """The incident after these events of one decision."""
    return fold(log(*((at, by, event) for event in events), after=incident), incident)


def declared(
    priority: str = "critical",
    *,
    policy: Policy = POLICY,
    private: bool = False,
    by: Person = ANA,
    at: datetime = TEN,
    number: int = NUMBER,
    title: str = "Checkout is down",
) -> Incident:
    """An incident that was just declared, with its promises and nobody in a role."""
    first = Declared(title=title, priority=priority, private=private)
    events = (first, *at_declaration(priority, private, policy, at))
    return grown(Incident(number=number), at, by, *events)


def staffed(incident: Incident, at: datetime = TEN, **others: Person) -> Incident:
    """The same with Ben, Hana and Dee in the required roles, or with whom `others` names."""
    holders = {COMMANDER: BEN, COMMS: HANA, SCRIBE: DEE, **others}
    events = [RoleAssigned(role=role, person=person) for role, person in holders.items()]
    return grown(incident, at, BEN, *events)


def context(
    actor: Person | None = BEN,
    at: datetime | None = None,
    *,
    submitted: bool = False,
    in_room: bool = True,
    others: tuple[Incident, ...] = (),
    history: History | None = None,
    place: Address | None = PLACE,
    people: Mapping[Person, Profile] = PEOPLE,
) -> Context:
    """What a decision is given: who acts, when, from where."""
    return Context(
        actor=actor,
        at=at or moment("10:20"),
        zone="Europe/Berlin",
        place=place,
        in_room=in_room,
        people=people,
        others=others,
        history=history,
        names=NAMES,
        identity=Identity("slack:T1/U1"),
        codes=Codes(open=(), drawn="271828"),
        submitted=submitted,
    )


def words(card: Card | None, at: datetime | None = None) -> str:
    """The card as plain words; an empty string where nothing is said."""
    return plain_text(card, at or moment("10:20"), NAMES) if card else ""
