"""What somebody probably meant: the known name that is nearest to the one written."""

from collections.abc import Iterable
from difflib import get_close_matches

ALIKE = 0.6
"""How alike two names must be, from 0 to 1, for one to be proposed for the other."""


def nearest(word: str, known: Iterable[str], *, alike: float = ALIKE) -> str:
    """The known name most like `word`, case aside; empty where none is as much `alike`."""
    names = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), names, n=1, cutoff=alike)
    return names[found[0]] if found else ""


def advice(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that refuses `word`: the nearest name as a question, or all that are known."""
    names = tuple(known)
    near = nearest(word, names)
    if near:
        return f"did you mean `{near}`?"
    if not names:
        return "nothing is known here."
    return f"known here: {', '.join(names)}."
