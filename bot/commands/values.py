"""From words to a command: each value of a form, a press or a line becomes what the command's dataclass asks for."""

import re
from collections.abc import Mapping
from dataclasses import MISSING
from typing import Any, get_args

from bot.commands.fields import NONE, CommandField, fields_of, is_blank
from bot.commands.spec import Context, Spec
from bot.commands.take import NUMBER, REF
from bot.commands.vocabulary import answers, meaning, vocabulary
from bot.events import Status
from bot.messages.phrases import alternatives
from bot.moments import duration, is_moment, moment
from bot.policy import Policy
from bot.questions import Ask
from bot.refs import Person
from bot.refusals import Refused, Unreadable
from bot.typed import clean_line, clean_text, quoted, shortened

_PERSON = re.compile(r"@?(P-\d{1,9})", re.ASCII)
_IN_TEXT = re.compile(r"@(P-\d{1,9})\b", re.ASCII)
_YES = frozenset({"yes", "true", "on", "1", "x"})
_NO = frozenset({"no", "false", "off", "0"})
_CALLED = frozenset({"title", "reason"})
"""Fields that a sentence may call by their name."""
_NAME_LIMIT = 100
"""Longest name of one service."""


def command(spec: Spec, values: Mapping[str, str], context: Context, policy: Policy) -> Any:
    """The command these words make: an instance of `spec.command`. Names the command does not have are left alone.

    Raises Refused at the first field whose words cannot be read, or that is missing and has no default.
    """
    return spec.command(
        **{field.name: value_of(spec, field, values.get(field.name, ""), context, policy) for field in fields_of(spec)}
    )


def unread(spec: Spec, values: Mapping[str, str], context: Context, policy: Policy) -> Mapping[str, str]:
    """What is wrong, by field, with those values that are there and cannot be read."""
    findings: dict[str, str] = {}
    for field in fields_of(spec):
        said = values.get(field.name, "")
        if is_blank(clean_text(said)):
            continue
        try:
            value_of(spec, field, said, context, policy)
        except Refused as refusal:
            findings[field.name] = refusal.sentence
    return findings


def value_of(spec: Spec, field: CommandField, said: str, context: Context, policy: Policy) -> Any:
    """One field's value. Raises Refused with the field's name."""
    if is_blank(clean_text(said)):
        if field.default is MISSING:
            raise Refused(missing_words(field), field=field.name)
        return field.default
    try:
        return _read(spec, field, said, context, policy)
    except Refused as refusal:
        raise type(refusal)(refusal.sentence, field=field.name) from None


def missing_words(field: CommandField) -> str:
    """What is said at a field that was left empty."""
    if field.param.missing:
        return field.param.missing
    match field.param.ask:
        case Ask.PERSON:
            return "Choose at least one person."
        case Ask.MOMENT:
            return "Choose a time, or none with a reason."
        case Ask.TEXT | Ask.LONG_TEXT:
            return "Say it in a few words."
        case _:
            return "Choose one."


def spoken(text: str, context: Context) -> str:
    """Free text with people as plain words: `@P-17` becomes `@Ana`."""
    return _IN_TEXT.sub(lambda found: _name(Person(found[1]), context) or found[0], text)


def _name(person: Person, context: Context) -> str:
    profile = context.people.get(person)
    return f"@{clean_line(profile.name) or 'someone'}" if profile else ""


def _read(spec: Spec, field: CommandField, said: str, context: Context, policy: Policy) -> Any:
    if field.is_text:
        return _texts(field, said, context) if field.param.several else _text(field, said, context)
    if field.is_words:
        return _word(spec, field, said, policy)
    match field.param.ask:
        case Ask.PERSON:
            return _people(field, said, context)
        case Ask.MOMENT:
            return _moment(field, said, context)
        case Ask.DURATION:
            return _else_option(field, said) or duration(said)
        case Ask.INCIDENT:
            return _number(said)
        case _:
            return _flag(field, said)


def _kinds(field: CommandField) -> tuple[Any, ...]:
    return (field.kind, *get_args(field.kind))


