"""How each kind of setting is read from its text. Each function raises ValueError with the end of a sentence that begins
with the setting's name, and never repeats the value: it may be a secret in the wrong place.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

SWITCH = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
LOGS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error", "critical")
TEAMS_TYPES = ("SingleTenant", "UserAssignedMSI")
"""New bots for several tenants cannot be registered since 31 July 2025."""


_HOST = re.compile(r"(\*\.)?[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_SOURCE = re.compile(r"[A-Za-z0-9_-]+")


def switch(text: str) -> bool:
    if text.casefold() not in SWITCH:
        raise ValueError("is neither on nor off: write one of them")
    return SWITCH[text.casefold()]


def port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65535):
        raise ValueError("is no port: write a number from 0 (any free one) to 65535")
    return int(text)


def host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", text):
        raise ValueError("is no address to listen at: write one such as 127.0.0.1 or 0.0.0.0")
    return text


def log(text: str) -> str:
    return _one_of(text.casefold(), LOGS)


def level(text: str) -> str:
    return _one_of(text.casefold(), LEVELS)


def teams_type(text: str) -> str:
    return _one_of(text, TEAMS_TYPES)


def _one_of(text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise ValueError(f"is not known: write {', '.join(choices[:-1])} or {choices[-1]}")
    return text


def database(text: str) -> SecretStr:
    """SQLite with a file, or PostgreSQL: an incident that a restart forgets is no incident."""
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.partition("?")[0] not in ("/", "/:memory:"):
        return SecretStr(text)
    if scheme.partition("+")[0] == "postgresql" and rest:
        return SecretStr(text)
    raise ValueError("is no database Sitrep can use: write sqlite:///path or postgresql://user@host/name")


def web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole or re.search(r"\s", text):
        raise ValueError("is no address of the web: write one that begins with https://")
    return text


def public_address(text: str) -> str:
    return web_address(text).rstrip("/")


def folder_address(text: str) -> str:
    return f"{web_address(text).rstrip('/')}/"


def token(text: str) -> SecretStr:
    if re.search(r"\s", text) or not text.isprintable():
        raise ValueError("holds a space or a line break: copy it again")
    return SecretStr(text)


def tokens(text: str) -> tuple[SecretStr, ...]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 2 or not all(parts):
        raise ValueError("holds neither one nor two secrets: write one, or the new and the old with a comma between")
    return tuple(token(part) for part in parts)


def hooks(text: str) -> dict[str, SecretStr]:
    tokens: dict[str, SecretStr] = {}
    for number, entry in enumerate(text.split(","), start=1):
        source, _, token = (part.strip() for part in entry.partition("="))
        if not _SOURCE.fullmatch(source) or not token:
            raise ValueError(f"has a wrong entry, number {number}: write source=token, with commas between")
        if source in tokens:
            raise ValueError(f"names {source} twice: keep one of its tokens")
        tokens[source] = token(token)
    return tokens


def hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip() for part in text.split(","))
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError(
            "has an entry that is no host: write names such as smba.trafficmanager.net, with commas between"
        )
    return hosts


def path(text: str) -> Path:
    return Path(text).expanduser()
