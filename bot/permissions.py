"""Who sees an incident, and who may use a word in it (docs/contract.md 7, "Who may")."""

from collections.abc import Iterable, Iterator, Mapping

from bot.approvers import COMMAND, role_named, those
from bot.commands.spec import Context, Spec
from bot.guards import person_word
from bot.incident import Incident
from bot.messages.phrases import alternatives, role_word
from bot.policy import COMMANDER, Policy
from bot.refs import Person, reference
from bot.refusals import NotAllowed, NotFound
from bot.visibility import sees

ANYONE = "anyone"
RESPONDERS = "responders"
NAMED = "people whom the policy names"
"""What people and groups named by their address are called to others."""


def visible(incident: Incident, context: Context) -> bool:
    """Whether the incident exists for the one who acts: a private one only for its people and inside its room."""
    return context.actor is None or context.in_room or sees(incident, context.actor)


def works_on(incident: Incident, person: Person) -> bool:
    """Whether they declared it or hold a role in it."""
    return person == incident.declared_by or bool(incident.roles_of(person))


def commands(incident: Incident, person: Person | None) -> bool:
    """Whether they are its commander; while there is none, whether they declared it."""
    holders = incident.holders(COMMANDER)
    return person in holders if holders else person is not None and person == incident.declared_by


def unseen(number: int) -> NotFound:
    """The same words for a hidden incident and for one that is not there."""
    return NotFound(f"There is no {reference(number)} that you can see: look at `list`.")


def rule_of(spec: Spec, values: Mapping[str, str], policy: Policy) -> tuple[str, ...]:
    """Who may use the word with these values: as the policy says, else as built in."""
    found = policy.permissions.get(spec.word)
    if found is not None:
        return found
    return (spec.who_for(values) if spec.who_for else ()) or spec.who


def may(incident: Incident | None, who: Iterable[str], context: Context, policy: Policy) -> bool:
    """Whether the one who acts is among `who`: words of the contract, roles, people and groups by address."""
    return context.actor is None or any(_is(entry, incident, context.actor, context, policy) for entry in who)


def _is(entry: str, incident: Incident | None, actor: Person, context: Context, policy: Policy) -> bool:
    if entry == ANYONE:
        return True
    if entry in context.groups or entry in _addresses(actor, context):
        return True
    if incident is None:
        return False
    if entry == RESPONDERS:
        return context.in_room or works_on(incident, actor)
    return actor in those(incident, entry, policy)


def _addresses(actor: Person, context: Context) -> Iterator[str]:
    """The ways a policy may name that person: `slack:T1/U1`, `slack:U1`, `mailto:ben@example.com`."""
    for identity in context.names.identities.get(actor, ()):
        yield identity
        chat, _, name = identity.partition(":")
        yield f"{chat}:{name.rpartition('/')[2]}"
    profile = context.people.get(actor)
    if profile and profile.email:
        yield f"mailto:{profile.email}"


def require(
    incident: Incident | None, who: Iterable[str], context: Context, policy: Policy, *, doing: str, word: str
) -> None:
    """Raises NotAllowed, naming whom to ask, unless the one who acts is among `who`.

    `doing` begins the sentence ("Resolving {ref}"); empty: the word stands there itself.
    """
    entries = tuple(who)
    if may(incident, entries, context, policy):
        return
    ask = _ask(incident, entries, context, policy)
    raise NotAllowed(f"{_doing(incident, doing, word)} is for {_spoken(entries, policy)}: {ask}.")


def _doing(incident: Incident | None, doing: str, word: str) -> str:
    ref = reference(incident.number) if incident else ""
    if doing:
        return doing.replace("{ref}", ref).strip()
    return f"`{word}` in {ref}" if ref else f"`{word}`"


def _spoken(who: tuple[str, ...], policy: Policy) -> str:
    if RESPONDERS in who:
        return "those who work on it"
    known = {role.name for role in policy.roles}
    names = [COMMANDER if entry == COMMAND else role_named(entry, policy) for entry in who]
    roles = [role_word(name, policy) for name in dict.fromkeys(names) if name in known]
    others = [NAMED] if not roles or any(":" in entry for entry in who) else []
    return f"{'the ' if roles else ''}{alternatives([*roles, *others])}"


def _ask(incident: Incident | None, who: tuple[str, ...], context: Context, policy: Policy) -> str:
    if RESPONDERS in who:
        return "take a role with `claim`, or write in its room"
    people = dict.fromkeys(person for entry in who for person in those(incident, entry, policy)) if incident else {}
    return f"ask {alternatives([person_word(person, context) for person in people])}" if people else "ask them"
