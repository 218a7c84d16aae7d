"""A policy file laid over another policy: what it names replaces, what it does not name stays.

Whole (a table or list that is named replaces the one of that name): terms, priorities, roles, matrix, audiences,
communication, vocabulary, templates, required, permissions, rooms, reminders.update, reminders.role, reminders.sla,
reminders.quiet, status.services.
Key by key: the scalars of `[organisation]`, `[reminders]` and `[status]`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.policy import (
    INTERNAL,
    Audience,
    Policy,
    Priority,
    Quiet,
    Reminders,
    Role,
    SlaStep,
    Standard,
    Step,
    Term,
    Where,
)
from bot.status_policy import Service, StatusPage
from bot.wording import Template, Vocabulary
from config.addressing import is_page
from config.policy_schema import (
    KNOBS,
    AudienceTable,
    CommunicationTable,
    OrganisationTable,
    PolicyFile,
    PriorityTable,
    QuietTable,
    RemindersTable,
    RoleStepTable,
    RoleTable,
    SlaStepTable,
    StatusTable,
    UpdateStepTable,
    VocabularyTable,
)


def laid_over(base: Policy, file: PolicyFile) -> Policy:
    """The policy of `base` with what `file` names. The file's rules are taken as kept."""
    changes: dict[str, Any] = {
        **_organisation(file.organisation),
        **_tables(file),
        "reminders": _reminders(base.reminders, file.reminders),
        "status": _status(base.status, file.status),
    }
    if file.priorities is not None:
        changes["priorities"] = tuple(_priority(row) for row in file.priorities)
    if file.roles is not None:
        changes["roles"] = tuple(_role(row) for row in file.roles)
    if file.matrix is not None:
        changes["levels"] = tuple(file.matrix)
        changes["matrix"] = file.matrix
    if file.audiences is not None:
        changes["audiences"] = _audiences(file.audiences)
    return replace(base, **changes)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    """In the order of the file, each once."""
    return tuple(dict.fromkeys(names))


def _organisation(table: OrganisationTable | None) -> dict[str, Any]:
    if table is None:
        return {}
    named = table.model_dump(exclude_none=True)
    return {("organisation" if key == "name" else key): value for key, value in named.items()}


def _tables(file: PolicyFile) -> dict[str, Any]:
    """The tables that any name may stand in."""
    changes: dict[str, Any] = {}
    if file.terms is not None:
        changes["terms"] = {name: Term(means=row.means, example=row.example) for name, row in file.terms.items()}
    if file.communication is not None:
        changes["standards"] = {name: _standard(row) for name, row in file.communication.items()}
    if file.vocabulary is not None:
        changes["vocabulary"] = _vocabulary(file.vocabulary)
    if file.templates is not None:
        changes["templates"] = {name: Template(**row.model_dump()) for name, row in file.templates.items()}
    if file.required is not None:
        changes["required"] = {word: _once(names) for word, names in file.required.items()}
    if file.permissions is not None:
        changes["permissions"] = {word: _once(names) for word, names in file.permissions.items()}
    if file.rooms is not None:
        changes["rooms"] = {chat: place for chat, place in file.rooms.items() if isinstance(place, str)}
        changes["link"] = tuple(file.rooms.get("link", ()))
    return changes


def _standard(row: CommunicationTable) -> Standard:
    return Standard(
        channel=row.channel,
        must_say=_once(row.must_say),
        avoid=None if row.avoid is None else _once(row.avoid),
        look_at=row.look_at.strip(),
        support=row.support.strip(),
        longest=row.longest,
        approve=_once(row.approve),
        approvers=_once(row.approvers),
    )


def _vocabulary(table: VocabularyTable) -> Vocabulary:
    return Vocabulary(
        vendors=_once(table.vendors),
        internal_names=_once(table.internal_names),
        customer_names=_once(table.customer_names),
        links=_once(table.links),
        jargon=table.jargon,
    )


def _priority(row: PriorityTable) -> Priority:
    return Priority(
        name=row.name,
        aliases=_once(row.aliases),
        means=row.means,
        example=row.example,
        major=row.major,
        respond_within=row.respond_within,
        resolve_within=row.resolve_within,
        update_every=row.update_every,
        first_word_within=row.first_word_within,
        roles=_once(row.roles),
        call=_once(address for address in row.call if not is_page(address)),
        pages=_once(address for address in row.call if is_page(address)),
    )


def _role(row: RoleTable) -> Role:
    return Role(
        name=row.name,
        title=row.title or row.name.replace("_", " ").capitalize(),
        aliases=_once(row.aliases),
        duties=row.duties,
        several=row.several,
        not_with=_once(row.not_with),
    )


def _audiences(tables: Mapping[str, AudienceTable]) -> dict[str, Audience]:
    """Internal is always there: it has a promise in every incident, if only in the room (docs/promises.md 1.1)."""
    named = {name: Audience(name=name, addresses=_once(table.addresses)) for name, table in tables.items()}
    return {INTERNAL: Audience(name=INTERNAL), **named}


def _status(base: StatusPage, table: StatusTable | None) -> StatusPage:
    if table is None:
        return base
    changes: dict[str, Any] = table.model_dump(exclude_none=True, exclude={"services"})
    if table.publish_targets is not None:
        changes["publish_targets"] = _once(table.publish_targets)
    if table.services is not None:
        changes["services"] = tuple(
            Service(name=row.name, group=row.group, description=row.description, also=_once(row.also))
            for row in table.services
        )
    return replace(base, **changes)


def _reminders(base: Reminders, table: RemindersTable | None) -> Reminders:
    if table is None:
        return base
    changes: dict[str, Any] = {knob: value for knob in KNOBS if (value := getattr(table, knob)) is not None}
    if table.update is not None:
        changes["update"] = _ladder(table.update)
    if table.role is not None:
        changes["role"] = _ladder(table.role)
    if table.sla is not None:
        changes["sla"] = tuple(sorted((_sla_step(row) for row in table.sla), key=lambda step: step.at))
    if table.quiet is not None:
        changes["quiet"] = _quiet(table.quiet)
    return replace(base, **changes)


def _ladder(rows: Sequence[UpdateStepTable] | Sequence[RoleStepTable]) -> tuple[Step, ...]:
    return tuple(sorted((_step(row) for row in rows), key=lambda step: step.at))


def _step(row: UpdateStepTable | RoleStepTable) -> Step:
    repeat = row.repeat if isinstance(row, UpdateStepTable) else None
    return Step(at=row.at, to=_once(row.to), where=_where(row.where), repeat=repeat)


def _sla_step(row: SlaStepTable) -> SlaStep:
    return SlaStep(at=row.at, to=_once(row.to), where=_where(row.where))


def _where(name: str | None) -> Where | None:
    return None if name is None else Where(name)


def _quiet(table: QuietTable) -> Quiet | None:
    """No priorities: no quiet hours at all."""
    if not table.priorities or table.starts is None or table.ends is None:
        return None
    return Quiet(priorities=_once(table.priorities), starts=table.starts, ends=table.ends, days=table.days)
