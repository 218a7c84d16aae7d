"""`redact N REASON`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.cards import Card, Code, Lines, Note, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import Declared, Entry, Redacted, RoomOpened, TitleChanged
from bot.guards import unchanged
from bot.incident import Incident
from bot.messages.timeline import entry_line
from bot.policy import Policy
from bot.redaction import REDACTED, words_of
from bot.refs import reference
from bot.refusals import Refused

LISTED = 15
"""Entries shown at once, the newest."""
LIMIT = "Mail and whatever else cannot be edited keeps them, and so do backups and what people wrote themselves."
ROOM = " The room keeps its name: it is changed in the chat."


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactEntry:
    """Overwrites the words of one entry of the timeline, for good; without a number, says which there are."""

    entry: Annotated[
        str,
        Param(label="Number of the entry", help="`redact` alone lists them.", typed="[N]", limit=12),
    ] = ""
    reason: Annotated[
        str,
        Param(
            label="Why?",
            help="It stands on the timeline: do not repeat the words.",
            typed="REASON",
            missing="Say why, without the words.",
        ),
    ] = ""


def decide(incident: Incident, command: RedactEntry, context: Context, policy: Policy) -> Outcome:
    """The words are gone from the log, the status page and messages that can be edited. Who, when and why stay."""
    entries = context.history.entries if context.history else ()
    if not command.entry:
        return Outcome(reply=_listed(incident, entries, policy))
    name, entry = reference(incident.number), _meant(incident, command.entry, entries)
    words = words_of(entry.event)
    if not words and REDACTED in str(entry.event):
        return unchanged(f"Entry {entry.version} of {name} is redacted already")
    if not words:
        raise Refused(
            f"Entry {entry.version} of {name} holds nobody's words: who, when and what happened stays.", field="entry"
        )
    titled = isinstance(entry.event, Declared | TitleChanged | RoomOpened)
    said = f"Entry {entry.version} of {name} is redacted, and messages in chats are edited. {LIMIT}"
    return Outcome(
        events=(Redacted(entry=entry.version, reason=command.reason),), reply=line(f"{said}{ROOM if titled else ''}")
    )


def _meant(incident: Incident, said: str, entries: tuple[Entry, ...]) -> Entry:
    number = said.lstrip("#")
    found = next((entry for entry in entries if str(entry.version) == number), None)
    if found is None:
        raise Refused(f"{reference(incident.number)} has no such entry: `redact` alone lists them.", field="entry")
    return found


def _listed(incident: Incident, entries: tuple[Entry, ...], policy: Policy) -> Card:
    """What people wrote, with the numbers by which it is redacted."""
    found = [entry for entry in entries if words_of(entry.event)][-LISTED:]
    name = reference(incident.number)
    if not found:
        return line(f"No entry of {name} holds words that could be redacted.")
    lines = tuple((f"{entry.version} · ", *entry_line(entry, policy)) for entry in found)
    how = Note((Code("redact N REASON"), " overwrites the words of entry N for good."))
    return Card(title=(f"What people wrote in {name}",), body=(Lines(lines), how))


def _lacks(values: Mapping[str, str], incident: Incident, policy: Policy) -> tuple[str, ...]:
    del incident, policy
    return ("reason",) if values.get("entry") else ()


SPEC = Spec(
    word="redact",
    command=RedactEntry,
    decide=decide,
    who=Who.COMMANDER,
    group="Record",
    line=("entry", "reason"),
    title="Redact an entry: {ref}",
    submit="Redact",
    history=True,
    lacks=_lacks,
    doing="Redacting an entry of {ref}",
)
