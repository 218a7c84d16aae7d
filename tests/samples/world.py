"""The world of the examples: Larkfield and its people, Monday 23 November 2026."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.cards import Names
from bot.people import Profile
from bot.policy import CUSTOMERS, INTERNAL, LEADERSHIP, STAKEHOLDERS, Audience, Policy, Step
from bot.refs import Address, Identity, Person
from config.policy_file import load_policy

ANA, BEN, CHEN, DEE, HANA, KIM = (Person(f"P-{number}") for number in range(1, 7))
"""Ana declares, Ben leads, Hana writes the updates, Dee is scribe, Chen repairs; Kim is an executive, on Teams only."""

PROFILES = {
    ANA: Profile(name="Ana", zone="Europe/Berlin"),
    BEN: Profile(name="Ben", zone="Europe/Berlin"),
    CHEN: Profile(name="Chen", zone="Europe/Berlin"),
    DEE: Profile(name="Dee", zone="Europe/London"),
    HANA: Profile(name="Hana", zone="Europe/London"),
    KIM: Profile(name="Kim", zone="America/New_York"),
}
IDENTITIES = {
    person: Identity("teams:larkfield/kim" if person == KIM else f"slack:T1/U{profile.name.upper()}")
    for person, profile in PROFILES.items()
}
LOCAL = {person: Identity(f"local:@{profile.name.casefold()}") for person, profile in PROFILES.items()}
ROOMS = {42: "inc-42-checkout-is-down", 44: "inc-44-disk-on-db-3", 57: "inc-57"}
NAMES = Names(
    people={person: profile.name for person, profile in PROFILES.items()},
    identities={person: (identity, LOCAL[person]) for person, identity in IDENTITIES.items()},
    rooms=ROOMS,
    places={number: (Address(f"slack:T1/C{number}"), Address(f"local:{name}")) for number, name in ROOMS.items()},
)


def at(clock: str) -> datetime:
    """A moment of that day, UTC: `02:40`, or `02:40:10`."""
    return datetime.fromisoformat(f"2026-11-23T{clock}").replace(tzinfo=UTC)


NOW = at("02:10")


def _larkfield() -> Policy:
    """The built-in policy with Larkfield's addresses, and with its leadership told of what is 20 minutes late."""
    built_in = load_policy(None).policy
    places = {
        INTERNAL: "slack:#incidents",
        STAKEHOLDERS: "slack:#stakeholders",
        CUSTOMERS: "slack:#service-news",
        LEADERSHIP: "slack:#leadership",
    }
    *first, last = built_in.reminders.update
    escalation = Step(at=timedelta(minutes=20), to=(LEADERSHIP,), repeat=last.repeat)
    ladder = (*first, replace(last, repeat=None), escalation)
    return replace(
        built_in,
        organisation="Larkfield",
        time_zone="Europe/Berlin",
        audiences={name: Audience(name=name, addresses=(place,)) for name, place in places.items()},
        reminders=replace(built_in.reminders, update=ladder),
    )


LARKFIELD = _larkfield()
