"""Microsoft's login: credentials for a token. It blocks, for MSAL does; `adapters.teams.tokens` keeps it off the loop.

MSAL is built once, for it asks where to log in before it asks for the first token. Its own cache is emptied before each
request: when a token is needed anew is decided by its user, who also knows when one was refused.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import msal
import requests
from requests.adapters import HTTPAdapter

from adapters.calling import LOOPBACK
from adapters.sinks import SendFailed

TIMEOUT = (3.0, 10.0)
"""Seconds to connect, and between two pieces of an answer."""
MANAGED = "UserAssignedMSI"
WHOLE_SCOPE = "/.default"
PASSING = frozenset({"temporarily_unavailable", "server_error", "slow_down", "service_unavailable"})
"""Refusals that have nothing to do with the credentials."""
SHORTEST = 60.0
"""Seconds a token lasts at least, whatever its answer says."""

log = logging.getLogger(__name__)


class Secret(Protocol):
    """A value that must not be shown."""

    def get_secret_value(self) -> str:
        """The value."""


class Account(Protocol):
    """The bot's registration, as the settings hold it."""

    @property
    def app_id(self) -> str:
        """Empty: nothing is authenticated."""

    @property
    def app_password(self) -> Secret | None:
        """None with a managed identity."""

    @property
    def app_type(self) -> str:
        """`SingleTenant` or `UserAssignedMSI`."""

    @property
    def login_url(self) -> str:
        """The authority, as MSAL takes it."""

    @property
    def oauth_scope(self) -> str:
        """What the token is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A token."""

    token: str = field(repr=False)
    seconds: float
    """How long it lasts."""


class _Patient(HTTPAdapter):
    """Gives every request its time-outs, and leads none to this machine through a proxy."""

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        """One request, tried once."""
        more["timeout"] = TIMEOUT
        if urlsplit(request.url or "").hostname in LOOPBACK:
            more["proxies"] = None
        return super().send(request, *args, **more)


def _patient_session() -> requests.Session:
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Patient())
    return session


@dataclass(slots=True)
class Login:
    """Logs in, on a thread of its own: one at a time, but for one that hangs and is left alone."""

    account: Account = field(repr=False)
    _session: requests.Session = field(default_factory=_patient_session, repr=False)
    _app: Any = field(default=None, repr=False)

    def __call__(self) -> Grant:
        """A token that is new. Raises SendFailed: with `auth` where the credentials are refused."""
        try:
            found = self._managed() if self.account.app_type == MANAGED else self._with_password()
        except Exception as fault:  # noqa: BLE001 - its own words are kept out, see below
            # MSAL lets out whatever its own client raises; what such an exception says may quote an address or a body.
            raise SendFailed(f"Microsoft's login does not answer properly ({type(fault).__name__})") from None
        finally:
            self._session.close()  # its connections: nobody needs one for an hour; the session itself opens others
        return _grant(found)

    def _with_password(self) -> Mapping[str, Any]:
        if self._app is None:
            _hush()
            secret = self.account.app_password
            self._app = msal.ConfidentialClientApplication(
                self.account.app_id,
                client_credential=secret.get_secret_value() if secret else "",
                authority=self.account.login_url,
                instance_discovery=False,  # the operator named the authority: Microsoft need not be asked about it
                http_client=self._session,
            )
        self._app.remove_tokens_for_client()
        return _told(self._app.acquire_token_for_client([self.account.oauth_scope]))

    def _managed(self) -> Mapping[str, Any]:
        _hush()
        identity = msal.UserAssignedManagedIdentity(client_id=self.account.app_id)
        client = msal.ManagedIdentityClient(identity, http_client=self._session)
        resource = self.account.oauth_scope.removesuffix(WHOLE_SCOPE)
        return _told(client.acquire_token_for_client(resource=resource))


def _hush() -> None:
    """MSAL logs the body of an answer it cannot read, and what it says is said here anyway."""
    logging.getLogger("msal").setLevel(logging.CRITICAL)


def _told(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _grant(found: Mapping[str, Any]) -> Grant:
    token, seconds = found.get("access_token"), found.get("expires_in")
    if isinstance(token, str) and token:
        return Grant(token=token, seconds=max(_seconds(seconds), SHORTEST))
    error = str(found.get("error") or "")
    if not error or error in PASSING:
        raise SendFailed("Microsoft's login gives no token for now")
    log.error("Microsoft's login refuses us", extra={"code": error[:100], "numbers": _numbers(found)})
    raise SendFailed(f"Microsoft's login refuses Sitrep's credentials ({_word(error)})", auth=True)


def _seconds(found: Any) -> float:
    try:
        return float(found)
    except (TypeError, ValueError):
        return 0.0


def _numbers(found: Mapping[str, Any]) -> str:
    """Microsoft's own numbers of what is wrong, by which its documentation is searched."""
    codes = found.get("error_codes")
    return " ".join(str(code) for code in codes[:5] if isinstance(code, int)) if isinstance(codes, list) else ""


def _word(error: str) -> str:
    return "".join(letter for letter in error[:60] if letter.isalnum() or letter in "_-")
