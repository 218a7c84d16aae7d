"""How each kind of setting is read from its text.

Each function raises ValueError with the end of a sentence that begins with the setting's name. No sentence repeats the
value: it may be a secret in the wrong place.
"""

import re
from pathlib import Path

from pydantic import SecretStr, TypeAdapter
from pydantic.networks import HttpUrl

SWITCH = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
LOGS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error", "critical")
TEAMS_TYPES = ("SingleTenant", "UserAssignedMSI")
"""New bots for several tenants cannot be registered since 31 July 2025."""

HIGHEST_PORT = 65535
SECRETS_AT_ONCE = 2
"""The new and the old, while rotating."""

_WEB = TypeAdapter(HttpUrl)
_LISTEN = re.compile(r"[A-Za-z0-9._:-]+")
_HOST = re.compile(r"(\*\.)?[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_SOURCE = re.compile(r"[A-Za-z0-9_-]+")


def switch(text: str) -> bool:
    """On or off."""
    if text.casefold() not in SWITCH:
        raise ValueError("is neither on nor off: write one of them")
    return SWITCH[text.casefold()]


def port(text: str) -> int:
    """A port to listen at; 0 is any free one."""
    number = int(text) if re.fullmatch(r"[0-9]{1,5}", text) else HIGHEST_PORT + 1
    if number > HIGHEST_PORT:
        raise ValueError(f"is no port: write a number from 0 (any free one) to {HIGHEST_PORT}")
    return number


def listening_host(text: str) -> str:
    """An address or name of this machine."""
    if not _LISTEN.fullmatch(text):
        raise ValueError("is no address to listen at: write one such as 127.0.0.1 or 0.0.0.0")
    return text


def log_form(text: str) -> str:
    """A name of `LOGS`."""
    return _one_of(text.casefold(), LOGS)


def log_level(text: str) -> str:
    """A name of `LEVELS`."""
    return _one_of(text.casefold(), LEVELS)


def teams_type(text: str) -> str:
    """A name of `TEAMS_TYPES`."""
    return _one_of(text, TEAMS_TYPES)


def database_url(text: str) -> SecretStr:
    """SQLite with a file, or PostgreSQL. In memory is refused: an incident that a restart forgets is no incident."""
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.partition("?")[0] not in ("/", "/:memory:"):
        return SecretStr(text)
    if scheme.partition("+")[0] in {"postgresql", "postgres"} and rest:
        if rest.partition("?")[0].count("@") > 1:
            raise ValueError("has two @ before the host: write one in a password as %40")
        return SecretStr(text)
    raise ValueError("is no database Sitrep can use: write sqlite:///path or postgresql://user@host/name")


def policy_path(text: str) -> Path:
    """A path, with `~` for a home."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError("names the home of somebody unknown: write the whole path") from None


def web_address(text: str) -> str:
    """An address of the web, as it is written."""
    try:
        _WEB.validate_python(word(text))
    except ValueError:  # pydantic's, or ours for a space
        raise ValueError("is no address of the web: write one that begins with https://") from None
    return text


def public_address(text: str) -> str:
    """An address of the web without a slash at its end; a path can follow."""
    if "?" in text or "#" in text:
        raise ValueError("cannot be followed by a path: leave out ? and # and what follows them")
    return web_address(text).rstrip("/")


def folder_address(text: str) -> str:
    """An address of the web with a slash at its end, so that a method's name can follow."""
    return f"{web_address(text).rstrip('/')}/"


def word(text: str) -> str:
    """One word of any letters: an id or a token, however its issuer writes them."""
    if not text.isprintable() or " " in text:
        raise ValueError("holds a space or a line break: copy it again")
    return text


def token(text: str) -> SecretStr:
    """A secret of one word."""
    return SecretStr(word(text))


def signing_secrets(text: str) -> tuple[SecretStr, ...]:
    """One secret, or two with a comma between."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > SECRETS_AT_ONCE or not all(parts):
        raise ValueError("holds neither one nor two secrets: write one, or the new and the old with a comma between")
    return tuple(token(part) for part in parts)


def hook_tokens(text: str) -> dict[str, SecretStr]:
    """Tokens by source, from `source=token,…`; a token may hold `=`."""
    tokens: dict[str, SecretStr] = {}
    for number, entry in enumerate(text.split(","), start=1):
        source, _, secret = (part.strip() for part in entry.partition("="))
        if not _SOURCE.fullmatch(source) or not secret:
            raise ValueError(f"has a wrong entry, number {number}: write source=token, with commas between")
        if source in tokens:
            raise ValueError(f"names one source twice, again in entry {number}: keep one of its tokens")
        tokens[source] = token(secret)
    return tokens


def hosts(text: str) -> tuple[str, ...]:
    """Names of hosts, with port where it matters; `*.` stands for any name before."""
    names = tuple(part.strip() for part in text.split(","))
    if not all(_HOST.fullmatch(name) for name in names):
        raise ValueError("has an entry that is no host: write names such as smba.trafficmanager.net, commas between")
    return names


def _one_of(text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise ValueError(f"is not known: write {', '.join(choices[:-1])} or {choices[-1]}")
    return text
