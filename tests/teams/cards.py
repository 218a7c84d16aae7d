"""Adaptive Cards as people see them: words, buttons and inputs."""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Card = dict[str, Any]
Element = dict[str, Any]

CONTENT = "application/vnd.microsoft.card.adaptive"
MOMENT = re.compile(
    r"\{\{(?P<what>DATE|TIME)\((?P<when>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))"
    r"(?:,(?P<form>SHORT|LONG|COMPACT))?\)\}\}"
)
AT = re.compile(r"<at>(.*?)</at>", re.DOTALL)
_NESTED = ("body", "items", "columns", "actions", "rows", "cells", "inlines", "facts", "choices")
_SINGLE = ("card", "selectAction", "inlineAction")
_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)")
_BOLD = re.compile(r"(?<!\\)\*\*")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def card_of(activity: dict[str, Any]) -> Card | None:
    """The card that a message carries."""
    attached = activity.get("attachments") or []
    found: Card | None = next((one["content"] for one in attached if one.get("contentType") == CONTENT), None)
    return found


def walk(element: Element) -> Iterator[Element]:
    """The element and all within it, in the order of reading. What stands in for older clients is left out."""
    yield element
    for name in _NESTED:
        for inner in element.get(name) or ():
            if isinstance(inner, dict):
                yield from walk(inner)
    for name in _SINGLE:
        if isinstance(element.get(name), dict):
            yield from walk(element[name])


def lines(card: Card) -> Iterator[str]:
    """What the eye sees, a line each; the buttons last."""
    for element in walk(card):
        if element.get("isVisible", True) is not False:
            yield from _lines(element)
    titles = [f"[{title}]" for title in buttons(card)]
    if titles:
        yield " ".join(titles)


def words(card: Card) -> str:
    """All of it."""
    return "\n".join(lines(card))


def buttons(card: Card) -> dict[str, Element]:
    """Actions by their title, those under "…" too. The first of a title is the one people press."""
    found: dict[str, Element] = {}
    for element in walk(card):
        if str(element.get("type", "")).startswith("Action.") and element.get("title"):
            found.setdefault(str(element["title"]), element)
    return found


def inputs(card: Card) -> dict[str, Element]:
    """Inputs by their id."""
    return {str(element["id"]): element for element in walk(card) if is_input(element)}


def pressable(card: Card, label: str) -> Element:
    """The button of that title."""
    found = buttons(card)
    assert label in found, f"no button {label!r}: {sorted(found)} in {words(card)!r}"
    assert found[label].get("isEnabled", True), f"{label!r} cannot be pressed"
    return found[label]


def merged(action: Element, typed: Mapping[str, Any]) -> Any:
    """What a button sends: its data, with what the inputs hold."""
    data = action.get("data")
    if action.get("associatedInputs") == "none":
        return data
    return {**(data if isinstance(data, dict) else {}), **typed} if typed or data is None else data


def is_input(element: Element) -> bool:
    """Whether it asks for something."""
    return str(element.get("type", "")).startswith("Input.")


def texts(card: Card) -> Iterator[str]:
    """Every text that Teams formats: where mentions, moments and marks are read."""
    for element in walk(card):
        for name in ("text", "value") if "title" in element and "value" in element else ("text",):
            if isinstance(element.get(name), str):
                yield element[name]


def shown(text: str) -> str:
    """A text as it is shown: moments as UTC, mentions as `@Name`, links by their words, no marks."""
    told = MOMENT.sub(_moment, text)
    told = AT.sub(r"@\1", told)
    told = _BOLD.sub("", _LINK.sub(r"\1", told))
    return html.unescape(_ESCAPED.sub(r"\1", told)).replace("\xa0", " ")


def links(text: str) -> list[str]:
    """Where the links in a text lead."""
    return [html.unescape(url) for _, url in _LINK.findall(text)]


def _lines(element: Element) -> Iterator[str]:
    match element.get("type"):
        case "TextBlock":
            yield shown(str(element.get("text", "")))
        case "RichTextBlock":
            yield "".join(str(run if isinstance(run, str) else run.get("text", "")) for run in element["inlines"])
        case "FactSet":
            for fact in element.get("facts", ()):
                yield f"{shown(str(fact['title']))}: {shown(str(fact['value']))}"
        case kind if is_input(element):
            yield shown(str(element.get("label") or element.get("title") or ""))
            yield from (shown(str(choice["title"])) for choice in element.get("choices", ()))
            if kind != "Input.ChoiceSet" and element.get("value"):
                yield str(element["value"])
        case _:
            return


def _moment(found: re.Match[str]) -> str:
    at = datetime.fromisoformat(found["when"])
    return at.strftime("%H:%M" if found["what"] == "TIME" else "%Y-%m-%d")
