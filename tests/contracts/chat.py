"""What every chat must do with a card and a form. A chat's own test file takes them all and gives a fixture `chat`."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from bot.cards import Action, Card, Due, Facts, Lines, Mention, Names, Note, Open, Part, Press, Strong, Text, When, line
from bot.plain import people_in, plain_text, spans_of
from bot.questions import Form
from bot.refs import Identity, Person
from tests.contracts import hostile
from tests.gallery import FORMS, GALLERY, MOMENTS, NAMES
from tests.samples.world import BEN, KIM, NOW

STRINGS = int(os.environ.get("SITREP_STRINGS", "20000"))
"""`make fuzz` tries 100,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button would send."""

    word: str
    incident: int | None
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A renderer, and how to read what it made."""

    name: str
    """How its identities begin: `slack:T1/`."""
    message: Callable[[Card, datetime, Names], Any]
    form: Callable[[Form, datetime, Names], Any]
    violations: Callable[[Any], list[str]]
    """Of the chat's limits, by a message or a form."""
    shown: Callable[[Any], str]
    """All the words of a message that people read, as they read them."""
    spoken: Callable[[Any], str]
    """What notifications and screen readers say."""
    mentioned: Callable[[Any], frozenset[str]]
    """Whom a message calls by more than words: identities, `room:` and a place, `group:…`, or anything else."""
    presses: Callable[[Any], tuple[Pressed, ...]]
    fields: Callable[[Any], tuple[str, ...]]
    """The names of a form's inputs."""
    names: Names = NAMES
    """Who and where the samples' people and rooms are, as this chat knows them."""


@pytest.mark.parametrize("name", GALLERY)
def test_every_card_keeps_to_the_limits(chat: Chat, name: str) -> None:
    assert chat.violations(chat.message(GALLERY[name], MOMENTS[name], chat.names)) == []


@pytest.mark.parametrize("name", FORMS)
def test_every_form_keeps_to_the_limits(chat: Chat, name: str) -> None:
    assert chat.violations(chat.form(FORMS[name], NOW, chat.names)) == []


@pytest.mark.parametrize("name", GALLERY)
def test_a_card_mentions_those_it_means_and_nobody_else(chat: Chat, name: str) -> None:
    card = GALLERY[name]

    people = {who for who in chat.mentioned(chat.message(card, MOMENTS[name], chat.names)) if who.startswith(chat.name)}

    assert people == _identities(chat, people_in(card))


@pytest.mark.parametrize("name", GALLERY)
def test_every_word_of_a_card_is_shown(chat: Chat, name: str) -> None:
    card = GALLERY[name]

    seen = _flat(chat.shown(chat.message(card, MOMENTS[name], chat.names)))

    words = [span for span in spans_of(card) if isinstance(span, str)] + [action.label for action in card.actions]
    assert [word for word in words if _flat(word) not in seen] == []


@pytest.mark.parametrize("name", GALLERY)
def test_what_is_spoken_is_the_whole_card(chat: Chat, name: str) -> None:
    card, at = GALLERY[name], MOMENTS[name]

    assert chat.spoken(chat.message(card, at, chat.names)) == plain_text(card, at, chat.names)


@pytest.mark.parametrize("name", GALLERY)
def test_a_button_is_its_command(chat: Chat, name: str) -> None:
    card = GALLERY[name]

    pressed = chat.presses(chat.message(card, MOMENTS[name], chat.names))

    assert pressed == tuple(
        Pressed(word=action.command, incident=action.incident, values=dict(action.values))
        for action in card.actions
        if isinstance(action, Press)
    )


@pytest.mark.parametrize("name", FORMS)
def test_a_form_asks_for_each_field_by_its_name(chat: Chat, name: str) -> None:
    form = FORMS[name]

    assert chat.fields(chat.form(form, NOW, chat.names)) == tuple(field.name for field in form.fields)


