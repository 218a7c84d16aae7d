"""What Teams would refuse, drop or show wrongly in what a bot sends: a sentence for each."""

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from tests.teams.cards import CONTENT, MOMENT, Card, Element, card_of, is_input, texts, walk

Activity = dict[str, Any]

LARGEST = 28 * 1024
"""Bytes: what every way into Teams takes."""
REFUSED = 100 * 1024
"""Bytes as UTF-16: beyond it the connector answers 413."""
ELEMENTS = {
    *("AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Image", "ImageSet", "Container", "ColumnSet", "Column"),
    *("FactSet", "ActionSet", "Table", "TableRow", "TableCell"),
    *("Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet"),
    *("Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility"),
}
VERSION = re.compile(r"1\.[0-5]")
MOST_BUTTONS, MOST_REFRESHED, SIZES = 6, 60, {"small", "medium", "large"}
ACTION_MESSAGE = "application/vnd.microsoft.activity.message"
ACTION_ANSWERS = {ACTION_MESSAGE, CONTENT, "application/vnd.microsoft.error", "application/vnd.microsoft.card.notFound"}


PATIENCE = {"invoke": 5.0}
LONGEST = 15.0
"""Seconds after which the client shows that the bot does not answer, by the kind of activity."""


def too_big(activity: Activity) -> bool:
    """Whether the connector takes it no more."""
    return len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le", errors="replace")) > REFUSED


def complaints(activity: Activity, people: Collection[str]) -> Iterator[str]:
    """Of a message. `people`: every id by which somebody can be mentioned."""
    size = len(json.dumps(activity, ensure_ascii=False).encode(errors="replace"))
    if size >= LARGEST:
        yield f"{size} bytes"
    if activity.get("type") != "message":
        yield f"type {activity.get('type')!r} is no message"
    text, card = activity.get("text"), card_of(activity)
    if not text and not activity.get("attachments"):
        yield "nothing to show"
    if activity.get("textFormat", "markdown") not in {"plain", "markdown", "xml"}:
        yield f"textFormat {activity['textFormat']!r}"
    for attached in activity.get("attachments") or ():
        if attached.get("contentType") != CONTENT or not isinstance(attached.get("content"), dict):
            yield f"attachment {attached.get('contentType')!r}"
    entities = [one for one in activity.get("entities") or () if one.get("type") == "mention"]
    yield from _mentions(entities, [str(text or "")], people)
    if card is not None:
        yield from complaints_of_card(card, people)


def complaints_of_card(card: Card, people: Collection[str]) -> Iterator[str]:
    """Of a card, in a message or in a dialog."""
    if card.get("type") != "AdaptiveCard":
        yield f"a card of type {card.get('type')!r}"
    if not VERSION.fullmatch(str(card.get("version"))):
        yield f"card version {card.get('version')!r}"
    if not card.get("body"):
        yield "a card without a body"
    found = list(walk(card))
    for element in found:
        yield from _of_element(element, card)
    ids = [element["id"] for element in found if is_input(element) and "id" in element]
    yield from (f"two inputs called {name}" for name in {name for name in ids if ids.count(name) > 1})
    told = list(texts(card))
    for text in told:
        if re.search(r"\{\{\s*(date|time)", MOMENT.sub("", text), re.IGNORECASE):
            yield f"a moment that is shown raw: {text!r}"
    yield from _mentions((card.get("msteams") or {}).get("entities") or [], told, people)
    refreshed = (card.get("refresh") or {}).get("userIds")
    if refreshed is not None and len(refreshed) > MOST_REFRESHED:
        yield f"refresh for {len(refreshed)} people"


def complaints_of_answer(
    activity: Activity, status: int, body: Activity, took: float, people: Collection[str]
) -> Iterator[str]:
    """Of what an activity is answered with, and how soon. `took`: seconds."""
    what = " ".join((activity["type"], str(activity.get("name", "")))).strip()
    if took > PATIENCE.get(activity["type"], LONGEST):
        yield f"{what}: answered after {took:.1f} s"
    if status >= 500 and status != 501:  # HTTP: faults of the bot; 501: nobody serves that
        yield f"{what}: answered with {status}"
    if status != 200 or activity["type"] != "invoke":
        return
    is_button = activity["name"] == "adaptiveCard/action"
    found = complaints_of_action(body, people) if is_button else complaints_of_task(body, people)
    yield from (f"{what}: {complaint}" for complaint in found)


