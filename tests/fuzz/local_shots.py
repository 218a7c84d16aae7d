"""What the try-out chat's page sends, odd, and what other sites' pages would send."""

import json
from random import Random
from typing import Any
from urllib.parse import quote

from tests.fuzz.odd import VALUES, bent, changed, written
from tests.fuzz.shot import FORGED, Headers, Shot, shot
from tests.fuzz.slack_shots import TEXTS, WORDS

ACTS = ("say", "press", "submit", "read", "join", "leave", "dismiss", "clock", "login", "nothing")
READS = ("state", "words", "messages", "thread", "live")
WHO = ("ana", "ben", "chen", "hana")
PLACES = ("incidents", "@ana", "inc-1-checkout-is-down", "nowhere", "inc-1")


def _body(chance: Random) -> dict[str, Any]:
    return {
        "as": chance.choice(WHO),
        "place": chance.choice(PLACES),
        "key": f"{chance.getrandbits(60):020}",
        "text": chance.choice(
            (f"/incident {chance.choice(TEXTS)}", "hello", "/other", f"@sitrep {chance.choice(TEXTS)}")
        ),
        "thread": chance.choice((None, None, 1, 99)),
        "word": chance.choice(WORDS),
        "values": {"title": "Mail is down", "role": "scribe", "to": "internal", "when": "30m"},
        "incident": chance.choice((None, 1, 2, 99)),
        "id": 1,
        "message": chance.choice((1, 2, 99)),
        "turn": chance.choice(("1m", "5m", "next", "x")),
    }


def act(chance: Random) -> Shot:
    """Something done, its body odd."""
    raw = written(chance, changed(chance, _body(chance), chance.choice((0, 1, 1, 2, 5))))
    if chance.random() < 0.1:
        raw = bent(chance, raw)
    kind = "application/json" if chance.random() < 0.9 else chance.choice(("text/plain", "multipart/form-data", ""))
    headers: Headers = [("Content-Type", kind)]
    if chance.random() < 0.05:
        headers.append(("Content-Encoding", "gzip"))
    path = f"/local/{chance.choice(ACTS)}"
    return shot("try-out chat, acts", "POST", path, headers, raw, short=chance.random() < 0.05)


def read(chance: Random) -> Shot:
    """Something looked at, its address odd."""
    values = [one for one in VALUES if isinstance(one, str)]
    query = {
        "as": chance.choice((*WHO, chance.choice(values))),
        "place": chance.choice((*PLACES, chance.choice(values))),
        "message": chance.choice(("1", "99", chance.choice(values))),
        "before": chance.choice(("", "5", chance.choice(values))),
        "after": chance.choice(("", "5", chance.choice(values))),
    }
    told = "&".join(f"{name}={quote(value[:300], safe='', errors='replace')}" for name, value in query.items())
    return shot("try-out chat, reads", "GET", f"/local/{chance.choice(READS)}?{told}", [])


def forged(chance: Random) -> Shot:
    """From another site's page, or by a name that was made to lead here."""
    body = {**_body(chance), "text": f"/incident declare {FORGED}", "values": {"title": FORGED}, "turn": FORGED}
    raw, headers = json.dumps(body).encode(), [("Content-Type", "application/json")]
    host, method, path = "127.0.0.1", "POST", f"/local/{chance.choice(ACTS[:-2])}"
    match chance.randrange(4):
        case 0:
            headers.append(("Origin", chance.choice(("https://evil.example", "null", "[", "http://127.0.0.1:1"))))
        case 1:
            headers.append(("Sec-Fetch-Site", chance.choice(("cross-site", "same-site", "x"))))
        case 2:
            host = chance.choice(("evil.example", "10.0.0.1", "127.0.0.1.evil.example", "", "[::"))
        case _:
            headers.append((chance.choice(("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")), "127.0.0.1"))
    return shot("try-out chat, forged", method, path, headers, raw, forged=True, host=host)
