"""`statuspage:`: an incident at Atlassian Statuspage, made with the first update and resolved with the last.

Statuspage knows no key that makes a request count once, so each incident there carries our own tokens in its
`metadata`: what it is of, and which updates it has. They are looked up before anything is made or said a second time.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.announce.ground import Ground
from adapters.announce.telling import Said, Way, retry_after
from adapters.calling import NOT_REACHED, PIECE, TooLarge, proxy_for, read_at_most
from adapters.sinks import SendFailed, Unreadable
from bot.notices import Notice
from bot.policy import CUSTOMERS
from config.announce_settings import StatuspageSettings

MARK = "sitrep"
"""Our place in an incident's metadata."""
KEPT = 20
"""So many tokens of updates are kept there."""
RECENT = 100
"""So many incidents are looked through for one that was resolved and is open again."""
EVERY = 1.0
"""Seconds between two requests: the key has 60 a minute."""
QUEUE = 8.0
"""Seconds a message waits here for its turn; with more to wait it goes back into the outbox."""
ANSWER = 64 * PIECE
"""Bytes: longer answers are not ours."""
SLOW_DOWN = 60.0
"""Seconds we leave it alone where it asks us to and names no time."""
STATUSES = ("investigating", "identified", "monitoring", "resolved")

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Statuspage:
    """One key at Statuspage. Implements `adapters.announce.telling.Way`."""

    settings: StatuspageSettings
    session: aiohttp.ClientSession
    every: float = EVERY
    clock: Callable[[], float] = time.monotonic
    _free_at: float = field(default=0.0, init=False)
    _pages: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]], init=False)
    """By page: the ids of its components by their names in small letters."""

    def shown(self, address: str) -> str:
        """The id of a page is no secret."""
        page = address.removeprefix("statuspage:")
        return f"Statuspage {page}" if page else "Statuspage"

    async def tell(self, said: Said) -> str:
        """Make the incident there, or add an update to it. Raises SendFailed."""
        if said.audience != CUSTOMERS:
            raise SendFailed("it is public, so it is told what customers are told only", permanent=True)
        page = self._page(said)
        there = await self._there(page, said.thread)
        if there is not None and said.token in _said(there):
            return str(there["id"])
        components = await self._components(page, said.notice.services) if said.notice.services else ()
        changes = _changes(said, there, components)
        if there is None:
            made = await self._call("POST", f"/pages/{page}/incidents", changes)
        else:
            made = await self._call("PATCH", f"/pages/{page}/incidents/{there['id']}", changes)
        return str(made.get("id", ""))

    async def find(self, said: Said) -> str | Unreadable | None:
        """The incident there, if this very update is on it. Raises SendFailed."""
        there = await self._there(self._page(said), said.thread)
        return str(there["id"]) if there is not None and said.token in _said(there) else None

    async def close(self) -> None:
        """The session is everybody's."""

    async def name(self) -> str:
        """The page's name, for the operator. Raises SendFailed."""
        found = await self._call("GET", f"/pages/{self.settings.page_id}")
        return str(found.get("name", "")) if isinstance(found, dict) else ""

    def _page(self, said: Said) -> str:
        return said.address.removeprefix("statuspage:") or self.settings.page_id

    async def _there(self, page: str, thread: str) -> Json | None:
        """Our incident there, if it was made: among those unresolved first, for that is where it mostly is."""
        for path in (f"/pages/{page}/incidents/unresolved", f"/pages/{page}/incidents?limit={RECENT}"):
            listed = await self._call("GET", path)
            for one in listed if isinstance(listed, list) else ():
                if isinstance(one, dict) and _mark(one).get("incident") == thread:
                    return one
        return None

    async def _components(self, page: str, services: tuple[str, ...]) -> tuple[str, ...]:
        """Ids of the components that are called like the services; read anew where one is not known yet."""
        wanted = [service.casefold() for service in services]
        if any(name not in self._pages.get(page, {}) for name in wanted):
            listed = await self._call("GET", f"/pages/{page}/components")
            named = listed if isinstance(listed, list) else ()
            self._pages[page] = {str(one.get("name", "")).casefold(): str(one.get("id", "")) for one in named}
        return tuple(self._pages[page][name] for name in wanted if name in self._pages[page])

    async def _turn(self) -> None:
        """Wait for our turn. Raises SendFailed where that would take too long here."""
        now = self.clock()
        wait = max(self._free_at - now, 0.0)
        if wait > QUEUE:
            raise SendFailed("it takes one request a second", retry_after=wait)
        self._free_at = now + wait + self.every
        if wait:
            await asyncio.sleep(wait)

    async def _call(self, method: str, path: str, incident: Json | None = None) -> Any:
        await self._turn()
        url = f"{self.settings.api_url}{path}"
        headers = {"Authorization": f"OAuth {self.settings.api_key.get_secret_value()}"}
        body = {"incident": incident} if incident is not None else None
        try:
            async with self.session.request(
                method, url, json=body, headers=headers, proxy=proxy_for(url), allow_redirects=False
            ) as answer:
                self._judge(answer)
                return await _json(answer)
        except NOT_REACHED:
            raise SendFailed("it cannot be reached") from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise SendFailed("it did not answer", outcome_unknown=incident is not None) from None

    def _judge(self, answer: aiohttp.ClientResponse) -> None:
        status = answer.status
        if status in {420, 429}:
            seconds = retry_after(answer.headers, SLOW_DOWN)
            self._free_at = max(self._free_at, self.clock() + seconds)
            raise SendFailed("it asks us to wait", retry_after=seconds)
        if status >= 500 or status in {408, 425}:
            raise SendFailed(f"it has a fault ({status})", outcome_unknown=answer.method != "GET")
        if status in {401, 403}:
            raise SendFailed(f"it does not accept STATUSPAGE_API_KEY ({status})", permanent=True)
        if status == 404:
            raise SendFailed("it knows no such page or incident (404)", permanent=True)
        if not 200 <= status < 300:
            raise SendFailed(f"it refuses the request ({status})", permanent=True)


