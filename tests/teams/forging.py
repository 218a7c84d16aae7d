"""Requests that are not what they seem: each kind of forgery, by what is wrong with it."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization

from tests.teams.activities import Activity, of_tenant
from tests.teams.openid import OpenId, claims_for, new_key
from tests.teams.people import ANOTHER_TENANT

Forged = tuple[dict[str, str], Activity]
"""Headers, and the activity as it is sent."""
Forge = Callable[[OpenId, Activity], Forged]

ELSEWHERE = "https://evil.larkfield.example/teams/"


def _claiming(**changed: Any) -> Forge:
    """Properly signed, with other claims."""

    def forge(keys: OpenId, activity: Activity) -> Forged:
        return _with(keys.bearer(activity["serviceUrl"], **changed), activity)

    return forge


def _saying(header: str | None) -> Forge:
    def forge(keys: OpenId, activity: Activity) -> Forged:
        return ({} if header is None else {"Authorization": header}), activity

    return forge


def _headed(**header: Any) -> Forge:
    """Properly signed, with another header of the token."""

    def forge(keys: OpenId, activity: Activity) -> Forged:
        return _with(f"Bearer {keys.key.signed(claims_for(activity['serviceUrl']), **header)}", activity)

    return forge


def _without_a_key_id(keys: OpenId, activity: Activity) -> Forged:
    return _with(f"Bearer {jwt.encode(claims_for(activity['serviceUrl']), keys.key.private, 'RS256')}", activity)


def _by_a_strange_key(keys: OpenId, activity: Activity) -> Forged:
    token = new_key().signed(claims_for(activity["serviceUrl"]), kid=keys.key.id)
    return _with(f"Bearer {token}", activity)


def _by_a_key_nobody_lists(keys: OpenId, activity: Activity) -> Forged:
    return _with(f"Bearer {new_key().signed(claims_for(activity['serviceUrl']))}", activity)


def _by_a_key_for_other_chats(keys: OpenId, activity: Activity) -> Forged:
    return _with(f"Bearer {keys.unendorsed.signed(claims_for(activity['serviceUrl']))}", activity)


def _unsigned(keys: OpenId, activity: Activity) -> Forged:
    token = jwt.encode(claims_for(activity["serviceUrl"]), "", "none", headers={"kid": keys.key.id})
    return _with(f"Bearer {token}", activity)


def _by_the_public_key(keys: OpenId, activity: Activity) -> Forged:
    """HS256, the public key taken for a shared secret."""
    public = keys.key.private.public_key()
    secret = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    head = {"alg": "HS256", "typ": "JWT", "kid": keys.key.id}
    told = ".".join(_part(json.dumps(one).encode()) for one in (head, claims_for(activity["serviceUrl"])))
    return _with(f"Bearer {told}.{_part(hmac.digest(secret, told.encode(), 'sha256'))}", activity)


def _altered(keys: OpenId, activity: Activity) -> Forged:
    """Claims changed after they were signed."""
    head, _, signature = keys.key.signed(claims_for(activity["serviceUrl"], exp=1)).split(".")
    body = _part(json.dumps(claims_for(activity["serviceUrl"])).encode())
    return _with(f"Bearer {head}.{body}.{signature}", activity)


def _cut(keys: OpenId, activity: Activity) -> Forged:
    return _with(keys.bearer(activity["serviceUrl"]).rpartition(".")[0], activity)


def _for_another_service(keys: OpenId, activity: Activity) -> Forged:
    """A true token, with an activity that names another place to answer to."""
    return _with(keys.bearer(activity["serviceUrl"]), {**activity, "serviceUrl": ELSEWHERE})


def _from_a_strange_host(keys: OpenId, activity: Activity) -> Forged:
    """All agrees, but nobody allowed that host."""
    return _with(keys.bearer(ELSEWHERE), {**activity, "serviceUrl": ELSEWHERE})


def _of_another_chat(keys: OpenId, activity: Activity) -> Forged:
    return _with(keys.bearer(activity["serviceUrl"]), {**activity, "channelId": "webchat"})


def _from_another_tenant(keys: OpenId, activity: Activity) -> Forged:
    return _with(keys.bearer(activity["serviceUrl"]), of_tenant(activity, ANOTHER_TENANT))


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _with(header: str, activity: Activity) -> Forged:
    return {"Authorization": header}, activity


FORGERIES: Mapping[str, Forge] = {
    "no header": _saying(None),
    "an empty header": _saying(""),
    "another scheme": _saying("Basic c2l0cmVwOnNpdHJlcA=="),
    "no token": _saying("Bearer "),
    "garbage": _saying("Bearer garbage"),
    "three parts of garbage": _saying("Bearer a.b.c"),
    "a token cut short": _cut,
    "unsigned": _unsigned,
    "signed with the public key": _by_the_public_key,
    "a strange key under a known id": _by_a_strange_key,
    "a key nobody lists": _by_a_key_nobody_lists,
    "a key for other chats": _by_a_key_for_other_chats,
    "no key id": _without_a_key_id,
    "a key id that is a path": _headed(kid="../../etc/passwd"),
    "altered": _altered,
    "expired": _claiming(exp=int(time.time()) - 3600, nbf=int(time.time()) - 7200),
    "not yet valid": _claiming(nbf=int(time.time()) + 86400, exp=int(time.time()) + 90000),
    "no expiry": _claiming(exp=None),
    "another issuer": _claiming(iss="https://sts.example"),
    "no issuer": _claiming(iss=None),
    "another audience": _claiming(aud="00000000-0000-0000-0000-000000000000"),
    "no audience": _claiming(aud=None),
    "another service address in the token": _claiming(serviceurl=ELSEWHERE),
    "no service address in the token": _claiming(serviceurl=None),
    "a true token for another service": _for_another_service,
    "a host nobody allowed": _from_a_strange_host,
    "another chat": _of_another_chat,
    "another tenant": _from_another_tenant,
}
"""By name. To be answered with 401 or 403, without an effect."""
