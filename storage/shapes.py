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
from typing import Any, NewType, Union, cast, get_args, get_origin, get_type_hints

from bot.refs import aware
from storage.words import keepable

TAG = "kind"

Read = Callable[[Any], Any]


class CannotDecode(ValueError):  # noqa: N818 - an outcome
    """The stored value is not what this release expects there."""


def encoded(value: object) -> Any:
    """The value as JSON knows it. Raises TypeError for a type that no event, order or reminder may hold."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return keepable(value)
        case datetime():
            return aware(value).astimezone(UTC).isoformat()
        case timedelta():
            return value.total_seconds()
        case tuple():
            return [encoded(item) for item in value]
        case Mapping():
            return {keepable(key): encoded(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return {TAG: type(value).__name__, **encoded_fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} cannot be stored")


def encoded_fields(value: object) -> dict[str, Any]:
    """A dataclass's fields as JSON knows them, without its name."""
    return {part.name: encoded(getattr(value, part.name)) for part in fields(cast("Any", value))}


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
        return lambda data: _dataclass(hint, data)
    raise TypeError(f"no way to read {hint}")


def _plain_reader(hint: Any) -> Read | None:
    if isinstance(hint, NewType):
        return _reader(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda data: _converted(hint, data, str)
    return {
        str: lambda data: _exactly(str, data),
        bool: lambda data: _exactly(bool, data),
        int: lambda data: _exactly(int, data),
        float: lambda data: _converted(float, data, int, float),
        types.NoneType: lambda data: _exactly(types.NoneType, data),
        datetime: lambda data: _converted(_moment, data, str),
        timedelta: lambda data: _converted(_span, data, int, float),
    }.get(hint)


def _moment(text: str) -> datetime:
    return aware(datetime.fromisoformat(text))


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


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
    named: dict[str, Any] = {
        member.__name__: member for member in members if isinstance(member, type) and is_dataclass(member)
    }
    others = tuple(_reader(member) for member in members if not is_dataclass(member))

    def read(data: Any) -> Any:
        if isinstance(data, dict) and data.get(TAG) in named:
            return _dataclass(named[data[TAG]], data)
        for other in others:
            try:
                return other(data)
            except CannotDecode:
                continue
        raise CannotDecode("a kind this release does not know")

    return read


def _dataclass(cls: Any, data: Any) -> Any:
    found = _exactly(dict, data)
    values = {}
    for part in _fields(cls):
        if part.name in found:
            values[part.name] = part.read(found[part.name])
        elif part.required:
            raise CannotDecode(f"{cls.__name__} lacks {part.name}")
    return cls(**values)


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
