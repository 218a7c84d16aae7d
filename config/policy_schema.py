"""The shape of `policy.toml`: its tables, their keys, and what kind of value each takes (docs/contract.md 7).

Everything may be left out; what a file does not name stays built in. Rules between rows stand in `policy_rules.py`.
"""

from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.clock import clock_time, weekdays
from config.durations import duration, positive_duration, signed_duration

TABLE = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

Span = Annotated[timedelta, BeforeValidator(positive_duration)]
Pause = Annotated[timedelta, BeforeValidator(duration)]
Offset = Annotated[timedelta, BeforeValidator(signed_duration)]
Share = Annotated[float, Field(gt=0, le=10, allow_inf_nan=False)]
Clock = Annotated[time, BeforeValidator(clock_time)]
Days = Annotated[frozenset[int], BeforeValidator(weekdays)]
Place = Literal["private", "room", "both"]
Target = Literal["updates", "respond", "resolve"]
Said = Literal["what", "steps", "detected", "who", "expect", "next"]
"""What an update can say: a part of the form that people fill in."""
Found = Literal[
    "repair_time", "too_early", "vague", "blame", "internal_name", "trace", "link", "customer_name", "jargon",
    "no_zone", "too_long",
]  # fmt: skip
"""What an update had better not say: a rule of `bot/standards.py`."""
Longest = Annotated[int, Field(ge=0, le=3000)]


class OrganisationTable(BaseModel):
    """`[organisation]`."""

    model_config = TABLE
    name: str | None = None
    time_zone: str | None = None
    default_priority: str | None = None
    bridge: str | None = None
    guests: bool | None = None


class TermTable(BaseModel):
    """`[terms.alert]`."""

    model_config = TABLE
    means: str
    example: str = ""


class PriorityTable(BaseModel):
    """A row of `[[priorities]]`."""

    model_config = TABLE
    name: str
    aliases: list[str] = []
    means: str = ""
    example: str = ""
    major: bool = False
    respond_within: Span | None = None
    resolve_within: Span | None = None
    update_every: dict[str, Span] = {}
    first_word_within: dict[str, Span] = {}
    roles: list[str] = []
    call: list[str] = []


class RoleTable(BaseModel):
    """A row of `[[roles]]`."""

    model_config = TABLE
    name: str
    title: str = ""
    aliases: list[str] = []
    duties: str = ""
    several: bool = False
    not_with: list[str] = []


class UpdateStepTable(BaseModel):
    """A rung of `[[reminders.update]]`."""

    model_config = TABLE
    at: Offset
    to: list[str]
    where: Place | None = None
    repeat: Span | None = None


class RoleStepTable(BaseModel):
    """A rung of `[[reminders.role]]`."""

    model_config = TABLE
    at: Pause
    to: list[str]
    where: Place | None = None


class SlaStepTable(BaseModel):
    """A rung of `[[reminders.sla]]`."""

    model_config = TABLE
    at: Share
    to: list[str]
    where: Place | None = None


class QuietTable(BaseModel):
    """`[reminders.quiet]`."""

    model_config = TABLE
    priorities: list[str]
    starts: Clock | None = Field(default=None, alias="from")
    ends: Clock | None = Field(default=None, alias="to")
    days: Days = frozenset(range(7))


class RemindersTable(BaseModel):
    """`[reminders]`."""

    model_config = TABLE
    update: list[UpdateStepTable] | None = None
    role: list[RoleStepTable] | None = None
    sla: list[SlaStepTable] | None = None
    grace: Pause | None = None
    gather: Pause | None = None
    settle: Pause | None = None
    repeat_at_most: Span | None = None
    max_promise: Span | None = None
    max_snooze: Span | None = None
    final_word_within: Span | None = None
    handover_within: Span | None = None
    silence_after: Span | None = None
    close_within: Span | None = None
    sla_from: Literal["declared", "detected"] | None = None
    quiet: QuietTable | None = None


