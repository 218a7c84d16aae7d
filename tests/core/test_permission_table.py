"""Every cell of the permission table, decided by the core."""

from dataclasses import replace

import pytest

from bot.catalog import COMMANDS, find
from bot.commands.parse import read
from bot.decide import decide
from bot.events import Declared
from bot.incident import Incident
from bot.people import Profile
from bot.refs import Person
from bot.refusals import NotAllowed, NotFound, Refused
from tests.core.builders import ANA, BEN, CHEN, DEE, HANA, LENA, PEOPLE, POLICY, TEN, context, declared, grown, staffed
from tests.permissions import CELLS, HEARD, HIDDEN, REFUSED, REPORTS, ROWS, TURNED_AWAY, WHO, Row

NEW = Person("P-99")
ACTORS = {
    "unknown": NEW,
    "guest": LENA,
    "stranger": LENA,
    "member": CHEN,
    "speaker": CHEN,
    "neighbour": CHEN,
    "scribe": DEE,
    "comms": HANA,
    "commander": BEN,
    "declarer": ANA,
    "alone": ANA,
}
VERDICTS = {NotAllowed: REFUSED, NotFound: HIDDEN}


def incident(who: str, *, private: bool) -> Incident:
    taken = ("private", "critical") if private else ("critical",)
    first = Declared(title="Checkout is down", priority="critical", private=private, taken=taken)
    opened = grown(Incident(number=42), TEN, ANA, first)
    return opened if who == "alone" else staffed(opened)


def verdict(row: Row, who: str, *, private: bool) -> str:
    spec = find(row.word)
    assert spec is not None
    about = None if spec.about == "none" else incident(who, private=private)
    values = {} if spec.hidden else read(row.says, COMMANDS, POLICY).values
    guest = who in {"guest", "stranger"}
    people = {**PEOPLE, LENA: Profile(name="Lena", guest=guest)}
    asked = replace(
        context(ACTORS[who], in_room=who == "speaker", people=people, others=(declared(number=5),)),
        guest=guest,
        words=COMMANDS,
    )
    try:
        decide(about, spec, values, asked, POLICY)
    except (NotAllowed, NotFound) as refusal:
        return VERDICTS[type(refusal)]
    except Refused:
        return HEARD
    return HEARD


@pytest.mark.parametrize("who", WHO)
def test_each_word_is_for_whom_the_table_says(who: str) -> None:
    """The core knows no strangers: chats turn them away, and one who got through would be a guest."""
    cells = [(row, private) for row, name, private in CELLS if name == who]

    found = {(row.says, private): verdict(row, who, private=private) for row, private in cells}

    expected = {(row.says, private): row.answer(who, private=private) for row, private in cells}
    if who == "stranger":
        assert set(expected.values()) == {TURNED_AWAY}
        assert HEARD not in found.values()
    else:
        assert {cell: (found[cell], right) for cell, right in expected.items() if found[cell] != right} == {}


def test_a_word_without_a_row_is_found_out() -> None:
    assert {spec.word for spec in COMMANDS} == {row.word for row in ROWS}
    assert {spec.word for spec in COMMANDS if spec.who == ()} == set(REPORTS)
