"""The settings of announcement channels that are no chat: a mail server, a Statuspage, signed webhooks."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from config.environment import Environment
from config.errors import ConfigError

PORTS = {"tls": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """One mail server, and who its mails are from."""

    host: str
    port: int
    security: str
    """`tls` from the first byte, `starttls`, or `none`: on loopback, or where the address says `?tls=none`."""
    user: str
    """Empty: no log-in."""
    password: SecretStr
    sender: Address
    unsubscribe: str = ""
    """An address that begins with https:// or mailto:; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatuspageSettings:
    """One key at Atlassian Statuspage, and the page that `statuspage:` stands for."""

    api_key: SecretStr
    page_id: str
    api_url: str
    """Without a slash at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """How webhooks are signed, and where they may go besides the public network."""

    secret: SecretStr
    hosts: tuple[str, ...]
    """Hosts, with port where it matters, that are taken as they are: within, or behind the proxy."""


def mail_settings(given: Environment) -> MailSettings | None:
    """The mail server; None: mail is off. Raises ConfigError for what is half set."""
    if given.SMTP_URL is None:
        if given.MAIL_FROM:
            raise ConfigError("SMTP_URL is missing: set it, or remove MAIL_FROM.")
        return None
    if not given.MAIL_FROM:
        raise ConfigError("MAIL_FROM is missing: set it to the address that mails are from, or remove SMTP_URL.")
    parts = urlsplit(given.SMTP_URL.get_secret_value())
    host = parts.hostname or ""
    security = _security(parts.scheme, host, dict(parse_qsl(parts.query)))
    name, address = parseaddr(given.MAIL_FROM)
    return MailSettings(
        host=host,
        port=parts.port or PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=SecretStr(unquote(parts.password or "")),
        sender=Address(display_name=name, addr_spec=address),
        unsubscribe=given.MAIL_UNSUBSCRIBE,
    )


def statuspage_settings(given: Environment) -> StatuspageSettings | None:
    """The key and the page; None: Statuspage is off. Raises ConfigError for what is half set."""
    if given.STATUSPAGE_API_KEY is None:
        if given.STATUSPAGE_PAGE_ID:
            raise ConfigError("STATUSPAGE_API_KEY is missing: set it, or remove STATUSPAGE_PAGE_ID.")
        return None
    if not given.STATUSPAGE_PAGE_ID:
        raise ConfigError("STATUSPAGE_PAGE_ID is missing: set it, or remove STATUSPAGE_API_KEY.")
    return StatuspageSettings(
        api_key=given.STATUSPAGE_API_KEY,
        page_id=given.STATUSPAGE_PAGE_ID,
        api_url=given.STATUSPAGE_API_URL.rstrip("/"),
    )


def webhook_settings(given: Environment) -> WebhookSettings | None:
    """The secret; None: webhooks are off. Raises ConfigError for what is half set."""
    if given.WEBHOOK_SECRET is None:
        if given.WEBHOOK_HOSTS:
            raise ConfigError("WEBHOOK_SECRET is missing: set it, or remove WEBHOOK_HOSTS.")
        return None
    return WebhookSettings(secret=given.WEBHOOK_SECRET, hosts=tuple(host.casefold() for host in given.WEBHOOK_HOSTS))


def _security(scheme: str, host: str, query: dict[str, str]) -> str:
    if scheme == "smtps":
        return "tls"
    return "none" if query.get("tls") == "none" or _loopback(host) else "starttls"


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