def _text(field: CommandField, said: str, context: Context) -> str:
    plain = spoken(said, context)
    text = clean_text(plain) if field.param.ask is Ask.LONG_TEXT else clean_line(plain)
    _check_length(field, text)
    return text


def _texts(field: CommandField, said: str, context: Context) -> tuple[str, ...]:
    """Names in a row: between commas or on lines of their own where there are any, else between blanks."""
    text = clean_text(spoken(said, context))
    _check_length(field, text)
    if text.casefold() == NONE:
        return ()
    parts = re.split(r"[,;\n]", text) if re.search(r"[,;\n]", text) else text.split()
    names = (shortened(clean_line(part), _NAME_LIMIT) for part in parts)
    return tuple(dict.fromkeys(name for name in names if name))


def _check_length(field: CommandField, text: str) -> None:
    if len(text) > field.limit:
        what = f"the {field.name}" if field.name in _CALLED else "this text"
        raise Unreadable(f"Shorten {what} to {field.limit:,} characters.")


def _word(spec: Spec, field: CommandField, said: str, policy: Policy) -> Any:
    words = vocabulary(field, policy)
    if not field.param.several:
        return _typed_as(field, _meant(spec, field, said, words, policy))
    parts = re.split(r"[,\s]+", clean_line(said).strip(","))
    whole = meaning(said, words)
    found = (whole,) if whole else tuple(_meant(spec, field, part, words, policy) for part in parts)
    return tuple(_typed_as(field, value) for value in dict.fromkeys(found))


def _meant(spec: Spec, field: CommandField, said: str, words: Mapping[str, str], policy: Policy) -> str:
    value = meaning(said, words)
    if value is not None:
        return value
    choices = answers(field, policy)
    if not choices:
        raise Unreadable(f"The policy names nothing that `{field.name}` could be: leave it out.")
    raise Unreadable(f"`{spec.word}` needs {_noun(field)}: {alternatives(choices)}.")


def _noun(field: CommandField) -> str:
    match field.param.ask:
        case Ask.PRIORITY if field.name != "level":
            return "a priority"
        case Ask.PRIORITY | Ask.LEVEL:
            return "a level"
        case Ask.ROLE:
            return "a role"
        case Ask.STATUS:
            return "a status"
        case Ask.AUDIENCE:
            return "an audience"
        case _:
            return "one of these"


def _typed_as(field: CommandField, value: str) -> str:
    return Status(value) if Status in _kinds(field) else value


def _people(field: CommandField, said: str, context: Context) -> Any:
    parts = [part for part in re.split(r"[,\s]+", clean_line(said)) if part]
    if field.param.several and said.strip().casefold() == NONE:
        return ()
    people = tuple(dict.fromkeys(_person(part, context) for part in parts))
    if field.param.several:
        return people
    if len(people) > 1:
        raise Unreadable("Only one person can be named here: choose one.")
    return people[0]


def _person(said: str, context: Context) -> Person:
    found = _PERSON.fullmatch(said)
    if found and found[1] in context.people:
        return Person(found[1])
    name = shortened(said.lstrip("@"), _NAME_LIMIT)
    raise Unreadable(f"Nobody called {name[:1].upper()}{name[1:]} was found: pick the name from the list after @.")


def _moment(field: CommandField, said: str, context: Context) -> Any:
    option = _else_option(field, said)
    if option:
        return option
    if field.nullable and clean_line(said).casefold() == NONE:
        return None
    return moment(said, context.at, context.zone)


def _else_option(field: CommandField, said: str) -> str:
    """What is no time but one of the field's options; empty for a time."""
    options = {} if is_moment(said) else {word: word for word in field.param.options}
    return meaning(clean_line(said), options) or ""


def _number(said: str) -> int:
    word = clean_line(said)
    found = REF.fullmatch(word)
    if found is None and NUMBER.fullmatch(word) is None:
        raise Unreadable(f"{quoted(said)} names no incident: write it as in INC-42.")
    return int(found["number"] if found else word)


def _flag(field: CommandField, said: str) -> bool:
    word = clean_line(said).casefold()
    if word in _YES or word == field.name:
        return True
    if word in _NO:
        return False
    raise Unreadable(f"{quoted(said)} is neither: write yes or no.")
