"""What is stored comes back as it was, and what another release stored never stops this one."""

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Card, Press, line
from bot.events import Declared, Event, NoteAdded, StatusChanged, TitleChanged, Unknown
from bot.posts import Order, Post, Reminder, ToRoom
from storage.codec import KINDS, Stored, decode_event, decode_order, encode_event, encode_order
from storage.shapes import TAG, CannotDecode, decoded, encoded
from tests.contracts.strategies import instances, words

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_comes_back_as_it_was(kind: str) -> None:
    @given(instances(KINDS[kind]))
    def round_trip(event: Event) -> None:
        assert decode_event(encode_event(event)) == event

    round_trip()


@pytest.mark.parametrize("order", get_args(Order), ids=lambda order: order.__name__)
def test_an_order_comes_back_as_it_was(order: Any) -> None:
    @given(instances(order))
    def round_trip(order: Order) -> None:
        assert decode_order(encode_order(order)) == order

    round_trip()


@given(instances(Reminder))
def test_a_reminder_comes_back_as_it_was(reminder: Reminder) -> None:
    assert decoded(Reminder, encoded(reminder)) == reminder


@given(st.text(), words)
def test_an_unknown_kind_is_kept_and_written_back_unchanged(kind: str, data: str) -> None:
    stored = Stored(kind=f"{kind}?", v=7, data=data)

    event = decode_event(stored)

    assert event == Unknown(kind=f"{kind}?", v=7, data=data)
    assert encode_event(event) == stored


@given(st.sampled_from(sorted(KINDS)), ANYTHING)
def test_no_stored_data_can_stop_a_log_from_being_read(kind: str, data: Any) -> None:
    stored = Stored(kind=kind, v=1, data=json.dumps(data))

    event = decode_event(stored)

    assert isinstance(event, Unknown | KINDS[kind])


def test_a_field_of_a_newer_release_is_ignored() -> None:
    assert decode_event(Stored(kind="TitleChanged", v=2, data='{"title":"A","colour":"red"}')) == TitleChanged(
        title="A"
    )


def test_a_field_that_an_older_release_did_not_write_has_its_default() -> None:
    stored = Stored(kind="Declared", v=1, data='{"title":"A","priority":"high"}')

    assert decode_event(stored) == Declared(title="A", priority="high")


@pytest.mark.parametrize(
    "data",
    [
        '{"status":"paused","before":"investigating"}',
        '{"status":"identified"}',
        '{"status":1,"before":"investigating"}',
        '["identified"]',
        "not JSON",
    ],
)
def test_a_known_kind_that_cannot_be_read_is_kept_as_unknown(data: str) -> None:
    stored = Stored(kind=StatusChanged.__name__, v=2, data=data)

    event = decode_event(stored)

    assert event == Unknown(kind="StatusChanged", v=2, data=data)
    assert encode_event(event) == stored


@given(st.text(st.characters(codec=None)))
def test_text_that_no_database_keeps_is_stored_without_it(text: str) -> None:
    kept = decode_event(encode_event(NoteAdded(text=f"{text}\x00\ud800 end")))

    assert isinstance(kept, NoteAdded)
    assert kept.text.endswith(" end")
    assert "\x00" not in kept.text
    kept.text.encode()


@given(st.text(st.sampled_from('\\u0\x00\ud800"é')))
def test_what_is_left_out_is_left_out_wherever_backslashes_stand(text: str) -> None:
    kept = decode_event(encode_event(NoteAdded(text=text)))

    assert kept == NoteAdded(text=text.replace("\x00", "").replace("\ud800", ""))


def test_names_of_values_are_cleaned_too() -> None:
    press = Press(label="Go", command="note", values={"te\x00xt": "a\udfffb"})
    order = Post(to=ToRoom(), card=Card(actions=(press,)), key="card")

    back = decode_order(encode_order(order))

    assert isinstance(back, Post)
    (action,) = back.card.actions
    assert action == Press(label="Go", command="note", values={"text": "ab"})


@pytest.mark.parametrize("text", ['{"kind":"Shout"}', '{"kind":"Post"}', "[]", "", "null"])
def test_an_order_of_a_newer_release_is_said_to_be_unreadable(text: str) -> None:
    with pytest.raises(CannotDecode):
        decode_order(text)


def test_the_same_order_gives_the_same_text() -> None:
    assert encode_order(Post(to=ToRoom(), card=line("a"), key="k")) == encode_order(
        Post(to=ToRoom(), card=line("a"), key="k")
    )


def test_a_value_that_is_no_event_cannot_be_stored_by_mistake() -> None:
    with pytest.raises(TypeError, match="set cannot be stored"):
        encoded({1, 2})


def test_no_dataclass_that_is_stored_has_a_field_where_its_name_goes() -> None:
    reached = list(_reached([*KINDS.values(), *get_args(Order), Reminder]))

    assert len(reached) > len(KINDS) + len(get_args(Order))
    assert [cls.__name__ for cls in reached if TAG in {part.name for part in fields(cls)}] == []


def _reached(todo: list[Any]) -> set[Any]:
    seen: set[Any] = set()
    while todo:
        hint = todo.pop()
        if hint in seen:
            continue
        if is_dataclass(hint):
            seen.add(hint)
            todo.extend(get_type_hints(hint).values())
        todo.extend(get_args(hint))
    return seen
