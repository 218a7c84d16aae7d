"""How a command is described: once, as data. Parser, help, form, permission, button and documentation read one `Spec`.

What a field of a command holds, by what it asks for (`T | None` where it may be left out, `tuple[T, ...]` where several
are taken): text, long text, role, priority, level, status, audience and choice: `str` (empty: left out); person:
`Person`; moment: `datetime`; duration: `timedelta`; incident: `int`; flag: `bool`. A flag in `Spec.line` is typed as
its own name (`private`, `none`) and is False where the next word is another. Of a moment or duration with `options`, a
value that cannot be read as one and stands in `options` comes as that `str` (`next:none`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.cards import Card, Names, Spans
from bot.events import Entry, Event
from bot.incident import Incident
from bot.maintenance import Maintenance, Planning
from bot.people import Codes, Matching
from bot.people import Profile as Profile  # noqa: PLC0414 - part of what a Context says
from bot.policy import Policy
from bot.questions import Ask, Form
from bot.refs import Address, Identity, Person
from bot.standing import Standing, Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A field of a command, as people see it. Stands in `Annotated[…]` at the field."""

    label: str
    """The question in a form: "What is happening?"."""
    ask: Ask = Ask.TEXT
    help: str = ""
    """One sentence under the field and in `help WORD`."""
    required: bool = False
    """Missing, it is asked for in a form."""
    several: bool = False
    options: tuple[str, ...] = ()
    """For a choice whose values no policy names; beside any other kind, words taken as they are (`all`, `none`)."""
    typed: str = ""
    """Its place in the usage line: `TEXT`, `[REASON]`."""
    named: bool = False
    """Only ever typed as `name:value`."""
    limit: int = 0
    """Longest value in characters; 0: 3,000."""
    offers: Callable[[Policy], tuple[str, ...]] | None = None
    """For a choice whose values the policy names."""
    in_form: bool = True
    after_finding: bool = False
    """Stands in a form only once it is shown again with findings: a reason to go on in spite of them."""
    missing: str = ""
    """Said at the field when a form leaves it empty: "Say what is wrong in a few words."."""


