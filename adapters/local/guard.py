"""Who may use the try-out chat over HTTP: this machine's own pages, or whoever knows the password.

There is no log-in on loopback, so a page of another site must not be able to speak to it: the host that a request names
must be this machine (a name that was made to lead here, DNS rebinding, is not), and a request that another page sent is
refused. A proxy speaks for somebody elsewhere: through it, the password is needed.
"""

import hashlib
import hmac
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import escape
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from adapters.web.bodies import TurnedAway, read_body_of
from adapters.web.callers import by_proxy

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "sitrep_local"
LASTS = 12 * 3600
"""Seconds a log-in lasts in the browser."""
FORM, LARGEST, MOST_FIELDS = "application/x-www-form-urlencoded", 8192, 10
"""What a log-in is, its bytes and its fields at most."""
TRIES, WITHIN = 10, 60.0
"""Wrong passwords taken within so many seconds."""

ELSEWHERE = "The try-out chat is for this machine alone: open http://127.0.0.1, or set SITREP_LOCAL_PASSWORD."
ANOTHER_PAGE = "That came from another page: open the try-out chat itself."
NO_LOGIN = "Log in first."
WRONG = "That is not the password."
TOO_OFTEN = "Too many wrong passwords: try again in a minute."


@dataclass(slots=True, kw_only=True)
class Guard:
    """Stands before every route of the chat."""

    password: str = field(repr=False)
    """Empty: none, and only this machine is let in."""
    clock: Callable[[], float] = time.monotonic
    _wrong: deque[tuple[float, str]] = field(default_factory=deque[tuple[float, str]])
    """When a wrong password came, and from where."""

    def __call__(self, handler: Handler) -> Handler:
        """The handler, for those who may."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            refused = self._refused(request)
            return refused or await handler(request)

        return guarded

    def page(self, handler: Handler) -> Handler:
        """A page, for those who may; the log-in in its place for those who must log in first.

        A link on another page may lead here: a page holds no data, and no other page can frame it.
        """

        async def guarded(request: web.Request) -> web.StreamResponse:
            if self.password and not self.knows(request):
                return _login_page()
            refused = self._elsewhere(request)
            return refused or await handler(request)

        return guarded

    def knows(self, request: web.Request) -> bool:
        """Whether somebody logged in."""
        given = request.cookies.get(COOKIE, "").encode("utf-8", "surrogateescape")
        return bool(self.password) and hmac.compare_digest(given, self._ticket().encode())

    async def login(self, request: web.Request) -> web.StreamResponse:
        """The password, typed into the log-in page."""
        if not self.password or _foreign(request):
            return refusal(ANOTHER_PAGE, 403)
        if self._too_often(request.remote or ""):
            return _login_page(TOO_OFTEN, 429)
        try:
            given = _password(await read_body_of(request, LARGEST)) if request.content_type == FORM else None
        except TurnedAway as away:
            return refusal("That is no log-in.", away.status)
        if given is None:
            return refusal("That is no log-in.", 400)
        if not hmac.compare_digest(given, self.password.encode()):
            self._wrong.append((self.clock(), request.remote or ""))
            return _login_page(WRONG, 403)
        answer = web.Response(status=303, headers={"Location": "/"})
        secure = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
        answer.set_cookie(COOKIE, self._ticket(), max_age=LASTS, httponly=True, samesite="Strict", secure=secure)
        return answer

    def _refused(self, request: web.Request) -> web.Response | None:
        if _foreign(request):
            return refusal(ANOTHER_PAGE, 403)
        if self.password:
            return None if self.knows(request) else refusal(NO_LOGIN, 401)
        return self._elsewhere(request)

    def _elsewhere(self, request: web.Request) -> web.Response | None:
        if not self.password and (by_proxy(request) or not is_here(request.host)):
            return refusal(ELSEWHERE, 403)
        return None

    def _too_often(self, peer: str) -> bool:
        """Whether that peer guessed too often: others are not locked out by it."""
        while self._wrong and self.clock() - self._wrong[0][0] > WITHIN:
            self._wrong.popleft()
        return sum(one == peer for _, one in self._wrong) >= TRIES

    def _ticket(self) -> str:
        """What the cookie holds: only who knows the password can make it."""
        return hmac.new(self.password.encode(), b"sitrep try-out chat", hashlib.sha256).hexdigest()


def _password(raw: bytes) -> bytes | None:
    """What was typed; None where the form cannot be read."""
    try:
        fields = dict(parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        return None
    return fields.get("password", "").encode()


def refusal(sentence: str, status: int) -> web.Response:
    """One sentence for the person."""
    return web.json_response({"error": sentence}, status=status)


def is_here(host: str) -> bool:
    """Whether a request's Host names this machine: `localhost`, or an address that never leaves it."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _foreign(request: web.Request) -> bool:
    """Whether another site's page sent it, as the browser says itself."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.casefold() != request.host.casefold()
    except ValueError:
        return True


def _login_page(wrong: str = "", status: int = 200) -> web.Response:
    said = f'<p role="alert">{escape(wrong)}</p>' if wrong else ""
    text = LOGIN.replace("{said}", said)
    # Under `no-referrer` a browser sends a form with `Origin: null`, as a page of nobody knows whom would.
    headers = {"Content-Security-Policy": CSP, "Referrer-Policy": "same-origin"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, nothing inline."""
LOGIN = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Log in to Sitrep</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/local/page/login.css">
</head>
<body>
<main>
<h1>Sitrep, try-out chat</h1>
{said}
<form method="post" action="/local/login">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Log in</button>
</form>
</main>
</body>
</html>
"""
