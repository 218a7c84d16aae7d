"""What Sitrep writes about itself: one line for each happening, as text or as JSON, every secret masked in one place.

Secrets are known in two ways: by value (whatever the settings hold) and by shape (a chat's tokens, response addresses,
`Authorization`, a password inside a database address), so that one that Sitrep never saw before is masked too.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TextIO, cast
from urllib.parse import quote

from aiohttp.http_exceptions import HttpProcessingError

MASK = "***"
SHORTEST = 4
"""Characters. A shorter value would blot out ordinary words."""

SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"xox[a-z][-.][\w.%-]+"), MASK),
    (re.compile(r"xapp-[\w%-]+"), MASK),
    (re.compile(r"https?://hooks\.slack[\w.-]*/[^\s\"'<>\\]+"), MASK),
    (re.compile(r"(response_url[\"'\\]*\s*[:=]\s*[\"'\\]*)[^\s\"',}\\]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"(authorization[\"'\\]*\s*[:=]\s*[\"'\\]*)(?:\w+\s+)?[^\s\"',}\\]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"\b(bearer\s+)[\w.~+/=-]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"), rf"\1{MASK}"),
    (re.compile(r"([?&]ticket=)[^&\s\"'\\]+"), rf"\1{MASK}"),
    (re.compile(r"\bv0=[0-9a-fA-F]{16,}"), MASK),
)

_HINT = re.compile(r"xox|xapp-|hooks\.slack|response_url|authorization|bearer|://|ticket=|v0=", re.IGNORECASE)
"""What every shape begins with: most lines hold none of it, and one look is cheaper than nine."""

QUIET = ("slack_sdk", "slack_bolt", "aiohttp", "asyncio", "sqlalchemy", "apprise", "urllib3", "requests")
"""Never below INFO: at DEBUG the Slack SDK logs bodies and frames, with response addresses and what people typed, and
the libraries behind apprise the addresses they call."""

QUIETER = ("apscheduler", "alembic")
"""Never below WARNING: they report twice a second that all is well."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
"""What every record has; anything else came in as `extra`."""


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without any secret in it, neither one of these values nor anything that looks like one."""
    for value in secrets:
        text = text.replace(value, MASK)
    if _HINT.search(text) is None:
        return text
    for shape, instead in SHAPES:
        text = shape.sub(instead, text)
    return text


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Each secret as it may stand in a line: as it is, in an address, in JSON, in `repr`. Longest first."""
    found: set[str] = set()
    for value in secrets:
        if len(value) >= SHORTEST:
            found |= {value, quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1]}
    return tuple(sorted(found, key=len, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Makes a line of a record. Stands in for `logging.Formatter`, of which a handler only ever asks `format`."""

    secrets: tuple[str, ...]
    as_json: bool

    def format(self, record: logging.LogRecord) -> str:
        """One line (a traceback in text adds more), secrets masked."""
        facts = {name: self._mask(value) for name, value in record.__dict__.items() if name not in OWN}
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
        message = masked(record.getMessage(), self.secrets)
        trace = masked(_trace(record), self.secrets)
        if not self.as_json:
            words = [f"{stamp} {record.levelname} {record.name}: {message}"]
            words += [f"{name}={value}" for name, value in facts.items()]
            return _on_one_line(" ".join(words)) + (f"\n{trace}" if trace else "")
        line: dict[str, object] = {"at": stamp, "level": record.levelname.lower(), "from": record.name, "what": message}
        line |= facts
        if trace:
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False, default=str)

    def _mask(self, value: object) -> object:
        return value if isinstance(value, int | float | None) else masked(str(value), self.secrets)


def _on_one_line(text: str) -> str:
    """Line ends and controls written out, so that no words make a second line or steer a terminal."""
    return _UNSEEN.sub(lambda found: repr(found[0])[1:-1], text)


def _trace(record: logging.LogRecord) -> str:
    written = record.exc_text or ""
    if not written and record.exc_info:
        written = logging.Formatter().formatException(record.exc_info)
    return "\n".join(part for part in (written, record.stack_info or "") if part)


def audible(record: logging.LogRecord) -> bool:
    """Whether the record may be written: other people's libraries only where they have something to say."""
    fault = record.exc_info[1] if record.exc_info else None
    if isinstance(fault, HttpProcessingError):
        return False  # a request that is none, answered with 400: its trace quotes it, and scanners would fill the log
    if record.name.startswith(QUIETER):
        return record.levelno >= logging.WARNING
    return record.levelno >= logging.INFO or not record.name.startswith(QUIET)


def handler(*, secrets: Iterable[str], as_json: bool, stream: TextIO) -> logging.Handler:
    """The one handler of the process."""
    made: logging.StreamHandler[TextIO] = logging.StreamHandler(stream)
    lines: Any = Lines(secrets=spellings(secrets), as_json=as_json)
    made.setFormatter(cast("logging.Formatter", lines))
    made.addFilter(audible)
    return made


def configure(*, style: str, level: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Set up the logging of the process. `style`: `text` or `json`; empty: text on a terminal. To standard error."""
    target = stream or sys.stderr
    as_json = style == "json" or (not style and not target.isatty())
    root = logging.getLogger()
    root.handlers[:] = [handler(secrets=secrets, as_json=as_json, stream=target)]
    root.setLevel(level.upper())
    for name in QUIETER:
        logging.getLogger(name).setLevel(logging.WARNING)  # one that nobody reads costs as much to make
    logging.captureWarnings(capture=True)
