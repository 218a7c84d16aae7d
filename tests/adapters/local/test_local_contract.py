"""The try-out chat keeps the contract of every chat."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.local.intake import body
from adapters.local.render import form, message
from adapters.local.wire import packed
from tests.contracts.chat import *  # noqa: F403 - the contract is all of it
from tests.contracts.chat import Chat, Pressed

KINDS = {"text", "note", "facts", "lines", "rule"}
SPANS = ({"mention", "name"}, {"link", "label"}, {"room", "name"}, {"when", "utc", "far"}, {"code"}, {"strong"})


@pytest.fixture(scope="module")
def chat() -> Chat:
    return Chat(
        name="local:",
        message=message,
        form=form,
        violations=lambda found: list(_violations(found)),
        shown=lambda found: "\n".join(_words(found)),
        spoken=lambda found: str(found["spoken"]),
        mentioned=lambda found: frozenset(_called(found)),
        presses=lambda found: tuple(_presses(found)),
        fields=lambda found: tuple(field["name"] for field in found["fields"]),
    )


def _spans(found: Any) -> Iterator[Any]:
    """Every span of a message or form."""
    lists = [found.get("title", []) if "body" in found else [], found.get("above", [])]
    for part in found.get("body", []):
        lists += [part.get("text", []), part.get("note", []), *part.get("lines", [])]
        lists += [value for _, value in part.get("facts", [])]
    todo = [span for spans in lists for span in spans]
    while todo:
        span = todo.pop(0)
        yield span
        if isinstance(span, dict) and "strong" in span:
            todo[:0] = span["strong"]


def _violations(found: Any) -> Iterator[str]:
    """What the page would not know how to draw, or should not."""
    if body(packed({"sent": found}).encode()).values["sent"] != found:
        yield "it does not come back as it went"
    for part in found.get("body", []):
        if len(part) != 1 or not set(part) <= KINDS:
            yield f"no part: {part}"
    for span in _spans(found):
        if isinstance(span, dict) and set(span) not in SPANS:
            yield f"no span: {span}"
        if isinstance(span, dict) and "link" in span and urlsplit(span["link"]).scheme not in {"http", "https"}:
            yield f"no page: {span}"
    for action in found.get("actions", []):
        if not action["label"]:
            yield "a button without a name"
        if "url" in action and urlsplit(action["url"]).scheme not in {"http", "https"}:
            yield f"no page: {action}"


def _words(found: Any) -> Iterator[str]:
    yield "".join(map(_said, found["title"]))
    for part in found["body"]:
        for spans in (part.get("text", []), part.get("note", []), *part.get("lines", [])):
            yield "".join(map(_said, spans))
        for label, value in part.get("facts", []):
            yield label
            yield "".join(map(_said, value))
    yield from (action["label"] for action in found["actions"])


def _said(span: Any) -> str:
    match span:
        case str():
            return span
        case {"mention": _, "name": name}:
            return f"@{name}"
        case {"link": _, "label": label}:
            return str(label)
        case {"room": _, "name": name}:
            return f"#{name}"
        case {"when": _, "utc": utc}:
            return f"({utc})"
        case {"code": code}:
            return str(code)
        case _:
            return "".join(map(_said, span["strong"]))


def _called(found: Any) -> Iterator[str]:
    for span in _spans(found):
        if isinstance(span, dict) and span.get("mention"):
            yield f"local:@{span['mention']}"
        if isinstance(span, dict) and span.get("room"):
            yield f"room:local:{span['room']}"


def _presses(found: Any) -> Iterator[Pressed]:
    for action in found["actions"]:
        if "word" in action:
            yield Pressed(word=action["word"], incident=action["incident"], values=action["values"])
