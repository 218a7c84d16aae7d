"""A real SMTP server (aiosmtpd) that keeps what it takes, and can be told to fail."""

import asyncio
import contextlib
import socket
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.receivers.troubles import Trouble


@dataclass(slots=True)
class Mailbox:
    """Everything that was mailed, in order."""

    port: int = 0
    trouble: Trouble | None = None
    """`421`, `451`, `550` … as the reply to DATA; `refuse` a recipient; `slow`, `drop_before`, `drop_after`."""
    login: tuple[str, str] | None = None
    tls: Any = None
    """A server's SSL context: STARTTLS is offered and demanded."""
    mails: list[EmailMessage] = field(default_factory=list)
    tries: int = 0
    _controller: Controller | None = field(default=None, init=False)

    @property
    def running(self) -> bool:
        return self._controller is not None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]

    def start(self) -> None:
        more: dict[str, Any] = {}
        if self.login:
            more = {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": False}
        if self.tls is not None:
            more |= {"tls_context": self.tls, "require_starttls": True}
        warnings.filterwarnings("ignore", message="Requiring AUTH while not requiring TLS")
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port or _free(), **more)
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        """Nothing listens there any more: connections are refused."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and self.login == (data.login.decode(), data.password.decode())
        return AuthResult(success=good, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - theirs
        self.tries += 1
        trouble = self.trouble if self.trouble is not None and self.trouble.strikes() else None
        if trouble is not None and trouble.kind.isdecimal():
            return f"{trouble.kind} not now, says the server"
        if trouble is not None and trouble.kind == "slow":
            await asyncio.sleep(trouble.seconds)
        if trouble is None or trouble.kind in {"slow", "drop_after"}:
            self._keep(envelope)
        if trouble is not None and trouble.kind.startswith("drop"):
            cast("asyncio.Transport", server.transport).abort()
        return "250 taken"

    def _keep(self, envelope: Envelope) -> None:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)


@contextlib.contextmanager
def mailbox(**settings: Any) -> Iterator[Mailbox]:
    """A mail server that runs."""
    made = Mailbox(**settings)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
