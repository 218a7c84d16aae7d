"""Who sent it: one true request, and everything that is not."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest

from adapters.teams.hosts import allowed
from adapters.teams.identity import LEEWAY, Foreign, Forged, Rules, check, check_tenant
from adapters.teams.keys import Key
from tests.adapters.teams.wire_server import (
    APP,
    ISSUER,
    NOW,
    SERVICE,
    TENANT,
    activity,
    bearer,
    claims,
    private_key,
    public_pem,
)

HOSTS = ("smba.trafficmanager.net", "*.botframework.com")
RULES = Rules(app_id=APP, tenant_id=TENANT, issuer=ISSUER, hosts=HOSTS)
OPEN = Rules(app_id="", tenant_id="", issuer=ISSUER, hosts=("localhost:56150",), open=True)


@dataclass
class KnownKeys:
    """Keys that need not be fetched."""

    keys: dict[str, Key] = field(
        default_factory=lambda: {
            "k1": Key(public=private_key("k1").public_key(), endorsements=frozenset({"msteams"})),
            "k3": Key(public=private_key("k3").public_key(), endorsements=frozenset({"webchat"})),
        }
    )

    async def find(self, kid: str) -> Key | None:
        return self.keys.get(kid)


def b64(found: Any) -> str:
    raw = found if isinstance(found, bytes) else json.dumps(found).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned() -> str:
    return f"Bearer {b64({'alg': 'none', 'kid': 'k1'})}.{b64(claims())}."


def signed_with_the_public_key() -> str:
    """What a library takes that lets the token say how it was signed."""
    first = f"{b64({'alg': 'HS256', 'kid': 'k1'})}.{b64(claims())}"
    return f"Bearer {first}.{b64(hmac.new(public_pem('k1'), first.encode(), hashlib.sha256).digest())}"


def signed_otherwise() -> str:
    return f"Bearer {jwt.encode(claims(), private_key('k1'), algorithm='RS512', headers={'kid': 'k1'})}"


def raw(header: bytes, payload: bytes) -> str:
    """Signed by the true key, whatever it says."""
    first = f"{b64(header)}.{b64(payload)}"
    return f"Bearer {first}.{b64(jwt.get_algorithm_by_name('RS256').sign(first.encode(), private_key('k1')))}"


def changed_afterwards() -> str:
    first, _, last = bearer().split(".")
    return f"{first}.{b64(claims(exp=int(NOW) + 999_999))}.{last}"


GOOD = b'{"alg":"RS256","kid":"k1"}'
CRITICAL = b'{"alg":"RS256","kid":"k1","crit":["x"],"x":1}'
FORGED: dict[str, Callable[[], str | None]] = {
    "no header": lambda: None,
    "an empty header": lambda: "",
    "a scheme and nothing": lambda: "Bearer",
    "garbage": lambda: "Bearer garbage",
    "garbage in three parts": lambda: "Bearer a.b.c",
    "another scheme": lambda: bearer().replace("Bearer", "Basic"),
    "two in one": lambda: f"{bearer()}, {bearer()}",
    "a letter of no alphabet": lambda: f"{bearer()}\u00e9",
    "alg none": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "RS512": signed_otherwise,
    "another's key": lambda: bearer(key="stranger"),
    "a key nobody knows": lambda: bearer(key="stranger", kid="k9"),
    "no kid": lambda: bearer(kid=None),
    "a kid that is no name": lambda: raw(b'{"alg":"RS256","kid":7}', json.dumps(claims()).encode()),
    "a critical extension": lambda: raw(
        b'{"alg":"RS256","kid":"k1","crit":["x"],"x":1}', json.dumps(claims()).encode()
    ),
    "expired": lambda: bearer(claims(exp=int(NOW - LEEWAY))),
    "no end": lambda: bearer(claims(exp=None)),
    "an end that is no number": lambda: bearer(claims(exp="tomorrow")),
    "an end that is neither before nor after": lambda: bearer(claims(exp=float("nan"))),
    "not yet valid": lambda: bearer(claims(nbf=int(NOW + LEEWAY) + 1)),
    "a beginning that is no number": lambda: bearer(claims(nbf="yesterday")),
    "another bot's": lambda: bearer(claims(aud="app-2")),
    "nobody's": lambda: bearer(claims(aud=None)),
    "another issuer": lambda: bearer(claims(iss="https://login.example")),
    "no issuer": lambda: bearer(claims(iss=None)),
    "another service address": lambda: bearer(claims(serviceurl="https://smba.trafficmanager.net/amer/")),
    "no service address": lambda: bearer(claims(serviceurl=None)),
    "a service address that is no text": lambda: bearer(claims(serviceurl=[SERVICE])),
    "a key not endorsed for Teams": lambda: bearer(key="k3", kid="k3"),
    "cut short": lambda: bearer()[:-20],
    "without its last part": lambda: bearer().rpartition(".")[0],
    "changed afterwards": changed_afterwards,
    "too deep a header": lambda: f"Bearer {b64(b'[' * 2900)}.{b64(claims())}.{b64(b'x')}",
    "too deep a payload": lambda: raw(GOOD, b'{"a":' * 1500 + b"1" + b"}" * 1500),
    "claims that are a list": lambda: raw(GOOD, b"[]"),
    "claims that are no JSON": lambda: raw(GOOD, b"\xff\xfe"),
    "too long": lambda: f"Bearer {'a' * 5000}.b.c",
}


async def test_a_true_request_passes() -> None:
    await check(bearer(), activity(), RULES, KnownKeys(), NOW)


@pytest.mark.parametrize("kind", FORGED)
async def test_whatever_is_forged_is_refused(kind: str) -> None:
    with pytest.raises(Forged) as forged:
        await check(FORGED[kind](), activity(), RULES, KnownKeys(), NOW)

    assert "eyJ" not in str(forged.value), "nothing of a token may be logged"


@pytest.mark.parametrize(
    "told",
    [
        claims(exp=int(NOW - LEEWAY) + 1),
        claims(nbf=int(NOW + LEEWAY)),
        claims(nbf=None),
        claims(iat=int(NOW) + 200),
        claims(aud=[APP]),
        claims(serviceurl=SERVICE.rstrip("/")),
    ],
)
async def test_clocks_may_differ_and_a_slash_may_be_missing(told: dict[str, Any]) -> None:
    await check(bearer(told), activity(), RULES, KnownKeys(), NOW)


@pytest.mark.parametrize("channel", ["webchat", "emulator", "", None, ["msteams"]])
async def test_another_channel_is_refused_even_where_its_key_is_endorsed(channel: object) -> None:
    keys = KnownKeys()
    keys.keys["k1"] = Key(public=private_key("k1").public_key(), endorsements=frozenset({"msteams", "webchat"}))

    with pytest.raises(Forged):
        await check(bearer(), activity(channelId=channel), RULES, keys, NOW)


async def test_a_signed_address_we_may_not_answer_to_is_refused() -> None:
    elsewhere = "https://elsewhere.example/"

    with pytest.raises(Forged, match="TEAMS_SERVICE_HOSTS"):
        await check(bearer(claims(serviceurl=elsewhere)), activity(serviceUrl=elsewhere), RULES, KnownKeys(), NOW)


@pytest.mark.parametrize("url", [None, 7, "", []])
async def test_an_activity_without_an_address_is_refused(url: object) -> None:
    with pytest.raises(Forged):
        await check(bearer(), activity(serviceUrl=url), RULES, KnownKeys(), NOW)


async def test_without_an_app_id_nothing_is_proved_but_the_address_must_be_allowed() -> None:
    await check(None, activity(serviceUrl="http://localhost:56150/_connector"), OPEN, KnownKeys(), NOW)

    with pytest.raises(Forged):
        await check(None, activity(serviceUrl="https://elsewhere.example/"), OPEN, KnownKeys(), NOW)


@pytest.mark.parametrize(
    "more",
    [
        {"channelData": {"tenant": {"id": "other"}}},
        {"channelData": {"tenant": {"id": [TENANT]}}},
        {"channelData": None, "conversation": {"id": "19:x", "tenantId": "other"}},
        {"conversation": {"id": "19:x", "tenantId": "other"}},
    ],
)
def test_another_tenants_is_foreign(more: dict[str, Any]) -> None:
    with pytest.raises(Foreign):
        check_tenant(activity(**more), RULES)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"channelData": {"tenant": {"id": TENANT.upper()}}},
        {"channelData": None, "conversation": None},
        {"channelData": {"tenant": "odd"}},
        {"channelData": {"tenant": {"id": ""}}},
    ],
)
def test_our_tenants_passes_and_so_does_what_names_none(more: dict[str, Any]) -> None:
    check_tenant(activity(**more), RULES)


def test_without_an_app_id_any_tenant_passes() -> None:
    check_tenant(activity(channelData={"tenant": {"id": "other"}}), OPEN)


@pytest.mark.parametrize(
    "url",
    [
        "https://smba.trafficmanager.net",
        "https://smba.trafficmanager.net/",
        "https://SMBA.trafficmanager.net/emea/1a2b-3c/",
        "https://smba.trafficmanager.net:443/emea/",
        "https://eu.webchat.botframework.com/",
        "http://localhost:56150/_connector",
        "http://127.0.0.1:3978/",
        "http://[::1]:3978/v3/",
    ],
)
def test_addresses_at_allowed_hosts_are_allowed(url: str) -> None:
    assert allowed(url, (*HOSTS, "localhost:56150", "127.0.0.1:3978", "[::1]:3978"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smba.trafficmanager.net",
        "//smba.trafficmanager.net/",
        "ftp://smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net:99999999/",
        "https://smba.trafficmanager.net.elsewhere.example/",
        "https://elsewhere.example/smba.trafficmanager.net/",
        "https://elsewhere.example#smba.trafficmanager.net",
        "https://elsewhere.example?smba.trafficmanager.net",
        "https://smba.trafficmanager.net@elsewhere.example/",
        "https://user:word@smba.trafficmanager.net/",
        "https://elsewhere.example\\@smba.trafficmanager.net/",
        "https://elsewhere.example\\.botframework.com/",
        "https://smba.trafficmanager.net/?x=1",
        "https://smba.trafficmanager.net/#x",
        "https://smba.trafficmanager.net/\r\nHost: x",
        "https://smba.trafficmanager.net /",
        " https://smba.trafficmanager.net/",
        "https://botframework.com/",
        "https://.botframework.com/",
        "https://evilbotframework.com/",
        "https://smba.trafficmanager.n\u0435t/",
        "https://smba\uff0etrafficmanager.net/",
        "https://smba.trafficmanager.net./",
        "http://localhost/",
        "http://localhost:1/",
        "https://smba.trafficmanager.net/" + "a" * 2000,
    ],
)
def test_what_only_looks_like_an_allowed_host_is_none(url: str) -> None:
    assert not allowed(url, (*HOSTS, "localhost:56150"))
