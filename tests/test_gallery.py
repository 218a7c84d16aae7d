"""The gallery shows everything: no message and no form can be forgotten by the tests that draw and measure them."""

import json
import sys
from importlib import import_module
from inspect import getmembers, isfunction, signature
from pkgutil import walk_packages
from types import CodeType, FrameType

import bot
from bot.cards import Card
from bot.catalog import COMMANDS
from tests.gallery import FORMS, GALLERY, shown
from tests.pictures.gallery import CARDS, DRAWN, FOLDER, cards, digests

NOT_MESSAGES = frozenset({"bot.cards.line", "bot.composer._read_by"})
"""Functions that make a card of what they are given."""


def test_every_message_is_shown() -> None:
    makers = _makers()
    assert "bot.messages.incident_card.announcement" in makers.values()

    shy = set(makers.values()) - _showing(makers) - NOT_MESSAGES

    assert sorted(shy) == []


def test_every_kind_of_form_is_shown() -> None:
    asking = {form.command for form in FORMS.values()}
    assert {"declare", "update", "resolve", "role", "next", "snooze"} <= asking


def test_every_button_is_a_word() -> None:
    words = {spec.word for spec in COMMANDS}
    pressed = {action.command for card in GALLERY.values() for action in card.actions if hasattr(action, "command")}

    assert pressed <= words


def _makers() -> dict[CodeType, str]:
    """The functions of the core that give a card, by their code."""
    found: dict[CodeType, str] = {}
    for module in walk_packages(bot.__path__, "bot."):
        for name, function in getmembers(import_module(module.name), isfunction):
            if function.__module__ == module.name and signature(function).return_annotation is Card:
                found[function.__code__] = f"{module.name}.{name}"
    return found


def _showing(makers: dict[CodeType, str]) -> set[str]:
    """Those that made one of the gallery's cards, or a card that another one of them made more of."""
    kept = list(GALLERY.values())
    made: dict[str, list[Card]] = {}

    def watch(frame: FrameType, event: str, given: object) -> None:
        if event == "return" and frame.f_code in makers and isinstance(given, Card):
            made.setdefault(makers[frame.f_code], []).append(given)

    sys.setprofile(watch)
    try:
        for _ in shown():
            pass
    finally:
        sys.setprofile(None)
    return {name for name, cards in made.items() if any(card in kept for card in cards)}


def test_the_gallerys_page_shows_what_the_program_says() -> None:
    assert CARDS.read_text(encoding="utf-8") == cards(), "run `python -m tests.pictures.gallery`"


def test_the_gallerys_pictures_show_what_slack_is_sent() -> None:
    drawn = json.loads(DRAWN.read_text(encoding="utf-8"))

    assert drawn == digests(), "run `python -m tests.pictures.gallery`"
    assert {path.stem for path in FOLDER.glob("*.png")} == set(drawn)
