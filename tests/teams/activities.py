"""Activities as Teams sends them: what people type, press, fill in and do, and what happens to conversations."""

import html
import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.teams.people import BOT, BOT_NAME, Person
from tests.teams.tenant import ROOT, TEAM_GROUP, TEAM_NAME, Message, Tenant

Activity = dict[str, Any]

_NAMED = re.compile(r"@(\w+)")
_BOT_ITSELF = {"id": BOT, "name": BOT_NAME}


def spoken(tenant: Tenant, person: Person, place: str, text: str, *, mention: bool, split: bool = False) -> Activity:
    """A message as it was typed: `@name` becomes a mention, everything else is escaped.

    `mention`: it begins with the bot. `split`: a name of two words is two mentions of one person, as the client does
    where part of the name was taken away or typed over.
    """
    told = "<at>Sitrep</at>&nbsp;" if mention else ""
    entities = [_mention(BOT, BOT_NAME)] if mention else []
    done = 0
    for found in _NAMED.finditer(text):
        named = tenant.people.get(found[1])
        if named is None:
            continue
        parts = named.full_name.split() if split else [named.full_name]
        told += html.escape(text[done : found.start()], quote=False)
        told += "&nbsp;".join(f"<at>{part}</at>" for part in parts) + "&nbsp;"
        entities += [_mention(named.id, part) for part in parts]
        done = found.end()
    told += html.escape(text[done:], quote=False)
    if mention and tenant.described(place)["conversationType"] == "channel":
        told = f"{told}\n"
    return {
        **_by(tenant, person, place),
        "type": "message",
        "textFormat": "plain",
        "text": told,
        "attachments": [{"contentType": "text/html", "content": f"<p>{told.strip()}</p>"}],
        "entities": [*entities, _client(person)],
    }


def submitted(tenant: Tenant, person: Person, message: Message, value: Any) -> Activity:
    """`Action.Submit` on a message: a message with a value and no words."""
    return {
        **_by(tenant, person, message.conversation),
        "type": "message",
        "id": f"f:{uuid.uuid4()}",
        "replyToId": message.id,
        "value": value,
        "entities": [_client(person)],
    }


def invoked(tenant: Tenant, person: Person, place: str, name: str, value: Any, *, about: str = "") -> Activity:
    """Something that wants an answer. `about`: the message that it comes from."""
    return {
        **_by(tenant, person, place),
        "type": "invoke",
        "id": f"f:{uuid.uuid4()}",
        "name": name,
        "value": value,
        "entities": [_client(person)],
        **({"replyToId": about} if about else {}),
    }


def executed(tenant: Tenant, person: Person, message: Message, action: dict[str, Any]) -> Activity:
    """`Action.Execute` on a message."""
    known = {key: action[key] for key in ("type", "id", "title", "verb", "data") if key in action}
    value = {"action": known, "trigger": "manual", "authentication": None, "state": None}
    return invoked(tenant, person, message.conversation, "adaptiveCard/action", value, about=message.id)


def extension(tenant: Tenant, person: Person, message: Message, command: str) -> dict[str, Any]:
    """What an action of a message extension says of the message it was taken on."""
    author = tenant.people.get(message.author)
    sender: dict[str, Any] = {"device": None, "conversation": None, "user": None}
    if author is not None:
        sender["user"] = {"userIdentityType": "aadUser", "id": author.object_id, "displayName": author.full_name}
    else:
        sender["application"] = {"applicationIdentityType": "bot", "id": BOT, "displayName": BOT_NAME}
    payload: dict[str, Any] = {
        "id": message.id,
        "replyToId": None if message.root else message.conversation.partition(ROOT)[2] or None,
        "createdDateTime": _iso(datetime.fromtimestamp(message.at, UTC)),
        "lastModifiedDateTime": None,
        "deleted": False,
        "subject": "",
        "summary": None,
        "importance": "normal",
        "locale": "en-gb",
        "linkToMessage": f"https://teams.microsoft.com/l/message/{message.conversation}/{message.id}",
        "from": sender,
        "body": {"contentType": "html", "content": f"<div>{message.activity.get('text', '')}</div>"},
        "attachments": [],
        "mentions": [],
        "reactions": [],
    }
    return {
        "commandId": command,
        "commandContext": "message",
        "context": {"theme": "default"},
        "messagePayload": payload,
    }


