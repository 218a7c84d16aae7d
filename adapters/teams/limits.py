"""Teams' limits, in one table, and a check of finished messages and dialogs against them.

Teams itself answers a breach with `BadRequest`, or shows a card without the part, so the check names the place.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
VERSION = "1.5"
TOTAL = 28_000
"""Bytes of a message or a dialog as JSON: the least that any page of Microsoft's names."""
OWN = 1_000
"""Bytes kept back for what a connector adds."""
SPOKEN = 3_500
"""Bytes of a message's `summary`, and of a card's `speak`."""
ACTIONS_WEIGHT = 8_000
"""Bytes of all the buttons of a message: the words need the rest."""
ENTITIES_WEIGHT = 4_000
CARRIED_WEIGHT = 4_000
"""Bytes that a form carries along unseen."""
VALUES_WEIGHT = 2_000
"""Bytes that one button carries."""
TEXT = 9_000
"""Bytes of a text block: what people can write into a field, in any language."""
FACT = 2_000
FACTS = 8
ACTIONS = 6
"""Buttons of a set, and of what is under More."""
ROWS = 4
ROW = 30
"""Characters of a row's labels that a phone shows (docs/words.md 5)."""
BUTTON = 60
TITLE = 60
"""Of a dialog."""
LABEL = 200
CHOICE = 300
"""Of a choice's title."""
CHOICE_WORDS = 200
"""Its words, before marks in them are broken."""
CHOICE_VALUE = 400
OPEN_CHOICES = 10
LISTED_CHOICES = 100
INPUT = 3_000
TOOLTIP = 100
URL = 2_000

ACTION_KINDS = frozenset({"Action.Execute", "Action.Submit", "Action.OpenUrl"})
STYLES = {
    "Container": {"default", "emphasis", "good", "attention", "warning", "accent"},
    "Action": {"default", "positive", "destructive"},
}
LENGTHS: Mapping[str, int] = {"label": LABEL, "errorMessage": LABEL, "title": BUTTON, "tooltip": TOOLTIP}

_TAG = re.compile(r"<at>.*?</at>")
_MOMENT = re.compile(r"\{\{(?!DATE\([\dT:-]+Z,SHORT\)\}\}|TIME\([\dT:-]+Z\)\}\})")


def weight(found: object) -> int:
    """Bytes of something as JSON."""
    return len(json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode())


def letters(text: str) -> int:
    """Bytes that a piece of cleaned text takes up as JSON, as it is."""
    return weight(text) - len('""')


def violations(found: Mapping[str, Any]) -> list[str]:
    """What Teams would refuse about a message (an activity) or a dialog, each with its place; empty: nothing."""
    return list(_message(found) if "type" in found else _dialog(found))


def _message(found: Mapping[str, Any]) -> Iterator[str]:
    if found["type"] != "message":
        yield f"type: {found['type']} does not belong here"
    yield from _text(found.get("summary"), SPOKEN, "summary")
    yield from _total(found)
    attachments = found.get("attachments", [])
    if len(attachments) != 1:
        yield f"attachments: {len(attachments)}, one allowed"
    for attachment in attachments:
        yield from _attachment(attachment)


def _dialog(found: Mapping[str, Any]) -> Iterator[str]:
    yield from _text(found.get("title"), TITLE, "title")
    yield from _total(found)
    yield from _attachment(found.get("card", {}))


def _total(found: Mapping[str, Any]) -> Iterator[str]:
    size = weight(found)
    if size > TOTAL - OWN:
        yield f"{size} bytes in all, {TOTAL - OWN} allowed"


def _attachment(found: Mapping[str, Any]) -> Iterator[str]:
    if found.get("contentType") != CARD_TYPE:
        yield f"attachment: {found.get('contentType')} does not belong here"
    card = found.get("content", {})
    if card.get("type") != "AdaptiveCard" or card.get("version") != VERSION:
        yield f"card: {card.get('type')} {card.get('version')} does not belong here"
    if not card.get("body"):
        yield "card: is empty"
    yield from _elements(card.get("body", []), "body")
    yield from _actions(card.get("actions", []), "actions")
    yield from _mentions(card)
    ids = [element["id"] for element in inside(card) if "id" in element]
    if len(ids) != len(set(ids)):
        yield "card: two elements have the same id"


def inside(part: object) -> Iterator[Mapping[str, Any]]:
    """Every object of a card, from the outside in."""
    if isinstance(part, dict):
        yield part
        for one in part.values():
            yield from inside(one)
    elif isinstance(part, list):
        for one in part:
            yield from inside(one)


def rich(part: object) -> Iterator[str]:
    """Every text of a card that Teams reads as markdown and searches for mentions."""
    for element in inside(part):
        if element.get("type") == "TextBlock":
            yield str(element.get("text"))
        elif element.get("type") == "FactSet":
            yield from (str(fact.get(key)) for fact in element["facts"] for key in ("title", "value"))


