"""Values of any type that is stored, made from type hints alone: a new kind is covered the day it is written."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

DEEP = 3
"""Spans hold spans; here is where it ends."""

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)

PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: words,
    bool: st.booleans(),
    int: st.integers(-(2**31), 2**31 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    types.NoneType: st.none(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    timedelta: st.timedeltas(timedelta(days=-3650), timedelta(days=3650)),
}


def values(hint: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of that hint."""
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, NewType):
        return values(hint.__supertype__, depth)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return st.one_of([values(member, depth) for member in args if depth < DEEP or not _holds_others(member)])
    if origin is tuple:
        return _tuples(args, depth)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(values(args[0], depth), values(args[1], depth), max_size=2)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    return instances(hint, depth)


def instances(cls: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Dataclass instances with every field drawn."""
    hints = get_type_hints(cls)
    return st.deferred(
        lambda: st.builds(cls, **{part.name: values(hints[part.name], depth + 1) for part in fields(cls)})
    )


def _tuples(args: tuple[Any, ...], depth: int) -> st.SearchStrategy[Any]:
    if args[-1] is Ellipsis:
        return st.lists(values(args[0], depth), max_size=2).map(tuple)
    return st.tuples(*(values(arg, depth) for arg in args))


def _holds_others(member: Any) -> bool:
    """Whether it is a dataclass with tuples in it, and so could go on for ever."""
    return is_dataclass(member) and any(get_origin(hint) is tuple for hint in get_type_hints(member).values())
