"""The keys that Microsoft signs requests with: fetched ahead of time, beside the work, and again when one is new.

The SDK fetches them on the event loop without a time-out, and fails for a day once Microsoft rotates them
(docs/teams.md). Here no fetch holds up anybody but a request that needs a key nobody knows yet, and that only briefly.
"""

import asyncio
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from adapters.calling import proxy_for, read_at_most

LIMIT = 5.0
"""Seconds for both documents: who waits for a key wants to answer Teams in time."""
DAY = 86400.0
"""Seconds between two fetches, as Microsoft asks for."""
PAUSE = 60.0
"""Seconds between two fetches for a key nobody knows: anybody may send such a request."""
LONGEST_PAUSE = 60.0
"""Seconds between two tries while the keys cannot be had."""
LARGEST = 2 * 1024 * 1024
"""Bytes of a document. Certificates come along with the keys."""
SHORTEST_KEY = 2048
"""Bits."""

log = logging.getLogger(__name__)


class Unfit(Exception):  # noqa: N818 - an outcome
    """What came is no set of keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of Microsoft's."""

    public: RSAPublicKey
    endorsements: frozenset[str]
    """The channels it may speak for."""


@dataclass(slots=True)
class Keys:
    """All keys, by their id. Safe to share between tasks."""

    url: str
    """The OpenID document, which says where the keys are."""
    session: aiohttp.ClientSession
    clock: Callable[[], float] = time.monotonic
    _: KW_ONLY
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    limit: float = LIMIT
    known: Mapping[str, Key] = field(default_factory=dict[str, Key])
    _asked_at: float = -math.inf
    """When a fetch was last made for the sake of a request."""
    _fetching: asyncio.Task[str] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key of that id; None: there is none, or it cannot be had now."""
        if kid not in self.known:
            await self._look_again()
        return self.known.get(kid)

    async def look(self) -> str:
        """Fetch the keys; what is in the way, empty where nothing is. What is known stays known.

        Who comes while a fetch is under way waits for that one.
        """
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetched(), name="teams keys")
        return await asyncio.shield(self._fetching)

    async def run(self) -> None:
        """Fetch the keys now and every day, for ever; more often while that fails."""
        failures = 0
        while True:
            failures = failures + 1 if await self.look() else 0
            await self.sleep(min(2.0 ** min(failures, 16), LONGEST_PAUSE) if failures else DAY)

    async def _look_again(self) -> None:
        if self._fetching is None:
            if self.clock() - self._asked_at < PAUSE:
                return
            self._asked_at = self.clock()
        await self.look()

    async def _fetched(self) -> str:
        try:
            async with asyncio.timeout(self.limit):
                found = await self._download()
        except Exception as fault:  # noqa: BLE001 - whatever it is, we go on with the keys we have
            log.warning("signing keys cannot be had", extra={"kind": type(fault).__name__, "known": len(self.known)})
            return str(fault) if isinstance(fault, Unfit) else type(fault).__name__
        else:
            self.known = found
            return ""
        finally:
            self._fetching = None

    async def _download(self) -> Mapping[str, Key]:
        place = place_of_keys(await self._document(self.url), told_by=self.url)
        found = dict(keys_in(await self._document(place)))
        if not found:
            raise Unfit("there is no key in it")
        return found

    async def _document(self, url: str) -> Mapping[str, Any]:
        async with self.session.get(url, allow_redirects=False, proxy=proxy_for(url)) as answer:
            if answer.status != 200:  # HTTP: anything but the document itself
                raise Unfit(f"status {answer.status}")
            found = json.loads(await read_at_most(answer, LARGEST))
        if not isinstance(found, dict):
            raise Unfit("what came is no object")
        return found


def place_of_keys(document: Mapping[str, Any], *, told_by: str) -> str:
    """Where an OpenID document says the keys are: a secure address leads to no insecure one. Raises Unfit."""
    place = document.get("jwks_uri")
    fit = ("https://",) if told_by.lower().startswith("https://") else ("https://", "http://")
    if not isinstance(place, str) or not place.lower().startswith(fit):
        raise Unfit("the OpenID document names no place of keys")
    return place


def keys_in(document: Mapping[str, Any]) -> Iterator[tuple[str, Key]]:
    """The keys of a key set that can sign a request, by id. Others are left out: one odd key spoils no other."""
    listed = document.get("keys")
    for found in listed if isinstance(listed, list) else ():
        if not isinstance(found, dict) or not isinstance(found.get("kid"), str) or found.get("kty") != "RSA":
            continue
        public = _public(found)
        endorsed = found.get("endorsements")
        if public is not None and found.get("use", "sig") == "sig":
            names = (name for name in endorsed if isinstance(name, str)) if isinstance(endorsed, list) else ()
            yield found["kid"], Key(public=public, endorsements=frozenset(names))


def _public(found: Mapping[str, Any]) -> RSAPublicKey | None:
    try:
        public = RSAAlgorithm.from_jwk({name: found[name] for name in ("kty", "n", "e")})
    except Exception:  # noqa: BLE001 - PyJWT, cryptography and base64 each raise their own
        return None
    return public if isinstance(public, RSAPublicKey) and public.key_size >= SHORTEST_KEY else None
