"""Slack's payloads as requests. Nothing in them is trusted but the ids, and those only in the form Slack gives them.

Every request is named by what Slack repeats when it delivers again (docs/slack.md), so that it has its effect once.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from adapters.slack.addresses import CONVERSATION, PERSON, TEAM, conversation, person, spot
from adapters.slack.buttons import MENU, PAGE
from adapters.slack.intake import at
from adapters.slack.payload_faults import BadPayload, ForeignTeam
from adapters.slack.views import kept, values_of
from adapters.slack.words import after_mention, said
from bot.refs import Address, Identity
from bot.requests import Request

Payload = Mapping[str, Any]

LARGEST = 2**31 - 1
"""Number of an incident: no database's column takes more."""
PLACE = "place"
"""Under this name a form carries along the conversation it was opened from."""
THREAD = re.compile(r"\d{1,12}\.\d{1,9}", re.ASCII)


def commanded(form: Payload, team: str) -> Request:
    """A slash command. Raises BadPayload."""
    _check_team(team, form.get("team_id"))
    return Request(
        key=f"slack:command:{_text(form, 'trigger_id')}",
        identity=_identity(form, "user_id", team),
        place=_place(form.get("channel_id"), team),
        text=said(_optional(form, "text"), team),
    )


def mentioned(body: Payload, team: str, bot: str) -> Request | None:
    """Words after a mention of ourselves (`bot`: our user id); its thread may be an incident's room.

    None for what is not to be acted on: what a bot said, and a message that was edited, for it was heard before.
    Raises BadPayload.
    """
    _check_team(team, body.get("team_id"))
    event = at(body, "event")
    if not isinstance(event, dict) or event.get("type") != "app_mention":
        raise BadPayload("event is no mention")
    if event.get("bot_id") or event.get("edited") or event.get("user") == bot:
        return None
    _check_person(team, event.get("user_team"), body.get("enterprise_id"))
    _check_person(team, event.get("team"), body.get("enterprise_id"))
    return Request(
        key=f"slack:event:{_text(body, 'event_id')}",
        identity=_identity(event, "user", team),
        place=_place(event.get("channel"), team, event.get("thread_ts")),
        text=said(after_mention(_optional(event, "text"), bot), team),
    )


def pressed(payload: Payload, team: str) -> Request | None:
    """A button, or a choice from a menu. None for a button that opened a page: nothing is left to do.

    Raises BadPayload.
    """
    _check_team(team, at(payload, "team.id"))
    _check_person(team, at(payload, "user.team_id"), at(payload, "team.enterprise_id"))
    actions = payload.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise BadPayload("actions is missing")
    action = actions[0]
    word = _text(action, "action_id").partition("#")[0]
    if word == PAGE:
        return None
    value = _value(at(action, "selected_option.value") if word == MENU else action.get("value"))
    return Request(
        key=_press_key(payload, action),
        identity=_identity(payload, "user.id", team),
        place=_place(
            at(payload, "channel.id") or at(payload, "container.channel_id"),
            team,
            at(payload, "container.thread_ts") or at(payload, "message.thread_ts"),
        ),
        word=_text(value, "w") if word == MENU else word,
        values=_strings(value.get("v", {})),
        incident=_number(value.get("i")),
    )


def submitted(payload: Payload, team: str) -> Request:
    """A form that was sent: what was filled in, over what was settled before. Raises BadPayload."""
    _check_team(team, at(payload, "team.id"))
    _check_person(team, at(payload, "user.team_id"), at(payload, "team.enterprise_id"))
    seen = payload.get("view")
    if not isinstance(seen, dict):
        raise BadPayload("view is missing")
    before = kept(seen)
    filled = values_of(payload, team)
    shown = at(seen, "state.values") or {}
    return Request(
        key=_submission_key(seen),
        identity=_identity(payload, "user.id", team),
        place=_carried_place(before.carried.get(PLACE, ""), team),
        word=_text(seen, "callback_id"),
        values={**{name: value for name, value in before.values.items() if name not in shown}, **filled},
        incident=_number(before.incident),
        submitted=True,
    )


def _press_key(payload: Payload, action: Payload) -> str:
    trigger = payload.get("trigger_id")
    if isinstance(trigger, str) and trigger:
        return f"slack:press:{trigger}"
    parts = (_text(payload, "user.id"), _text(action, "action_ts"), _text(action, "action_id"))
    return f"slack:press:{'/'.join(parts)}"


def _submission_key(seen: Payload) -> str:
    """A form sent again after a finding keeps its id, and perhaps its hash: what was typed tells the two apart."""
    typed = json.dumps(at(seen, "state.values"), sort_keys=True).encode(errors="replace")
    digest = hashlib.sha256(typed).hexdigest()[:16]
    return f"slack:view:{_text(seen, 'id')}/{_optional(seen, 'hash')}/{digest}"


def _value(text: object) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) and text else {}
    except (ValueError, RecursionError) as fault:
        raise BadPayload("value is not ours") from fault
    if not isinstance(found, dict):
        raise BadPayload("value is not ours")
    return found


def _strings(found: object) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise BadPayload("value is not ours")
    return found


def _number(found: object) -> int | None:
    if found is None or (type(found) is int and 0 < found <= LARGEST):
        return found
    raise BadPayload("value names no incident")


def _text(payload: Payload, path: str) -> str:
    found = at(payload, path)
    if not isinstance(found, str) or not found:
        raise BadPayload(f"{path} is missing")
    return found


def _optional(payload: Payload, path: str) -> str:
    found = at(payload, path)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise BadPayload(f"{path} is no text")
    return found


def _identity(payload: Payload, path: str, team: str) -> Identity:
    user = _text(payload, path)
    if not PERSON.fullmatch(user):
        raise BadPayload(f"{path} is no person")
    return person(team, user)


def _place(channel: object, team: str, thread: object = None) -> Address | None:
    if channel is None:
        return None
    if not isinstance(channel, str) or not CONVERSATION.fullmatch(channel):
        raise BadPayload("channel is none")
    in_thread = isinstance(thread, str) and THREAD.fullmatch(thread)
    return conversation(team, channel, str(thread) if in_thread else "")


def _carried_place(address: str, team: str) -> Address | None:
    found = spot(address)
    return Address(address) if found and found.team == team and found.channel else None


def _check_person(ours: str, theirs: object, organisation: object) -> None:
    """In an Enterprise organisation people may be named by the organisation: they are no strangers."""
    if theirs != organisation:
        _check_team(ours, theirs)


def _check_team(ours: str, theirs: object) -> None:
    """Some payloads name no workspace; one that is named must be ours."""
    if theirs is None:
        return
    if not isinstance(theirs, str) or not TEAM.fullmatch(theirs):
        raise BadPayload("team is none")
    if theirs != ours:
        raise ForeignTeam(f"{theirs} is another workspace")
