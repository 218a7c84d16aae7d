"""A typed line becomes a word with values. Values stay strings, as a button or a form would give them.

Where a line names its incident: `INC-42` as the first word; where a word's usage shows `[REF]`, a bare number too.
Everywhere else a bare number is text.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.commands.fields import LINE_LIMIT, CommandField, fields_of
from bot.commands.spec import Spec
from bot.commands.take import NUMBER, REF, first_word, is_reference, take
from bot.commands.words import find_among, nearest_among
from bot.policy import Policy
from bot.questions import Ask
from bot.refusals import Unreadable
from bot.typed import clean_text, quoted

TAKEN = "taken"
"""The field, where a command has it, that is told the first words read as something else than its text.

Such words count only as the policy writes them (or in capitals), for a title may begin with the same word.
"""
_NEVER = "(?!)"
"""A pattern that matches nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a line says."""

    spec: Spec | None
    """None: no word at all."""
    number: int | None = None
    """The incident the line names."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """By field, as typed."""


def read(text: str, commands: Iterable[Spec], policy: Policy) -> Typed:
    """What the line says. People stand in it as `@P-17`.

    Raises Unreadable for a word that is not there, for more words than the command takes, and for a line too long.
    """
    line = clean_text(text)
    if len(line) > LINE_LIMIT:
        raise Unreadable(f"Shorten this to {LINE_LIMIT:,} characters: it has {len(line):,}.")
    number, rest = _reference(line, bare=False)
    word, rest = first_word(rest)
    if not word:
        return Typed(spec=None, number=number)
    spec = _known(word, tuple(each for each in commands if not each.hidden))
    if number is None:
        number, rest = _named(spec, rest)
    return Typed(spec=spec, number=number, values=_values(spec, rest, policy))


def _known(word: str, commands: tuple[Spec, ...]) -> Spec:
    spec = find_among(word, commands)
    if spec:
        return spec
    if word.startswith("@"):
        raise Unreadable("A line begins with a word, as in `status`: see `help`.")
    near = nearest_among(word, commands)
    advice = f"did you mean `{near}`?" if near else "see `help`."
    raise Unreadable(f"There is no word {quoted(word)}: {advice}")


def _reference(text: str, *, bare: bool) -> tuple[int | None, str]:
    word, rest = first_word(text)
    found = REF.fullmatch(word)
    if found:
        return int(found["number"]), rest
    return (int(word), rest) if bare and NUMBER.fullmatch(word) else (None, text)


def _named(spec: Spec, text: str) -> tuple[int | None, str]:
    """The incident named after the word. A word about two incidents names itself only where both are there."""
    if spec.about == "none":
        return None, text
    number, rest = _reference(text, bare=spec.ref_first)
    asks = {each.name: each.param.ask for each in fields_of(spec)}
    if spec.line and asks[spec.line[0]] is Ask.INCIDENT and not is_reference(first_word(rest)[0]):
        return None, text
    return number, rest


def _values(spec: Spec, text: str, policy: Policy) -> Mapping[str, str]:
    fields = {each.name: each for each in fields_of(spec)}
    names = [name for name, each in fields.items() if each.typeable]
    last = next((name for name in reversed(spec.line) if fields[name].is_text), "")
    values, rest = _placed(spec, fields, text, names, policy)
    if rest and last:
        # The name stood in the middle of its own text: `note Error text: none`.
        values, rest = _placed(spec, fields, text, [name for name in names if name != last], policy)
    if rest:
        raise _too_much(spec, rest)
    return {name: said for name, said in values.items() if said}


def _placed(
    spec: Spec, fields: Mapping[str, CommandField], text: str, names: Sequence[str], policy: Policy
) -> tuple[dict[str, str], str]:
    """Every value the line has, and the words that belong to none."""
    head, named = _by_name(text, [fields[name] for name in names])
    follows = any(fields[name].is_text and name not in named for name in spec.line)
    values: dict[str, str] = {}
    for name, said in named.items():
        taken, rest = (said, "")
        if follows and not fields[name].is_text:
            taken, rest = take(fields[name], said, policy)
        values[name] = taken or said
        head = f"{head} {rest}".strip() if taken else head
    in_order, rest = _in_order(spec, fields, head, named, policy)
    return {**values, **in_order}, rest


def _by_name(text: str, fields: Sequence[CommandField]) -> tuple[str, dict[str, str]]:
    """What stands before the first `name:value`, and the values; each runs to the next name.

    The first of a name counts, a second is text. A blank may follow the colon of a text; a `name://` is an address.
    """
    texts = "|".join(each.name for each in fields if each.is_text and not each.param.several) or _NEVER
    names = "|".join(each.name for each in fields) or _NEVER
    pattern = re.compile(rf"(?<!\S)(?:({texts}):(?!//)\s*|({names}):(?!//)(?=\S))", re.IGNORECASE)
    found: dict[str, re.Match[str]] = {}
    for match in pattern.finditer(text):
        found.setdefault((match[1] or match[2]).lower(), match)
    if not found:
        return text, {}
    starts = [match.start() for match in found.values()]
    ends = [*starts[1:], len(text)]
    values = {name: text[match.end() : end].strip() for (name, match), end in zip(found.items(), ends, strict=True)}
    return text[: starts[0]].strip(), values


def _in_order(
    spec: Spec, fields: Mapping[str, CommandField], text: str, named: Container[str], policy: Policy
) -> tuple[dict[str, str], str]:
    """The values typed without their name, in the order of `spec.line`, and what is left; a last text takes it."""
    strict = TAKEN in fields
    values, rest = _first_words(spec, fields, text, named, policy) if strict else ({}, text)
    taken = " ".join(values.values())
    for name in spec.line:
        each, at_end = fields[name], name == spec.line[-1]
        if name in named or (strict and not each.is_text):
            continue
        if not each.is_text:
            values[name], rest = take(each, rest, policy, last=at_end)
        else:
            values[name], rest = (rest, "") if at_end else first_word(rest)
    if taken and any(values.get(name) or name in named for name in spec.line if fields[name].is_text):
        values[TAKEN] = taken
    return values, rest


def _first_words(
    spec: Spec, fields: Mapping[str, CommandField], text: str, named: Container[str], policy: Policy
) -> tuple[dict[str, str], str]:
    """The words before the title, in whatever order: `critical private Salary list` must not be told to everybody."""
    values: dict[str, str] = {}
    rest = text
    open_fields = [name for name in spec.line if not fields[name].is_text and name not in named]
    while open_fields:
        found = next(
            (name for name in open_fields if take(fields[name], rest, policy, last=False, strict=True)[0]), None
        )
        if found is None:
            break
        values[found], rest = take(fields[found], rest, policy, last=False, strict=True)
        open_fields.remove(found)
    return values, rest


def _too_much(spec: Spec, rest: str) -> Unreadable:
    if rest.startswith("@"):
        return Unreadable(f"`{spec.word}` takes nobody more: leave out the last person.")
    if NUMBER.fullmatch(rest):
        return Unreadable(f"`{spec.word}` takes no bare number: write `{spec.word} INC-{rest}` for that incident.")
    return Unreadable(f"`{spec.word}` takes nothing more: leave out {quoted(rest)}.")
