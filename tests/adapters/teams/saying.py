"""Activities as Teams sends them: what people type, press and send, in the conversations of one tenant."""

from collections.abc import Mapping
from itertools import count
from typing import Any

TENANT = "larkfield"
SERVICE = "https://smba.example/emea/"
BOT = "28:bot"
CHANNEL = "19:incidents@thread.tacv2"
POST = f"{CHANNEL};messageid=1700000000000"
BOARD = "19:board@thread.tacv2"
GROUP = "19:payments@thread.v2"
CHAT = "a:ana"

_ids = count(1700000000001)


def activity(text: str | None = None, *, where: str = CHAT, who: str = "ana", **more: Any) -> dict[str, Any]:
    """A message of somebody's: to Sitrep, in a personal chat unless `where` says otherwise."""
    kind = "channel" if ".tacv2" in where else "groupChat" if ".v2" in where else "personal"
    to_us = {"type": "mention", "text": "<at>Sitrep</at>", "mentioned": {"id": BOT, "name": "Sitrep"}}
    known: dict[str, Any] = {
        "type": "message",
        "id": str(next(_ids)),
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": f"29:{who}", "name": who.title(), "aadObjectId": f"o-{who}"},
        "conversation": {"id": where, "conversationType": kind},
        "recipient": {"id": BOT, "name": "Sitrep"},
        "channelData": {"tenant": {"id": TENANT}},
    }
    if text is not None:
        known |= {"text": text if kind == "personal" else f"<at>Sitrep</at> {text}"}
    if text is not None and kind != "personal":
        known |= {"entities": [to_us]}
    return {name: value for name, value in (known | more).items() if value is not None}


def invoke(name: str, value: Any, **more: Any) -> dict[str, Any]:
    """Something that waits for an answer."""
    return activity(type="invoke", name=name, value=value, **more)


def presses(data: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A button that is answered at once."""
    return invoke("adaptiveCard/action", {"action": {"type": "Action.Execute", "data": dict(data)}}, **more)


def fetches(data: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A button that opens a dialog."""
    return invoke("task/fetch", {"data": dict(data)}, **more)


def submits(data: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A dialog that is sent."""
    return invoke("task/submit", {"data": dict(data)}, **more)


def of(word: str, incident: int | None = None, **values: str) -> dict[str, Any]:
    """What a button of that command carries."""
    return {"sitrep": {"w": word, "v": values} | ({"i": incident} if incident else {})}
