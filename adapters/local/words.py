"""What was typed in the try-out chat, as plain words: people as `@{local:@ana|Ana Souza}`, who is spoken to."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.local.addresses import identity
from adapters.local.people import EVERYBODY, SITREP, Somebody
from adapters.visible import clean
from bot.commands.fields import LINE_LIMIT

LONGEST = 2 * LINE_LIMIT
"""Characters that are read: more than a line may have, so that one too long is refused and not cut."""
COMMANDS = ("/incident", "/inc")

Kind = Literal["words", "mention", "command", "unknown"]

_COMMAND = re.compile(r"(?P<command>/[A-Za-z][\w-]*)(?:\s+(?P<rest>.*))?", re.DOTALL)
"""A path (`/etc/hosts is wrong`) is none."""
_MENTION = re.compile(rf"@{SITREP}\b[\s:,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A line, and what it is."""

    kind: Kind
    """`words` to others, `mention` of Sitrep, `command`, or the `unknown` command of another app."""
    text: str
    """Of a command or mention without what marks it as such; people are marked. `unknown`: the command."""
    aloud: str
    """The whole line, as others read it."""


def typed(line: str) -> Typed:
    """A line as somebody typed it."""
    text = unicodedata.normalize("NFC", clean(line))[:LONGEST].strip()
    command, mention = _COMMAND.fullmatch(text), _MENTION.match(text)
    if command and command["command"].casefold() in COMMANDS:
        return Typed(kind="command", text=said(command["rest"] or ""), aloud=text)
    if command:
        return Typed(kind="unknown", text=command["command"], aloud=text)
    if mention:
        return Typed(kind="mention", text=said(text[mention.end() :]), aloud=text)
    return Typed(kind="words", text=said(text), aloud=text)


def said(text: str) -> str:
    """Words with every `@ana` and `@Ana Souza` marked as the person. No one can be made up: `@{` is taken apart."""
    return _PEOPLE.sub(_marked, text.replace("@{", "@ {"))


def _marked(found: re.Match[str]) -> str:
    one = _CALLED[found[1].casefold()]
    return f"@{{{identity(one.id)}|{one.name}}}"


def _called(people: Sequence[Somebody]) -> dict[str, Somebody]:
    return {unicodedata.normalize("NFC", name).casefold(): one for one in people for name in (one.id, one.name)}


_CALLED = _called(EVERYBODY)
_PEOPLE = re.compile(
    r"(?<!\w)@(" + "|".join(re.escape(name) for name in sorted(_CALLED, key=len, reverse=True)) + r")(?!\w)",
    re.IGNORECASE,
)
