"""The form of a command, made from its description: what the line lacks, prefilled with what is known (WORDS.md 4)."""

from collections.abc import Mapping

from bot.commands.fields import CommandField, fields_of, is_blank
from bot.commands.spec import Context, Spec
from bot.commands.values import spoken
from bot.commands.vocabulary import meaning, vocabulary
from bot.incident import Incident
from bot.options import incident_options, options_for
from bot.policy import Policy
from bot.questions import Ask, Field, Form
from bot.refs import reference
from bot.typed import clean_line, clean_text

CHOSEN = "incident"
"""The field with which a person says which incident they mean. No command has a field of that name."""

_PICKED = frozenset({Ask.ROLE, Ask.PRIORITY, Ask.LEVEL, Ask.STATUS, Ask.CHOICE, Ask.PERSON, Ask.INCIDENT})
"""What is not asked again once it is settled. Texts and moments are shown all the same, to be looked over."""


def lacking(spec: Spec, values: Mapping[str, str], incident: Incident, policy: Policy) -> tuple[str, ...]:
    """The fields that are still needed, in the order of the command."""
    more = spec.lacks(values, incident, policy) if spec.lacks else ()
    needed = [each.name for each in fields_of(spec) if each.param.required or each.name in more]
    return tuple(name for name in needed if is_blank(clean_text(values.get(name, ""))))


def form_for(
    spec: Spec,
    values: Mapping[str, str],
    incident: Incident,
    context: Context,
    policy: Policy,
    findings: Mapping[str, str],
) -> Form:
    """The form of a command for an incident (version 0: none yet). With `findings`, by field, it is shown whole."""
    asked = [each for each in fields_of(spec) if _asked(each, spec, values, incident, policy, findings)]
    names = {each.name for each in asked}
    proposed = spec.prefill(values, incident, context, policy) if spec.prefill else {}
    known = {**proposed, **{name: said for name, said in values.items() if not is_blank(said)}}
    ref = reference(incident.number) if incident.version else ""
    return Form(
        title=spec.title.replace("{ref}", ref) or f"{spec.word.capitalize()}: {ref}",
        command=spec.word,
        submit=spec.submit or spec.word.capitalize(),
        fields=tuple(_field(each, spec, known, incident, context, policy, findings) for each in asked),
        above=spec.above(incident, policy) if spec.above and incident.version else (),
        incident=incident.number if incident.version else None,
        values={
            each.name: values[each.name] for each in fields_of(spec) if each.name in values and each.name not in names
        },
    )


def choose(spec: Spec, values: Mapping[str, str], incidents: tuple[Incident, ...]) -> Form:
    """Which of these incidents is meant. What was typed comes back with the answer."""
    question = Field(name=CHOSEN, label="Incident", ask=Ask.INCIDENT, options=incident_options(incidents))
    return Form(title="Which incident?", command=spec.word, submit="Choose", fields=(question,), values=values)


def in_form(spec: Spec, name: str, incident: Incident, policy: Policy) -> bool:
    """Whether the command's form may have that field."""
    found = next((each for each in fields_of(spec) if each.name == name), None)
    return found is not None and _shown(found, spec, incident, policy)


def _shown(field: CommandField, spec: Spec, incident: Incident, policy: Policy) -> bool:
    if not field.typeable or not field.param.in_form:
        return False
    return spec.shown is None or spec.shown(field.name, incident, policy)


def _asked(
    field: CommandField,
    spec: Spec,
    values: Mapping[str, str],
    incident: Incident,
    policy: Policy,
    findings: Mapping[str, str],
) -> bool:
    if field.param.after_finding:
        return bool(findings) or not is_blank(values.get(field.name, ""))
    settled = field.param.required and field.param.ask in _PICKED and not is_blank(values.get(field.name, ""))
    return _shown(field, spec, incident, policy) and (bool(findings) or not settled)


def _field(
    field: CommandField,
    spec: Spec,
    known: Mapping[str, str],
    incident: Incident,
    context: Context,
    policy: Policy,
    findings: Mapping[str, str],
) -> Field:
    param = field.param
    without = {name: said for name, said in known.items() if name != field.name}
    return Field(
        name=field.name,
        label=param.label,
        ask=param.ask,
        required=param.ask is Ask.PRIORITY or field.name in lacking(spec, without, incident, policy),
        hint=param.help,
        options=options_for(field, incident, context, policy),
        several=param.several,
        value=_value(field, known.get(field.name, ""), context, policy),
        finding=findings.get(field.name, ""),
        limit=field.limit if field.is_text else 0,
    )


def _value(field: CommandField, said: str, context: Context, policy: Policy) -> str:
    """A value as the form shows it: text with people's names, words as their answers, people as their ids."""
    if field.is_text:
        plain = spoken(said, context)
        return clean_text(plain) if field.param.several else plain.strip()
    line = clean_line(said).replace(",", " ") if field.param.several else clean_line(said)
    if field.param.ask is Ask.PERSON:
        return " ".join(part.removeprefix("@") for part in line.split())
    if not field.is_words:
        return line
    words = vocabulary(field, policy)
    found = [meaning(part, words) for part in (line.split() if field.param.several else [line])]
    return " ".join(value for value in found if value)
