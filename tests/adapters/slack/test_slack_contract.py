"""Slack keeps the contract of every chat."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest

from adapters.slack.limits import violations
from adapters.slack.mrkdwn import Workspace
from adapters.slack.payloads import pressed
from adapters.slack.render import message
from adapters.slack.views import shown_fields, view
from tests.contracts.chat import *  # noqa: F403 - the contract is all of it
from tests.contracts.chat import Chat, Pressed
from tests.samples.world import NAMES

WORKSPACE = Workspace(team="T1", groups={"slack:@sre-oncall": "SONCALL"})
ENTITY = re.compile(r"<([^<>]*)>")
PEOPLE = {str(identity): NAMES.people[person] for person, known in NAMES.identities.items() for identity in known}
ROOMS = {str(place): NAMES.rooms[number] for number, places in NAMES.places.items() for place in places}


@pytest.fixture(scope="module")
def chat() -> Chat:
    return Chat(
        name="slack:T1/",
        message=lambda card, at, names: message(card, at, names, WORKSPACE),
        form=lambda form, at, names: view(form, at, names, WORKSPACE),
        violations=violations,
        shown=lambda found: "\n".join(_read(text) for text in _texts(found["blocks"])),
        spoken=lambda found: unescape(found["text"]),
        mentioned=lambda found: frozenset(_mentions(found)),
        presses=lambda found: tuple(_presses(found)),
        fields=lambda found: tuple(shown_fields(found)),
    )


def _texts(part: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, list):
        for item in part:
            yield from _texts(item)
    elif isinstance(part, dict):
        if part.get("type") in {"mrkdwn", "plain_text"}:
            yield part
        else:
            for item in part.values():
                yield from _texts(item)


def _read(text: Mapping[str, Any]) -> str:
    if text["type"] == "plain_text":
        return str(text["text"])
    return unescape(ENTITY.sub(lambda found: _seen(found[1]), text["text"]).replace("*", "").replace("`", ""))


def _seen(entity: str) -> str:
    if entity.startswith("@"):
        return "@" + PEOPLE[f"slack:T1/{entity[1:]}"]
    if entity.startswith("#"):
        return "#" + ROOMS[f"slack:T1/{entity[1:]}"]
    return entity.partition("|")[2] or entity


def _mentions(found: Mapping[str, Any]) -> Iterator[str]:
    """Every entity but links to pages and moments; in the message's own `text` there may be none at all."""
    rich = [text["text"] for text in _texts(found["blocks"]) if text["type"] == "mrkdwn"]
    for words in (*rich, found["text"]):
        assert not re.search(r"<[^<>]*<|<[^<>]*$|^[^<>]*>", words), words
        for entity in ENTITY.findall(words):
            yield from _called(entity)


def _called(entity: str) -> Iterator[str]:
    if entity.startswith("@"):
        yield f"slack:T1/{entity[1:]}"
    elif entity.startswith("#"):
        yield f"room:slack:T1/{entity[1:]}"
    elif entity.startswith("!subteam^"):
        yield f"group:{entity.removeprefix('!subteam^')}"
    elif not re.fullmatch(r"!date\^\d+\^[^|]+\|[^|]+|https?://[^|\s]+(\|[^|]*)?", entity):
        yield f"something: {entity}"


def _presses(found: Mapping[str, Any]) -> Iterator[Pressed]:
    """As Slack would send them."""
    for block in found["blocks"]:
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            for chosen in element.get("options", [None]):
                action = json.loads(json.dumps(element)) | ({"selected_option": chosen} if chosen else {})
                sent = {"trigger_id": "1", "user": {"id": "UANA"}, "team": {"id": "T1"}, "actions": [action]}
                request = pressed(sent, "T1")
                if request:
                    yield Pressed(word=request.word, incident=request.incident, values=request.values)
