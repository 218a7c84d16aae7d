"""Who sent an activity: Teams, for our bot, in our tenant; everything else is forged or foreign.

The SDK answers 500 to most forged requests and checks no tenant (docs/teams.md). Here whatever goes wrong with a token,
in a library as well, has one outcome: Forged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from botframework.connector.auth import AuthenticationConstants
from jwt.types import Options

from adapters.teams.hosts import allowed
from adapters.teams.keys import Key
from adapters.teams.payloads import at

ALGORITHM = "RS256"
LEEWAY = 300.0
"""Seconds by which Microsoft's clock and ours may differ, as the SDK has it."""
CHANNEL = "msteams"

_BEARER = re.compile(r"bearer ([\w-]{1,4000}\.[\w-]{1,12000}\.[\w-]{1,2000})", re.ASCII | re.IGNORECASE)
_OPTIONS: Options = {
    "require": [AuthenticationConstants.ISSUER_CLAIM, AuthenticationConstants.AUDIENCE_CLAIM, "exp"],
    "verify_exp": False,  # checked here, by a clock that is an argument
    "verify_nbf": False,
    "verify_iat": False,
}

Claims = Mapping[str, Any]


class Forged(Exception):  # noqa: N818 - an outcome
    """Teams did not send this to us. Its words are ours, for the log; they hold nothing of the token."""


class Foreign(Exception):  # noqa: N818 - an outcome
    """Teams sent it, and it is another tenant's."""


class Finds(Protocol):
    """The keys, as this module sees them."""

    async def find(self, kid: str) -> Key | None:
        """The key of that id; None: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a request must prove."""

    app_id: str
    tenant_id: str
    issuer: str
    hosts: tuple[str, ...]
    """Where we may answer to."""
    open: bool = False
    """Nothing need be proved: there is no app id, for a stand-in on this machine."""


async def check(header: str | None, activity: Mapping[str, Any], rules: Rules, keys: Finds, now: float) -> None:
    """Whether Teams sent this activity to our bot. `header`: Authorization; `now`: unix seconds. Raises Forged."""
    if not rules.open:
        token = _token(header)
        key = await keys.find(_key_id(token))
        if key is None:
            raise Forged("signed with a key nobody knows")
        claims = _claims(token, key, rules)
        _check_moment(claims, now)
        _check_claim(claims, activity)
        if activity.get("channelId") != CHANNEL or CHANNEL not in key.endorsements:
            raise Forged("the key is not endorsed for the channel")
    if not allowed(str(activity.get("serviceUrl")), rules.hosts):
        raise Forged("serviceUrl is at no host of TEAMS_SERVICE_HOSTS")


def check_tenant(activity: Mapping[str, Any], rules: Rules) -> None:
    """Whether it is our tenant's, where both are known. Raises Foreign."""
    if rules.open or not rules.tenant_id:
        return
    for named in _tenants(activity):
        if not isinstance(named, str) or named.casefold() != rules.tenant_id.casefold():
            raise Foreign("another tenant's")


def _tenants(activity: Mapping[str, Any]) -> list[Any]:
    told = (at(activity, "channelData.tenant.id"), at(activity, "conversation.tenantId"))
    return [one for one in told if one not in (None, "")]


def _token(header: str | None) -> str:
    if not header:
        raise Forged("no Authorization header")
    found = _BEARER.fullmatch(header)
    if found is None:
        raise Forged("no bearer token")
    return found[1]


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except Exception as fault:
        raise Forged("the token cannot be read") from fault
    kid = header.get(AuthenticationConstants.KEY_ID_HEADER)
    if header.get("alg") != ALGORITHM:
        raise Forged("signed in another way than Microsoft's")
    if not isinstance(kid, str) or not kid:
        raise Forged("names no key")
    return kid


def _claims(token: str, key: Key, rules: Rules) -> Claims:
    try:
        found: Claims = jwt.decode(
            token,
            key.public,
            algorithms=[ALGORITHM],
            audience=rules.app_id,
            issuer=rules.issuer,
            options=_OPTIONS,
        )
    except Exception as fault:  # a RecursionError among others: the token is anybody's
        raise Forged(f"the token does not hold ({type(fault).__name__})") from fault
    return found


def _check_moment(claims: Claims, now: float) -> None:
    """Written so that NaN, which is neither before nor after, does not pass."""
    ends, begins = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(ends, int | float) or not now < ends + LEEWAY:
        raise Forged("the token is too old")
    if not isinstance(begins, int | float) or not begins - LEEWAY <= now:
        raise Forged("the token is of the future")


def _check_claim(claims: Claims, activity: Mapping[str, Any]) -> None:
    signed, named = claims.get(AuthenticationConstants.SERVICE_URL_CLAIM), activity.get("serviceUrl")
    if not isinstance(signed, str) or not isinstance(named, str):
        raise Forged("no service address is signed")
    if signed.rstrip("/") != named.rstrip("/"):
        raise Forged("another service address is signed")
