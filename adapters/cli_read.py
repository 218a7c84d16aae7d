"""`sitrep list`, `sitrep show REF`, `sitrep export REF`: what is stored, read beside a Sitrep that runs or does not."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime

from adapters.cli_setup import opened, setup
from adapters.export import Case, as_html_text, as_json_text, as_markdown_text, paper
from adapters.paper import Paper, Section, Table, plain
from adapters.version import release
from bot.events import Event
from bot.messages.phrases import priority_word
from bot.plain import utc_words
from bot.policy import Policy
from bot.refs import reference
from config.errors import ConfigError
from storage.codec import encode_event
from storage.errors import StorageError
from storage.reads import Listed, Record

LAST = 10
"""Lines of the timeline that `show` prints."""
REF = re.compile(r"(?:inc-)?([1-9]\d{0,8})", re.IGNORECASE | re.ASCII)


def stored(event: Event) -> tuple[str, int, str]:
    """The event as its row has it: kind, version, data."""
    row = encode_event(event)
    return row.kind, row.v, row.data


FORMATS: Mapping[str, Callable[[Case], str]] = {
    "md": as_markdown_text,
    "html": as_html_text,
    "json": lambda case: as_json_text(case, stored),
}


def list_incidents() -> int:
    """Print the incidents not yet ended, newest first. Raises ConfigError and StorageError."""
    with closing(opened(setup().settings)) as db:
        rows = db.reads.incidents(ended=False)
    if not rows:
        print("No open incident.")
        return 0
    now = datetime.now(UTC)
    listed = Section(
        heading=f"{len(rows)} open {'incident' if len(rows) == 1 else 'incidents'}",
        table=Table(heads=(), rows=tuple(tuple(_cells(row, now)) for row in rows)),
    )
    sys.stdout.write(plain(Paper(title="", note="", sections=(listed,))).lstrip())
    return 0


def _cells(row: Listed, now: datetime) -> Iterator[str]:
    """A private one gives its number away, and nothing of what it is about."""
    yield reference(row.number)
    yield priority_word(row.priority)
    yield row.status.capitalize()
    yield f"since {row.declared_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield f"next reminder {utc_words(row.next_due_at, now)}" if row.next_due_at else "no reminder to come"
    yield "(private)" if row.private else f"{'DRILL ' if row.drill else ''}{row.title}"


def show(ref: str) -> int:
    """Print one incident as it stands. Raises ConfigError and StorageError."""
    sys.stdout.write(plain(paper(_case(ref), last=LAST)))
    return 0


def export(ref: str, form: str) -> int:
    """Print everything kept of one incident. Raises ConfigError and StorageError."""
    sys.stdout.write(FORMATS[form](_case(ref)))
    return 0


def _case(ref: str) -> Case:
    number, ready = number_of(ref), setup()
    with closing(opened(ready.settings)) as db:
        record = db.reads.record(number)
    if record is None:
        raise StorageError(f"There is no {reference(number)}: see `sitrep list`.")
    return case_of(record, ready.written, datetime.now(UTC))


def case_of(record: Record, policy: Policy, at: datetime) -> Case:
    """What is kept of an incident, to be written out at that moment."""
    return Case(
        incident=record.incident,
        entries=record.entries,
        sent=record.sent,
        names=record.names,
        policy=policy,
        at=at,
        release=release(),
    )


def number_of(ref: str) -> int:
    """The number in `INC-42` or `42`. Raises ConfigError for anything else."""
    found = REF.fullmatch(ref.strip())
    if found is None:
        raise ConfigError(f"`{ref}` names no incident: write INC-42 or 42.")
    return int(found[1])
