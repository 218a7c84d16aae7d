"""What stays built in, less rows that mention a priority, role or audience that is gone (docs/contract.md 7).

A row that mentions several loses the mention, and goes when none is left. The matrix goes whole: with holes in it,
impact and urgency would derive a priority at one moment and none at the next.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.policy import ROOM, Policy, Priority, Quiet, Role, SlaStep, Standard, Step
from config.policy_rules import GROUPS

Rung = TypeVar("Rung", Step, SlaStep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What exists."""

    priorities: Collection[str]
    roles: Collection[str]
    audiences: Collection[str]

    @property
    def recipients(self) -> frozenset[str]:
        """What a reminder can go to."""
        return frozenset((*self.roles, *self.audiences, ROOM))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A mention that was left out: of what, and where."""

    kind: str
    name: str
    place: str


def pruned(policy: Policy) -> tuple[Policy, tuple[str, ...]]:
    """The policy without dangling mentions, and a sentence for each name that is no longer there."""
    names = Names(
        priorities=tuple(row.name for row in policy.priorities),
        roles=tuple(row.name for row in policy.roles),
        audiences=tuple(policy.audiences),
    )
    whole = replace(
        policy,
        default_priority=_default(policy, names),
        priorities=tuple(_priority(row, names) for row in policy.priorities),
        roles=tuple(replace(row, not_with=_kept(row.not_with, names.roles)) for row in policy.roles),
        matrix={} if any(_lost_cells(policy, names)) else policy.matrix,
        reminders=replace(
            policy.reminders,
            update=_steps(policy.reminders.update, names),
            role=_steps(policy.reminders.role, names),
            sla=_steps(policy.reminders.sla, names),
            quiet=_quiet(policy.reminders.quiet, names),
        ),
        standards={name: _standard(row, names) for name, row in policy.standards.items() if name in names.audiences},
        permissions={word: _allowed(who, names) for word, who in policy.permissions.items() if _allowed(who, names)},
    )
    return whole, _sentences(_all_gone(policy, names))


def _default(policy: Policy, names: Names) -> str:
    """The highest stands in for a default that is no more: rather too much care than too little."""
    return policy.default_priority if policy.default_priority in names.priorities else policy.priorities[0].name


def _priority(row: Priority, names: Names) -> Priority:
    return replace(
        row,
        update_every={name: span for name, span in row.update_every.items() if name in names.audiences},
        first_word_within={name: span for name, span in row.first_word_within.items() if name in names.audiences},
        roles=_kept(row.roles, names.roles),
    )


def _standard(row: Standard, names: Names) -> Standard:
    """Who approves falls back to the commander where nobody named is left."""
    approvers = _allowed(row.approvers, names) or Standard().approvers
    return replace(row, approve=_kept(row.approve, names.priorities), approvers=approvers)


def _steps(steps: tuple[Rung, ...], names: Names) -> tuple[Rung, ...]:
    kept = (replace(step, to=_kept(step.to, names.recipients)) for step in steps)
    return tuple(step for step in kept if step.to)


def _quiet(quiet: Quiet | None, names: Names) -> Quiet | None:
    priorities = _kept(quiet.priorities, names.priorities) if quiet else ()
    return replace(quiet, priorities=priorities) if quiet and priorities else None


def _allowed(who: tuple[str, ...], names: Names) -> tuple[str, ...]:
    return tuple(name for name in who if ":" in name or name in GROUPS or name in names.roles)


def _kept(mentioned: tuple[str, ...], there: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in mentioned if name in there)


def _lost_cells(policy: Policy, names: Names) -> Iterator[str]:
    return (name for row in policy.matrix.values() for name in row.values() if name not in names.priorities)


def _all_gone(policy: Policy, names: Names) -> Iterator[Gone]:
    if policy.default_priority not in names.priorities:
        place = f"default_priority ({policy.priorities[0].name}, the highest, stands in)"
        yield Gone(kind="priority", name=policy.default_priority, place=place)
    for row in policy.priorities:
        yield from _gone("audience", row.update_every, names.audiences, f"update_every of {row.name}")
        yield from _gone("audience", row.first_word_within, names.audiences, f"first_word_within of {row.name}")
        yield from _gone("role", row.roles, names.roles, f"roles of {row.name}")
    yield from _gone_from_roles(policy.roles, names)
    yield from (Gone(kind="priority", name=name, place="matrix") for name in _lost_cells(policy, names))
    yield from _gone_from_reminders(policy, names)
    yield from _gone("audience", policy.standards, names.audiences, "communication")
    for name, standard in policy.standards.items():
        yield from _gone("priority", standard.approve, names.priorities, f"approve of {name}")
        yield from _gone("role", standard.approvers, _allowed(standard.approvers, names), f"approvers of {name}")
    for word, who in policy.permissions.items():
        yield from _gone("role", who, _allowed(who, names), f"permissions of {word}")


def _gone_from_roles(roles: tuple[Role, ...], names: Names) -> Iterator[Gone]:
    for row in roles:
        yield from _gone("role", row.not_with, names.roles, f"not_with of {row.name}")


def _gone_from_reminders(policy: Policy, names: Names) -> Iterator[Gone]:
    table = policy.reminders
    ladders: dict[str, Sequence[Step | SlaStep]] = {"update": table.update, "role": table.role, "sla": table.sla}
    for ladder, steps in ladders.items():
        for step in steps:
            yield from _gone("role or audience", step.to, names.recipients, f"reminders.{ladder}")
    if policy.reminders.quiet:
        yield from _gone("priority", policy.reminders.quiet.priorities, names.priorities, "reminders.quiet")


def _gone(kind: str, mentioned: Collection[str], there: Collection[str], place: str) -> Iterator[Gone]:
    return (Gone(kind=kind, name=name, place=place) for name in mentioned if name not in there)


def _sentences(gone: Iterator[Gone]) -> tuple[str, ...]:
    """One sentence for each name, with its places in the order of the policy, each once.

    A reminder's recipient counts as what the same name was elsewhere, a role or an audience.
    """
    kinds: dict[tuple[bool, str], str] = {}
    places: dict[tuple[bool, str], dict[str, None]] = {}
    for one in gone:
        key = (one.kind == "priority", one.name)
        kinds.setdefault(key, one.kind)
        places.setdefault(key, {})[one.place] = None
    return tuple(f"There is no {kinds[key]} {key[1]}: left out of {', '.join(places[key])}." for key in places)
