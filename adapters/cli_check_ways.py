"""Announcement channels that are no chat, as `sitrep check` finds them. Nobody is told anything by it."""

import asyncio
import smtplib
import ssl
from collections import Counter

from adapters.announce.aside import aside
from adapters.announce.mail import connect
from adapters.announce.other import others
from adapters.announce.statuspage import Statuspage
from adapters.app_late import apprise_library
from adapters.calling import open_session
from adapters.cli_report import MISSING, OFF, OK, Row
from adapters.sinks import SendFailed
from bot.policy import Policy
from config.addressing import scheme
from config.announce_settings import MailSettings, StatuspageSettings
from config.settings import Settings

WITHIN = 10.0
"""Seconds for each."""


async def check_ways(settings: Settings, policy: Policy) -> tuple[Row, ...]:
    """A row for each way. `policy`: as this installation can carry it out."""
    counts = Counter(scheme(address) for address in _addresses(policy))
    mail = _mail(settings.mail, counts["mailto"])
    page = _statuspage(settings.statuspage)
    rows = await asyncio.gather(mail, page, _apprise(policy))
    return (*rows[:2], _webhook(settings, counts["https"]), *((rows[2],) if rows[2] else ()))


def _addresses(policy: Policy) -> tuple[str, ...]:
    told = [address for audience in policy.audiences.values() for address in audience.addresses]
    return (*told, *(address for priority in policy.priorities for address in priority.pages))


async def _mail(settings: MailSettings | None, count: int) -> Row:
    if settings is None:
        return Row(OFF, "mail", "SMTP_URL is not set")
    where = f"{settings.host}:{settings.port}"
    try:
        async with asyncio.timeout(WITHIN):
            await aside(lambda: _greet(settings), name="check mail")
    except smtplib.SMTPResponseException as refused:
        return Row(MISSING, "mail", f"{where} refuses us ({refused.smtp_code}): look at SMTP_URL")
    except (smtplib.SMTPException, OSError, TimeoutError) as fault:
        return Row(MISSING, "mail", f"{where} cannot be reached ({type(fault).__name__}): look at SMTP_URL")
    return Row(OK, "mail", f"{where} ({settings.security}), {_counted(count)}")


def _greet(settings: MailSettings) -> None:
    server = connect(settings, ssl.create_default_context())
    server.quit()


async def _statuspage(settings: StatuspageSettings | None) -> Row:
    if settings is None:
        return Row(OFF, "statuspage", "STATUSPAGE_API_KEY is not set")
    try:
        async with asyncio.timeout(WITHIN), open_session() as session:
            name = await Statuspage(settings=settings, session=session).name()
    except SendFailed as failed:
        return Row(MISSING, "statuspage", f"page {settings.page_id}: {failed.reason}")
    except TimeoutError:
        return Row(MISSING, "statuspage", f"page {settings.page_id}: no answer came in time")
    return Row(OK, "statuspage", f"page {settings.page_id} ({name})")


def _webhook(settings: Settings, count: int) -> Row:
    if settings.webhook is None:
        return Row(OFF, "webhook", "WEBHOOK_SECRET is not set")
    allowed = f"; allowed besides the public network: {', '.join(settings.webhook.hosts)}"
    return Row(OK, "webhook", f"signed, {_counted(count)}{allowed if settings.webhook.hosts else ''}")


async def _apprise(policy: Policy) -> Row | None:
    """Nothing to say where the policy names no such address: the library is not even loaded then."""
    addresses = others(policy)
    if not addresses:
        return None
    strange = await aside(lambda: _strange(addresses), name="check apprise")
    if strange:
        schemes = ", ".join(f"`{name}:`" for name in strange)
        return Row(MISSING, "apprise", f"understands no address of {schemes} in the policy")
    return Row(OK, "apprise", _counted(len(addresses)))


def _strange(addresses: tuple[str, ...]) -> tuple[str, ...]:
    library = apprise_library()
    found = (address.removeprefix("apprise:") for address in addresses)
    return tuple(sorted({one.partition(":")[0] for one in found if not library.understands(one)}))


def _counted(count: int) -> str:
    return f"{count} address" if count == 1 else f"{count} addresses"