def test_a_person_of_another_chat_is_named_and_not_mentioned(chat: Chat) -> None:
    stranger = Person("P-99")
    names = Names(people={stranger: "Zoë"}, identities={stranger: (Identity("mailto:zoe@example.com"),)})

    message = chat.message(line(Mention(stranger), " knows."), NOW, names)

    assert "@Zoë knows." in chat.shown(message)
    assert not chat.mentioned(message)


def test_a_person_nobody_knows_is_someone(chat: Chat) -> None:
    message = chat.message(line(Mention(Person("P-404")), " left."), NOW, Names())

    assert "@someone left." in chat.shown(message)


def test_a_moment_is_shown_with_utc_beside_it(chat: Chat) -> None:
    assert "02:10 UTC" in chat.shown(chat.message(line("Next update by ", When(NOW), "."), NOW, chat.names))


def test_a_moment_more_than_twelve_hours_away_is_shown_with_its_day(chat: Chat) -> None:
    far = NOW + timedelta(hours=13)

    assert "Mon 23 Nov 15:10 UTC" in chat.shown(chat.message(line(When(far)), NOW, chat.names))


@pytest.mark.parametrize(
    ("minutes", "words"), [(-5, "due in 5 minutes"), (0, "due now"), (3, "3 minutes late"), (65, "1 h 5 min late")]
)
def test_how_late_something_is_counts_from_the_moment_of_sending(chat: Chat, minutes: int, words: str) -> None:
    card = Card(title=("Update on INC-42 is ", Due(NOW)), body=(Text(("Promised.",)),))

    message = chat.message(card, NOW + timedelta(minutes=minutes), chat.names)

    assert f"Update on INC-42 is {words}" in chat.shown(message)
    assert f"Update on INC-42 is {words}." in chat.spoken(message)


def test_a_card_without_words_is_still_a_message(chat: Chat) -> None:
    for card in (Card(), line(""), line("\x00\u202e"), Card(title=(" ",), body=(Facts(()), Lines(()), Note(())))):
        message = chat.message(card, NOW, chat.names)

        assert chat.violations(message) == []
        assert chat.spoken(message).strip()


def test_a_card_beyond_all_limits_is_cut_to_them(chat: Chat) -> None:
    words = "Nothing but words & <more> words. " * 200
    part: tuple[Part, ...] = (
        Text((words, Strong((words,)))),
        Facts(tuple((f"Label {n}", (words,)) for n in range(30))),
        Lines(tuple((words,) for _ in range(50))),
        Note((words,)),
    )
    actions: tuple[Action, ...] = (
        *(Press(label=f"{words}{n}", command="note", values={"text": words}, incident=n) for n in range(40)),
        *(Press(label=f"More {n}", command="note", incident=n, more=True) for n in range(40)),
        *(Open(label="Open", url=f"https://example.com/{'x' * 4000}") for _ in range(5)),
    )

    for headline in (True, False):
        card = Card(title=(words,), body=part * 20, actions=actions, headline=headline)
        assert chat.violations(chat.message(card, NOW, chat.names)) == []


def test_hostile_words_stay_words(chat: Chat) -> None:
    """Thousands of them, everywhere that words can stand: within the limits, and nobody mentioned but who was meant."""
    rooms = {f"room:{place}" for place in chat.names.places[hostile.ROOM]}
    meant = _identities(chat, frozenset({BEN, KIM})) | rooms
    drawn = hostile.strings()
    for _ in range(0, STRINGS, hostile.HOLDS):
        words = list(islice(drawn, hostile.HOLDS))
        message = chat.message(hostile.card(words), NOW, chat.names)

        assert chat.violations(message) == [], words
        assert chat.mentioned(message) <= meant, words
        assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\ud800-\udfff]", chat.shown(message)), words


def _identities(chat: Chat, people: frozenset[Person]) -> set[str]:
    known = (identity for person in people for identity in chat.names.identities.get(person, ()))
    return {identity for identity in known if identity.startswith(chat.name)}


def _flat(words: str) -> str:
    """Without line ends, and without the marks around words to type that a refusal has."""
    return " ".join(words.replace("`", "").split())
