"""Slack's limits, in one table (docs/slack.md), and a check of finished payloads against them.

Slack itself answers a breach with `invalid_blocks` and says little more, so the check names the place.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

TEXT = 3_900
"""A message's `text`: `chat.update` refuses more than 4,000."""
BLOCKS_WEIGHT = 12_500
"""All blocks of a message together, as JSON: Slack stops at about 13,200."""
VALUES_WEIGHT = 4_000
"""All that the buttons of a message carry: the words need the rest."""
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
HEADER = 150
SECTION = 3_000
FIELD = 2_000
FIELDS = 8
"""Slack takes 10 to a section; people take in 8 (docs/words.md 5)."""
CONTEXT_TEXT = 3_000
CONTEXT = 10
ACTIONS = 25
OVERFLOW = 5
BUTTON = 75
BUTTON_VALUE = 2_000
URL = 3_000
LABEL = 2_000
HINT = 2_000
INPUT = 3_000
OPTION = 75
"""Of an option's text, description and value alike."""
OPEN_CHOICES = 10
"""Radio buttons and checkboxes."""
LISTED_CHOICES = 100
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
VIEW_TITLE = 24
"""And its two buttons."""
METADATA = 3_000
IDENTIFIER = 255
CHANNEL_NAME = 80
TOPIC = 250
"""Of a channel, escaped."""

TEXTS: Mapping[tuple[str, str], int] = {
    ("header", "text"): HEADER,
    ("section", "text"): SECTION,
    ("field", ""): FIELD,
    ("context element", ""): CONTEXT_TEXT,
    ("button", "text"): BUTTON,
    ("option", "text"): OPTION,
    ("option", "description"): OPTION,
    ("confirm", "title"): CONFIRM_TITLE,
    ("confirm", "text"): CONFIRM_TEXT,
    ("confirm", "confirm"): CONFIRM_BUTTON,
    ("confirm", "deny"): CONFIRM_BUTTON,
    ("input", "label"): LABEL,
    ("input", "hint"): HINT,
    ("modal", "title"): VIEW_TITLE,
    ("modal", "submit"): VIEW_TITLE,
    ("modal", "close"): VIEW_TITLE,
}
"""Text objects, by the thing they stand in and the key."""

RICH = {("section", "text"), ("field", ""), ("context element", "")}
"""Where mrkdwn is allowed; everywhere else only plain text."""

STRINGS: Mapping[tuple[str, str], int] = {
    ("button", "value"): BUTTON_VALUE,
    ("button", "url"): URL,
    ("button", "accessibility_label"): BUTTON,
    ("option", "value"): OPTION,
    ("plain_text_input", "initial_value"): INPUT,
    ("modal", "private_metadata"): METADATA,
    ("modal", "callback_id"): IDENTIFIER,
}

ITEMS: Mapping[tuple[str, str], tuple[int, int]] = {
    ("section", "fields"): (1, FIELDS),
    ("context", "elements"): (1, CONTEXT),
    ("actions", "elements"): (1, ACTIONS),
    ("overflow", "options"): (1, OVERFLOW),
    ("radio_buttons", "options"): (1, OPEN_CHOICES),
    ("checkboxes", "options"): (1, OPEN_CHOICES),
    ("static_select", "options"): (1, LISTED_CHOICES),
    ("multi_static_select", "options"): (1, LISTED_CHOICES),
}
"""Lists: at least, at most."""

MESSAGE_PARTS = frozenset({"header", "section", "context", "actions"})
VIEW_PARTS = MESSAGE_PARTS | {"input"}

_MEMBERS = {"fields": "field", "options": "option", "initial_options": "option"}
_MEMBER = {"confirm": "confirm", "initial_option": "option"}


