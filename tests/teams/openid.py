"""Microsoft's signing keys: the document that says where they are, the keys, and tokens signed with them."""

import asyncio
import base64
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.teams.people import APP_ID
from tests.teams.serving import serve

ISSUER = "https://issuer.larkfield.example"
Claims = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key pair."""

    id: str
    private: RSAPrivateKey
    endorsements: tuple[str, ...] = ("msteams", "skype", "webchat")

    def signed(self, claims: Claims, **header: Any) -> str:
        """A token."""
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.id, "x5t": self.id} | header)

    @property
    def public(self) -> dict[str, Any]:
        """As the key set lists it."""
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.id,
            "x5t": self.id,
            "n": _encoded(numbers.n),
            "e": _encoded(numbers.e),
            "endorsements": list(self.endorsements),
        }


def new_key(*endorsements: str) -> Key:
    """A pair that nobody has seen before."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return Key(id=uuid.uuid4().hex, private=private, endorsements=endorsements or ("msteams", "skype", "webchat"))


@dataclass(slots=True, kw_only=True)
class OpenId:
    """The server's keys, and its switches."""

    key: Key = field(default_factory=new_key)
    """What requests are signed with now."""
    unendorsed: Key = field(default_factory=lambda: new_key("webchat"))
    """Microsoft's as well, but not for Teams."""
    url: str = ""
    asked: int = 0
    """How often the document or the keys were fetched."""
    broken: bool = False
    """Answers 500."""
    _running: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    def rotate(self) -> None:
        """New keys in place of the old ones."""
        self.key, self.unendorsed = new_key(), new_key("webchat")

    def hang(self) -> None:
        """Take requests and answer none, until `mend`."""
        self._running.clear()

    def mend(self) -> None:
        """Answer again, those that wait too."""
        self.broken = False
        self._running.set()

    def bearer(self, service_url: str, **claims: Any) -> str:
        """The header of a request that comes from Teams. A claim that is None is left out."""
        return f"Bearer {self.key.signed(claims_for(service_url, **claims))}"

    async def metadata(self, request: web.Request) -> web.Response:
        found = {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.larkfield.example",
            "jwks_uri": f"{self.url}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }
        return await self._answered(found)

    async def keys(self, request: web.Request) -> web.Response:
        return await self._answered({"keys": [self.key.public, self.unendorsed.public]})

    async def _answered(self, found: Claims) -> web.Response:
        self.asked += 1
        await self._running.wait()
        return web.Response(status=500) if self.broken else web.json_response(found)


def claims_for(service_url: str, **changed: Any) -> Claims:
    """What Teams says of itself; `changed` over it, None takes a claim away."""
    now = int(time.time())
    claims = {"serviceurl": service_url, "nbf": now - 5, "exp": now + 3600, "iss": ISSUER, "aud": APP_ID} | changed
    return {name: value for name, value in claims.items() if value is not None}


@asynccontextmanager
async def openid_server() -> AsyncIterator[OpenId]:
    """The server, on http."""
    made = OpenId()
    made.mend()
    app = web.Application()
    app.router.add_get("/v1/.well-known/openidconfiguration", made.metadata)
    app.router.add_get("/v1/.well-known/keys", made.keys)
    async with serve(app) as made.url:
        yield made


def _encoded(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
