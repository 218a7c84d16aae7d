"""People named in words: somebody of the other chat, whom the own one cannot mention."""

import pytest

from bot.catalog import find
from bot.named import addressed, known
from bot.people import Profile
from bot.refs import Identity
from tests.memory import MemoryStore, MemoryTransaction


@pytest.fixture
def tx() -> MemoryTransaction:
    found = MemoryTransaction(data=MemoryStore().data)
    found.learn(Identity("one:T1/ana"), Profile(name="Ana Ruiz", email="ana@larkfield.example"))
    found.learn(Identity("one:T1/ben"), Profile(name="ben", email="ben@larkfield.example"))
    found.learn(Identity("one:T1/ben2"), Profile(name="Chen Wu"))
    found.learn(Identity("one:T1/ben3"), Profile(name="chen wu"))
    return found


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("role comms @{one:T1/ana|Ana}", "role comms @P-1"),
        ("role comms @Ana Ruiz", "role comms @P-1"),
        ("role comms @ana ruiz, @ben", "role comms @P-1, @P-2"),
        ("role sme @Ana Ruiz @ben", "role sme @P-1 @P-2"),
        ("note ask @ben. He knows", "note ask @P-2. He knows"),
        ("role comms @Ben Vogel", "role comms @Ben Vogel"),
        ("role comms @ben, then", "role comms @P-2, then"),
        ("role comms @P-1", "role comms @P-1"),
        ("role comms @Chen Wu", "role comms @Chen Wu"),
        ("role comms @nobody at all here now", "role comms @nobody at all here now"),
        ("note mail x@ben please", "note mail x@ben please"),
        ("note see @, or @", "note see @, or @"),
        ("note nothing", "note nothing"),
    ],
)
def test_a_mention_and_a_shown_name_become_the_person_and_what_several_have_stays(
    tx: MemoryTransaction, typed: str, read: str
) -> None:
    assert known(tx, typed) == read


def test_an_e_mail_address_is_a_person_where_one_is_asked_for_and_words_elsewhere(tx: MemoryTransaction) -> None:
    role, note = find("role"), find("note")
    assert role
    assert note

    asked = addressed(tx, role, {"role": "comms", "people": "Ana@larkfield.example eve@larkfield.example"})

    assert asked == {"role": "comms", "people": "@P-1 eve@larkfield.example"}
    assert addressed(tx, note, {"text": "ana@larkfield.example"}) == {"text": "ana@larkfield.example"}
