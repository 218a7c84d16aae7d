"""The form of a command, made from its description: what the line lacks, the known filled in (docs/words.md 4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands.fields import CommandField, field_of, fields_of, is_blank
from bot.commands.spec import Context, Preview, Spec
from bot.commands.values import spoken
from bot.commands.vocabulary import meaning, vocabulary
from bot.guards import missing_fields
from bot.incident import Incident
from bot.options import incident_options, options_for
from bot.policy import Policy
from bot.questions import Ask, Field, Form
from bot.refs import reference
from bot.typed import clean_line, clean_text

CHOSEN = "incident"
"""The field with which a person says which incident they mean. No command has a field of that name."""
SEEN = "seen"
"""Comes back with a form: the stamp of the preview that stood in it. No command has a field of that name."""
PREVIEW = "Preview"
TO_BE_SEEN = "-"
"""The stamp of a form that promises a preview."""

_PICKED = frozenset({Ask.ROLE, Ask.PRIORITY, Ask.LEVEL, Ask.STATUS, Ask.CHOICE, Ask.PERSON, Ask.INCIDENT})
"""What is not asked again once it is settled. Texts and moments are shown all the same, to be looked over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a form is made for."""

    spec: Spec
    values: Mapping[str, str]
    """As given, by field."""
    incident: Incident
    context: Context
    policy: Policy
    findings: Mapping[str, str]
    """What was wrong, by field."""
    risky: bool
    """Whether a reason would overrule that."""

    def said(self, name: str) -> str:
        """What was given for that field."""
        return self.values.get(name, "")


def lacking(spec: Spec, values: Mapping[str, str], incident: Incident, policy: Policy) -> tuple[str, ...]:
    """The fields that are still needed, in the order of the command."""
    asked = [name for name in missing_fields(incident, spec.word, policy) if in_form(spec, name, incident, policy)]
    more = (*asked, *(spec.lacks(values, incident, policy) if spec.lacks else ()))
    needed = [each.name for each in fields_of(spec) if each.param.required or each.name in more]
    return tuple(name for name in needed if is_blank(clean_text(values.get(name, ""))))


def form_for(
    spec: Spec,
    values: Mapping[str, str],
    incident: Incident,
    context: Context,
    policy: Policy,
    findings: Mapping[str, str],
    shown: Preview | None = None,
    *,
    risky: bool = False,
) -> Form:
    """The form of a command for an incident (version 0: none yet). With `findings`, by field, it is shown whole.

    `risky`: a reason would overrule what was found. `shown`: what its words come to, to be looked at.
    """
    asked = _Asked(
        spec=spec, values=values, incident=incident, context=context, policy=policy, findings=findings, risky=risky
    )
    fields = [each for each in fields_of(spec) if _stands(each, asked)]
    settled = {each.name for each in fields_of(spec)} - {each.name for each in fields}
    known = _known(asked)
    ref = reference(incident.number) if incident.version else ""
    stamp = _stamp(known, asked, shown)
    return Form(
        title=spec.title.replace("{ref}", ref) or f"{spec.word.capitalize()}: {ref}",
        command=spec.word,
        submit=PREVIEW if stamp == TO_BE_SEEN else spec.submit.replace("{ref}", ref) or spec.word.capitalize(),
        fields=tuple(_field(each, known, asked) for each in fields),
        above=spec.above(incident, policy) if spec.above and incident.version else (),
        incident=incident.number if incident.version else None,
        values={name: said for name, said in values.items() if name in settled} | ({SEEN: stamp} if stamp else {}),
        preview=shown.cards if shown else (),
    )


def _stamp(known: Mapping[str, str], asked: _Asked, shown: Preview | None) -> str:
    """What comes back to tell whether these words were looked at; empty where there is nothing to look at."""
    if shown:
        return shown.stamp
    spec = asked.spec
    promised = spec.preview and spec.previewed and spec.previewed(known, asked.incident, asked.policy)
    return TO_BE_SEEN if promised else ""


def choose(spec: Spec, values: Mapping[str, str], incidents: tuple[Incident, ...]) -> Form:
    """Which of these incidents is meant. What was typed comes back with the answer."""
    question = Field(name=CHOSEN, label="Incident", ask=Ask.INCIDENT, options=incident_options(incidents))
    return Form(title="Which incident?", command=spec.word, submit="Choose", fields=(question,), values=values)


def in_form(spec: Spec, name: str, incident: Incident, policy: Policy) -> bool:
    """Whether the command's form may have that field."""
    found = field_of(spec, name)
    return found is not None and _shown(found, spec, incident, policy)


def _shown(field: CommandField, spec: Spec, incident: Incident, policy: Policy) -> bool:
    if not field.typeable or not field.param.in_form:
        return False
    return spec.shown is None or spec.shown(field.name, incident, policy)


def _stands(field: CommandField, asked: _Asked) -> bool:
    """Whether the field stands in this form: what may be asked, less what is settled, unless something was wrong."""
    if not _shown(field, asked.spec, asked.incident, asked.policy):
        return False
    given = not is_blank(asked.said(field.name))
    if field.param.after_finding:
        return given or asked.risky
    settled = given and field.param.required and field.param.ask in _PICKED
    return bool(asked.findings) or not settled


def _known(asked: _Asked) -> Mapping[str, str]:
    """What is given, and what the command proposes beside it."""
    prefill = asked.spec.prefill
    proposed = prefill(asked.values, asked.incident, asked.context, asked.policy) if prefill else {}
    return {**proposed, **{name: said for name, said in asked.values.items() if not is_blank(said)}}


def _field(field: CommandField, known: Mapping[str, str], asked: _Asked) -> Field:
    param, options = field.param, options_for(field, asked.incident, asked.context, asked.policy)
    value = _value(field, known.get(field.name, ""), asked)
    offered = {option.value for option in options}
    without = {name: said for name, said in known.items() if name != field.name}
    needed = field.name in lacking(asked.spec, without, asked.incident, asked.policy)
    return Field(
        name=field.name,
        label=param.label,
        ask=param.ask,
        required=needed or (param.ask is Ask.PRIORITY and not param.named),
        hint=param.help,
        options=options,
        several=param.several,
        value=value if param.several or not offered or value in offered else "",
        finding=asked.findings.get(field.name, ""),
        limit=field.limit if field.is_text else 0,
    )


def _value(field: CommandField, said: str, asked: _Asked) -> str:
    """A value as the form shows it: text with people's names, words as their answers, people as they are typed."""
    if field.is_text:
        return spoken(said, asked.context).strip()
    line = clean_line(said.replace(",", " ") if field.param.several else said)
    if not field.is_words:
        return line
    words = vocabulary(field, asked.policy)
    found = [meaning(part, words) for part in (line.split() if field.param.several else [line])]
    return " ".join(value for value in found if value)
