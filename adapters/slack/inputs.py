"""A form's fields as Slack's inputs. `block_id` and `action_id` are both the field's name: values come back by it."""

import re
from collections.abc import Iterator
from typing import Any, assert_never

from adapters.cutting import cut
from adapters.slack import limits
from adapters.slack.mrkdwn import Scene, user_ids
from adapters.slack.text import plain, text_object
from adapters.visible import clean, one_line
from bot.questions import Ask, Field, Option
from bot.refs import Person

YES = "yes"
"""What a ticked flag says."""
_MARKER = re.compile(r"@?\{(?P<identity>[^|}]*)\|[^}]*\}|@?(?P<person>[^\s@{}]+)")


def input_block(field: Field, scene: Scene) -> dict[str, Any]:
    """One question. A flag is never required: Slack would demand that it be ticked."""
    label = plain(field.label, limits.LABEL) or field.name
    block: dict[str, Any] = {
        "type": "input",
        "block_id": field.name,
        "label": text_object(label),
        "optional": not field.required or field.ask is Ask.FLAG,
        "element": {"action_id": field.name, **_element(field, scene)},
    }
    hint = plain(field.hint, limits.HINT)
    if hint and field.ask is not Ask.FLAG:
        block["hint"] = text_object(hint)
    return block


def _element(field: Field, scene: Scene) -> dict[str, Any]:
    match field.ask:
        case Ask.TEXT | Ask.LONG_TEXT:
            return _typed(field)
        case Ask.PERSON:
            return _people(field, scene)
        case Ask.FLAG:
            return _flag(field)
        case Ask.INCIDENT:
            return _listed(field) if _options(field) else _typed(field)
        case Ask.ROLE | Ask.PRIORITY | Ask.LEVEL | Ask.STATUS | Ask.AUDIENCE | Ask.CHOICE | Ask.MOMENT | Ask.DURATION:
            return _chosen(field)
        case _:
            assert_never(field.ask)


def _typed(field: Field) -> dict[str, Any]:
    longest = min(field.limit or limits.INPUT, limits.INPUT)
    words = cut(clean(field.value).strip(), longest)
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "multiline": field.ask is Ask.LONG_TEXT,
        "max_length": longest,
    }
    return element | ({"initial_value": words} if words else {})


def _people(field: Field, scene: Scene) -> dict[str, Any]:
    users = list(dict.fromkeys(_users(field.value, scene)))
    if field.several:
        return {"type": "multi_users_select"} | ({"initial_users": users} if users else {})
    return {"type": "users_select"} | ({"initial_user": users[0]} if users else {})


def _users(value: str, scene: Scene) -> Iterator[str]:
    """Those named in a value (`@P-17`, `@{slack:T1/U1|Ben}`) whom this workspace knows."""
    for found in _MARKER.finditer(value):
        known = scene.names.identities.get(Person(found["person"] or ""), ())
        yield from user_ids((found["identity"],) if found["identity"] else known[:], scene.workspace.team)


def _flag(field: Field) -> dict[str, Any]:
    """A box to tick. Its words are the hint, so that the label is not said twice."""
    words = field.options[0].label if field.options else field.hint
    option = {"text": text_object(plain(words, limits.OPTION) or "Yes"), "value": YES}
    ticked = field.value.strip().casefold() in {YES, "true", "on", field.name.casefold()}
    return {"type": "checkboxes", "options": [option]} | ({"initial_options": [option]} if ticked else {})


def _chosen(field: Field) -> dict[str, Any]:
    """Few options stand open, each with its description; many go into a list; without any, the value is typed."""
    options = _options(field)
    if not options:
        return _typed(field)
    if len(options) > limits.OPEN_CHOICES:
        return _listed(field)
    return _initial({"type": "checkboxes" if field.several else "radio_buttons", "options": options}, field)


def _listed(field: Field) -> dict[str, Any]:
    options = [{key: option[key] for key in ("text", "value")} for option in _options(field)]
    return _initial({"type": "multi_static_select" if field.several else "static_select", "options": options}, field)


def _initial(element: dict[str, Any], field: Field) -> dict[str, Any]:
    wanted = field.value.split() if field.several else [field.value.strip()]
    chosen = [option for option in element["options"] if option["value"] in wanted]
    if not chosen:
        return element
    return element | ({"initial_options": chosen} if field.several else {"initial_option": chosen[0]})


def _options(field: Field) -> list[dict[str, Any]]:
    """As many as Slack takes, each value once. A value that would not come back as it is, is left out."""
    found = {
        option.value: _option(option)
        for option in field.options
        if len(option.value) <= limits.OPTION and option.value and one_line(option.value) == option.value
    }
    return list(found.values())[: limits.LISTED_CHOICES]


def _option(option: Option) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "text": text_object(plain(option.label, limits.OPTION) or one_line(option.value)),
        "value": option.value,
    }
    described = plain(option.description, limits.OPTION)
    return shown | ({"description": text_object(described)} if described else {})
