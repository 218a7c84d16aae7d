"""The answers a form offers, in the organisation's own words (docs/words.md 4)."""

from collections.abc import Iterator

from bot.commands.fields import NONE, CommandField
from bot.commands.spec import Context
from bot.commands.vocabulary import audiences, vocabulary
from bot.incident import Incident
from bot.messages.phrases import priority_word, role_title, within
from bot.moments import duration, is_duration
from bot.plain import span_words
from bot.policy import INTERNAL, Policy, Priority
from bot.questions import Ask, Option
from bot.refs import reference
from bot.typed import shortened
from bot.visibility import seen_by

LONGEST = 75
"""Characters of an answer's label and of the line under it."""


def options_for(field: CommandField, incident: Incident, context: Context, policy: Policy) -> tuple[Option, ...]:
    """The answers to choose from; empty where the answer is free."""
    match field.param.ask:
        case Ask.PRIORITY:
            return tuple(_priority(priority) for priority in policy.priorities)
        case Ask.ROLE:
            return tuple(_roles(incident, policy))
        case Ask.AUDIENCE:
            return tuple(_audiences(incident, policy))
        case Ask.INCIDENT:
            others = [other for other in seen_by(context.others, context.actor) if other.number != incident.number]
            return incident_options(tuple(others))
        case Ask.DURATION | Ask.MOMENT:
            return tuple(_option(said, _spoken(said)) for said in field.param.options)
        case Ask.STATUS | Ask.LEVEL | Ask.CHOICE:
            values = dict.fromkeys(vocabulary(field, policy).values())
            return tuple(_option(value, value.replace("_", " ").capitalize()) for value in values)
        case _:
            return ()


def incident_options(incidents: tuple[Incident, ...]) -> tuple[Option, ...]:
    """Incidents to choose from, for somebody who may see them."""
    return tuple(_option(reference(each.number), f"{reference(each.number)} {each.title}") for each in incidents)


def _option(value: str, label: str, description: str = "") -> Option:
    return Option(value=value, label=shortened(label, LONGEST), description=shortened(description, LONGEST))


def _priority(priority: Priority) -> Option:
    means = f": {within(priority.means)}" if priority.means else ""
    resolve = f"Resolve within {span_words(priority.resolve_within)}." if priority.resolve_within else ""
    example = ""
    if priority.example:
        room = LONGEST - len(resolve) - len(" .")
        example = f"{shortened(f'Such as: {within(priority.example)}', room).rstrip('.')}."
    return _option(priority.name, f"{priority_word(priority.name)}{means}", f"{example} {resolve}".strip())


def _roles(incident: Incident, policy: Policy) -> Iterator[Option]:
    unfilled = [role for role in policy.roles if not incident.holders(role.name)]
    filled = [role for role in policy.roles if incident.holders(role.name)]
    for role in (*unfilled, *filled):
        yield _option(role.name, role_title(role.name, policy), role.duties)


def _audiences(incident: Incident, policy: Policy) -> Iterator[Option]:
    for name in audiences(policy):
        if name == INTERNAL or (policy.addresses(name) and not incident.private):
            standard = policy.standards.get(name)
            yield _option(name, name.capitalize(), standard.channel if standard else "")


def _spoken(said: str) -> str:
    """A length of time in words; `none`: no further update is expected."""
    if is_duration(said):
        return span_words(duration(said))
    return "None expected" if said == NONE else said.capitalize()
