"""How much of a typed line belongs to one field: the part of parsing that looks at words without judging them."""

import re
from collections.abc import Callable, Mapping

from bot.commands.fields import NONE, CommandField
from bot.commands.vocabulary import exactly, meaning, vocabulary
from bot.moments import is_duration, is_moment
from bot.policy import Policy
from bot.questions import Ask

REF = re.compile(r"inc-(?P<number>\d{1,9})[:,]?", re.IGNORECASE | re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)

_WORD = re.compile(r"\S+")
_LONGEST_TIME = 6
"""Words in the longest time people type: `1 h 30 min 10 s`."""


def first_word(text: str) -> tuple[str, str]:
    """The first word and what follows it."""
    found = _WORD.search(text)
    return (found[0], text[found.end() :].strip()) if found else ("", "")


def take(
    field: CommandField, text: str, policy: Policy, *, last: bool = False, strict: bool = False
) -> tuple[str, str]:
    """The beginning of `text` that is this field's value, and the rest.

    A field that must be there takes a word it does not know, so that a refusal can name it; so does the `last` of a
    line. `strict`: a word counts only as the policy writes it. A comma or colon after one value is not part of it; a
    `strict` word with a colon begins a title, but for `private`, which must never be overlooked.
    """
    begins_title = strict and field.param.ask is not Ask.FLAG
    pauses = "," if field.param.several or begins_title else ",:"
    reads = _reader(field, policy, strict=strict)
    end = _run(text, lambda said: reads(said.rstrip(pauses)), field, _longest(field, policy))
    if not end and (field.param.required or last):
        end = _unreadable(field, text)
    taken = text[:end].strip()
    return taken if field.param.several else taken.rstrip(pauses), text[end:].strip()


def _reader(field: CommandField, policy: Policy, *, strict: bool) -> Callable[[str], bool]:
    """Whether some words are one value of the field."""
    options = {word: word for word in field.param.options}
    match field.param.ask:
        case Ask.PERSON:
            return lambda said: "@" in said or said.casefold() == NONE
        case Ask.MOMENT:
            return lambda said: is_moment(said) or said.casefold() == NONE or meaning(said, options) is not None
        case Ask.DURATION:
            return lambda said: is_duration(said) or meaning(said, options) is not None
        case Ask.INCIDENT:
            return is_reference
        case Ask.FLAG:
            words: Mapping[str, str] = {field.name: field.name}
        case _:
            words = vocabulary(field, policy)
    find = exactly if strict else meaning
    return lambda said: all(find(part, words) is not None for part in _parts(field, said))


def _parts(field: CommandField, said: str) -> list[str]:
    return said.split(",") if field.param.several else [said]


def _longest(field: CommandField, policy: Policy) -> int:
    """How many words a value may have."""
    if field.is_words:
        return max((len(said.split()) for said in vocabulary(field, policy)), default=1)
    return _LONGEST_TIME if field.param.ask in {Ask.MOMENT, Ask.DURATION} else 1


def is_reference(said: str) -> bool:
    """Whether the word names an incident: `INC-42`, `42`."""
    return bool(REF.fullmatch(said) or NUMBER.fullmatch(said))


def _run(text: str, reads: Callable[[str], bool], field: CommandField, longest: int) -> int:
    """The end of the longest beginning that reads as one value, or as several of them where the field takes several."""
    end = 0
    while True:
        step = _one(text[end:], reads, longest)
        end += step
        if not step or not field.param.several:
            return end


def _one(text: str, reads: Callable[[str], bool], longest: int) -> int:
    ends = [found.end() for found in _WORD.finditer(text)][:longest]
    return next((end for end in reversed(ends) if reads(text[:end].strip())), 0)


def _unreadable(field: CommandField, text: str) -> int:
    if field.param.ask in {Ask.MOMENT, Ask.DURATION}:
        return len(text)
    found = _WORD.search(text)
    if found is None or (field.param.ask is not Ask.PERSON and found[0].startswith("@")):
        return 0
    return found.end()
