"""What is wrong with a policy file, as a sentence: the schema's findings in our words."""

import json
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from pydantic import ValidationError

from config.nearest import advice
from config.policy_lines import Path
from config.policy_schema import known_keys

LONGEST_SHOWN = 60

KINDS = {
    "string_type": "write text in quotes",
    "bool_type": "write true or false",
    "list_type": 'write a list, as in ["one", "two"]',
    "dict_type": "write a table of keys and values",
    "model_type": "write a table of keys and values",
    "float_type": "write a number, as in 0.8",
    "greater_than": "write a number above 0",
    "less_than_equal": "write a share of the time allowed, as in 0.8; 1.0 is all of it",
    "finite_number": "write a number, as in 0.8",
}
"""What to do about a value of the wrong kind, by the name the schema gives the fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, and a sentence without file and line."""

    path: Path
    sentence: str


def shape_faults(error: ValidationError) -> tuple[Fault, ...]:
    """What the schema found, in our words."""
    return tuple(_shape_fault(found) for found in error.errors(include_url=False))


def _shape_fault(found: Any) -> Fault:
    path: Path = found["loc"]
    kind: str = found["type"]
    if kind == "extra_forbidden":
        return Fault(
            path=path, sentence=f"there is no key `{path[-1]}`: {advice(str(path[-1]), known_keys(path[:-1]))}"
        )
    if kind == "missing":
        return Fault(path=path, sentence=f"`{path[-1]}` is missing: every {_table(path[:-1])} has one.")
    return Fault(path=path, sentence=f"{_key(path)} cannot be {shown(found['input'])}: {_remedy(found)}.")


def _remedy(found: Any) -> str:
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    if found["type"] == "literal_error":
        return f"write {found['ctx']['expected'].replace(chr(39), '')}"
    return KINDS.get(found["type"], "see the comments of the built-in policy")


def _key(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f"`{names[-1]}`" if names else "the file"


def _table(path: Path) -> str:
    name = ".".join(part for part in path if isinstance(part, str))
    return f"[[{name}]]" if path and isinstance(path[-1], int) else f"[{name}]"


def shown(value: object) -> str:
    """A value of the file for a sentence: on one line, and short."""
    match value:
        case list():
            return "a list"
        case dict():
            return "a table"
        case date() | time():
            return value.isoformat()
        case _:
            text = json.dumps(value, ensure_ascii=False, default=str)
            return text if len(text) <= LONGEST_SHOWN else f'{text[: LONGEST_SHOWN - 2]}…"'
