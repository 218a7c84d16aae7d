"""Slack's side of the conversation: commands, presses, forms and events, signed and sent as Slack sends them."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from tests.acceptance.people import APP, BOT, SIGNING_SECRET, TEAM
from tests.acceptance.proxy import Proxy
from tests.acceptance.reading import Button, Message, Workspace, until

Payload = dict[str, Any]


def signed(body: str, *, at: float | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The headers that prove a body to come from Slack."""
    stamp = str(int(at if at is not None else time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def escaped(text: str) -> str:
    """As Slack hands on what people type."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@dataclass(frozen=True, slots=True)
class Ack:
    """What came straight back."""

    status: int
    body: str
    took: float
    """Seconds."""

    @property
    def payload(self) -> Payload:
        if not self.body.startswith("{"):
            return {"text": self.body} if self.body else {}
        found: Payload = json.loads(self.body)
        return found


class Transport(Protocol):
    """How a payload reaches Sitrep."""

    async def send(self, kind: str, payload: Payload) -> Ack: ...


@dataclass(slots=True)
class Http:
    """Signed posts to `/slack/events`."""

    session: aiohttp.ClientSession
    url: str

    async def send(self, kind: str, payload: Payload) -> Ack:
        match kind:
            case "slash_commands":
                return await self.form(payload)
            case "interactive":
                return await self.form({"payload": json.dumps(payload)})
            case _:
                return await self.raw(json.dumps(payload), {"Content-Type": "application/json"})

    async def form(self, fields: Payload) -> Ack:
        return await self.raw(urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    async def raw(self, body: str, headers: dict[str, str]) -> Ack:
        """Send a body as it is, signed now."""
        start = time.monotonic()
        async with self.session.post(
            f"{self.url}/slack/events", data=body.encode(), headers=headers | signed(body)
        ) as response:
            words = await response.text()
        return Ack(response.status, words, time.monotonic() - start)


@dataclass(slots=True)
class Slack:
    """One workspace talking to one Sitrep."""

    workspace: Workspace
    proxy: Proxy
    transport: Transport
    app_url: str = ""
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def who(self, name: str) -> "Person":
        return Person(self, name)

    async def trigger(self, name: str) -> str:
        """A trigger that opens one form within three seconds."""
        found = await self.workspace.call("views.generateTriggerId", user_id=self.workspace.ids[name])
        return str(found["trigger_id"])

    def response_url(self) -> str:
        return f"{self.proxy.url}/response/{uuid.uuid4()}"

    async def again(self, answer: "Answer") -> "Answer":
        """The same request once more, as Slack repeats one that it takes for lost."""
        ack = await self.transport.send(*answer.request)
        return Answer(self, answer.person, ack, answer.response_url, answer.trigger, time.time(), answer.request)

    async def event(self, event: Payload, *, event_id: str = "") -> Ack:
        """Deliver an event."""
        envelope = {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": event_id or f"Ev{uuid.uuid4().hex.upper()[:10]}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
        }
        return await self.transport.send("events_api", envelope)


@dataclass(slots=True)
class Answer:
    """What became of something a person did: the acknowledgement, and what followed in private."""

    slack: Slack
    person: str
    ack: Ack
    response_url: str
    trigger: str
    at: float
    request: tuple[str, Payload] = ("", {})
    """What was sent: its kind, and its payload."""

    def private(self) -> list[Message]:
        """Everything that only this person was shown, in order."""
        found = (
            [Message("", self.ack.payload)] if self.ack.payload.get("text") or self.ack.payload.get("blocks") else []
        )
        posted = self.slack.proxy.responses.get(self.response_url.rpartition("/")[2], [])
        found += [Message("", payload) for payload in posted if not payload.get("delete_original")]
        mine = self.slack.workspace.ids[self.person]
        found += [
            Message(str(payload["channel"]), payload)
            for payload in self.slack.proxy.ephemerals
            if payload["user"] == mine and payload["at"] >= self.at
        ]
        return found

    async def hears(self, *parts: str, within: float = 3) -> Message:
        """The private answer that has all of these words in it."""

        async def look() -> Message | None:
            return next(
                (said for said in self.private() if all(part in f"{said.words}\n{said.text}" for part in parts)), None
            )

        try:
            found = await until(look, within=within, what=f"{parts} to {self.person}")
        except AssertionError:
            raise AssertionError(
                f"{self.person} was not told {parts}, but: {[said.words for said in self.private()]}"
            ) from None
        assert found is not None
        return found

    async def form(self, within: float = 3) -> "Form":
        """The form that opened."""

        async def look() -> Payload | None:
            return self.slack.proxy.views.get(self.trigger)

        view = await until(
            look, within=within, what=f"a form for {self.person}; told: {[said.words for said in self.private()]}"
        )
        assert view is not None
        return Form(self.slack, self.person, view, self.response_url)

    async def presses(self, label: str, within: float = 3) -> "Answer":
        """Press a button of the private answer."""

        async def look() -> Message | None:
            return next((said for said in reversed(self.private()) if label in said.buttons), None)

        found = await until(look, within=within, what=f"a button {label!r}")
        assert found is not None
        return await self.slack.who(self.person).presses(found, label, response_url=self.response_url)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a keyboard."""

    slack: Slack
    name: str

    @property
    def id(self) -> str:
        return self.slack.workspace.ids[self.name]

    async def types(self, text: str, channel: str = "", *, command: str = "/incident", trigger: str = "") -> Answer:
        """A slash command, typed in a channel (by id; `incidents` where none is named). `@name` becomes a mention."""
        place = channel or await self.slack.workspace.channel("incidents")
        trigger = trigger or await self.slack.trigger(self.name)
        payload = self.command(text, place, command=command, trigger=trigger)
        return await self._sends("slash_commands", payload)

    def command(self, text: str, channel: str, *, trigger: str, command: str = "/incident") -> Payload:
        """The fields of a slash command."""
        return {
            "token": "unused",
            "team_id": TEAM,
            "team_domain": "larkfield",
            "channel_id": channel,
            "channel_name": "directmessage" if channel.startswith("D") else "somewhere",
            "user_id": self.id,
            "user_name": self.name,
            "command": command,
            "text": self.marked(text),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self.slack.response_url(),
            "trigger_id": trigger,
        }

    def marked(self, text: str) -> str:
        """Escaped, with the mentions that Slack makes of `@name`."""
        words = escaped(text).split(" ")
        ids = self.slack.workspace.ids
        return " ".join(
            f"<@{ids[word[1:]]}|{word[1:]}>" if word.startswith("@") and word[1:] in ids else word for word in words
        )

    async def presses(self, message: Message, label: str, *, response_url: str = "", at: float | None = None) -> Answer:
        """Press a button of a message that is there."""
        assert label in message.buttons, f"no button {label!r} in {message.words!r}: {sorted(message.buttons)}"
        button = message.buttons[label]
        payload = self.press(message, button, trigger=await self.slack.trigger(self.name), at=at)
        if response_url:
            payload["response_url"] = response_url
        return await self._sends("interactive", payload)

    def press(self, message: Message, button: Button, *, trigger: str, at: float | None = None) -> Payload:
        """The payload of a press."""
        ephemeral = not message.ts
        action = {
            key: value
            for key, value in button.element.items()
            if key in {"action_id", "type", "text", "value", "style"}
        }
        action |= {"block_id": button.block_id, "action_ts": f"{at or time.time():.6f}"}
        if button.option is not None:
            action["selected_option"] = button.option
            action.pop("text", None)
        container = {"type": "message", "message_ts": message.ts or f"{time.time():.6f}", "channel_id": message.channel}
        return {
            "type": "block_actions",
            "user": {"id": self.id, "username": self.name, "name": self.name, "team_id": TEAM},
            "api_app_id": APP,
            "token": "unused",
            "container": container | {"is_ephemeral": ephemeral},
            "trigger_id": trigger,
            "team": {"id": TEAM, "domain": "larkfield"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": message.channel or "C0SOMEWHERE", "name": "somewhere"},
            **({} if ephemeral else {"message": message.raw}),
            "state": {"values": {}},
            "response_url": self.slack.response_url(),
            "actions": [action],
        }

    async def mentions(self, text: str, channel: str, *, thread: str = "", event_id: str = "") -> Answer:
        """`@sitrep` and words, in a channel."""
        at = time.time()
        ts = f"{at:.6f}"
        event = {
            "type": "app_mention",
            "user": self.id,
            "text": f"<@{BOT}> {self.marked(text)}",
            "ts": ts,
            "channel": channel,
            "event_ts": ts,
            "team": TEAM,
            **({"thread_ts": thread} if thread else {}),
        }
        ack = await self.slack.event(event, event_id=event_id)
        return Answer(self.slack, self.name, ack, "", "", at)

    async def says(self, text: str, channel: str) -> Ack:
        """An ordinary message that Sitrep may see."""
        ts = f"{time.time():.6f}"
        kind = "group" if channel.startswith("G") else "channel"
        event = {
            "type": "message",
            "user": self.id,
            "text": escaped(text),
            "ts": ts,
            "channel": channel,
            "event_ts": ts,
        }
        return await self.slack.event(event | {"channel_type": kind, "team": TEAM})

    async def _sends(self, kind: str, payload: Payload) -> Answer:
        at = time.time()
        ack = await self.slack.transport.send(kind, payload)
        urls = str(payload["response_url"]), str(payload["trigger_id"])
        return Answer(self.slack, self.name, ack, *urls, at, (kind, payload))


@dataclass(slots=True)
class Form:
    """A form that is open on somebody's screen."""

    slack: Slack
    person: str
    view: Payload
    response_url: str = ""
    """Of what opened it: the answer to a form comes that way, for Slack sends none with it."""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return str(self.view["title"]["text"])

    @property
    def words(self) -> str:
        """All that can be read on it."""
        return json.dumps([block for block in self.view["blocks"] if block["type"] != "actions"], ensure_ascii=False)

    @property
    def inputs(self) -> dict[str, Payload]:
        """Elements by the name of their field."""
        blocks = (block for block in self.view["blocks"] if block["type"] == "input")
        return {block["block_id"].partition("~")[0]: block["element"] for block in blocks}

    @property
    def required(self) -> set[str]:
        return {
            block["block_id"] for block in self.view["blocks"] if block["type"] == "input" and not block.get("optional")
        }

    def fill(self, **values: Any) -> "Form":
        """Give fields values: words, an option's value or label, a person's name, several of these."""
        unknown = set(values) - set(self.inputs)
        assert not unknown, f"no field {unknown} in {self.title!r}: {sorted(self.inputs)}"
        self.values |= values
        return self

    async def submit(self) -> Answer:
        """Send it. A form that comes back with findings, or another form, takes this one's place."""
        state = {name: {element["action_id"]: self._state(name, element)} for name, element in self.inputs.items()}
        view = {**self.view, "state": {"values": state}, "app_id": APP, "team_id": TEAM, "bot_id": "B0SITREP"}
        trigger = await self.slack.trigger(self.person)
        payload = {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "larkfield"},
            "user": {
                "id": self.slack.workspace.ids[self.person],
                "username": self.person,
                "name": self.person,
                "team_id": TEAM,
            },
            "api_app_id": APP,
            "token": "unused",
            "trigger_id": trigger,
            "view": view,
            "response_urls": [],
            "is_enterprise_install": False,
            "enterprise": None,
        }
        at = time.time()
        ack = await self.slack.transport.send("interactive", payload)
        if ack.payload.get("response_action") in {"update", "push"}:
            self.view = {**ack.payload["view"], "id": self.view["id"], "hash": str(time.time())}
            self.values = {}
        return Answer(self.slack, self.person, ack, self.response_url, trigger, at, ("interactive", payload))

    def _state(self, name: str, element: Payload) -> Payload:
        kind = element["type"]
        given = self.values.get(name)
        match kind:
            case "plain_text_input" | "number_input" | "url_text_input" | "email_text_input":
                return {"type": kind, "value": given if given is not None else element.get("initial_value")}
            case "static_select" | "radio_buttons":
                option = _option(element, given) if given is not None else element.get("initial_option")
                return {"type": kind, "selected_option": option}
            case "checkboxes" | "multi_static_select":
                chosen = (
                    [_option(element, value) for value in given]
                    if given is not None
                    else element.get("initial_options", [])
                )
                return {"type": kind, "selected_options": chosen}
            case "users_select":
                return {"type": kind, "selected_user": self._ids([given])[0] if given else element.get("initial_user")}
            case "multi_users_select":
                return {
                    "type": kind,
                    "selected_users": self._ids(given) if given is not None else element.get("initial_users", []),
                }
            case "datetimepicker":
                return {
                    "type": kind,
                    "selected_date_time": given if given is not None else element.get("initial_date_time"),
                }
            case _:
                raise AssertionError(f"a kind of input that these tests do not know: {kind}")

    def _ids(self, names: list[str]) -> list[str]:
        return [self.slack.workspace.ids[name] for name in names]


def _option(element: Payload, wanted: str) -> Payload:
    options: list[Payload] = element["options"]
    found = [option for option in options if wanted in {option["value"], option["text"]["text"]}]
    assert found, f"no choice {wanted!r}: {[(option['value'], option['text']['text']) for option in options]}"
    return found[0]


@dataclass(slots=True)
class Socket:
    """Envelopes down a WebSocket. What an acknowledgement carries is what a body would be."""

    server: Any
    turn: int = 0

    async def send(self, kind: str, payload: Payload) -> Ack:
        start = time.monotonic()
        self.turn += 1
        found = await self.server.send(kind, payload, via=self.turn)
        took = time.monotonic() - start
        if found is None:
            return Ack(0, "", took)
        return Ack(200, json.dumps(found["payload"]) if found.get("payload") else "", took)


async def settled(proxy: Proxy, *, quiet: float = 0.7, within: float = 20) -> None:
    """Until no call has come for a while."""
    end = time.monotonic() + within
    while proxy.calls and time.time() - proxy.calls[-1].at < quiet:
        assert time.monotonic() < end, "calls kept coming"
        await asyncio.sleep(0.05)
