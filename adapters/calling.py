"""What all calls to a chat's servers share: their time-outs, the proxy, and what is known where one was never made."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=3)
"""Seconds, for one call."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

NOT_REACHED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.InvalidURL,
)
"""Raised before a byte of the request was sent."""

PIECE = 65536


class TooLarge(ValueError):  # noqa: N818 - an outcome
    """An answer has more bytes than any that is meant for us."""


def open_session() -> aiohttp.ClientSession:
    """The session that all calls share, with their time-outs. Close it at the end; call it on a running loop."""
    return aiohttp.ClientSession(timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for that address, `no_proxy` regarded; None for loopback."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


async def read_at_most(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """The body of an answer. Raises TooLarge, and what aiohttp raises."""
    found = bytearray()
    while piece := await answer.content.read(PIECE):
        found += piece
        if len(found) > most:
            raise TooLarge
    return bytes(found)
