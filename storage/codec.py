"""Events and orders as stored text. Every event kind ever written stays readable (tests/contracts/samples)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from bot.events import Event, Unknown
from bot.posts import Order
from storage.shapes import CannotDecode, as_text, decoded, fields_as_text

KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event) if kind is not Unknown}
"""Every event this release knows, by its name. An event is renamed never; its stored name is its class's."""

VERSIONS: Mapping[str, int] = {}
"""The version a kind is written in, where that is not 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An event as its row has it."""

    kind: str
    v: int
    data: str
    """JSON."""


def encode_event(event: Event) -> Stored:
    """The event as its row has it. One that this release does not know is written back unchanged."""
    if isinstance(event, Unknown):
        return Stored(kind=event.kind, v=event.v, data=event.data)
    kind = type(event).__name__
    return Stored(kind=kind, v=VERSIONS.get(kind, 1), data=fields_as_text(event))


def decode_event(stored: Stored) -> Event:
    """The event. Never fails: an unknown kind, and a newer version that cannot be read as this one, is `Unknown`."""
    kind = KINDS.get(stored.kind)
    try:
        if kind is not None:
            return cast("Event", decoded(kind, _json(stored.data)))
    except CannotDecode:
        pass
    return Unknown(kind=stored.kind, v=stored.v, data=stored.data)


def encode_order(order: Order) -> str:
    """The order as text; the same order gives the same text."""
    return as_text(order)


UNSEEN = ("notice", "rank")
"""Fields of a post that no chat shows."""


def look_alike(one: str, other: str) -> bool:
    """Whether two stored orders differ in nothing but what no chat shows."""
    return one == other or _seen(one) == _seen(other)


def _seen(order: str) -> dict[str, Any]:
    return {name: value for name, value in _json(order).items() if name not in UNSEEN}


def decode_order(text: str) -> Order:
    """The order. Raises CannotDecode for one that only a newer release understands."""
    return cast("Order", decoded(Order, _json(text)))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as fault:
        raise CannotDecode("not JSON") from fault
