"""A form as a Slack modal, and what comes back from one. Submitting it is the command: `callback_id` is the word."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.cutting import cut
from adapters.slack import limits
from adapters.slack.addresses import PERSON, person
from adapters.slack.inputs import input_block
from adapters.slack.intake import at as value_at
from adapters.slack.mrkdwn import Scene, Workspace, mrkdwn
from adapters.slack.payload_faults import BadPayload
from adapters.slack.render import within
from adapters.slack.text import packed, plain, rich_object, text_object
from adapters.slack.words import typed, unescape
from adapters.visible import clean, one_line
from bot.cards import Names, Strong
from bot.questions import Ask, Field, Form
from bot.refs import reference

FINDING = 300
"""Characters of a sentence under a field."""
BACK = "Back"
"""Closes the form. "Cancel" would be a word of ours, and "Close" another."""
PREVIEW_BLOCKS = 12
"""For one audience's words within a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a modal carries along unseen, so that its submission needs no memory of ours."""

    incident: int | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """Settled before it was opened."""
    carried: Mapping[str, str] = field(default_factory=dict[str, str])
    """The listener's own: the place the request came from."""


def view(
    form: Form, at: datetime, names: Names, workspace: Workspace, carried: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The modal of a form, within Slack's limits. `carried` comes back in `Kept`, as strings; it may hold no secret."""
    scene = Scene(at=at, names=names, workspace=workspace)
    metadata, rest = _metadata(form, carried or {})
    fields = (*form.fields, *rest)
    asked = (block for field in fields for block in _question(field, scene))
    blocks = [*_preview(form, scene), *_above(form, scene), *asked]
    return {
        "type": "modal",
        "callback_id": form.command,
        "title": text_object(_title(form)),
        "submit": text_object(plain(form.submit, limits.VIEW_TITLE) or "Send"),
        "close": text_object(BACK),
        "private_metadata": metadata,
        "blocks": blocks[: limits.VIEW_BLOCKS],
    }


def refusal(submitted: Mapping[str, Any], sentence: str) -> dict[str, Any]:
    """The answer to a submission that is refused: at the first field of those in `submitted`; without any it closes."""
    first = next(shown_fields(submitted), None)
    return {"response_action": "clear"} if first is None else _errors({first: sentence})


def again(form: Form, submitted: Mapping[str, Any], at: datetime, names: Names, workspace: Workspace) -> dict[str, Any]:
    """The answer to a submission that lacks something: findings at its fields, or the form anew if it asks for more."""
    shown = set(shown_fields(submitted))
    found = {field.name: field.finding for field in form.fields if field.finding and field.name in shown}
    if found and {field.name for field in form.fields} <= shown and not form.preview:
        return _errors(found)
    carried = kept(submitted).carried
    return {"response_action": "update", "view": view(form, at, names, workspace, carried)}


def shown_fields(submitted: Mapping[str, Any]) -> Iterator[str]:
    """The names of a view's fields, in order. `submitted` is the payload's `view`."""
    blocks = submitted.get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, dict) and block.get("type") == "input" and isinstance(block.get("block_id"), str):
            yield block["block_id"]


def kept(submitted: Mapping[str, Any]) -> Kept:
    """What the view carried along. Raises BadPayload where that is not what `view` wrote."""
    try:
        found = json.loads(submitted.get("private_metadata") or "{}")
    except (TypeError, ValueError, RecursionError) as fault:
        raise BadPayload("private_metadata is not ours") from fault
    if not isinstance(found, dict):
        raise BadPayload("private_metadata is not ours")
    number, values, carried = found.get("i"), found.get("v", {}), found.get("c", {})
    if not (number is None or type(number) is int) or not _strings(values) or not _strings(carried):
        raise BadPayload("private_metadata is not ours")
    return Kept(incident=number, values=values, carried=carried)


