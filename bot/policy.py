"""An organisation's rules as data: priorities, roles, ladders of reminders, audiences, standards, permissions.

Read from `policy.toml` by `config/policy_file.py`. Nothing here decides; docs/promises.md says what the values mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from bot.status_policy import StatusPage
from bot.wording import Template, Vocabulary

COMMANDER = "incident_commander"
COMMS = "communications_officer"
SCRIBE = "scribe"
SME = "subject_matter_expert"

INTERNAL = "internal"
STAKEHOLDERS = "stakeholders"
CUSTOMERS = "customers"
LEADERSHIP = "leadership"
ROOM = "room"
"""In a reminder's `to`: the incident's room."""
SECOND_ROOM = "second room"
"""What could not be made, where the incident has, or still gets, a room of its own."""


class Where(StrEnum):
    """Where a reminder step is said."""

    PRIVATE = "private"
    ROOM = "room"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """One row of the guide's SLA table (guide, page 10). Highest first in `Policy.priorities`."""

    name: str
    aliases: tuple[str, ...] = ()
    means: str = ""
    example: str = ""
    major: bool = False
    respond_within: timedelta | None = None
    resolve_within: timedelta | None = None
    update_every: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    """By audience; `internal` is always there."""
    first_word_within: Mapping[str, timedelta] = field(default_factory=dict[str, timedelta])
    """By audience, where the first word has another time than `update_every`."""
    roles: tuple[str, ...] = ()
    """Roles this priority requires."""
    call: tuple[str, ...] = ()
    """People or user groups (`slack:@sre-oncall`) invited and mentioned once."""
    pages: tuple[str, ...] = ()
    """Addresses of no chat that are told once, to call somebody: `mailto:…`, a pager's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A duty somebody holds in an incident (guide, page 11)."""

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    duties: str = ""
    several: bool = False
    not_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rung of a ladder: `at` is relative to the promised moment, or to the start of a vacancy."""

    at: timedelta
    to: tuple[str, ...]
    """Role names, `room`, or an audience."""
    where: Where | None = None
    """None: private for people, room for the room."""
    repeat: timedelta | None = None
    """On the last step only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaStep:
    """A reminder at a share of the time allowed; 1.0 is the breach."""

    at: float
    to: tuple[str, ...]
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which private reminders of low priorities wait (docs/promises.md 2.9)."""

    priorities: tuple[str, ...]
    starts: time
    """`from`: awake until then."""
    ends: time
    """`to`: awake from then."""
    days: frozenset[int] = frozenset(range(7))
    """Weekdays with waking hours, Monday is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """People who are told together. Addresses are as the policy writes them: `slack:#incidents`, `mailto:…`."""

    name: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What each update to an audience must say, and where those people look (guide, page 17)."""

    channel: str = ""
    must_say: tuple[str, ...] = ()
    avoid: tuple[str, ...] | None = None
    """What is found in a text for them, by the names of `bot.standards.RULES`. None: what the audience's kind says."""
    look_at: str = ""
    """Where they look: an address or words. Every text for them ends with it."""
    support: str = ""
    """Whom they ask, likewise."""
    longest: int | None = None
    """Characters of a text for them; 0: any length. None: what the audience's kind says."""
    approve: tuple[str, ...] = ()
    """Priorities at which an update to them waits for the approval of somebody who did not write it."""
    approvers: tuple[str, ...] = ("commander",)
    """Who approves: words, roles, people and groups as in `Policy.permissions`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What the organisation means by a word, with an example (guide, page 6)."""

    means: str
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """Ladders and their knobs (docs/promises.md). Durations are spans of real time."""

    update: tuple[Step, ...] = ()
    """In order of `at`."""
    role: tuple[Step, ...] = ()
    """In order of `at`."""
    sla: tuple[SlaStep, ...] = ()
    """In order of `at`."""
    grace: timedelta = timedelta(seconds=60)
    gather: timedelta = timedelta(minutes=5)
    settle: timedelta = timedelta(minutes=5)
    repeat_at_most: timedelta = timedelta(hours=4)
    max_promise: timedelta = timedelta(hours=24)
    max_snooze: timedelta = timedelta(minutes=60)
    final_word_within: timedelta = timedelta(minutes=15)
    handover_within: timedelta = timedelta(minutes=10)
    silence_after: timedelta | None = None
    """None: four times the internal interval, at least 30 minutes."""
    close_within: timedelta | None = None
    sla_from: str = "declared"
    """`declared` or `detected`."""
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything an organisation has decided beforehand."""

    organisation: str = "Example"
    time_zone: str = "Etc/UTC"
    default_priority: str = ""
    bridge: str = ""
    """A template with `{number}`."""
    guests: bool = False
    terms: Mapping[str, Term] = field(default_factory=dict[str, Term])
    priorities: tuple[Priority, ...] = ()
    """Highest first, at least one."""
    roles: tuple[Role, ...] = ()
    levels: tuple[str, ...] = ("high", "medium", "low")
    """Words for impact and urgency, highest first."""
    matrix: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Impact, then urgency, to the name of a priority."""
    reminders: Reminders = field(default_factory=Reminders)
    audiences: Mapping[str, Audience] = field(default_factory=dict[str, Audience])
    standards: Mapping[str, Standard] = field(default_factory=dict[str, Standard])
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    templates: Mapping[str, Template] = field(default_factory=dict[str, Template])
    """By situation, in the order in which they are offered."""
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Fields that a step asks for: `resolve` to (`services`,)."""
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By word, where the built-in rule does not hold."""
    link: tuple[str, ...] = ()
    """Places in which every incident that is not private gets a second room, unless its own is in the same chat."""
    rooms: Mapping[str, str] = field(default_factory=dict[str, str])
    """By chat, where rooms are opened when not at the place of the declaration."""
    status: StatusPage = field(default_factory=StatusPage)

    def priority(self, name: str) -> Priority:
        """The priority of that name.

        One that the policy no longer has keeps its name and takes the times of the highest (docs/architecture.md).
        """
        for priority in self.priorities:
            if priority.name == name:
                return priority
        highest = self.priorities[0]
        return Priority(
            name=name,
            major=highest.major,
            respond_within=highest.respond_within,
            resolve_within=highest.resolve_within,
            update_every=highest.update_every,
            first_word_within=highest.first_word_within,
            roles=highest.roles,
        )

    def knows_priority(self, name: str) -> bool:
        """Whether the policy has a priority of that name."""
        return any(priority.name == name for priority in self.priorities)

    def higher(self, name: str, other: str) -> bool:
        """Whether `name` ranks above `other`; a name the policy no longer has ranks highest."""
        return self.rank(name) < self.rank(other)

    def rank(self, name: str) -> int:
        """The place of that priority, the highest 0; of a name that the policy no longer has, above them all."""
        names = [priority.name for priority in self.priorities]
        return names.index(name) if name in names else -1

    def role(self, name: str) -> Role:
        """The role of that name.

        One that the policy no longer has keeps its name, and may be held by several so that nobody loses it.
        """
        for role in self.roles:
            if role.name == name:
                return role
        return Role(name=name, title=name.replace("_", " ").capitalize(), several=True)

    def interval(self, priority: str, audience: str) -> timedelta | None:
        """How often that audience is told at that priority; None where it is not told by the clock."""
        return self.priority(priority).update_every.get(audience)

    def first_word(self, priority: str, audience: str) -> timedelta | None:
        """How soon that audience hears first; None where it is not told by the clock."""
        found = self.priority(priority)
        if audience not in found.update_every:
            return None
        return found.first_word_within.get(audience, found.update_every[audience])

    def people(self) -> tuple[str, ...]:
        """Addresses of people and groups: whom its priorities call, whom its permissions name, and who approves."""
        called = [address for priority in self.priorities for address in priority.call]
        named = [entry for entries in self.permissions.values() for entry in entries if ":" in entry]
        approving = [entry for row in self.standards.values() for entry in row.approvers if ":" in entry]
        return tuple(dict.fromkeys([*called, *named, *approving]))

    def addresses(self, audience: str) -> tuple[str, ...]:
        """Where that audience is told, as the policy writes it."""
        found = self.audiences.get(audience)
        paged = (priority.pages for priority in self.priorities if called_at(priority.name) == audience)
        return found.addresses if found else next(paged, ())


def called_at(priority: str) -> str:
    """Whom a priority calls by other ways than chats, as people know them; told like an audience."""
    return f"those called at {priority}"
