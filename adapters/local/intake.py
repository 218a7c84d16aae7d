"""What the page sends, checked: a body that makes no sense is refused in one sentence, and nothing happens."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.local.people import BY_ID

LARGEST = 64 * 1024
"""Bytes of a body."""
LONGEST_VALUE = 20_000
MOST_VALUES = 40
KEY = re.compile(r"[A-Za-z0-9_.:-]{8,80}")
NUMBER, DIGITS = 2**31, 10


class BadBody(Exception):  # noqa: N818 - what was sent is bad
    """The body is not what the page sends. Its text is for whoever wrote the request."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A body with what is always in it."""

    values: Mapping[str, Any]

    @property
    def who(self) -> str:
        """Who acts."""
        return person(self.values.get("as"))

    def text(self, name: str) -> str:
        """A string. Raises BadBody for anything else, or one that is far too long."""
        found = self.values.get(name)
        if not isinstance(found, str) or len(found) > LONGEST_VALUE:
            raise BadBody(f"`{name}` is no text.")
        return found

    def number(self, name: str) -> int | None:
        """A number, or None where there is none. Raises BadBody for anything else."""
        found = self.values.get(name)
        if found is None:
            return None
        if type(found) is not int or not 0 <= found < NUMBER:
            raise BadBody(f"`{name}` is no number.")
        return found

    def required_number(self, name: str) -> int:
        """A number. Raises BadBody where there is none."""
        found = self.number(name)
        if found is None:
            raise BadBody(f"`{name}` is missing.")
        return found

    def key(self) -> str:
        """What names this act: the same key has an effect once. Raises BadBody."""
        found = self.text("key")
        if not KEY.fullmatch(found):
            raise BadBody("`key` is none.")
        return found

    def strings(self, name: str) -> dict[str, str]:
        """An object of strings. Raises BadBody for anything else."""
        found = self.values.get(name, {})
        if not isinstance(found, dict) or len(found) > MOST_VALUES:
            raise BadBody(f"`{name}` is no object.")
        if not all(isinstance(value, str) and len(value) <= LONGEST_VALUE for value in found.values()):
            raise BadBody(f"`{name}` holds more than texts.")
        return dict(found)


def body(raw: bytes) -> Sent:
    """The body of a request. Raises BadBody for one that is no JSON object."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as fault:
        raise BadBody("The body is no JSON.") from fault
    if not isinstance(found, dict):
        raise BadBody("The body is no object.")
    return Sent(found)


def person(found: object) -> str:
    """Somebody's id. Raises BadBody where nobody has it."""
    if not isinstance(found, str) or found not in BY_ID:
        raise BadBody("`as` names nobody here.")
    return found


def whole(found: str | None, name: str) -> int | None:
    """A number from an address's query; None where there is none. Raises BadBody for what is none."""
    if not found:
        return None
    if not found.isascii() or not found.isdigit() or len(found) > DIGITS or int(found) >= NUMBER:
        raise BadBody(f"`{name}` is no number.")
    return int(found)