def violations(payload: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse about a message (`text`, `blocks`) or a view, each with its place; empty: nothing."""
    if "type" in payload:
        return list(_view(payload))
    return list(_message(payload))


def weight(blocks: object) -> int:
    """Characters of blocks as JSON, the most cautious reading of Slack's limit."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _message(payload: Mapping[str, Any]) -> Iterator[str]:
    text, blocks = payload.get("text"), payload.get("blocks", [])
    if not isinstance(text, str) or not text.strip():
        yield "text: is empty"
    elif len(text) > TEXT:
        yield f"text: {len(text)} characters, {TEXT} allowed"
    yield from _blocks(blocks, MESSAGE_PARTS, MESSAGE_BLOCKS)
    total = weight(blocks)
    if total > BLOCKS_WEIGHT:
        yield f"blocks: {total} characters in all, {BLOCKS_WEIGHT} allowed"


def _view(view: Mapping[str, Any]) -> Iterator[str]:
    blocks = view.get("blocks", [])
    yield from _thing("modal", view, "view")
    yield from _blocks(blocks, VIEW_PARTS, VIEW_BLOCKS)
    if "title" not in view:
        yield "view: has no title"
    if "submit" not in view and any(block.get("type") == "input" for block in blocks):
        yield "view: has inputs and no submit"
    size = len(json.dumps(view).encode())
    if size > VIEW_BYTES:
        yield f"view: {size} bytes, {VIEW_BYTES} allowed"


def _blocks(blocks: list[Any], kinds: frozenset[str], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"blocks: {len(blocks)}, {most} allowed"
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(names) != len(set(names)):
        yield "blocks: two have the same block_id"
    for number, block in enumerate(blocks):
        kind = block.get("type")
        if kind not in kinds:
            yield f"blocks[{number}]: {kind} does not belong here"
            continue
        yield from _thing(kind, block, f"blocks[{number}]")
        ids = [part["action_id"] for part in block.get("elements", []) if "action_id" in part]
        if len(ids) != len(set(ids)):
            yield f"blocks[{number}]: two elements have the same action_id"


def _thing(kind: str, thing: Mapping[str, Any], where: str) -> Iterator[str]:
    """Checks one object, then what it holds."""
    for key, value in thing.items():
        place = f"{where}.{key}"
        if (kind, key) in TEXTS:
            yield from _text(kind, key, value, place)
        elif (kind, key) in STRINGS:
            yield from _length(value, STRINGS[kind, key], place)
        elif key in {"block_id", "action_id"}:
            yield from _length(value, IDENTIFIER, place)
        elif isinstance(value, list) and key != "blocks":
            yield from _list(kind, key, value, place)
        elif isinstance(value, dict):
            yield from _thing(_MEMBER.get(key) or value.get("type", key), value, place)
    if kind == "section" and not thing.keys() & {"text", "fields"}:
        yield f"{where}: has neither text nor fields"
    if kind == "button" and "url" in thing and urlsplit(thing["url"]).scheme not in {"http", "https"}:
        yield f"{where}.url: is no address of a page"


def _list(kind: str, key: str, values: list[Any], where: str) -> Iterator[str]:
    least, most = ITEMS.get((kind, key), (0, LISTED_CHOICES))
    if not least <= len(values) <= most:
        yield f"{where}: {len(values)}, {least} to {most} allowed"
    for number, value in enumerate(values):
        place = f"{where}[{number}]"
        if key == "fields" or kind == "context":
            yield from _text("field" if key == "fields" else "context element", "", value, place)
        elif isinstance(value, dict):
            yield from _thing(_MEMBERS.get(key) or value.get("type", key), value, place)
    if key == "options" and len({value.get("value") for value in values}) != len(values):
        yield f"{where}: two have the same value"


def _text(kind: str, key: str, value: Mapping[str, Any], where: str) -> Iterator[str]:
    if value.get("type") not in ({"mrkdwn", "plain_text"} if (kind, key) in RICH else {"plain_text"}):
        yield f"{where}: {value.get('type')} does not belong here"
    yield from _length(value.get("text"), TEXTS[kind, key], where)


def _length(value: object, most: int, where: str) -> Iterator[str]:
    if not isinstance(value, str) or not value:
        yield f"{where}: is empty"
    elif len(value) > most:
        yield f"{where}: {len(value)} characters, {most} allowed"
