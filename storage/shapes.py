"""Dataclasses to plain JSON values and back, by their type hints alone.

A dataclass becomes an object with its class name as `kind`; a moment ISO 8601 in UTC, a duration seconds. On the way
back unknown fields are ignored and missing ones take their defaults, so that releases can read each other's rows.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from bot.refs import aware
from storage.words import keepable

TAG = "kind"

Read = Callable[[Any], Any]
Write = Callable[[Any], Any]


class CannotDecode(ValueError):  # noqa: N818 - an outcome
    """The stored value is not what this release expects there."""


def encoded(value: object) -> Any:
    """The value as JSON knows it. Raises TypeError for a type that no event, order or reminder may hold."""
    return _writer(type(value))(value)


def encoded_fields(value: object) -> dict[str, Any]:
    """A dataclass's fields as JSON knows them, without its name."""
    names, values = _parts(type(value))
    return {name: _writer(type(item))(item) for name, item in zip(names, values(value), strict=True)}


def _way_of(kind: Any) -> Write:
    plain, tag = _PLAIN.get(kind), kind.__name__
    if plain is not None:
        return plain
    if issubclass(kind, str):
        return keepable
    if issubclass(kind, Mapping):
        return lambda value: {keepable(key): encoded(item) for key, item in value.items()}
    if is_dataclass(kind):
        return lambda value: {TAG: tag, **encoded_fields(value)}
    raise TypeError(f"{tag} cannot be stored")


_writer: Callable[[Any], Write] = cache(_way_of)
"""How values of that type are written; found out once for each."""


def _parts_of(cls: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(part.name for part in fields(cls))
    if len(names) > 1:
        return names, attrgetter(*names)
    return names, lambda value: tuple(getattr(value, name) for name in names)


_parts: Callable[[Any], tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = cache(_parts_of)
"""The names of a dataclass's fields, and what gives their values."""


_PLAIN: Mapping[type, Callable[[Any], Any]] = {
    **dict.fromkeys((types.NoneType, bool, int, float), lambda value: value),
    datetime: lambda value: aware(value).astimezone(UTC).isoformat(),
    timedelta: lambda value: value.total_seconds(),
    tuple: lambda value: [_writer(type(item))(item) for item in value],
}


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
