"""`help [WORD]`: lists what is there, from the catalog that the context carries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from bot.cards import Card, Code, Lines, Span, Strong, Text
from bot.commands.fields import fields_of
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.commands.words import does, find_among, nearest_among, usage
from bot.incident import Incident
from bot.messages.phrases import role_word
from bot.permissions import rule_of
from bot.policy import COMMANDER, CUSTOMERS, Policy
from bot.refs import reference
from bot.refusals import Unreadable
from bot.typed import quoted

INSIDE = ("Tell", "People", "Record", "Steer", "Finish", "Look", "Start")
ELSEWHERE = ("Start", "Look", "Tell", "People", "Record", "Steer", "Finish")
"""The order of the groups in an incident's room and outside one."""
WHO = {"anyone": "anyone", "responders": "those who work on it"}
"""Who may use a word, as people read it; roles have their titles."""
OUTSIDE = {"to": CUSTOMERS, "audience": CUSTOMERS}
"""Values with which a word tells people who are not of the incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Lists the words, or explains one."""

    word: Annotated[str, Param(label="Word", typed="[WORD]")] = ""


def decide(incident: Incident, command: Help, context: Context, policy: Policy) -> Outcome:
    """Every word there is, or how one is typed, what it does and who may."""
    known = tuple(spec for spec in context.words if not spec.hidden)
    if not command.word:
        return Outcome(reply=words_card(incident, known))
    spec = find_among(command.word, known)
    if spec is None:
        near = nearest_among(command.word, known)
        advice = f"did you mean `{near}`?" if near else "see `help`."
        raise Unreadable(f"There is no word {quoted(command.word)}: {advice}", field="word")
    return Outcome(reply=word_card(spec, policy))


def words_card(incident: Incident, words: Iterable[Spec]) -> Card:
    """The words by what they are for. In an incident's room what tells people comes first."""
    known = tuple(words)
    order = INSIDE if incident.version else ELSEWHERE
    groups = [(group, [spec.word for spec in known if spec.group == group]) for group in order]
    title = f"Words for {reference(incident.number)}" if incident.version else "Words"
    lines = tuple((Strong((f"{group}:",)), f" {', '.join(found)}") for group, found in groups if found)
    return Card(title=(title,), body=(Text((Code("help WORD"), " explains one.")), Lines(lines)))


def word_card(spec: Spec, policy: Policy) -> Card:
    """One word: how it is typed, what it does, who may, and what else can be typed with it."""
    what, inside, outside = does(spec), rule_of(spec, {}, policy), rule_of(spec, OUTSIDE, policy)
    said: list[Span] = [Code(usage(spec)), f" {what[:1].lower()}{what[1:]} For: {_who(inside, policy)}"]
    said.append("." if outside == inside else f"; to others: {_who(outside, policy)}.")
    if spec.aliases:
        said.append(f" Also: {', '.join(spec.aliases)}.")
    named = [each for each in fields_of(spec) if each.typeable and each.param.named]
    lines = tuple((Code(f"{each.name}:"), f" {_asked(each.param)}") for each in named)
    return Card(body=(Text(tuple(said)), *((Lines(lines),) if lines else ())))


def _asked(param: Param) -> str:
    """The question of a field with its hint: `Next update at another time. For example 2h or 16:45`."""
    label = param.label if param.label.endswith("?") or not param.help else f"{param.label}."
    return f"{label} {param.help}".rstrip()


def _who(rule: Iterable[str], policy: Policy) -> str:
    return ", ".join(_entry(entry, policy) for entry in rule)


def _entry(entry: str, policy: Policy) -> str:
    if entry in WHO:
        return WHO[entry]
    role = COMMANDER if entry == "commander" else entry
    return role_word(role, policy) if any(known.name == role for known in policy.roles) else entry


SPEC = Spec(
    word="help",
    command=Help,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    line=("word",),
    about="any",
    reads=True,
)