class Who:
    """Who may use a word unless the policy says otherwise (docs/contract.md 7, "Who may")."""

    ANYONE = ("anyone",)
    RESPONDERS = ("responders",)
    STEERING = ("commander", "communications_officer")
    COMMANDER = ("commander",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything a decision needs beside the incident and the policy. Moments are UTC instants."""

    actor: Person | None
    """None: Sitrep itself."""
    at: datetime
    zone: str
    """The actor's zone, or the organisation's."""
    zone_known: bool = True
    place: Address | None = None
    """The conversation the command comes from."""
    in_room: bool = False
    """Whether that is the incident's room, which only its people can write in."""
    guest: bool = False
    groups: frozenset[str] = frozenset()
    """The groups of people the actor is known to be in, as a policy names them."""
    number: int = 0
    """For a declaration: the number it gets."""
    people: Mapping[Person, Profile] = field(default_factory=dict[Person, Profile])
    others: tuple[Incident, ...] = ()
    """Other incidents that are open, and for `list` all it may need."""
    history: "History | None" = None
    """Only for words that read it."""
    names: Names = field(default_factory=Names)
    identity: Identity | None = None
    """What the chat the command comes from knows the actor by."""
    standing: tuple[Standing, ...] = ()
    """What the actor subscribed to for good; only for words that ask for it."""
    codes: Codes | None = None
    """Only for the word that asks for them."""
    maintenances: tuple[Maintenance, ...] = ()
    """Planned and not called off; only for the word that asks for them."""
    submitted: bool = False
    """A form was sent: the person saw everything they say."""
    words: "tuple[Spec, ...]" = ()
    """The catalog, for `help`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one message, for `why`, `timeline` and exports."""

    key: str
    to: str
    """The target as written: `room`, an audience, a person's id."""
    address: str
    state: str
    """`waiting`, `sent`, `dead`, `withheld`."""
    at: datetime | None
    text: str
    error: str = ""
    due: datetime | None = None
    row: int = 0
    """Its row of the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """An incident's log and what was sent for it, for the words that read it."""

    entries: tuple[Entry, ...]
    """Oldest first."""
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a decision comes to. The service makes entries of the events, and posts of the entries."""

    events: tuple[Event, ...] = ()
    reply: Card | None = None
    """Answered privately to the one who asked; None: what else changes shows it."""
    form: Form | None = None
    """A question instead of an effect: there are no events then."""
    related: Mapping[int, tuple[Event, ...]] = field(default_factory=dict[int, tuple[Event, ...]])
    """Events for other incidents, written in the same transaction."""
    when_room: Card | None = None
    """Replaces the reply when the room exists."""
    matching: Matching | None = None
    """What becomes of who is one person; it concerns no incident."""
    wanted: Wanted | None = None
    """What becomes of the actor's standing subscriptions."""
    planning: Planning | None = None
    """What becomes of planned maintenance; it concerns no incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a command would publish, to be looked at before it does."""

    cards: tuple[Card, ...]
    """What each audience will read, under its name."""
    stamp: str
    """Differs as soon as the words do. It comes back with the form."""
    findings: Mapping[str, str] = field(default_factory=dict[str, str])
    """What stands against it, by field, unless the reason to go on was given."""


Decide = Callable[[Incident, Any, Context, Policy], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A word, whole."""

    word: str
    command: type
    """Its dataclass; the docstring's first line is the line in `help`."""
    decide: Decide
    who: tuple[str, ...]
    """Who may use the word, unless the policy says otherwise."""
    group: str
    """The heading in `help`: Tell, People, Record, Steer, Finish, Look, Start."""
    aliases: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    """The fields typed without their name, in order; the last text field takes the rest of the line."""
    title: str = ""
    """Of its form; `{ref}` is the incident's name."""
    submit: str = ""
    """The form's button."""
    about: str = "incident"
    """`incident`: needs one. `none`: never has one. `any`: may have one."""
    reads: bool = False
    """Changes nothing: answered from what is stored."""
    ref_first: bool = False
    """The table of words shows `[REF]`: a bare number names the incident."""
    history: bool = False
    """Needs the log."""
    standing: bool = False
    """Needs what the actor subscribed to for good."""
    codes: bool = False
    """Needs the codes that people prove themselves with."""
    maintenances: bool = False
    """Needs the maintenance that is planned."""
    lacks: Callable[[Mapping[str, str], Incident, Policy], tuple[str, ...]] | None = None
    """Fields still needed beside the required ones, given those that are there."""
    prefill: Callable[[Mapping[str, str], Incident, Context, Policy], Mapping[str, str]] | None = None
    """What a form proposes."""
    in_vain: Callable[[Incident, Context], None] | None = None
    """Raises Refused where no form needs to be filled in: it would be refused whatever stood in it."""
    above: Callable[[Incident, Policy], Spans] | None = None
    who_for: Callable[[Mapping[str, str]], tuple[str, ...]] | None = None
    """Who may with these values, where that is not `who`: telling people outside is for fewer. Empty: `who` holds."""
    doing: str = ""
    """The beginning of "Resolving {ref} is for the incident commander", told to who may not."""
    hidden: bool = False
    """Not a word people type: it comes back from a chat."""
    previewed: Callable[[Mapping[str, str], Incident, Policy], bool] | None = None
    """Whether these values take effect only once their form was submitted, though nothing lacks: a typed line alone
    never reaches people outside (docs/contract.md 5, `update to:`)."""
    preview: Callable[[Incident, Any, Context, Policy], Preview] | None = None
    """What stands above the form before values that must be `previewed` take effect."""
    starts: Callable[[Mapping[str, str], Incident, Context, Policy], Mapping[str, str] | None] | None = None
    """The values with what a chosen template says; None where none was chosen."""
    shown: Callable[[str, Incident, Policy], bool] | None = None
    """Whether a field stands in the form; all do where this is None."""
