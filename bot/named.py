"""People named in words rather than by a mention: by e-mail address, or by the name a card shows of them.

That is how somebody of the other chat is named, whom the own one cannot mention (docs/contract.md 5).
"""

import re
from collections.abc import Mapping

from bot.commands.fields import fields_of
from bot.commands.spec import Spec
from bot.ports import Transaction
from bot.questions import Ask
from bot.refs import Identity

MOST = 10
"""Names looked up in one text: pasted code has many an `@`."""

_MARK = re.compile(r"@\{([^|}\s]+)(?:\|([^}]*))?\}")
_PLAIN = re.compile(r"(?<!\S)@(?!P-\d)(\S+(?:[^\S\n]+[^\s@]\S*){0,3})")
"""An `@` with up to four words: the longest of them that is somebody's name is meant."""
_EMAIL = re.compile(r"(?<![\w.@])@?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def known(tx: Transaction, text: str) -> str:
    """The text with each person as our own id: `@{chat:T1/U1|Ana}` and `@Ana Ruiz` become `@P-17`.

    A name that nobody has, or that several have, stays as it is.
    """
    marked = _MARK.sub(lambda found: f"@{tx.person(Identity(found[1]), found[2] or '')}", text)
    return _PLAIN.sub(lambda found: _named(tx, found), marked, count=MOST) if "@" in marked else marked


def addressed(tx: Transaction, spec: Spec, values: Mapping[str, str]) -> Mapping[str, str]:
    """The values with e-mail addresses as our own ids, where a person is asked for."""
    asked = {field.name for field in fields_of(spec) if field.param.ask is Ask.PERSON}
    read = {name: _EMAIL.sub(lambda at: _by_email(tx, at), said) for name, said in values.items() if name in asked}
    return {**values, **read}


def _named(tx: Transaction, found: re.Match[str]) -> str:
    """The longest name counts: where several have it, or what follows may be of the name too, nobody is meant."""
    said = found[1]
    ends = [word.end() for word in re.finditer(r"\S+", said)]
    for end in reversed(ends):
        name = said[:end].rstrip(",;:.")
        people = tx.called(name) if name else ()
        if people:
            goes_on = end == len(name) and said[end:].lstrip()[:1].isupper()
            return f"@{people[0]}{said[len(name) :]}" if len(people) == 1 and not goes_on else found[0]
    return found[0]


def _by_email(tx: Transaction, found: re.Match[str]) -> str:
    people = tx.called(found[1])
    return f"@{people[0]}" if len(people) == 1 else found[0]