class AudienceTable(BaseModel):
    """`[audiences.internal]`."""

    model_config = TABLE
    addresses: list[str] = []


class CommunicationTable(BaseModel):
    """`[communication.customers]`."""

    model_config = TABLE
    channel: str = ""
    must_say: list[Said] = []
    avoid: list[Found] | None = None
    look_at: str = ""
    support: str = ""
    longest: Longest | None = None
    approve: list[str] = []
    approvers: list[str] = ["commander"]


class VocabularyTable(BaseModel):
    """`[vocabulary]`."""

    model_config = TABLE
    vendors: list[str] = []
    internal_names: list[str] = []
    customer_names: list[str] = []
    links: list[str] = []
    jargon: dict[str, str] = {}


class TemplateTable(BaseModel):
    """`[templates.outage]`."""

    model_config = TABLE
    what: str = ""
    expect: str = ""
    words: str = ""


class ServiceTable(BaseModel):
    """A row of `[[status.services]]`."""

    model_config = TABLE
    name: str
    group: str = ""
    description: str = ""
    also: list[str] = []


class StatusTable(BaseModel):
    """`[status]`."""

    model_config = TABLE
    name: str | None = None
    logo: str | None = None
    url: str | None = None
    show_overdue: bool | None = None
    publish_targets: list[Target] | None = None
    services: list[ServiceTable] | None = None


class PolicyFile(BaseModel):
    """The whole file. None: the file does not name it."""

    model_config = TABLE
    organisation: OrganisationTable | None = None
    terms: dict[str, TermTable] | None = None
    priorities: list[PriorityTable] | None = None
    roles: list[RoleTable] | None = None
    matrix: dict[str, dict[str, str]] | None = None
    reminders: RemindersTable | None = None
    audiences: dict[str, AudienceTable] | None = None
    communication: dict[str, CommunicationTable] | None = None
    vocabulary: VocabularyTable | None = None
    templates: dict[str, TemplateTable] | None = None
    required: dict[str, list[str]] | None = None
    permissions: dict[str, list[str]] | None = None
    rooms: dict[str, str | list[str]] | None = None
    status: StatusTable | None = None


LADDERS = ("update", "role", "sla")
KNOBS = tuple(name for name in RemindersTable.model_fields if name not in (*LADDERS, "quiet"))
"""Scalars of `[reminders]`: a file that names one keeps the others."""

HOMES = {**dict.fromkeys((*KNOBS, "quiet"), "reminders"), "guests": "organisation"}
"""Keys that may also stand at the top of the file, by the table they belong to."""

_SHAPES: tuple[tuple[tuple[str, ...], type[BaseModel]], ...] = (
    ((), PolicyFile),
    (("organisation",), OrganisationTable),
    (("terms", "*"), TermTable),
    (("priorities", "*"), PriorityTable),
    (("roles", "*"), RoleTable),
    (("reminders",), RemindersTable),
    (("reminders", "update", "*"), UpdateStepTable),
    (("reminders", "role", "*"), RoleStepTable),
    (("reminders", "sla", "*"), SlaStepTable),
    (("reminders", "quiet"), QuietTable),
    (("audiences", "*"), AudienceTable),
    (("communication", "*"), CommunicationTable),
    (("vocabulary",), VocabularyTable),
    (("templates", "*"), TemplateTable),
    (("status",), StatusTable),
    (("status", "services", "*"), ServiceTable),
)


def known_keys(table: tuple[str | int, ...]) -> tuple[str, ...]:
    """The keys that may stand in the table at that path; none where any name may."""
    for shape, model in _SHAPES:
        if len(shape) == len(table) and all(part in ("*", key) for part, key in zip(shape, table, strict=True)):
            keys = tuple(field.alias or name for name, field in model.model_fields.items())
            return (*keys, *HOMES) if not table else keys
    return ()
