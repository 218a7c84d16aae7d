"""The incident of the examples: Larkfield, Monday 23 November 2026."""

from datetime import UTC, datetime

from bot.cards import Mention, Names, Press, Spans, Style, When
from bot.refs import Address, Identity, Person

ANA, BEN, CHEN, DEE, HANA, KIM = (Person(f"P-{number}") for number in range(1, 7))
PEOPLE = {ANA: "Ana", BEN: "Ben", CHEN: "Chen", DEE: "Dee", HANA: "Hana", KIM: "Kim"}
NAMES = Names(
    people=PEOPLE,
    identities={person: (Identity(f"slack:T1/U{name.upper()}"),) for person, name in PEOPLE.items() if person != KIM}
    | {KIM: (Identity("teams:larkfield/kim"),)},
    rooms={42: "inc-42-checkout-is-down", 1: "inc-1-test"},
    places={42: (Address("slack:T1/C42"),), 1: (Address("slack:T1/C1"),)},
)
"""Kim is on Teams only."""


def at(clock: str) -> datetime:
    """A moment of that day: `02:40`."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, 23, int(hour), int(minute), tzinfo=UTC)


def when(clock: str) -> When:
    return When(at(clock))


def listed(*people: Person) -> Spans:
    """`@Ana, @Chen`."""
    spans: list[str | Mention] = []
    for person in people:
        spans += [", ", Mention(person)] if spans else [Mention(person)]
    return tuple(spans)


def press(label: str, command: str, *, number: int = 42, primary: bool = False, more: bool = False) -> Press:
    style = Style.PRIMARY if primary else Style.PLAIN
    return Press(label=label, command=command, incident=number, style=style, more=more)


def valued(label: str, command: str, values: dict[str, str], *, primary: bool = False) -> Press:
    style = Style.PRIMARY if primary else Style.PLAIN
    return Press(label=label, command=command, values=values, incident=42, style=style)


NOW = at("02:10")