def join(ground: Ground) -> Mapping[str, Way]:
    """What `statuspage:` addresses are told by, where a key is set up."""
    found = ground.settings.statuspage
    return {"statuspage": Statuspage(settings=found, session=ground.session)} if found else {}


def _changes(said: Said, there: Json | None, components: tuple[str, ...]) -> Json:
    """The incident as it is from now on. An update that comes after a newer one adds its words and changes nothing."""
    before = _mark(there)
    number, newest = said.notice.update or 0, int(before.get("newest") or 0)
    late = there is not None and 0 < number < newest
    mark = {
        "incident": said.thread,
        "updates": [*_said(there), said.token][-KEPT:],
        "newest": max(number, newest),
        "components": before.get("components", []) if late else list(components),
    }
    changes: Json = {
        "status": there.get("status") if there and late else _state(said.notice),
        "body": "\n\n".join(said.paragraphs),
        "deliver_notifications": True,
        "metadata": {MARK: mark},
    }
    return changes if late else {"name": said.notice.headline, **changes, **_affected(said.notice, there, components)}


def _affected(notice: Notice, there: Json | None, components: tuple[str, ...]) -> Json:
    """How its components are; those we said are affected and are not any more work again. Others are left alone."""
    spared = [one for one in _mark(there).get("components") or () if one not in components]
    if not components and not spared:
        return {}
    how = "operational" if notice.final else "major_outage" if notice.major else "degraded_performance"
    known = [str(one.get("id", "")) for one in (there or {}).get("components") or ()]
    named = dict.fromkeys((*(one for one in known if notice.final or one not in spared), *components))
    states = {**dict.fromkeys(components, how), **dict.fromkeys(spared, "operational")}
    return {"component_ids": [*named], "components": states}


def _state(notice: Notice) -> str:
    """Resolved only when customers are told that it is."""
    if notice.final:
        return "resolved"
    return notice.status if notice.status in STATUSES[:-1] else "monitoring"


def _mark(incident: Json | None) -> Json:
    metadata = (incident or {}).get("metadata")
    mark = metadata.get(MARK) if isinstance(metadata, dict) else None
    return mark if isinstance(mark, dict) else {}


def _said(incident: Json | None) -> tuple[str, ...]:
    listed = _mark(incident).get("updates")
    return tuple(str(token) for token in listed) if isinstance(listed, list) else ()


async def _json(answer: aiohttp.ClientResponse) -> Any:
    """The answer's body. Raises SendFailed where it is none of theirs: a proxy's page, say."""
    try:
        return json.loads(await read_at_most(answer, ANSWER))
    except (TooLarge, ValueError):
        raise SendFailed("its answer cannot be read", outcome_unknown=answer.method != "GET") from None
