"""Who asks over plain HTTP, and what every answer carries."""

import hmac
from ipaddress import ip_address

from aiohttp import HttpVersion11, web

SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "Server": "sitrep",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PROXIED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


def trusted(request: web.Request, token: str) -> bool:
    """Whether details may be shown: the caller has the bearer token, or sits on this machine.

    A proxy on this machine speaks for somebody elsewhere, so its requests need the token.
    """
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    known = hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())
    if token and known and scheme.casefold() == "bearer":
        return True
    return _loopback(request.remote or "") and not by_proxy(request)


def by_proxy(request: web.Request) -> bool:
    """Whether a proxy passed it on. Those that do not say for whom still speak HTTP/1.0, which no browser does."""
    return request.version < HttpVersion11 or any(name in request.headers for name in PROXIED)


def _loopback(host: str) -> bool:
    try:
        found = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return found.is_loopback or (mapped is not None and mapped.is_loopback)


async def add_security(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on an answer that has not chosen its own. For `on_response_prepare`."""
    del request
    for name, value in SECURITY.items():
        if name == "Server":
            response.headers[name] = value
        else:
            response.headers.setdefault(name, value)
