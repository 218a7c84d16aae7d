"""The token that opens Teams' connector: got ahead of time, shared, and never waited for longer than a send may take.

The SDK logs in anew for each turn and does it on the event loop (docs/teams.md): a slow login froze everything, Slack
too. Here it runs on a thread that nobody waits for at a stop, and a token is renewed while the old one still holds.
"""

import asyncio
import contextlib
import logging
import math
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import KW_ONLY, dataclass, field

from adapters.sinks import SendFailed
from adapters.teams.login import Account, Grant, Login

LIMIT = 10.0
"""Seconds a call waits for a token."""
STUCK = 60.0
"""Seconds after which a login that still has not come to an end is left alone and another one begun."""
AHEAD = 600.0
"""Seconds before its end that a token is renewed."""
MARGIN = 60.0
"""Seconds before its end that a token is no longer used."""
AGAIN = 60.0
"""Seconds between two tokens dropped because Teams refused them: a new one is not better each time."""
LONGEST_PAUSE = 60.0
"""Seconds between two tries while the login fails."""

log = logging.getLogger(__name__)

Outcome = Grant | SendFailed


@dataclass(slots=True)
class Tokens:
    """The one token of this process. Safe to share between tasks."""

    account: Account = field(repr=False)
    _: KW_ONLY
    login: Callable[[], Grant] | None = field(default=None, repr=False)
    """Blocks. None: Microsoft's, with the account's credentials."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    limit: float = LIMIT
    _token: str = field(default="", repr=False)
    _ends: float = -math.inf
    _lasts: float = 0.0
    _dropped: float = -math.inf
    _begun: float = -math.inf
    _coming: "asyncio.Future[None] | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.login = self.login or Login(self.account)

    @property
    def open(self) -> bool:
        """Whether there is nothing to log in with: calls go without a token."""
        return not self.account.app_id

    @property
    def bot(self) -> str:
        """Our own id in Teams; empty where there is none."""
        return "" if self.open else f"28:{self.account.app_id}"

    async def get(self) -> str:
        """The token; empty where nothing is authenticated.

        Raises SendFailed where none comes in time, with `auth` where the credentials are refused.
        """
        if self.open:
            return ""
        if not self._token or self.clock() >= self._ends - MARGIN:
            await self._renew()
        return self._token

    def refused(self, token: str) -> bool:
        """Teams did not take that token. Whether a new one is worth a try: once in a while it is."""
        if token != self._token:
            return True  # another call had it replaced already
        if self.clock() - self._dropped < AGAIN:
            return False
        self._dropped = self.clock()
        self._token = ""
        return True

    async def run(self) -> None:
        """Renew the token ahead of its end, for ever."""
        if self.open:
            await asyncio.get_running_loop().create_future()  # for ever: there is nothing to renew
        failures = 0
        while True:
            try:
                await self._renew()
            except SendFailed as failed:
                failures += 1
                log.warning("no token for Teams", extra={"why": failed.reason})
                await self.sleep(min(2.0 ** min(failures, 16), LONGEST_PAUSE))
            else:
                failures = 0
                await self.sleep(max(self._lasts - AHEAD, self._lasts / 2))

    async def _renew(self) -> None:
        """Have a new token. Who comes while a login is under way waits for that one."""
        try:
            async with asyncio.timeout(self.limit):
                await asyncio.shield(self._begin())
        except TimeoutError:
            raise SendFailed("Microsoft's login did not answer in time") from None

    def _begin(self) -> "asyncio.Future[None]":
        if self._coming is not None and not self._coming.done() and self.clock() - self._begun < STUCK:
            return self._coming
        loop, login = asyncio.get_running_loop(), self.login
        coming = loop.create_future()
        self._coming, self._begun = coming, self.clock()

        def work() -> None:
            outcome = _outcome(login)
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants it any more
                loop.call_soon_threadsafe(self._arrived, coming, outcome)

        threading.Thread(target=work, name="teams-login", daemon=True).start()
        return coming

    def _arrived(self, coming: "asyncio.Future[None]", outcome: Outcome) -> None:
        if isinstance(outcome, Grant):
            self._token, self._lasts = outcome.token, outcome.seconds
            self._ends = self.clock() + outcome.seconds
        if coming.done():
            return
        if isinstance(outcome, SendFailed):
            coming.set_exception(outcome)
            coming.exception()  # it may be that nobody waits any more
        else:
            coming.set_result(None)


def _outcome(login: Callable[[], Grant] | None) -> Outcome:
    assert login is not None, "it is set as soon as there are tokens"
    try:
        return login()
    except SendFailed as failed:
        return failed
    except Exception as fault:  # noqa: BLE001 - a thread has nobody above it
        return SendFailed(f"Sitrep itself failed to log in ({type(fault).__name__})")
