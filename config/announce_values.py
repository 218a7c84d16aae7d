"""How the settings of announcement channels are read from their text, as in `setting_values.py`.

Each function raises ValueError with the end of a sentence that begins with the setting's name and repeats no value.
"""

import re
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import parse_qsl, urlsplit

from pydantic import SecretStr

SMTP_HINT = "write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS)"

_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
_PAGE = re.compile(r"[A-Za-z0-9_-]+")


def page_id(text: str) -> str:
    """The id of a page at Statuspage."""
    if not _PAGE.fullmatch(text):
        raise ValueError("is no page id: copy it from the page's API settings")
    return text


def plain_hosts(text: str) -> tuple[str, ...]:
    """Names of hosts, with port where it is not the usual one."""
    names = tuple(part.strip() for part in text.split(","))
    if not all(_HOST.fullmatch(name) for name in names):
        raise ValueError("has an entry that is no host: write names such as hooks.example.com, commas between")
    return names


def smtp_url(text: str) -> SecretStr:
    """The address of a mail server. Raises ValueError with the end of a sentence that repeats none of it."""
    try:
        parts = urlsplit(text)
        port, query = parts.port, dict(parse_qsl(parts.query))
    except ValueError:
        port, query, parts = None, {}, urlsplit("")
    known = set(query) <= {"tls"} and query.get("tls", "none") == "none"
    plain = parts.path in {"", "/"} and not parts.fragment
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or port == 0 or not known or not plain:
        raise ValueError(f"is no address of a mail server: {SMTP_HINT}")
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"has a user without a password, or a password without a user: {SMTP_HINT}")
    return SecretStr(text)


def mail_from(text: str) -> str:
    """An e-mail address, with a name before it or without."""
    name, address = parseaddr(text)
    try:
        Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError):
        address = ""
    if not text.isprintable() or not text.isascii() or not address.rpartition("@")[0]:
        raise ValueError("is no e-mail address: write one such as Larkfield incidents <incidents@example.com>")
    return text


def unsubscribe(text: str) -> str:
    """Where somebody asks for no more mails."""
    if not text.startswith(("https://", "mailto:")) or not text.isprintable() or set(text) & set(" <>"):
        raise ValueError("is no address to write to: write one that begins with https:// or mailto:")
    return text
