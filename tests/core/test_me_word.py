"""`me`: one person in two chats, by a code that is given in one and typed in the other."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.commands.me import LIVES, TRIES
from bot.people import Profile
from bot.plain import plain_text
from bot.refs import Identity
from bot.requests import Answer, Request
from bot.service import Service
from tests.memory import MemoryStore
from tests.scenario import at, policy

HERE, THERE = Identity("one:T1/ana"), Identity("two:T9/ana")
STRANGER = Identity("two:T9/eve")
START = at("10:00")
GONE = "not good, or no longer"


@dataclass(slots=True)
class Chats:
    """One Sitrep in two chats."""

    store: MemoryStore = field(default_factory=MemoryStore)
    count: int = 0

    def says(self, identity: Identity, text: str, after: timedelta = timedelta()) -> Answer:
        self.count += 1
        service = Service(store=self.store, policy=policy(), rules="rules", replica="one")
        name = identity.rpartition("/")[2].title()
        request = Request(key=f"k{self.count}", identity=identity, profile=Profile(name=name), text=text)
        return service.handle(request, START + after)

    def code(self, identity: Identity = HERE, after: timedelta = timedelta()) -> str:
        found = re.search(r"me (\d{6})", self.words(self.says(identity, "me", after)))
        assert found
        return found[1]

    def words(self, answer: Answer) -> str:
        assert answer.card is not None
        return plain_text(answer.card, START, answer.names)

    def one(self) -> bool:
        return self.store.data.people[HERE] == self.store.data.people.get(THERE)


def test_who_types_the_code_in_the_other_chat_is_the_same_person() -> None:
    chats = Chats()
    code = chats.code()

    answer = chats.says(THERE, f"me {code}")

    assert chats.one()
    assert answer.changed
    assert "You are one person in both chats now" in chats.words(answer)


def test_the_one_who_asked_for_the_code_is_told_where_they_asked() -> None:
    chats = Chats()

    chats.says(THERE, f"me {chats.code()}")

    (post,) = chats.store.posts(HERE)
    told = plain_text(post.card, START, Answer().names)
    assert "Ana in the other chat typed your code" in told
    assert "If that was not you" in told


def test_one_whose_name_is_not_known_is_somebody() -> None:
    chats = Chats()
    code = chats.code()
    nameless = Request(key="nameless", identity=THERE, text=f"me {code}")

    Service(store=chats.store, policy=policy(), rules="rules", replica="one").handle(nameless, START)

    (post,) = chats.store.posts(HERE)
    assert "Somebody in the other chat" in plain_text(post.card, START, Answer().names)


@pytest.mark.parametrize("between", [" ", "-"])
def test_a_code_may_be_typed_in_two_groups(between: str) -> None:
    chats = Chats()
    code = chats.code()

    chats.says(THERE, f"me {code[:3]}{between}{code[3:]}")

    assert chats.one()


def test_a_code_is_good_for_ten_minutes() -> None:
    chats = Chats()
    code = chats.code()

    late = chats.says(THERE, f"me {code}", LIVES)

    assert GONE in chats.words(late)
    assert not chats.one()


def test_a_code_is_good_once() -> None:
    chats = Chats()
    code = chats.code()
    chats.says(THERE, f"me {code}")

    again = chats.says(STRANGER, f"me {code}")

    assert GONE in chats.words(again)
    assert chats.store.data.people[STRANGER] != chats.store.data.people[HERE]


def test_only_the_newest_code_of_a_person_is_good() -> None:
    chats = Chats()
    first, second = chats.code(), chats.code()

    assert GONE in chats.words(chats.says(THERE, f"me {first}"))
    chats.says(THERE, f"me {second}")

    assert chats.one()


def test_five_wrong_codes_by_whomever_end_a_code() -> None:
    chats = Chats()
    code = chats.code()
    for guess in range(TRIES):
        chats.says(STRANGER, f"me {guess:06}")

    assert GONE in chats.words(chats.says(THERE, f"me {code}"))
    assert not chats.one()


def test_four_wrong_codes_do_not() -> None:
    chats = Chats()
    code = chats.code()
    for guess in range(TRIES - 1):
        chats.says(THERE, f"me {guess:06}")

    chats.says(THERE, f"me {code}")

    assert chats.one()


def test_a_code_typed_in_its_own_chat_is_a_wrong_one() -> None:
    chats = Chats()
    code = chats.code()
    neighbour = Identity("one:T1/eve")

    answer = chats.says(neighbour, f"me {code}")

    assert GONE in chats.words(answer)
    assert chats.store.data.people[neighbour] != chats.store.data.people[HERE]
    assert chats.store.data.codes == {}


@pytest.mark.parametrize("typed", ["12345", "1234567", "abcdef", "१२३४५६"])
def test_what_is_no_code_is_said_so_and_costs_no_try(typed: str) -> None:
    chats = Chats()
    chats.code()

    answer = chats.says(THERE, f"me {typed}")

    assert answer.refused
    assert "A code has six digits" in chats.words(answer)
    assert [each.misses for each in chats.store.data.codes.values()] == [0]


def test_the_chat_somebody_used_last_is_where_they_are_told() -> None:
    chats = Chats()
    chats.says(THERE, f"me {chats.code()}")

    chats.says(HERE, "list")

    assert chats.store.data.last[chats.store.data.people[HERE]] == HERE