def reacted(tenant: Tenant, person: Person, message: Message, kind: str, *, added: bool = True) -> Activity:
    """A reaction to a message."""
    return {
        **_by(tenant, person, message.conversation),
        "type": "messageReaction",
        "id": f"f:{uuid.uuid4()}",
        "replyToId": message.id,
        ("reactionsAdded" if added else "reactionsRemoved"): [{"type": kind}],
    }


def changed(tenant: Tenant, person: Person, message: Message, activity: Activity) -> Activity:
    """A message that was edited."""
    found = {**activity, "type": "messageUpdate", "id": message.id}
    found["channelData"] = {**tenant.channel_data(message.conversation), "eventType": "editMessage"}
    return found


def members(
    tenant: Tenant, by: Person, place: str, *, added: Iterable[str] = (), removed: Iterable[str] = ()
) -> Activity:
    """People, or the bot, came or went."""
    come, gone = list(added), list(removed)
    event = {"eventType": "teamMemberAdded" if come else "teamMemberRemoved"} if _is_team(tenant, place) else {}
    return {
        **_event(tenant, by, place, event),
        **({"membersAdded": [{"id": key} for key in come]} if come else {}),
        **({"membersRemoved": [{"id": key} for key in gone]} if gone else {}),
    }


def installation(tenant: Tenant, by: Person, place: str, action: str) -> Activity:
    """The bot's app was added or removed."""
    found = _event(tenant, by, place, {"source": {"name": "message"}})
    if _is_team(tenant, place):
        found["channelData"]["settings"] = {"selectedChannel": {"id": place}}
    return {**found, "type": "installationUpdate", "action": action}


def channel_event(tenant: Tenant, by: Person, kind: str, channel: str, name: str) -> Activity:
    """`channelCreated`, `channelRenamed`, `channelDeleted`, `channelRestored`: told in the team's first channel."""
    return _event(tenant, by, tenant.team, {"eventType": kind, "channel": {"id": channel, "name": name}})


def _event(tenant: Tenant, by: Person, place: str, more: dict[str, Any]) -> Activity:
    data = {**tenant.channel_data(place), **more}
    if _is_team(tenant, place):
        data["team"] = {"id": tenant.team, "name": TEAM_NAME, "aadGroupId": TEAM_GROUP}
    found = _by(tenant, by, place)
    kept = {key: found[key] for key in found if key not in {"localTimestamp", "localTimezone", "locale"}}
    account = {"id": by.id, "aadObjectId": by.object_id}
    return {**kept, "type": "conversationUpdate", "id": f"f:{uuid.uuid4()}", "from": account, "channelData": data}


def _by(tenant: Tenant, person: Person, place: str) -> Activity:
    now = datetime.now(UTC)
    return {
        "timestamp": _iso(now),
        "localTimestamp": now.astimezone(ZoneInfo(person.zone)).isoformat(),
        "localTimezone": person.zone,
        "id": str(next(tenant.counter)),
        "channelId": "msteams",
        "serviceUrl": tenant.service_url,
        "from": person.account,
        "conversation": tenant.described(place),
        "recipient": _BOT_ITSELF,
        "channelData": tenant.channel_data(place),
        "locale": "en-GB",
    }


def _is_team(tenant: Tenant, place: str) -> bool:
    found = tenant.at(place)
    return found is not None and found.kind == "channel"


def _mention(user: str, name: str) -> dict[str, Any]:
    return {"type": "mention", "mentioned": {"id": user, "name": name}, "text": f"<at>{name}</at>"}


def _client(person: Person) -> dict[str, str]:
    return {
        "type": "clientInfo",
        "locale": "en-GB",
        "country": "GB",
        "platform": "Web",
        "timezone": person.zone,
    }


def _iso(moment: datetime) -> str:
    """With the seven digits that Microsoft writes."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"


def of_tenant(activity: Activity, tenant_id: str) -> Activity:
    """The same, of another organisation."""
    data = {**activity["channelData"], "tenant": {"id": tenant_id}}
    return {**activity, "channelData": data, "conversation": {**activity["conversation"], "tenantId": tenant_id}}


def without_tenant(activity: Activity) -> Activity:
    """The same, without a word of the organisation."""
    data = {key: value for key, value in activity["channelData"].items() if key != "tenant"}
    place = {key: value for key, value in activity["conversation"].items() if key != "tenantId"}
    return {**activity, "channelData": data, "conversation": place}
