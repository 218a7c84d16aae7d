"""What people and rooms are called."""

from bot.cards import Names, with_room
from bot.refs import Address, Person


def test_a_room_that_opened_stands_among_the_names_beside_the_others() -> None:
    before = Names(people={Person("P-1"): "Ana"}, rooms={41: "inc-41"}, places={41: (Address("slack:T1/C41"),)})

    names = with_room(before, 42, "inc-42-checkout", Address("slack:T1/C42"))

    assert names.people == before.people
    assert names.rooms == {41: "inc-41", 42: "inc-42-checkout"}
    assert names.places == {41: ("slack:T1/C41",), 42: ("slack:T1/C42",)}
