"""A fingerprint of the rules that deadlines follow: the policy, and the code that reads it (docs/architecture.md 6).

Stored with each incident's index row; a row with another fingerprint is folded anew at start.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import time, timedelta
from importlib.resources import files
from typing import Any

from bot.policy import Policy

CODE = (
    "deadlines.py",
    "due.py",
    "evolve.py",
    "evolve_promises.py",
    "firings.py",
    "ladders.py",
    "promises.py",
    "succession.py",
)
"""Files of `bot` that turn state and policy into moments."""


def rules_fingerprint(policy: Policy, code: tuple[str, ...] = CODE) -> str:
    """32 hexadecimal digits: the same for the same rules in every process, another for any other rules.

    A file of `code` that is not there counts as empty.
    """
    seen = hashlib.sha256(json.dumps(_plain(policy), sort_keys=True).encode())
    for name in code:
        seen.update(b"\0" + name.encode() + b"\0" + _source(name))
    return seen.hexdigest()[:32]


def _source(name: str) -> bytes:
    file = files("bot").joinpath(name)
    return file.read_bytes() if file.is_file() else b""


def _plain(value: Any) -> Any:
    """The value as JSON knows it. What has no order comes sorted, so that the text is the same in every process."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, time):
        return value.isoformat()
    return value
