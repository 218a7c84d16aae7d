"""Who approves an update: somebody who did not write it, as the policy says, or whoever stands in for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.events import Recipient, Rung, Why
from bot.incident import Draft, Incident
from bot.ladders import unpromised
from bot.policy import COMMANDER, COMMS, Policy, Standard
from bot.refs import Person
from bot.succession import APPROVER, People, reachable

OPEN_TO_ALL = frozenset({"responders", "anyone"})
COMMAND = "commander"
"""Of the words of the policy: the incident commander; while there is none, who declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvers:
    """Who is asked. Nobody named: whoever works on the incident and did not write it."""

    people: tuple[Person, ...] = ()
    """Asked in private."""
    groups: tuple[str, ...] = ()
    """People and groups as the policy writes them; where nobody is asked in private, they are asked in the room."""

    @property
    def anybody(self) -> bool:
        """Nobody in particular is asked."""
        return not self.people and not self.groups


def needs_approval(incident: Incident, audience: str, policy: Policy) -> bool:
    """Whether an update to that audience waits. A priority the policy no longer has counts as the highest."""
    known = policy.knows_priority(incident.priority)
    name = incident.priority if known else policy.priorities[0].name
    return name in policy.standards.get(audience, Standard()).approve


def entries(audience: str, policy: Policy) -> tuple[str, ...]:
    """Who approves, as the policy writes it."""
    return policy.standards.get(audience, Standard()).approvers


def approvers(incident: Incident, audience: str, draft: Draft, policy: Policy, people: People) -> Approvers:
    """Whom to ask: who the policy says; where that is nobody but the writer, commander, communications officer or
    declarer; else nobody in particular.
    """
    named = entries(audience, policy)
    found = _fit(incident, draft, (person for name in named for person in those(incident, name, policy)), people)
    groups = tuple(name for name in named if ":" in name)
    if found or groups or OPEN_TO_ALL & set(named):
        return Approvers(people=found, groups=groups)
    instead = (incident.holders(COMMANDER), incident.holders(COMMS), _declarer(incident))
    fit = (_fit(incident, draft, those, people) for those in instead)
    return Approvers(people=next((those for those in fit if those), ()))


def asked(incident: Incident, draft: Draft, policy: Policy, people: People) -> Approvers:
    """Whom to ask about the whole draft."""
    found = [approvers(incident, name, draft, policy, people) for name in draft.update.audiences]
    return Approvers(
        people=tuple(dict.fromkeys(person for one in found for person in one.people)),
        groups=tuple(dict.fromkeys(group for one in found for group in one.groups)),
    )


def nudged(incident: Incident, rung: Rung, policy: Policy, people: People) -> tuple[Recipient, ...]:
    """Who is reminded beside those a step names, in private: while a draft waits, those it waits for.

    Of a draft alone, where there is nobody to remind in private, the room is.
    """
    kind, _, audience = rung.subject.partition(":")
    if kind == "draft":
        return _of_draft(incident, rung, policy, people) or (Recipient(room=True),)
    draft = incident.draft_for(audience) if kind == "update" else None
    if draft is None:
        return ()
    return _to(approvers(incident, audience, draft, policy, people).people)


def _of_draft(incident: Incident, rung: Rung, policy: Policy, people: People) -> tuple[Recipient, ...]:
    drafts = [draft for draft in incident.drafts if draft.subject == rung.subject]
    waiting = [(draft, name) for draft in drafts for name in unpromised(incident, draft)]
    return _to(person for draft, name in waiting for person in approvers(incident, name, draft, policy, people).people)


def _to(people: Iterable[Person]) -> tuple[Recipient, ...]:
    each = dict.fromkeys(people)
    return tuple(Recipient(person=person, role=APPROVER, why=Why.ROLE, via="holder") for person in each)


def still_asked(incident: Incident, to: Recipient, rungs: Iterable[Rung], policy: Policy, people: People) -> bool:
    """Whether a reminder to an approver is still theirs; of any other there is nothing to say here."""
    if to.role != APPROVER:
        return True
    return any(to.person == one.person for rung in rungs for one in nudged(incident, rung, policy, people))


def _fit(incident: Incident, draft: Draft, those: Iterable[Person], people: People) -> tuple[Person, ...]:
    fit = (person for person in those if person != draft.by and reachable(incident, person, people))
    return tuple(dict.fromkeys(fit))


def those(incident: Incident, entry: str, policy: Policy) -> tuple[Person, ...]:
    """Whom a word of the policy names in the incident: `commander`, or a role by any of its names."""
    if entry == COMMAND:
        return incident.holders(COMMANDER) or _declarer(incident)
    return incident.holders(role_named(entry, policy))


def role_named(entry: str, policy: Policy) -> str:
    """The role of that name or alias; the word itself where there is none."""
    return next((role.name for role in policy.roles if entry in {role.name, *role.aliases}), entry)


def _declarer(incident: Incident) -> tuple[Person, ...]:
    return (incident.declared_by,) if incident.declared_by else ()
