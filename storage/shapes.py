"""Dataclasses to plain JSON values and back, by their type hints alone.

A dataclass becomes an object with its class name as `kind`; a moment ISO 8601 in UTC, a duration seconds. On the way
back unknown fields are ignored and missing ones take their defaults, so that releases can read each other's rows.
"""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from bot.refs import aware
from storage.words import keepable_json

TAG = "kind"

Read = Callable[[Any], Any]
Write = Callable[[Any], Any]


class CannotDecode(ValueError):  # noqa: N818 - an outcome
    """The stored value is not what this release expects there."""


def as_text(value: object) -> str:
    """The value as JSON; the same text for the same value. Raises TypeError for a type that nothing stored may hold."""
    return keepable_json(_text(value))


def fields_as_text(value: object) -> str:
    """A dataclass's fields as JSON, without its name."""
    return keepable_json(_text(_fields_of(value)))


def encoded(value: object) -> Any:
    """The value as JSON knows it."""
    return json.loads(as_text(value))


def _one_level(value: object) -> Any:
    """What JSON does not know, as something that it knows but for what is within."""
    return _writer(type(value))(value)


_text = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False, default=_one_level
).encode
"""Made once: making it takes a third as long as its work."""


def _way_of(kind: Any) -> Write:
    tagged = {TAG: kind.__name__}
    if kind is datetime:
        return lambda value: aware(value).astimezone(UTC).isoformat()
    if kind is timedelta:
        return timedelta.total_seconds
    if issubclass(kind, Mapping):
        return dict
    if is_dataclass(kind):
        names, values = _parts(kind)
        return lambda value: tagged | dict(zip(names, values(value), strict=True))
    raise TypeError(f"{kind.__name__} cannot be stored")


_writer: Callable[[Any], Write] = cache(_way_of)
"""How values of that type are written; found out once for each."""


def _fields_of(value: object) -> dict[str, Any]:
    names, values = _parts(type(value))
    return dict(zip(names, values(value), strict=True))


def _parts_of(cls: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(part.name for part in fields(cls))
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda value: tuple(getattr(value, name) for name in names)


_parts: Callable[[Any], tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = cache(_parts_of)
"""The names of a dataclass's fields, and what gives their values."""


def decoded(hint: Any, data: Any) -> Any:
    """The value of that type hint. Raises CannotDecode where the data is none."""
    return _reader(hint)(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    read: Read
    required: bool


@cache
def _reader(hint: Any) -> Read:
    plain = _plain_reader(hint)
    if plain is not None:
        return plain
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union(args)
    if origin is tuple:
        return _tuple(args)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(_reader(args[0]), _reader(args[1]))
    if is_dataclass(hint):
        kind: Any = hint
        return _dataclass(kind)
    raise TypeError(f"no way to read {hint}")


def _plain_reader(hint: Any) -> Read | None:
    if isinstance(hint, NewType):
        return _reader(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda data: _converted(hint, data, str)
    return {
        str: _only(str),
        bool: _only(bool),
        int: _only(int),
        float: lambda data: _converted(float, data, int, float),
        types.NoneType: _only(types.NoneType),
        datetime: lambda data: _converted(_moment, data, str),
        timedelta: lambda data: _converted(_span, data, int, float),
    }.get(hint)


def _moment(text: str) -> datetime:
    return aware(datetime.fromisoformat(text))


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _only(kind: type) -> Read:
    """For most of what is read: one call for each value."""

    def read(data: Any) -> Any:
        return data if type(data) is kind else _exactly(kind, data)

    return read


def _exactly(kind: type, data: Any) -> Any:
    if type(data) is not kind:
        raise CannotDecode(f"{kind.__name__} expected, {type(data).__name__} found")
    return data


def _converted(make: Callable[[Any], Any], data: Any, *kinds: type) -> Any:
    """Made of a value of one of these kinds. What the maker refuses is not decodable."""
    if type(data) not in kinds:
        raise CannotDecode(f"{kinds[-1].__name__} expected, {type(data).__name__} found")
    try:
        return make(data)
    except (ValueError, OverflowError) as fault:
        raise CannotDecode("a value this release does not know") from fault


def _tuple(args: tuple[Any, ...]) -> Read:
    if len(args) == 2 and args[1] is Ellipsis:
        item = _reader(args[0])
        return lambda data: tuple(item(part) for part in _exactly(list, data))
    items = tuple(_reader(arg) for arg in args)

    def read(data: Any) -> Any:
        if len(_exactly(list, data)) != len(items):
            raise CannotDecode(f"{len(items)} values expected, {len(data)} found")
        return tuple(item(part) for item, part in zip(items, data, strict=True))

    return read


def _mapping(key: Read, value: Read) -> Read:
    return lambda data: {key(name): value(item) for name, item in _exactly(dict, data).items()}


def _union(members: tuple[Any, ...]) -> Read:
    """Objects are told apart by their name, everything else by what it is."""
    named = {member.__name__: _dataclass(member) for member in members if _is_object(member)}
    others = tuple(_reader(member) for member in members if not _is_object(member))
    optional = types.NoneType in members

    def read(data: Any) -> Any:
        if data is None and optional:
            return None
        if isinstance(data, dict) and (one := named.get(data.get(TAG))):
            return one(data)
        for other in others:
            try:
                return other(data)
            except CannotDecode:
                continue
        raise CannotDecode("a kind this release does not know")

    return read


def _is_object(hint: Any) -> bool:
    return is_dataclass(hint)


@cache
def _dataclass(cls: Any) -> Read:
    """Its fields are looked at when the first is read, for a type may hold itself."""

    def read(data: Any) -> Any:
        found, parts = _exactly(dict, data), _fields(cls)
        values = {part.name: part.read(found[part.name]) for part in parts if part.name in found}
        if len(values) < len(parts):
            lacking = [part.name for part in parts if part.required and part.name not in values]
            if lacking:
                raise CannotDecode(f"{cls.__name__} lacks {lacking[0]}")
        return cls(**values)

    return read


@cache
def _fields(cls: Any) -> tuple[_Field, ...]:
    hints = get_type_hints(cls)
    return tuple(
        _Field(
            name=part.name,
            read=_reader(hints[part.name]),
            required=part.default is MISSING and part.default_factory is MISSING,
        )
        for part in fields(cls)
    )
