"""What strangers ask of the pages, and of what is for the operator alone; raw bytes that only resemble HTTP."""

from random import Random
from urllib.parse import quote

from tests.fuzz.odd import VALUES, bent
from tests.fuzz.shot import FORGED, Headers, Shot, shot

PATHS = (
    "/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/status",
    "/status/",
    "/status//",
    "/status/history",
    "/status/history/2026-11",
    "/status/incidents/1",
    "/status/assets/style.css",
    "/status/banner",
    "/history.atom",
    "/history.rss",
    "/api/v2/summary.json",
    "/api/v2/incidents/unresolved.json",
    "/hooks/x",
    "/hooks/alertmanager",
    "/slack/events",
    "/api/messages",
    "/gallery",
    "/local/state",
    "/local/page/app.js",
)
METHODS = ("GET",) * 8 + ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO", "get")
VALUES_OF: dict[str, tuple[str, ...]] = {
    "If-None-Match": ("*", "W/", '"', '"a", W/"b"', ",,,", "\xe9"),
    "If-Modified-Since": (
        "Wed, 99 Foo 2026 25:61:61 GMT",
        "Mon, 23 Nov 2026 10:00:00 GMT",
        "Mon, 23 Nov 2026 10:00:00 -9999",
        "Mon, 23 Nov 99999999999999999999 10:00:00 +0000",
        "Mon, 23 Nov 0000 00:00:00 GMT",
        "0",
        "",
        "\x01",
        "," * 500,
    ),
    "Accept-Encoding": ("gzip", "gzip;q=0", "*", "x" * 5000),
    "Range": ("bytes=0-", "bytes=-1", "bytes=99999999999999999999-", "bytes=5-1", "x"),
    "If-Range": ("x", '"a"'),
    "Expect": ("100-continue", "x"),
    "Transfer-Encoding": ("chunked", "gzip", "chunked, chunked", "x"),
    "Content-Length": ("0", "-1", "5", "99999999999999999999", "+1", "1e3", ""),
    "Content-Encoding": ("gzip", "br", "deflate"),
    "Authorization": ("Bearer", "Bearer x", "Bearer \xe9", "Basic !!", "Digest x"),
    "X-Forwarded-For": ("1.2.3.4", "127.0.0.1", "\x7f"),
    "Forwarded": ("for=127.0.0.1",),
    "Cookie": ("sitrep_local=x", "a=b; ; =;", '"' * 100, "\xe9=\xe9"),
    "Upgrade": ("websocket", "h2c"),
    "Connection": ("Upgrade", "close", "keep-alive, x"),
    "Sec-WebSocket-Key": ("x", "dGhlIHNhbXBsZSBub25jZQ=="),
    "Sec-WebSocket-Version": ("13", "99"),
    "Host": ("evil.example", "", "[::", "a" * 300, "\xe9"),
    "Origin": ("https://evil.example", "null", "[", "http://[::"),
    "Content-Type": ("text/html", "x;charset=\xe9", "multipart/form-data", "multipart/form-data; boundary="),
    "\xe9": ("x",),
    "X-" + "a" * 3000: ("b" * 3000,),
}


def page(chance: Random) -> Shot:
    """A page, asked for in odd ways."""
    path = chance.choice(PATHS)
    if chance.random() < 0.5:
        piece = chance.choice([one for one in VALUES if isinstance(one, str)])[:3000]
        told = quote(piece, safe=chance.choice(("", "/", "/%.")), errors="replace")
        path += chance.choice(("/", "?", "?path=", "%2f", "/../", ";", "#")) + told
    body = chance.randbytes(50) if chance.random() < 0.1 else b""
    return shot("pages", chance.choice(METHODS), path, _odd_headers(chance), body)


def figures(chance: Random) -> Shot:
    """The operator's figures, through a proxy and with no true bearer."""
    headers: Headers = [("X-Forwarded-For", "127.0.0.1")]
    if chance.random() < 0.7:
        headers.append(("Authorization", chance.choice((f"Bearer {FORGED}", "Bearer ", "bearer x", "\xe9"))))
    return shot("figures, forged", "GET", "/metrics", headers, forged=True)


def unlike(chance: Random) -> Shot:
    """Bytes that resemble a request."""
    good = page(chance).raw
    return Shot(kind="no HTTP", raw=bent(chance, good, times=8), short=True)


def _odd_headers(chance: Random) -> Headers:
    names = chance.sample(list(VALUES_OF), chance.randrange(4))
    return [(name, chance.choice(VALUES_OF[name])) for name in names]
