"""A word among the words there are: found, guessed at, and how it is used."""

from collections.abc import Iterable
from difflib import get_close_matches

from bot.commands.fields import CommandField, fields_of
from bot.commands.spec import Spec

ALIKE = 0.6
"""How alike (difflib's ratio) a word must be to be suggested."""


def find_among(word: str, commands: Iterable[Spec]) -> Spec | None:
    """The command of that word or alias, however it is capitalised."""
    said = word.casefold()
    return next((spec for spec in commands if said == spec.word or said in spec.aliases), None)


def nearest_among(word: str, commands: Iterable[Spec]) -> str:
    """The word or alias people can type that is most like this one; empty if none is."""
    known = [said for spec in commands if not spec.hidden for said in (spec.word, *spec.aliases)]
    return next(iter(get_close_matches(word.casefold(), known, n=1, cutoff=ALIKE)), "")


def usage(spec: Spec) -> str:
    """The word with its values: `resolve [HOW] [verified:TEXT]`."""
    known = {field.name: field for field in fields_of(spec)}
    first = [_place(known[name], spec) for name in spec.line]
    later = [field.param.typed for name, field in known.items() if name not in spec.line and field.param.typed]
    ref = ["[REF]"] if spec.ref_first else []
    return " ".join([spec.word, *ref, *first, *later])


def does(spec: Spec) -> str:
    """What the word does, in one line: the first line of its dataclass's docstring."""
    return (spec.command.__doc__ or "").strip().partition("\n")[0]


def _place(field: CommandField, spec: Spec) -> str:
    if field.param.typed:
        return field.param.typed
    needed = field.param.required or spec.lacks is not None
    return field.name.upper() if needed else f"[{field.name.upper()}]"
