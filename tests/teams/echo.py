"""The smallest bot there is: it checks who speaks, and answers with what it heard. It proves the servers here."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
import jwt
import msal
import requests
from aiohttp import web

from tests.teams.cards import CONTENT, shown
from tests.teams.login import SCOPE
from tests.teams.openid import ISSUER
from tests.teams.people import APP_ID, APP_PASSWORD, TENANT
from tests.teams.serving import serve
from tests.teams.world import Microsoft

Activity = dict[str, Any]
Reply = tuple[int, dict[str, Any]]


def card(*texts: str, inputs: tuple[Activity, ...] = (), actions: tuple[Activity, ...] = ()) -> Activity:
    """A card."""
    body = [*({"type": "TextBlock", "text": text, "wrap": True} for text in texts), *inputs]
    return {"type": "AdaptiveCard", "version": "1.5", "body": body, "actions": list(actions)}


def message(text: str = "", holding: Activity | None = None) -> Activity:
    """A message, with a card."""
    attachments = [{"contentType": CONTENT, "content": holding}] if holding else []
    return {"type": "message", **({"text": text} if text else {}), "attachments": attachments}


WORDS = {"type": "Input.Text", "id": "words", "label": "Words", "isRequired": True, "errorMessage": "Say something."}
PICK = {
    "type": "Input.ChoiceSet",
    "id": "pick",
    "choices": [{"title": "One", "value": "1"}, {"title": "Two", "value": "2"}],
    "value": "1",
}
BUTTONS = (
    {
        "type": "Action.Execute",
        "title": "Act",
        "verb": "act",
        "data": {"n": 1},
        "fallback": {"type": "Action.Submit", "title": "Act", "data": {"n": 2}},
    },
    {"type": "Action.Submit", "title": "Ask", "data": {"n": 3, "msteams": {"type": "task/fetch"}}},
    {"type": "Action.OpenUrl", "title": "Read", "url": "https://larkfield.example/read"},
)
FORM = card(
    "Fill this in.", inputs=(WORDS, PICK), actions=({"type": "Action.Submit", "title": "Send", "data": {"n": 4}},)
)


@dataclass(slots=True, kw_only=True)
class Echo:
    """A bot."""

    servers: Microsoft
    session: aiohttp.ClientSession
    url: str = ""
    got: list[Activity] = field(default_factory=list)
    said: list[Reply] = field(default_factory=list)
    """What the connector answered to what it said."""

    async def receive(self, request: web.Request) -> web.Response:
        activity = await request.json()
        if not await self._trusts(request.headers.get("Authorization", ""), activity):
            return web.Response(status=401)
        self.got.append(activity)
        match activity["type"], activity.get("name"):
            case "message", _:
                heard = card(
                    f"You said: {shown(str(activity.get('text', '')))}",
                    f"With: {activity.get('value')}",
                    actions=BUTTONS,
                )
                self.said.append(await self.call("POST", _activities(activity), message(holding=heard)))
                return web.Response(status=200)
            case "invoke", "adaptiveCard/action":
                told = f"Heard {activity['value']['action']['data']}"
                kind = "application/vnd.microsoft.activity.message"
                return web.json_response({"statusCode": 200, "type": kind, "value": told})
            case "invoke", "task/fetch" | "composeExtension/fetchTask":
                value = {"title": "A form", "card": {"contentType": CONTENT, "content": FORM}}
                return web.json_response({"task": {"type": "continue", "value": value}})
            case "invoke", _:
                told = f"Heard {json.dumps(activity['value']['data'], sort_keys=True)}"
                return web.json_response({"task": {"type": "message", "value": told}})
            case _:
                return web.Response(status=200)

    async def token(self) -> str:
        """As MSAL gets one."""
        login = self.servers.login

        def get() -> dict[str, Any]:
            with requests.Session() as http:
                http.trust_env, http.verify = False, str(login.certificate)
                app = msal.ConfidentialClientApplication(
                    APP_ID, client_credential=APP_PASSWORD, authority=login.authority, http_client=http
                )
                found: dict[str, Any] = app.acquire_token_for_client([SCOPE])
            return found

        return str((await asyncio.to_thread(get)).get("access_token", ""))

    async def call(self, method: str, path: str, body: Activity | None = None, *, token: str | None = None) -> Reply:
        """A call of the connector."""
        headers = {"Authorization": f"Bearer {await self.token() if token is None else token}"}
        url = f"{self.servers.tenant.service_url}{path}"
        async with self.session.request(method, url, json=body, headers=headers) as response:
            is_json = response.content_type == "application/json"
            found = await response.json() if is_json else {"page": await response.text()}
            return response.status, found if isinstance(found, dict) else {"members": found}

    async def begin_thread(self, channel: str, activity: Activity, *, token: str | None = None) -> Reply:
        """A new post."""
        body = {"isGroup": True, "channelData": {"channel": {"id": channel}}, "activity": activity}
        return await self.call("POST", "v3/conversations", body, token=token)

    async def begin_chat(self, user: str) -> Reply:
        """The chat with one person."""
        return await self.call("POST", "v3/conversations", {"members": [{"id": user}], "tenantId": TENANT})

    async def _trusts(self, header: str, activity: Activity) -> bool:
        keys = self.servers.keys
        async with (
            self.session.get(keys.metadata_url) as found,
            self.session.get((await found.json())["jwks_uri"]) as set_,
        ):
            listed = {key["kid"]: key for key in (await set_.json())["keys"]}
        scheme, _, token = header.partition(" ")
        try:
            key = listed[jwt.get_unverified_header(token)["kid"]]
            required = {"require": ["exp", "iss", "aud"]}
            public = jwt.PyJWK(key, algorithm="RS256").key
            claims = jwt.decode(token, public, ["RS256"], audience=APP_ID, issuer=ISSUER, options=required)  # type: ignore[arg-type]
        except (jwt.PyJWTError, KeyError):
            return False
        return bool(
            scheme == "Bearer"
            and activity["channelId"] == "msteams"
            and "msteams" in key["endorsements"]
            and claims.get("serviceurl") == activity["serviceUrl"] == self.servers.tenant.service_url
            and activity["conversation"]["tenantId"] == TENANT
        )


def activities_of(place: str, key: str = "") -> str:
    """The path of what is said in a place, or of one message."""
    path = f"v3/conversations/{quote(place, safe='')}/activities"
    return f"{path}/{quote(key, safe='')}" if key else path


def _activities(activity: Activity) -> str:
    return activities_of(activity["conversation"]["id"])


@asynccontextmanager
async def echo(servers: Microsoft, session: aiohttp.ClientSession) -> AsyncIterator[Echo]:
    """The bot, running."""
    bot = Echo(servers=servers, session=session)
    app = web.Application()
    app.router.add_post("/api/messages", bot.receive)
    async with serve(app) as bot.url:
        yield bot
