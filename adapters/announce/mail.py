"""`mailto:`: e-mail by SMTP, a thread of mails for each incident and audience.

The standard library's client, on a thread of its own: no dependency more, its time-outs are those of the socket, and
it gives the server's reply code at each step, which is all that tells a mail that will never arrive from a late one.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from adapters.announce.ground import Ground
from adapters.announce.kept import Kept
from adapters.announce.telling import UNKNOWN_AFTER, Said, Way
from adapters.announce.words import page
from adapters.sinks import SendFailed, Unreadable
from adapters.visible import one_line
from config.announce_settings import MailSettings

PLAIN = SMTP.clone(cte_type="7bit")
"""As the wire takes it from any server."""

STEP = 10.0
"""Seconds for one step of the conversation with the server."""

LAST_STEP = 300.0
"""Seconds from the words to the server's word that it has them: it may look through them first (RFC 5321, 4.5.3.2)."""

TRIES = 3
"""How often a mail goes out of which nobody knows whether it arrived."""

ENCODED = "=?"
"""What an encoded word begins with (RFC 2047). Python decodes it in a header it is given, line ends and all."""

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail server. Implements `adapters.announce.telling.Way`."""

    settings: MailSettings
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    kept: Kept[None] = field(default_factory=lambda: Kept[None](name="mail", tries=TRIES))

    def shown(self, address: str) -> str:
        """An e-mail address is no secret."""
        return f"Mail to {_recipient(address)}"

    async def tell(self, said: Said) -> str:
        """Send it, or hear how its sending ended. Raises SendFailed, permanent by the server's reply code."""
        made = message(said, self.settings, datetime.now(UTC))
        await self.kept.outcome(said.token, lambda: send(made, self.settings, self.trust))
        return str(made["Message-ID"])

    async def find(self, said: Said) -> str | Unreadable | None:
        """Sent mails cannot be looked for; a repeat has the same Message-ID, by which many readers show it once.

        One that is on its way is not sent again: `tell` hears how it ended.
        """
        return None if self.kept.holds(said.token) else UNKNOWN_AFTER

    async def close(self) -> None:
        """Each mail has a connection of its own."""


def join(ground: Ground) -> Mapping[str, Way]:
    """What `mailto:` addresses are told by, where a mail server is set up."""
    return {"mailto": Mail(settings=ground.settings.mail)} if ground.settings.mail else {}


def message(said: Said, settings: MailSettings, now: datetime) -> EmailMessage:
    """The mail. Raises SendFailed where the address is none that mail can go to."""
    made = EmailMessage(policy=PLAIN)
    domain = settings.sender.domain
    try:
        local, _, host = _recipient(said.address).rpartition("@")
        made["To"] = Address(username=local, domain=host)
        made["From"] = settings.sender
    except (ValueError, MessageError, IndexError):
        raise SendFailed("that is no e-mail address", permanent=True) from None
    if not local or not host or ENCODED in said.address:
        raise SendFailed("that is no e-mail address", permanent=True)
    if not str(made["To"]).isascii():
        raise SendFailed("an address with letters beyond ASCII is not written to", permanent=True)
    thread = f"<{said.thread}@{domain}>"
    made["Subject"] = one_line(said.notice.headline).replace(ENCODED, "= ?")[:LONGEST_SUBJECT]
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{said.token}@{domain}>"
    made["In-Reply-To"] = thread
    made["References"] = thread
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    if settings.unsubscribe:
        made["List-Unsubscribe"] = f"<{settings.unsubscribe}>"
    foot = f"To stop these mails: {settings.unsubscribe}" if settings.unsubscribe else ""
    made.set_content("\n\n".join(filter(None, (said.text, foot))) + "\n")
    made.add_alternative(page(said.title, said.card, said.at, said.names), subtype="html")
    return made


def send(made: EmailMessage, settings: MailSettings, trust: ssl.SSLContext) -> None:
    """Hand it to the server. Blocks. Raises SendFailed."""
    body = made.as_bytes()
    handed_over = False
    try:
        server = connect(settings, trust)
        with contextlib.closing(server):
            _demand(server.mail(settings.sender.addr_spec))
            _demand(server.rcpt(made["To"].addresses[0].addr_spec))
            if server.sock is not None:
                server.sock.settimeout(LAST_STEP)
            handed_over = True
            _demand(server.data(body))
            with contextlib.suppress(smtplib.SMTPException, OSError):  # it is out, whatever becomes of the farewell
                server.quit()
    except smtplib.SMTPResponseException as refused:
        raise _refused(refused.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise SendFailed("the mail server does not offer what is needed (STARTTLS, log-in)", permanent=True) from None
    except (smtplib.SMTPException, OSError) as fault:
        words = "the mail server took it and said no more" if handed_over else "the mail server cannot be reached"
        raise SendFailed(f"{words} ({type(fault).__name__})", outcome_unknown=handed_over) from None


def connect(settings: MailSettings, trust: ssl.SSLContext) -> smtplib.SMTP:
    """A connection, logged in where that is set up. Blocks. Raises what smtplib raises, and OSError."""
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=STEP, context=trust)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=STEP)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            server.starttls(context=trust)
        if settings.user:
            server.login(settings.user, settings.password.get_secret_value())
        server.ehlo_or_helo_if_needed()  # after STARTTLS the server has forgotten us
    except BaseException:
        server.close()
        raise
    return server


def _demand(reply: tuple[int, bytes]) -> None:
    code, words = reply
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, words)


def _refused(code: int) -> SendFailed:
    """4xx: later; 5xx: never. What the server writes beside may quote anything, so only its code is told."""
    return SendFailed(f"the mail server refuses it ({code})", permanent=500 <= code < 600)


def _recipient(address: str) -> str:
    return address.removeprefix("mailto:")
