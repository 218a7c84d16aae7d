"""One request, as bytes on a wire, and what a campaign must know of it."""

from collections.abc import Iterable
from dataclasses import dataclass

FORGED = "FORGED"
"""Stands in everything that must not come in: afterwards it is nowhere in the database."""

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One request."""

    kind: str
    raw: bytes
    forged: bool = False
    """It must be turned away: any answer of 400 to 499."""
    short: bool = False
    """Less comes than was announced: the connection is closed after it, and there may be no answer."""


def shot(
    kind: str,
    method: str,
    path: str,
    headers: Iterable[tuple[str, str]],
    body: bytes = b"",
    *,
    forged: bool = False,
    short: bool = False,
    host: str = "127.0.0.1",
) -> Shot:
    """A well-formed request with whatever it holds."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers)]
    announced = len(body) + (100 if short else 0)
    if body or method in {"POST", "PUT", "PATCH"}:
        lines.append(f"Content-Length: {announced}")
    head = "\r\n".join(lines).encode("utf-8", "surrogateescape")
    return Shot(kind=kind, raw=head + b"\r\n\r\n" + body, forged=forged, short=short)