def complaints_of_task(answer: Activity, people: Collection[str]) -> Iterator[str]:
    """Of what a dialog is answered with; nothing closes it."""
    task = answer.get("task")
    if not answer:
        return
    if not isinstance(task, dict) or task.get("type") not in {"continue", "message"}:
        yield f"a dialog is answered with {sorted(answer)} {task!r:.80}"
        return
    value = task.get("value")
    if task["type"] == "message":
        if not isinstance(value, str) or not value:
            yield "a dialog's message has no words"
        return
    if not isinstance(value, dict) or (value.get("card") or {}).get("contentType") != CONTENT:
        yield "a dialog without a card"
        return
    if not value.get("title"):
        yield "a dialog without a title"
    for side in ("width", "height"):
        if side in value and value[side] not in SIZES and not isinstance(value[side], int):
            yield f"a dialog's {side} is {value[side]!r}"
    yield from complaints_of_card(value["card"]["content"], people)


def complaints_of_action(answer: Activity, people: Collection[str]) -> Iterator[str]:
    """Of what `adaptiveCard/action` is answered with."""
    if not isinstance(answer.get("statusCode"), int) or answer.get("type") not in ACTION_ANSWERS:
        yield f"a button is answered with {answer.get('statusCode')!r} {answer.get('type')!r}"
    elif answer["type"] == ACTION_MESSAGE and not (isinstance(answer.get("value"), str) and answer["value"]):
        yield "a button is answered with a message without words"
    elif answer["type"] == CONTENT:
        yield from complaints_of_card(answer.get("value") or {}, people)


def _of_element(element: Element, card: Card) -> Iterator[str]:
    kind = element.get("type")
    if kind is None:
        return  # a fact or a choice: parts that have no type
    if kind not in ELEMENTS:
        yield f"an element {kind!r}"
    if kind == "TextBlock" and not str(element.get("text", "")).strip():
        yield "a text without words"
    if kind == "FactSet" and not element.get("facts"):
        yield "a set without facts"
    if is_input(element):
        yield from _of_input(element)
    if str(kind).startswith("Action."):
        yield from _of_action(element, card)
    primary = [one for one in element.get("actions") or () if one.get("mode") != "secondary"]
    if len(primary) > MOST_BUTTONS:
        yield f"{len(primary)} buttons in one row"


def _of_input(element: Element) -> Iterator[str]:
    if not element.get("id"):
        yield f"an {element['type']} without an id"
    if element["type"] == "Input.Toggle" and not element.get("title"):
        yield f"a toggle without a title: {element.get('id')}"
    if element["type"] == "Input.ChoiceSet" and "choices.data" not in element:
        choices = element.get("choices") or []
        if not choices or not all(one.get("title") and "value" in one for one in choices):
            yield f"choices that cannot be chosen: {element.get('id')}"
        if element.get("isMultiSelect") and any("," in str(one.get("value")) for one in choices):
            yield f"a value with a comma among several: {element.get('id')}"
    if element.get("isRequired") and not element.get("errorMessage"):
        yield f"a required input that does not say what is wrong: {element.get('id')}"


def _of_action(element: Element, card: Card) -> Iterator[str]:
    kind, data = element["type"], element.get("data")
    if not element.get("title"):
        yield f"an {kind} without a title"
    if kind == "Action.OpenUrl" and not str(element.get("url", "")).startswith(("https://", "http://", "mailto:")):
        yield f"a link to {element.get('url')!r}"
    if kind == "Action.Execute" and str(card.get("version")) < "1.4":
        yield "Action.Execute in an older card"
    if kind == "Action.Execute" and isinstance(data, dict) and "msteams" in data:
        yield "Action.Execute opens no dialog"
    if data is not None and not isinstance(data, (dict, str)):
        yield f"data of {element.get('title')!r} is {type(data).__name__}"


def _mentions(entities: list[Element], told: list[str], people: Collection[str]) -> Iterator[str]:
    known = set()
    for entity in entities:
        text, who = str(entity.get("text", "")), entity.get("mentioned") or {}
        known.add(text)
        if not text or not any(text in words for words in told):
            yield f"a mention that stands nowhere: {text!r}"
        if who.get("id") not in people or not who.get("name"):
            yield f"a mention of nobody: {who!r}"
    for words in told:
        for found in re.findall(r"<at>.*?</at>", words, re.DOTALL):
            if found not in known:
                yield f"a mention that is shown as words: {found!r}"
