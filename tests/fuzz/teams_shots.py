"""What Teams might send, with a true token and odd, and what others might send in its name."""

import json
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from adapters.teams.endpoint import PATH
from tests.adapters.teams.saying import activity, fetches, invoke, of, presses, submits
from tests.adapters.teams.wire_server import NOW, SERVICE, TENANT, bearer, claims
from tests.fuzz.odd import ENCODED, bent, changed, written
from tests.fuzz.shot import FORGED, Shot, shot
from tests.fuzz.slack_shots import TEXTS, WORDS

JSON = "application/json; charset=utf-8"
KINDS = ("text/plain", "application/json; charset=utf-16", "application/json; charset=\xe9", "", "multipart/form-data")
GROUP, CHANNEL = "19:room@thread.v2", "19:incidents@thread.tacv2"
POST = f"{CHANNEL};messageid=1700000000000"
WHO = ("ana", "ben", "chen")
DELETED = {"tenant": {"id": TENANT}, "eventType": "channelDeleted", "channel": {"id": CHANNEL}, "team": {"id": CHANNEL}}
RENAMED = {**DELETED, "eventType": "channelRenamed", "channel": {"id": CHANNEL, "name": "other"}}
MENTIONS = [
    {"type": "mention", "text": "<at>Sitrep</at>", "mentioned": {"id": "28:bot", "name": "Sitrep"}},
    {"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": "29:ben", "name": "Ben", "aadObjectId": "o-ben"}},
    {"type": "clientInfo", "timezone": "Europe/Berlin"},
]
MESSAGE = {"commandId": "note", "messagePayload": {"body": {"content": "<p>hello</p>"}}}


def _data(chance: Random) -> dict[str, Any]:
    told = of(chance.choice(WORDS), chance.choice((None, 1, 2, 3)), role="scribe")
    told["sitrep"] |= chance.choice(
        (
            {},
            {"y": True},
            {"no": True},
            {"q": ["a", "b", "c", "d"]},
            {"c": {"fields": "title people"}, "k": {"people": "p", "to": "s"}},
        )
    )
    return {**told, "title": "Mail is down", "people": "o-ana, teams:larkfield/o-ben", "to": "internal, customers"}


def _activity(chance: Random) -> dict[str, Any]:
    where = {"where": chance.choice(("a:ana", GROUP, CHANNEL, POST)), "who": chance.choice(WHO), "serviceUrl": SERVICE}
    data = _data(chance)
    makes: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: activity(chance.choice(TEXTS), **where),
        lambda: activity("role comms <at>Ben</at>", entities=MENTIONS, replyToId="17", **where),
        lambda: presses(data, replyToId="17", **where),
        lambda: activity(None, value=data, replyToId="17", **where),
        lambda: fetches(data, **where),
        lambda: submits(data, **where),
        lambda: invoke("composeExtension/fetchTask", MESSAGE, **where),
        lambda: invoke("composeExtension/submitAction", {"commandId": "note", "data": data}, **where),
        lambda: invoke(
            chance.choice(("composeExtension/query", "signin/verifyState", "config/fetch", "")), {}, **where
        ),
        lambda: activity(type="conversationUpdate", membersRemoved=[{"id": "29:ben"}], **where),
        lambda: activity(type="conversationUpdate", membersAdded=[{"id": "28:bot"}], **where),
        lambda: activity(type="conversationUpdate", channelData=chance.choice((DELETED, RENAMED)), **where),
        lambda: activity(type="installationUpdate", action=chance.choice(("add", "remove")), **where),
        lambda: activity(type="messageReaction", reactionsAdded=[{"type": "like"}], replyToId="1", **where),
        lambda: activity("declare X", type="messageUpdate", channelData={"eventType": "editMessage"}, **where),
        lambda: activity(type=chance.choice(("typing", "event", "trace", "handoff", "endOfConversation")), **where),
    )
    return chance.choice(makes)()


@cache
def _true() -> str:
    return bearer()


@cache
def _forgeries() -> tuple[str, ...]:
    """Made once: signing takes long."""
    return (
        bearer(key="stranger"),
        bearer(key="stranger", kid="k9"),
        bearer(kid=None),
        bearer(claims(exp=int(NOW) - 400)),
        bearer(claims(nbf=int(NOW) + 400)),
        bearer(claims(aud="app-2")),
        bearer(claims(iss="https://evil.example")),
        bearer(claims(serviceurl="https://evil.example/")),
        bearer(claims(serviceurl=None)),
        "Bearer eyJhbGciOiJub25lIn0.e30.",
        "Bearer " + "e30." * 3000,
        "Bearer",
        "",
        "Basic Zm9vOmJhcg==",
    )


def signed(chance: Random) -> Shot:
    """With a true token, whatever it holds."""
    raw = written(chance, changed(chance, _activity(chance), chance.choice((0, 1, 1, 2, 5))))
    kind, odd = JSON, chance.randrange(12)
    if odd == 0:
        raw = bent(chance, raw)
    if odd == 1:
        kind = chance.choice(KINDS)
    headers = [("Authorization", _true()), ("Content-Type", kind)]
    if odd == 2:
        headers.append(("Content-Encoding", chance.choice(ENCODED)))
    return shot("teams, true token", "POST", PATH, headers, raw, short=odd == 3)


def forged(chance: Random) -> Shot:
    """In Teams' name, and not from Teams, or from another tenant."""
    told = activity(f"declare {FORGED}", who=FORGED, where=f"a:{FORGED}", serviceUrl=SERVICE)
    tokens = [chance.choice(_forgeries())]
    match chance.randrange(5):
        case 0:
            tokens = []
        case 1:
            tokens = [_true(), _true()]
        case 2:
            tokens = [_bent_token(chance)]
        case 3:
            tokens = [_true()]
            told |= chance.choice(
                (
                    {"serviceUrl": "https://evil.example/"},
                    {"serviceUrl": f"{SERVICE}@evil.example"},
                    {"channelId": "webchat"},
                    {"channelData": {"tenant": {"id": "elsewhere"}}},
                    {"conversation": {**told["conversation"], "tenantId": "elsewhere"}},
                )
            )
        case _:
            pass
    headers = [*(("Authorization", one) for one in tokens), ("Content-Type", JSON)]
    return shot("teams, forged", "POST", PATH, headers, json.dumps(told).encode(), forged=True)


def _bent_token(chance: Random) -> str:
    """One letter is another. Not the last one, whose last bits say nothing."""
    token = _true()
    at = chance.randrange(len("Bearer "), len(token) - 2)
    other = chance.choice([letter for letter in "ABCDEFGHabcdefgh0123" if letter != token[at]])
    return token[:at] + other + token[at + 1 :]
