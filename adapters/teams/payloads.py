"""Teams' activities as requests. Nothing in them is trusted but the ids, and those only in the form Teams gives them.

Every request is named by what Teams repeats when it sends again, the activity's id in its conversation (docs/teams.md),
so that it has its effect once. An action of a form or a button carries its word and values along in `sitrep`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.teams.addresses import ACTIVITY, CHAT, CONVERSATION, PERSON, TENANT, conversation, person, without_thread
from adapters.teams.carried import Told
from adapters.teams.contacts import PRIVATE, Met
from adapters.teams.payload_faults import BadPayload
from adapters.visible import one_line
from bot.people import Profile
from bot.refs import Address
from bot.requests import Request

Activity = Mapping[str, Any]

NOWHERE = "teams"
"""The tenant of people where none is named: only a stand-in for Teams leaves it out."""
BOTS = "28:"
"""How the ids of bots begin."""
OF_TWO = "@unq.gbl.spaces"
"""How the ids of chats of two people end, neither of whom is Sitrep."""
NAME = 200
"""Characters of a person's name that are kept."""


class Kind(StrEnum):
    """What a conversation is."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who did something, and where."""

    met: Met
    kind: Kind
    conversation: str
    """With the thread: where an answer belongs."""
    activity: str
    """The id of what was said or done; a digest of it where it has none."""
    reply_to: str
    """The message whose button or form it is; empty: none."""
    closed: bool
    """Only invited people read there: a chat, or a private channel."""
    at_home: bool
    """Whether the activity names the tenant it is of; another's does not get this far."""
    named: bool
    """Whether the activity says who they are; else it gives the bot's id of them alone."""
    profile: Profile

    @property
    def place(self) -> Address:
        """As the core knows it."""
        return conversation(self.conversation)


def scene(activity: Activity, tenant: str) -> Scene:
    """Who and where. `tenant`: ours, or empty where any may speak. Raises BadPayload."""
    name = _text(activity, "conversation.id")
    if not CONVERSATION.fullmatch(name):
        raise BadPayload("conversation.id is none")
    kind = _kind(activity, name)
    theirs = _optional(activity, "channelData.tenant.id") or _optional(activity, "conversation.tenantId")
    home = tenant or theirs or NOWHERE
    if not TENANT.fullmatch(home):
        raise BadPayload("tenant is none")
    user = _id(activity, "from.id")
    object_id = _object_id(activity)
    access = _optional(activity, "channelData.channel.type").casefold()
    return Scene(
        met=Met(
            tenant=home,
            service=_text(activity, "serviceUrl"),
            conversation=without_thread(name),
            personal=kind is Kind.PERSONAL,
            user=user,
            identity=person(home, object_id or user),
            bot=_optional(activity, "recipient.id"),
            channel=_place(activity, "channelData.channel.id"),
            team=_place(activity, "channelData.team.id"),
            access=access,
        ),
        kind=kind,
        conversation=name,
        activity=_known_id(activity, "id") or _digest(activity),
        reply_to=_known_id(activity, "replyToId"),
        closed=kind is not Kind.CHANNEL or access == PRIVATE,
        at_home=bool(theirs),
        named=bool(object_id),
        profile=Profile(
            name=one_line(_optional(activity, "from.name"))[:NAME], zone=_zone(activity), bot=user.startswith(BOTS)
        ),
    )


def said(seen: Scene, text: str) -> Request:
    """Words, as `adapters.teams.words.said` gives them."""
    return Request(
        key=occasion("message", seen),
        identity=seen.met.identity,
        profile=seen.profile,
        place=seen.place,
        text=text,
    )


def pressed(seen: Scene, told: Told) -> Request:
    """A button."""
    return Request(
        key=occasion("press", seen),
        identity=seen.met.identity,
        profile=seen.profile,
        place=seen.place,
        word=told.word,
        values=told.values,
        incident=told.incident,
    )


def asked(seen: Scene, word: str) -> Request:
    """A word without values, which asks for its form."""
    return Request(
        key=occasion("action", seen),
        identity=seen.met.identity,
        profile=seen.profile,
        place=seen.place,
        word=word,
    )


def submitted(seen: Scene, told: Told, filled: Mapping[str, str], shown: frozenset[str]) -> Request:
    """A form. `filled` are its answers, `shown` the names of its fields: one left empty takes back what was settled."""
    settled = {name: value for name, value in told.values.items() if name not in shown}
    return Request(
        key=f"{occasion('form', seen)}/{_digest([told.word, dict(filled)])}",
        identity=seen.met.identity,
        profile=seen.profile,
        place=seen.place,
        word=told.word,
        values={**settled, **filled},
        incident=told.incident,
        submitted=True,
    )


def occasion(what: str, seen: Scene) -> str:
    """The same for what Teams sends again, another for everything else.

    The conversation and the activity; for cards the message they stand in as well, for ids are its own there.
    """
    return f"{CHAT}:{what}:{seen.conversation}|{seen.reply_to}|{seen.activity}|{seen.met.user}"


def _digest(found: object) -> str:
    words = json.dumps(found, sort_keys=True, default=str).encode(errors="replace")
    return hashlib.sha256(words).hexdigest()[:16]


def _kind(activity: Activity, name: str) -> Kind:
    """As Teams says; where a stand-in says nothing, a conversation with a thread or a team is a channel.

    An action on a message may come from a chat of two people, which Teams calls personal too: it is not ours with one.
    """
    if name.endswith(OF_TWO):
        return Kind.GROUP
    said_kind = _optional(activity, "conversation.conversationType")
    if said_kind in set(Kind):
        return Kind(said_kind)
    if _optional(activity, "channelData.team.id") or without_thread(name) != name:
        return Kind.CHANNEL
    return Kind.GROUP if at(activity, "conversation.isGroup") is True else Kind.PERSONAL


def _zone(activity: Activity) -> str:
    """Where the client says they are, if that is a zone: some say `W. Europe Standard Time`, which would hide ours."""
    entities = activity.get("entities")
    told = (one for one in (entities if isinstance(entities, list) else ()) if isinstance(one, dict))
    zones = (at(one, "timezone") for one in told if one.get("type") == "clientInfo")
    return next((zone for zone in (at(activity, "localTimezone"), *zones) if _is_zone(zone)), "")


def _is_zone(name: object) -> bool:
    if not isinstance(name, str) or not name:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def at(activity: Activity, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    found: Any = activity
    for name in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def _text(activity: Activity, path: str) -> str:
    found = at(activity, path)
    if not isinstance(found, str) or not found:
        raise BadPayload(f"{path} is missing")
    return found


def _optional(activity: Activity, path: str) -> str:
    found = at(activity, path)
    return found if isinstance(found, str) else ""


def _id(activity: Activity, path: str) -> str:
    found = _text(activity, path)
    if not PERSON.fullmatch(found):
        raise BadPayload(f"{path} is no person")
    return found


def _object_id(activity: Activity) -> str:
    found = _optional(activity, "from.aadObjectId")
    return found if PERSON.fullmatch(found) else ""


def _place(activity: Activity, path: str) -> str:
    found = _optional(activity, path)
    return found if CONVERSATION.fullmatch(found) else ""


def _known_id(activity: Activity, path: str) -> str:
    found = _optional(activity, path)
    return found if ACTIVITY.fullmatch(found) else ""
