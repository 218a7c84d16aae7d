"""The door: what may come in over HTTP. It is checked on the raw bytes, in constant time, before anything is parsed.

Bolt answers 500 to malformed requests (docs/slack.md); with this in front, whatever is forged, old or broken gets 400,
401, 403 or 413, and only what Slack signed reaches anybody.
"""

import hmac
import re
from collections.abc import Sequence
from hashlib import sha256

from multidict import CIMultiDictProxy

from adapters.web.bodies import TurnedAway

LARGEST = 1024 * 1024
"""Bytes of a body. Slack's own ceiling for a view is 250 KB; a button's message comes back with its blocks."""
TOLERANCE = 300
"""Seconds a request may be old, or ahead of our clock (docs/slack.md)."""
VERSION = "v0"
SIGNATURE = "X-Slack-Signature"
TIMESTAMP = "X-Slack-Request-Timestamp"
MOMENT = re.compile(r"[0-9]{1,12}", re.ASCII)
PROBE = re.compile(rb"(?:^|&)ssl_check=1(?:&|$)")


def check_encoding(headers: "CIMultiDictProxy[str]") -> None:
    """Refuse a compressed body: Slack sends none, and a small one may unfold to any size.

    Raises TurnedAway 400.
    """
    if headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise TurnedAway(400, "compressed body")


def is_probe(headers: "CIMultiDictProxy[str]", raw: bytes) -> bool:
    """Whether this is Slack's unsigned look at the certificate (`ssl_check=1`), which wants a 200 and nothing else."""
    return SIGNATURE not in headers and TIMESTAMP not in headers and PROBE.search(raw) is not None


def check_signature(headers: "CIMultiDictProxy[str]", raw: bytes, *, secrets: Sequence[str], now: float) -> int:
    """Whether Slack sent exactly these bytes lately; any of `secrets` will do, so that one can be rotated.

    `now` in unix seconds. Gives the request's own moment, in unix seconds. Raises TurnedAway 401.
    """
    signature, stamp = _only(headers, SIGNATURE), _only(headers, TIMESTAMP)
    if not MOMENT.fullmatch(stamp):
        raise TurnedAway(401, "timestamp is no number")
    if abs(now - int(stamp)) > TOLERANCE:
        raise TurnedAway(401, "timestamp too far from now")
    given = signature.encode("utf-8", "surrogateescape")
    signed = f"{VERSION}:{stamp}:".encode() + raw
    fits = [hmac.compare_digest(_signature(secret, signed), given) for secret in secrets]
    if not any(fits):
        raise TurnedAway(401, "signature does not fit")
    return int(stamp)


def _only(headers: "CIMultiDictProxy[str]", name: str) -> str:
    found = headers.getall(name, [])
    if len(found) != 1:
        raise TurnedAway(401, f"{name} is not there once")
    return found[0]


def _signature(secret: str, signed: bytes) -> bytes:
    return f"{VERSION}={hmac.new(secret.encode(), signed, sha256).hexdigest()}".encode()