def values_of(payload: Mapping[str, Any], team: str) -> dict[str, str]:
    """What was filled in, by field, as a person would type it; what was left empty is not in it.

    People are `@{slack:T1/U1|}`, several values stand with blanks between. Raises BadPayload for a state that is none.
    """
    state = value_at(payload, "view.state.values")
    if not isinstance(state, dict):
        raise BadPayload("view.state.values is missing")
    return {name: words for name, words in _answers(state, team) if words}


def _answers(state: Mapping[str, Any], team: str) -> Iterator[tuple[str, str]]:
    for block in state.values():
        for name, answer in block.items() if isinstance(block, dict) else ():
            if not isinstance(answer, dict):
                raise BadPayload(f"{name} holds no answer")
            yield name, _answer(answer, team)


def _answer(answer: Mapping[str, Any], team: str) -> str:
    match answer:
        case {"selected_options": list(options)}:
            return " ".join(_chosen(option) for option in options)
        case {"selected_option": option}:
            return _chosen(option)
        case {"selected_users": list(users)}:
            return " ".join(_somebody(user, team) for user in users)
        case {"selected_user": user}:
            return _somebody(user, team)
        case {"value": str(words)}:
            return typed(words).strip()
        case _:
            return ""


def _chosen(option: object) -> str:
    found = option.get("value") if isinstance(option, dict) else None
    return unescape(found) if isinstance(found, str) else ""


def _somebody(user: object, team: str) -> str:
    return f"@{{{person(team, user)}|}}" if isinstance(user, str) and PERSON.fullmatch(user) else ""


def _strings(found: object) -> bool:
    return isinstance(found, dict) and all(isinstance(text, str) for text in found.values())


def _errors(found: Mapping[str, str]) -> dict[str, Any]:
    return {
        "response_action": "errors",
        "errors": {name: cut(one_line(sentence), FINDING) for name, sentence in found.items()},
    }


def _title(form: Form) -> str:
    """At most 24 characters; where that cuts, the incident's name stays."""
    words = plain(form.title, limits.METADATA)
    name = reference(form.incident) if form.incident is not None else ""
    if len(words) <= limits.VIEW_TITLE or not name or not words.endswith(name):
        return plain(words, limits.VIEW_TITLE) or "Sitrep"
    head = words.removesuffix(name).rstrip(": ")
    return f"{cut(head, limits.VIEW_TITLE - len(name) - 2)}: {name}"


def _above(form: Form, scene: Scene) -> Iterator[dict[str, Any]]:
    words = mrkdwn(form.above, scene, limits.SECTION)
    if words.strip():
        yield {"type": "section", "text": rich_object(words)}


def _preview(form: Form, scene: Scene) -> Iterator[dict[str, Any]]:
    """What each audience will read, before the fields it is written in."""
    for card in form.preview:
        yield from within(limits.BLOCKS_WEIGHT, PREVIEW_BLOCKS, card, scene)


def _question(field: Field, scene: Scene) -> Iterator[dict[str, Any]]:
    yield input_block(field, scene)
    words = mrkdwn((Strong((field.finding,)),), scene, limits.CONTEXT_TEXT)
    if words.strip():
        yield {"type": "context", "elements": [rich_object(words)]}


def _metadata(form: Form, carried: Mapping[str, str]) -> tuple[str, tuple[Field, ...]]:
    """The JSON to carry along, and what is too long for it: that is shown as fields, for nothing may be lost."""
    values = {name: clean(value) for name, value in form.values.items()}
    shown: list[Field] = []
    while True:
        metadata = packed({"i": form.incident, "v": values, "c": carried})
        if len(metadata) <= limits.METADATA or not values:
            return metadata, tuple(shown)
        name = max(values, key=lambda one: len(values[one]))
        shown.append(_shown(name, values.pop(name)))


def _shown(name: str, value: str) -> Field:
    return Field(name=name, label=name.replace("_", " ").capitalize(), ask=Ask.LONG_TEXT, required=False, value=value)
