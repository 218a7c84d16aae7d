"""Microsoft's login service, over https with a certificate of its own: tokens for the bot."""

import asyncio
import datetime as dt
import ipaddress
import secrets
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.teams.people import APP_ID, APP_PASSWORD
from tests.teams.serving import serve

SCOPE = "https://api.botframework.com/.default"


@dataclass(slots=True, kw_only=True)
class Login:
    """The service's books, and its switches."""

    certificate: Path
    """For `REQUESTS_CA_BUNDLE`."""
    url: str = ""
    lifetime: int = 3600
    """Seconds that a token is good for."""
    password: str = APP_PASSWORD
    broken: int = 0
    """The status it answers with instead, where not 0."""
    asked: list[str] = field(default_factory=list)
    """What was asked: `discovery` or `token`."""
    complaints: list[str] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    """Each token that was given, and until when it is good."""
    _running: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def authority(self) -> str:
        """As MSAL takes it: of other hosts than Microsoft's it asks Microsoft, unless the tenant is called `adfs`."""
        return f"{self.url}/adfs"

    def hang(self) -> None:
        """Take requests and answer none, until `mend`."""
        self._running.clear()

    def refuse(self) -> None:
        """The password is another now."""
        self.password = secrets.token_hex(8)

    def revoke(self) -> None:
        """No token that was given is good any more."""
        self.tokens.clear()

    def mend(self) -> None:
        """All is well again."""
        self.broken, self.password = 0, APP_PASSWORD
        self._running.set()

    def knows(self, header: str) -> bool:
        """Whether an Authorization header carries a token of ours that is still good."""
        scheme, _, token = header.partition(" ")
        return scheme == "Bearer" and self.tokens.get(token, 0.0) > time.time()

    async def discovery(self, request: web.Request) -> web.Response:
        self.asked.append("discovery")
        await self._running.wait()
        if self.broken:
            return web.Response(status=self.broken, text="<html>Out of order</html>", content_type="text/html")
        return web.json_response(
            {
                "issuer": self.authority,
                "authorization_endpoint": f"{self.authority}/oauth2/authorize",
                "token_endpoint": f"{self.authority}/oauth2/token",
                "jwks_uri": f"{self.authority}/discovery/keys",
            }
        )

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        form = await request.post()
        await self._running.wait()
        if self.broken:
            return web.Response(status=self.broken, text="<html>Out of order</html>", content_type="text/html")
        if form.get("client_id") != APP_ID or form.get("client_secret") != self.password:
            words = "AADSTS7000215: Invalid client secret provided."
            return web.json_response({"error": "invalid_client", "error_description": words}, status=401)
        if form.get("grant_type") != "client_credentials" or form.get("scope") != SCOPE:
            self.complaints.append(f"login: asked for {form.get('grant_type')!r} and {form.get('scope')!r}")
            return web.json_response({"error": "invalid_scope"}, status=400)
        token = f"bot-token-{secrets.token_urlsafe(24)}"
        self.tokens[token] = time.time() + self.lifetime
        return web.json_response({"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token})


@asynccontextmanager
async def login_server(folder: Path) -> AsyncIterator[Login]:
    """The service, on https; its certificate is written to the folder."""
    made = Login(certificate=folder / "login-certificate.pem")
    made.mend()
    app = web.Application()
    app.router.add_get("/adfs/.well-known/openid-configuration", made.discovery)
    app.router.add_post("/adfs/oauth2/token", made.token)
    async with serve(app, _own_certificate(folder, made.certificate)) as made.url:
        yield made


def _own_certificate(folder: Path, certificate: Path) -> ssl.SSLContext:
    """For 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login.larkfield.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = folder / "login-key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context
