"""What Slack refuses in a message or a view, and the emulator lets pass: sizes, and text that was not escaped."""

import json
import re
from collections.abc import Iterator
from typing import Any

ENTITY = re.compile(
    r"<(@[UW][A-Z0-9]+(\|[^<>]*)?|#C[A-Z0-9]+(\|[^<>]*)?|!subteam\^S[A-Z0-9]+(\|[^<>]*)?|!date\^\d+\^[^<>|]+\|[^<>]+|https?://[^<>|\s]+(\|[^<>]*)?)>"
)
AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
TRICKS = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]")

BLOCKS_IN = {"message": 50, "modal": 100, "home": 100}
TEXT = {"header": 150, "section": 3000, "context": 3000, "button": 75, "label": 2000, "option": 75, "title": 24}


def complaints(payload: dict[str, Any]) -> list[str]:
    """What Slack would not take of a message's arguments, and what would be shown as something it is not."""
    found = [*_mrkdwn("text", str(payload.get("text") or ""))]
    if not str(payload.get("text") or "").strip():
        found.append("text: empty, so a screen reader says nothing")
    if len(str(payload.get("text") or "")) > 4000:
        found.append("text: more than 4,000 characters")
    found += _blocks(payload.get("blocks") or [], "message")
    if len(json.dumps(payload.get("blocks") or [])) > 13_200:
        found.append("blocks: more than 13,200 characters together")
    if payload.get("metadata") and len(json.dumps(payload["metadata"])) > 1024:
        found.append("metadata: more than 1 KB")
    return found


def complaints_of_view(view: dict[str, Any]) -> list[str]:
    """The same for a modal or a home tab."""
    found = _blocks(view.get("blocks") or [], str(view.get("type", "modal")))
    found += [
        f"{part}: more than 24 characters or empty"
        for part in ("title", "submit", "close")
        if view.get(part) and not 0 < len(view[part]["text"]) <= TEXT["title"]
    ]
    if len(view.get("private_metadata") or "") > 3000:
        found.append("private_metadata: more than 3,000 characters")
    if len(view.get("callback_id") or "") > 255:
        found.append("callback_id: more than 255 characters")
    if len(json.dumps(view)) > 250_000:
        found.append("view: more than 250 KB")
    return found


def _blocks(blocks: list[dict[str, Any]], place: str) -> list[str]:
    found = [] if len(blocks) <= BLOCKS_IN[place] else [f"{len(blocks)} blocks"]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(ids)) != len(ids):
        found.append("block_id: used twice")
    for block in blocks:
        found += [f"{block['type']}: {complaint}" for complaint in _block(block)]
    return found


def _block(block: dict[str, Any]) -> Iterator[str]:
    if len(block.get("block_id", "")) > 255:
        yield "block_id of more than 255 characters"
    match block["type"]:
        case "header":
            yield from _text(block["text"], TEXT["header"])
        case "section":
            yield from _section(block)
        case "context":
            yield from _count(block["elements"], 10)
            for element in block["elements"]:
                yield from _text(element, TEXT["context"])
        case "actions":
            yield from _count(block["elements"], 25)
            for element in block["elements"]:
                yield from _element(element)
        case "input":
            yield from _text(block["label"], TEXT["label"])
            if "hint" in block:
                yield from _text(block["hint"], TEXT["label"])
            yield from _element(block["element"])
        case "divider":
            return
        case kind:
            yield f"a kind of block that these checks do not know: {kind}"


def _section(block: dict[str, Any]) -> Iterator[str]:
    if not block.get("text") and not block.get("fields"):
        yield "neither text nor fields"
    if "text" in block:
        yield from _text(block["text"], TEXT["section"])
    if "fields" in block:
        yield from _count(block["fields"], 10)
        for field in block["fields"]:
            yield from _text(field, 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _element(element: dict[str, Any]) -> Iterator[str]:
    if not 0 < len(element.get("action_id", "x")) <= 255:
        yield "action_id empty or of more than 255 characters"
    if "confirm" in element:
        yield from _confirm(element["confirm"])
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150)
    if element["type"] == "button":
        yield from _text(element["text"], TEXT["button"])
        if len(element.get("value", "")) > 2000 or len(element.get("url", "")) > 3000:
            yield "a button's value or address is too long"
        if len(element.get("accessibility_label", "")) > 75:
            yield "accessibility_label of more than 75 characters"
    if "options" in element:
        most = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}.get(element["type"], 100)
        yield from _count(element["options"], most)
        for option in element["options"]:
            yield from _option(option)
    if element["type"] == "plain_text_input":
        yield from _input(element)


def _input(element: dict[str, Any]) -> Iterator[str]:
    most = element.get("max_length", 3000)
    if most > 3000 or len(element.get("initial_value", "")) > most:
        yield "an input's length"


def _option(option: dict[str, Any]) -> Iterator[str]:
    yield from _text(option["text"], TEXT["option"])
    if "description" in option:
        yield from _text(option["description"], TEXT["option"])
    if not 0 < len(option["value"]) <= 150:
        yield "an option's value empty or of more than 150 characters"


def _confirm(confirm: dict[str, Any]) -> Iterator[str]:
    for part, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from _text(confirm[part], most)


def _text(text: dict[str, Any], most: int) -> Iterator[str]:
    words = text["text"]
    if not 0 < len(words) <= most:
        yield f"{len(words)} characters where 1 to {most} may be: {words[:60]!r}"
    if text["type"] == "mrkdwn":
        yield from _mrkdwn("mrkdwn", words)
    elif TRICKS.search(words):
        yield f"a control character: {words[:60]!r}"


def _count(things: list[Any], most: int) -> Iterator[str]:
    if not 0 < len(things) <= most:
        yield f"{len(things)} where 1 to {most} may be"


def _mrkdwn(where: str, words: str) -> Iterator[str]:
    plain = ENTITY.sub("", words)
    if "<" in plain or ">" in plain:
        yield f"{where}: not escaped: {words[:120]!r}"
    if AMPERSAND.search(plain):
        yield f"{where}: a bare &: {words[:120]!r}"
    if TRICKS.search(words):
        yield f"{where}: a control character: {words[:60]!r}"
