"""A command's dataclass as a list of fields, so that parser, forms, usage and conversion see the same description."""

from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from types import NoneType
from typing import Any, get_args, get_type_hints

from bot.commands.spec import Param, Spec
from bot.questions import Ask

TEXTS = frozenset({Ask.TEXT, Ask.LONG_TEXT})
WORDS = frozenset({Ask.ROLE, Ask.PRIORITY, Ask.LEVEL, Ask.STATUS, Ask.AUDIENCE, Ask.CHOICE})
"""What is answered with one of a few words."""
NONE = "none"
"""Typed for "nobody" and "no further update"."""

TEXT_LIMIT = 3000
LINE_LIMIT = 4000
"""Longest text of a field, and longest typed line, in characters."""

_UNASKED = Param(label="", in_form=False)
"""A field that no person fills in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandField:
    """One field of a command."""

    name: str
    param: Param
    kind: Any
    """The type its value is given as."""
    default: Any
    """`dataclasses.MISSING` where there is none."""

    @property
    def typeable(self) -> bool:
        """Whether people may type it. A field without a label is no question: it comes with a press."""
        return bool(self.param.label)

    @property
    def is_text(self) -> bool:
        """Whether any words will do."""
        return self.param.ask in TEXTS

    @property
    def is_words(self) -> bool:
        """Whether the answer is one of a few words (or several of them)."""
        return self.param.ask in WORDS

    @property
    def nullable(self) -> bool:
        """Whether None is a value of its own."""
        return NoneType in get_args(self.kind)

    @property
    def limit(self) -> int:
        """Longest text in characters."""
        return self.param.limit or TEXT_LIMIT


def fields_of(spec: Spec) -> tuple[CommandField, ...]:
    """The fields of a command in the order of its dataclass."""
    return _fields_of(spec.command)


@cache
def _fields_of(command: type) -> tuple[CommandField, ...]:
    hints = get_type_hints(command, include_extras=True)
    return tuple(_field(each, hints[each.name]) for each in fields(command))


def field_of(spec: Spec, name: str) -> CommandField | None:
    """The field of that name, if the command has one."""
    return next((each for each in fields_of(spec) if each.name == name), None)


def _field(each: "Field[Any]", hint: Any) -> CommandField:
    param = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Param)), _UNASKED)
    kind = hint if param is _UNASKED else get_args(hint)[0]
    default = each.default if each.default_factory is MISSING else each.default_factory()
    return CommandField(name=each.name, param=param, kind=kind, default=default)


def is_blank(text: str) -> bool:
    """Whether nothing was said."""
    return not text.strip()
