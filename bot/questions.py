"""The vocabulary of forms. A form asks for what a command lacks; each chat shows it in its own way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.cards import Card, Spans


class Ask(StrEnum):
    """What kind of value a field asks for."""

    TEXT = "text"
    LONG_TEXT = "long text"
    PERSON = "person"
    ROLE = "role"
    PRIORITY = "priority"
    LEVEL = "level"
    STATUS = "status"
    AUDIENCE = "audience"
    MOMENT = "moment"
    DURATION = "duration"
    CHOICE = "choice"
    FLAG = "flag"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several values to choose from."""

    value: str
    label: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A question of a form. `name` is the command's parameter."""

    name: str
    label: str
    ask: Ask
    required: bool = True
    hint: str = ""
    options: tuple[Option, ...] = ()
    """Where not empty, the answer is one of these (or several of them)."""
    several: bool = False
    value: str = ""
    """Prefilled, as a person would type it; several values separated by blanks; people as their ids."""
    finding: str = ""
    """What was wrong with the value given, to be shown at this field."""
    limit: int = 0
    """Longest answer in characters; 0 for the renderer's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions for what a command still lacks. Submitting it is that command."""

    title: str
    command: str
    submit: str
    fields: tuple[Field, ...]
    above: Spans = ()
    """What Sitrep already knows, as text."""
    incident: int | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """What is settled already and comes back unasked."""
    preview: tuple[Card, ...] = ()
    """What goes out when the form is sent unchanged, as each of its readers will see it."""
