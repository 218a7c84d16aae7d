"""Names that a policy file mentions, priorities, roles, audiences, words: they must exist (docs/contract.md 7)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.policy import ROOM, Policy
from config.addressing import PEOPLE_HINT, is_person
from config.addressing import shown as shown_address
from config.nearest import advice
from config.policy_faults import Fault, shown
from config.policy_lines import Path
from config.policy_rules import GROUPS
from config.policy_schema import LADDERS, PolicyFile, RemindersTable


class Kind(StrEnum):
    """What a mention is of, in the words of a sentence."""

    PRIORITY = "priority"
    ROLE = "role"
    AUDIENCE = "audience"
    RECIPIENT = "role or audience"
    WHO = "group or role"
    WORD = "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in the file, and where."""

    path: Path
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The names there are, by kind; a kind that is not there is not checked."""

    names: Mapping[Kind, Collection[str]]
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """What an alias of a priority or role stands for: rows mention names only."""


def known(policy: Policy, words: Collection[str]) -> Known:
    """What can be mentioned in a file that leads to `policy`; no words: they are not checked."""
    roles = tuple(role.name for role in policy.roles)
    names: dict[Kind, Collection[str]] = {
        Kind.PRIORITY: tuple(row.name for row in policy.priorities),
        Kind.ROLE: roles,
        Kind.AUDIENCE: tuple(policy.audiences),
        Kind.RECIPIENT: (*roles, *policy.audiences, ROOM),
        Kind.WHO: (*GROUPS, *roles),
    }
    if words:
        names[Kind.WORD] = words
    of_priorities = {alias: row.name for row in policy.priorities for alias in row.aliases}
    of_roles = {alias: row.name for row in policy.roles for alias in row.aliases}
    return Known(names=names, aliases=of_priorities | of_roles)


def mention_faults(file: PolicyFile, known_names: Known) -> Iterator[Fault]:
    """Each mention of what does not exist."""
    for mention in mentions(file):
        there = known_names.names.get(mention.kind)
        if there is not None and mention.name not in there:
            yield Fault(path=mention.path, sentence=_sentence(mention, there, known_names.aliases))
    yield from _two_meanings(file, known_names)
    yield from _strangers(file)


def _sentence(mention: Mention, there: Collection[str], aliases: Mapping[str, str]) -> str:
    meant = aliases.get(mention.name)
    hint = f"did you mean `{meant}`?" if meant in there else advice(mention.name, there)
    return f"there is no {mention.kind} {shown(mention.name)}: {hint}"


def mentions(file: PolicyFile) -> Iterator[Mention]:
    """Every name the file mentions, in no particular order."""
    if file.organisation and file.organisation.default_priority is not None:
        path = ("organisation", "default_priority")
        yield Mention(path=path, kind=Kind.PRIORITY, name=file.organisation.default_priority)
    yield from _of_priorities(file)
    yield from _of_reminders(file.reminders or RemindersTable())
    for number, role in enumerate(file.roles or ()):
        yield from _listed(("roles", number, "not_with"), Kind.ROLE, role.not_with)
    for impact, row in (file.matrix or {}).items():
        for urgency, priority in row.items():
            yield Mention(path=("matrix", impact, urgency), kind=Kind.PRIORITY, name=priority)
    yield from _keyed(("communication",), Kind.AUDIENCE, file.communication or {})
    yield from _of_communication(file)
    yield from _keyed(("required",), Kind.WORD, file.required or {})
    yield from _of_permissions(file.permissions or {})


def _of_priorities(file: PolicyFile) -> Iterator[Mention]:
    for number, row in enumerate(file.priorities or ()):
        path = ("priorities", number)
        yield from _keyed((*path, "update_every"), Kind.AUDIENCE, row.update_every)
        yield from _listed((*path, "roles"), Kind.ROLE, row.roles)


def _of_reminders(table: RemindersTable) -> Iterator[Mention]:
    for ladder in LADDERS:
        for number, step in enumerate(getattr(table, ladder) or ()):
            yield from _listed(("reminders", ladder, number, "to"), Kind.RECIPIENT, step.to)
    if table.quiet:
        yield from _listed(("reminders", "quiet", "priorities"), Kind.PRIORITY, table.quiet.priorities)


def _of_communication(file: PolicyFile) -> Iterator[Mention]:
    for audience, row in (file.communication or {}).items():
        yield from _listed(("communication", audience, "approve"), Kind.PRIORITY, row.approve)
        yield from _who(("communication", audience, "approvers"), row.approvers)


def _of_permissions(permissions: Mapping[str, Collection[str]]) -> Iterator[Mention]:
    yield from _keyed(("permissions",), Kind.WORD, permissions)
    for word, names in permissions.items():
        yield from _who(("permissions", word), names)


def _who(path: Path, names: Collection[str]) -> Iterator[Mention]:
    """Words and roles; people and groups have addresses."""
    return (
        Mention(path=(*path, number), kind=Kind.WHO, name=name) for number, name in enumerate(names) if ":" not in name
    )


def _listed(path: Path, kind: Kind, names: Collection[str]) -> Iterator[Mention]:
    return (Mention(path=(*path, number), kind=kind, name=name) for number, name in enumerate(names))


def _keyed(path: Path, kind: Kind, table: Mapping[str, object]) -> Iterator[Mention]:
    return (Mention(path=(*path, name), kind=kind, name=name) for name in table)


def _strangers(file: PolicyFile) -> Iterator[Fault]:
    """People and groups named in a permission, or as who approves, by their address."""
    named: dict[Path, Collection[str]] = {
        ("permissions", word): names for word, names in (file.permissions or {}).items()
    }
    named |= {("communication", name, "approvers"): row.approvers for name, row in (file.communication or {}).items()}
    for path, names in named.items():
        for number, name in enumerate(names):
            if ":" in name and not is_person(name):
                sentence = f"{shown(shown_address(name))} is no person or group: {PEOPLE_HINT}."
                yield Fault(path=(*path, number), sentence=sentence)


def _two_meanings(file: PolicyFile, known_names: Known) -> Iterator[Fault]:
    """A reminder's `to` names roles and audiences alike, so that no name can be both."""
    both = set(known_names.names[Kind.ROLE]) & set(known_names.names[Kind.AUDIENCE])
    for number, role in enumerate(file.roles or ()):
        if role.name in both:
            sentence = f"`{role.name}` is an audience and cannot be a role too: choose another name."
            yield Fault(path=("roles", number, "name"), sentence=sentence)
    for name in file.audiences or {}:
        if name in both:
            sentence = f"`{name}` is a role and cannot be an audience too: choose another name."
            yield Fault(path=("audiences", name), sentence=sentence)
