"""Dictionaries that hold only so much: what was put in longest ago goes first."""

from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")


def put(kept: dict[K, V], key: K, value: V, most: int) -> None:
    """Keep it as the newest, `most` of all."""
    kept.pop(key, None)
    kept[key] = value
    trim(kept, most)


def trim(kept: dict[Any, Any], most: int) -> None:
    """Keep the newest, `most` of them."""
    while len(kept) > most:
        del kept[next(iter(kept))]
