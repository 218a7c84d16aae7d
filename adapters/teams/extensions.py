"""Actions on a message: "Declare incident" and "Add to timeline", with the message's words in the form."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import Any

from adapters.teams import payloads
from adapters.teams.doing import Doing, Done
from adapters.teams.payloads import Scene
from adapters.visible import one_line
from bot.plain import plain_text
from bot.questions import Field, Form

ACTIONS: Mapping[str, str] = {"declare": "title", "note": "text"}
"""By the command's word, the field that the message's words go into."""
OLD = "This action is of another release of Sitrep: install its app again."
_TAG = re.compile(r"<[^<>]*>")


async def opened(doing: Doing, seen: Scene, value: Mapping[str, Any]) -> Done:
    """The dialog of an action on a message. Raises BadPayload."""
    word = str(value.get("commandId") or "")
    if word not in ACTIONS:
        return Done(words=OLD)
    answer = await doing.asked(seen, payloads.asked(seen, word))
    if answer is None:
        return Done(words="Nothing was saved: try again in a minute.")
    if answer.form is not None:
        form = _filled(answer.form, ACTIONS[word], words_of(value))
        return Done(dialog=await doing.dialog(seen, form, answer.names))
    return Done(words=plain_text(answer.card, doing.now(), answer.names) if answer.card else "")


def words_of(value: Mapping[str, Any]) -> str:
    """What the message says, on one line."""
    content = payloads.at(value, "messagePayload.body.content")
    return one_line(unescape(_TAG.sub(" ", content))) if isinstance(content, str) else ""


def _filled(form: Form, name: str, words: str) -> Form:
    return replace(form, fields=tuple(_with(field, words) if field.name == name else field for field in form.fields))


def _with(field: Field, words: str) -> Field:
    return replace(field, value=words[: field.limit] if field.limit else words)