def _elements(elements: list[Any], where: str) -> Iterator[str]:
    for number, element in enumerate(elements):
        place = f"{where}[{number}]"
        match element.get("type"):
            case "TextBlock":
                yield from _block(element, place)
            case "Container":
                yield from _style("Container", element, place)
                yield from _elements(element["items"], f"{place}.items")
            case "FactSet":
                yield from _facts(element["facts"], place)
            case "ActionSet":
                yield from _actions(element["actions"], place)
            case "Input.Text" | "Input.ChoiceSet" | "Input.Toggle":
                yield from _input(element, place)
            case kind:
                yield f"{place}: {kind} does not belong here"


def _block(block: Mapping[str, Any], where: str) -> Iterator[str]:
    yield from _text(block.get("text"), TEXT, where)
    if block.get("wrap") is not True:
        yield f"{where}: does not wrap"
    if _MOMENT.search(str(block.get("text"))):
        yield f"{where}: a moment that Teams shows as it is"


def _facts(facts: list[Any], where: str) -> Iterator[str]:
    if not 0 < len(facts) <= FACTS:
        yield f"{where}: {len(facts)} facts, {FACTS} allowed"
    for fact in facts:
        yield from _text(fact.get("title"), FACT, where)
        yield from _text(fact.get("value"), FACT, where)


def _actions(actions: list[Any], where: str) -> Iterator[str]:
    shown = [action for action in actions if action.get("mode") != "secondary"]
    for some in (shown, [action for action in actions if action not in shown]):
        if len(some) > ACTIONS:
            yield f"{where}: {len(some)} buttons, {ACTIONS} allowed"
    if where != "actions" and not actions:
        yield f"{where}: is empty"
    for number, action in enumerate(actions):
        yield from _action(action, f"{where}[{number}]")


def _action(action: Mapping[str, Any], where: str) -> Iterator[str]:
    if action.get("type") not in ACTION_KINDS:
        yield f"{where}: {action.get('type')} does not belong here"
    yield from _text(action.get("title"), BUTTON, where)
    yield from _lengths(action, where)
    yield from _style("Action", action, where)
    if action.get("type") == "Action.Execute" and action.get("fallback", {}).get("type") != "Action.Submit":
        yield f"{where}: has no fallback"
    if action.get("type") == "Action.OpenUrl":
        yield from _text(action.get("url"), URL, f"{where}.url")
        if urlsplit(str(action.get("url"))).scheme not in {"http", "https"}:
            yield f"{where}.url: is no page"


def _input(element: Mapping[str, Any], where: str) -> Iterator[str]:
    for name in ("id", "label"):
        yield from _text(element.get(name), LABEL, f"{where}.{name}")
    yield from _lengths({key: element[key] for key in element if key != "title"}, where)
    if element.get("isRequired") and not element.get("errorMessage"):
        yield f"{where}: says nothing where it is required"
    choices = element.get("choices", [])
    if len(choices) > LISTED_CHOICES:
        yield f"{where}: {len(choices)} choices, {LISTED_CHOICES} allowed"
    if element["type"] == "Input.ChoiceSet" and not choices and "choices.data" not in element:
        yield f"{where}: has no choices"
    if len({choice.get("value") for choice in choices}) != len(choices):
        yield f"{where}: two choices have the same value"
    for choice in choices:
        yield from _text(choice.get("title"), CHOICE, where)
        yield from _text(choice.get("value"), CHOICE_VALUE, where)


def _mentions(card: Mapping[str, Any]) -> Iterator[str]:
    words = list(rich(card.get("body", [])))
    entities = card.get("msteams", {}).get("entities", [])
    tags = [entity["text"] for entity in entities]
    for tag in tags:
        if not any(tag in text for text in words):
            yield f"entities: {tag} stands nowhere"
    if len(tags) != len(set(tags)):
        yield "entities: two have the same text"
    for text in words:
        yield from (f"{tag} mentions nobody" for tag in _TAG.findall(text) if tag not in tags)


def _style(kind: str, thing: Mapping[str, Any], where: str) -> Iterator[str]:
    if thing.get("style", "default") not in STYLES[kind]:
        yield f"{where}: style {thing['style']} does not belong here"


def _lengths(thing: Mapping[str, Any], where: str) -> Iterator[str]:
    for key, most in LENGTHS.items():
        if key in thing:
            yield from _text(thing[key], most, f"{where}.{key}")


def _text(found: object, most: int, where: str) -> Iterator[str]:
    if not isinstance(found, str) or not found.strip():
        yield f"{where}: is empty"
    elif len(found) > most:
        yield f"{where}: {len(found)} characters, {most} allowed"
