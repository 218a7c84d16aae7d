"""Microsoft's side of the wire on loopback: the keys it signs with, its login, and Teams' connector."""

import asyncio
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm

APP, TENANT, ISSUER = "app-1", "larkfield", "https://issuer.example"
PASSWORD = "a-password-nobody-should-see"
SERVICE = "https://smba.trafficmanager.net/emea/"
NOW = 1_795_400_000.0
Body = Mapping[str, Any]


@cache
def private_key(name: str) -> RSAPrivateKey:
    """A key by its name, the same in every test."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@cache
def short_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=1024)


def public_pem(name: str) -> bytes:
    return (
        private_key(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def jwk(name: str, key: RSAPrivateKey | None = None, **more: Any) -> dict[str, Any]:
    found = RSAAlgorithm.to_jwk((key or private_key(name)).public_key(), as_dict=True)
    return {**found, "use": "sig", "kid": name, "endorsements": ["msteams", "webchat"], **more}


def claims(**changed: Any) -> dict[str, Any]:
    """What Microsoft says of a true request; None takes a claim away."""
    known = {
        "iss": ISSUER,
        "aud": APP,
        "exp": int(NOW) + 3600,
        "nbf": int(NOW) - 60,
        "serviceurl": SERVICE,
    }
    return {name: value for name, value in (known | changed).items() if value is not None}


def bearer(told: Body | None = None, *, key: str = "k1", kid: str | None = "k1") -> str:
    """The header of a request signed with `key`, said to be signed with `kid`."""
    headers = {} if kid is None else {"kid": kid}
    return f"Bearer {jwt.encode(dict(told or claims()), private_key(key), algorithm='RS256', headers=headers)}"


def activity(**changed: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "type": "message",
        "id": "1700000000000",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": "29:ana", "name": "Ana", "aadObjectId": "0a"},
        "conversation": {"id": "19:incidents@thread.tacv2;messageid=1", "tenantId": TENANT},
        "recipient": {"id": f"28:{APP}", "name": "Sitrep"},
        "channelData": {"tenant": {"id": TENANT}},
        "text": "declare",
    }
    return known | changed


@dataclass(slots=True)
class KeyServer:
    """The OpenID document and the key set."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: [jwk("k1")])
    fetched: int = 0
    hangs: bool = False
    status: int = 200
    body: bytes | None = None
    """In place of the key set."""
    document: Body | None = None
    """In place of the OpenID document."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def metadata(self, request: web.Request) -> web.StreamResponse:
        self.fetched += 1
        self.asked.set()
        if self.hangs:
            await self.go_on.wait()
        keys = {"issuer": ISSUER, "jwks_uri": str(request.url.with_path("/keys"))}
        headers = {"Location": "/keys"} if self.status == 302 else {}
        return web.json_response(keys if self.document is None else self.document, status=self.status, headers=headers)

    async def jwks(self, request: web.Request) -> web.Response:
        if self.body is not None:
            return web.Response(body=self.body, content_type="application/json")
        return web.json_response({"keys": self.keys})


@asynccontextmanager
async def key_server() -> AsyncIterator[KeyServer]:
    made = KeyServer()
    app = web.Application()
    app.add_routes([web.get("/openid", made.metadata), web.get("/keys", made.jwks)])
    async with _serving(app) as server:
        made.url = str(server.make_url("/openid"))
        yield made
        made.go_on.set()


@dataclass(slots=True)
class LoginServer:
    """Microsoft's login, as MSAL takes it offline: a tenant that is called `adfs`."""

    url: str = ""
    certificate: str = ""
    discovered: int = 0
    asked: list[Body] = field(default_factory=list)
    status: int = 200
    answer: Body | bytes | None = None
    lasts: int = 3600
    hangs: bool = False
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def metadata(self, request: web.Request) -> web.Response:
        self.discovered += 1
        if self.hangs:
            await self.go_on.wait()
        found = {"issuer": self.url, "authorization_endpoint": f"{self.url}/a", "token_endpoint": f"{self.url}/token"}
        return web.json_response(found)

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append(dict(await request.post()))
        if isinstance(self.answer, bytes):
            return web.Response(status=self.status, body=self.answer, content_type="text/html")
        given = {"access_token": f"token-{len(self.asked)}", "expires_in": self.lasts, "token_type": "Bearer"}
        return web.json_response(given if self.answer is None else self.answer, status=self.status)


@asynccontextmanager
async def login_server(folder: Path) -> AsyncIterator[LoginServer]:
    made = LoginServer()
    app = web.Application()
    app.add_routes([web.get("/adfs/.well-known/openid-configuration", made.metadata)])
    app.add_routes([web.post("/adfs/token", made.token)])
    certificate, key = _certificate(folder)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate, key)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=secure)
    made.url, made.certificate = f"https://127.0.0.1:{server.port}/adfs", str(certificate)
    try:
        yield made
    finally:
        made.go_on.set()
        await server.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the connector was asked."""

    method: str
    path: str
    """As it stood in the request, still quoted."""
    query: Body
    token: str
    body: Any


@dataclass(slots=True, kw_only=True)
class Says:
    """What the connector answers."""

    status: int = 200
    body: Body | bytes = field(default_factory=dict[str, Any])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    drops: bool = False
    hangs: bool = False


@dataclass(slots=True)
class FakeTeams:
    """Its books, and what it says next; when that is used up, it says yes."""

    url: str = ""
    host: str = ""
    calls: list[Call] = field(default_factory=list)
    next: list[Says] = field(default_factory=list)
    under_way: int = 0
    most_at_once: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, status: int = 200, body: Body | bytes = b"", **more: Any) -> None:
        self.next.append(Says(status=status, body=body, **more))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            return await self._answer(request)
        finally:
            self.under_way -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        self.calls.append(
            Call(
                method=request.method,
                path=request.raw_path.partition("?")[0],
                query=dict(request.query),
                token=request.headers.get("Authorization", ""),
                body=json.loads(raw) if raw else None,
            )
        )
        self.asked.set()
        said = self.next.pop(0) if self.next else Says(status=201, body={"id": f"act-{len(self.calls)}"})
        if said.hangs:
            await self.go_on.wait()
        if said.drops:
            assert request.transport
            request.transport.abort()
        if isinstance(said.body, bytes):
            return web.Response(status=said.status, body=said.body, headers=said.headers, content_type="text/html")
        return web.json_response(said.body, status=said.status, headers=said.headers)


@asynccontextmanager
async def teams_server() -> AsyncIterator[FakeTeams]:
    made = FakeTeams()
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", made.answer)
    async with _serving(app) as server:
        made.url, made.host = str(server.make_url("/emea/")), f"127.0.0.1:{server.port}"
        yield made
        made.go_on.set()


@asynccontextmanager
async def _serving(app: web.Application) -> AsyncIterator[TestServer]:
    server = TestServer(app)
    await server.start_server()
    try:
        yield server
    finally:
        await server.close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key, name = private_key("tls"), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, kept = folder / "login.pem", folder / "login.key"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    kept.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, kept
