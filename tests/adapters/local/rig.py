"""The try-out chat as a program sees it: a whole Sitrep in this process, and people who speak to it over HTTP."""

import asyncio
import json
import os
import signal
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from adapters import app
from config.addressing import tried_out, usable
from config.policy_file import load_policy
from config.settings import Settings, load

POLICY = usable(tried_out(load_policy(None).policy, built_in=True), frozenset({"local"}))[0]

Json = Any


def settings(folder: Path, **more: str) -> Settings:
    """The settings of a try-out chat in a folder."""
    return load({"SITREP_DATABASE_URL": f"sqlite:///{folder / 'sitrep.db'}", "SITREP_PORT": "0", **more}, None)


@dataclass
class Chat:
    """One running try-out chat."""

    url: str
    session: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict[str, str])

    async def get(self, path: str, **query: str) -> Json:
        status, found = await self.asks(path, **query)
        assert status == 200, found
        return found

    async def asks(self, path: str, **query: str) -> tuple[int, Json]:
        async with self.session.get(self.url + path, params=query, headers=self.headers) as answer:
            return answer.status, await answer.json()

    async def acts(self, path: str, **body: Any) -> tuple[int, Json]:
        sent = {"key": str(uuid.uuid4()), **body}
        async with self.session.post(self.url + path, json=sent, headers=self.headers) as answer:
            return answer.status, await answer.json()

    async def types(self, who: str, text: str, place: str = "incidents", **more: Any) -> Json:
        """What came of a line that somebody typed."""
        status, found = await self.acts("/local/say", **{"as": who}, place=place, text=text, thread=None, **more)
        assert status == 200, found
        return found

    async def presses(self, who: str, message: Json, label: str) -> Json:
        """What came of a button of a message."""
        button = next(one for one in message["card"]["actions"] if one["label"] == label)
        sent = {name: button[name] for name in ("word", "values", "incident")}
        status, found = await self.acts("/local/press", **{"as": who}, place=message["place"], **sent)
        assert status == 200, found
        return found

    async def sends(self, who: str, form: Json, place: str, /, **filled: str) -> Json:
        """What came of a form that somebody filled in."""
        values = {**form["values"], **{one["name"]: one["value"] for one in form["fields"]}, **filled}
        sent = {"word": form["word"], "incident": form["incident"], "values": values}
        status, found = await self.acts("/local/submit", **{"as": who}, place=place, **sent)
        assert status == 200, found
        return found

    async def reads(self, who: str, place: str) -> list[Json]:
        found = await self.get("/local/messages", **{"as": who}, place=place)
        messages: list[Json] = found["messages"]
        return messages

    async def sees(self, who: str, place: str, *words: str) -> Json:
        """The newest message there with all of these words, once it is there."""

        async def look() -> Json:
            if place not in await self.places(who):
                return None
            found = [one for one in await self.reads(who, place) if all(word in said(one) for word in words)]
            return found[-1] if found else None

        return await until(look)

    async def state(self, who: str) -> Json:
        return await self.get("/local/state", **{"as": who})

    async def places(self, who: str) -> list[str]:
        return [one["id"] for one in (await self.state(who))["conversations"]]

    async def declares(self, who: str = "ana", words: str = "critical Checkout is down") -> str:
        """An incident; its room, as the declarer sees it."""
        before = await self.places(who)
        await self.types(who, f"/incident declare {words}")

        async def look() -> str:
            return next((place for place in await self.places(who) if place not in before), "")

        found: str = await until(look)
        return found

    async def turns(self, who: str, turn: str) -> Json:
        status, found = await self.acts("/local/clock", **{"as": who}, turn=turn)
        assert status == 200, found
        return found["clock"]

    async def follows(
        self, who: str, after: int, until_: Callable[[str, Json], bool], within: float = 10
    ) -> list[tuple[str, Json]]:
        """What the stream of somebody's page says, up to the first piece of which `until_` holds."""
        heard: list[tuple[str, Json]] = []
        query = {"as": who, "after": str(after)}
        async with (
            self.session.ws_connect(f"{self.url}/local/live", params=query, headers=self.headers) as live,
            asyncio.timeout(within),
        ):
            async for piece in live:
                found = json.loads(piece.data)
                heard.append((found["event"], found["data"]))
                if until_(*heard[-1]):
                    return heard
        return heard


def said(message: Json) -> str:
    """A message's words."""
    return message["card"]["spoken"] if message["card"] else str(message["text"])


async def until(look: Callable[[], Any]) -> Any:
    """The first thing found that counts."""
    async with asyncio.timeout(5):
        while not (found := await look()):  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.02)
        return found


def session() -> aiohttp.ClientSession:
    """A client that keeps no cookie by itself."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30), cookie_jar=aiohttp.DummyCookieJar())


@asynccontextmanager
async def running(found: Settings) -> AsyncIterator[Chat]:
    """A Sitrep that runs beside the test, stopped as an operator stops it."""
    heard: list[str] = []
    task = asyncio.create_task(app.run(found, POLICY, say=heard.append))
    async with asyncio.timeout(10):
        while not heard and not task.done():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)
    if task.done():
        task.result()
    url = heard[0].split("Try-out chat: ")[1].split("/ ")[0]
    try:
        async with session() as opened:
            yield Chat(url, opened)
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await task == 0
