"""Reads an organisation's policy: its own file laid over the built-in one, checked as a whole.

policy.toml -> tomllib -> shape (policy_schema) -> rules (policy_rules) -> laid over the built-in (policy_build)
            -> mentions (policy_mentions) -> built-in rows that dangle are left out (policy_prune)
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.policy import Policy
from config.errors import ConfigError
from config.policy_build import laid_over
from config.policy_faults import Fault, shape_faults
from config.policy_lines import Path as KeyPath
from config.policy_lines import line_of, locate
from config.policy_mentions import known, mention_faults
from config.policy_prune import pruned
from config.policy_rules import rule_faults
from config.policy_schema import HOMES, PolicyFile

BUILT_IN = "built in"
LARGEST = 1_000_000
"""Characters of a policy file: more is some other file."""

_PLACE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPolicy:
    """A policy, where it came from, and what of the built-in one it made meaningless."""

    policy: Policy
    left_out: tuple[str, ...]
    """A sentence for each name of the built-in policy that no longer exists, for `check`."""
    source: str
    """`built in`, or the path of the file."""


def load_policy(path: Path | None, words: Collection[str] = ()) -> LoadedPolicy:
    """The policy of the file at `path`, laid over the built-in one; None: the built-in one.

    `words` are those that `[permissions]` and `[required]` may name; none: they are not checked.
    Raises ConfigError with file, line, key and the nearest known key for the first thing that is wrong.
    """
    builtin = _parsed(
        "built-in policy.toml", files("config").joinpath("policy.toml").read_text("utf-8"), Policy(), words
    )
    if path is None:
        return LoadedPolicy(policy=builtin, left_out=(), source=BUILT_IN)
    policy, left_out = pruned(_parsed(path.name, _text(path), builtin, words))
    return LoadedPolicy(policy=policy, left_out=left_out, source=str(path))


def _text(path: Path) -> str:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ConfigError(f"{path} cannot be read ({reason}): name another file in SITREP_POLICY.") from None
    if len(text) > LARGEST:
        raise ConfigError(f"{path} has more than {LARGEST:,} characters: name a policy file in SITREP_POLICY.")
    return text


def _parsed(name: str, text: str, base: Policy, words: Collection[str]) -> Policy:
    """The policy that `text` makes of `base`; rows of `base` may be left dangling."""
    data, lines = _hoisted(name, *_toml(name, text))
    try:
        file = PolicyFile.model_validate(data)
    except ValidationError as error:
        raise _refusal(name, lines, shape_faults(error)) from None
    policy = laid_over(base, file)
    faults = (*rule_faults(file), *mention_faults(file, known(policy, words)))
    if faults:
        raise _refusal(name, lines, faults)
    return policy


def _toml(name: str, text: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """What the text says, and the line of each key."""
    try:
        return tomllib.loads(text), locate(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_toml_sentence(name, text, str(error))) from None
    except RecursionError:
        raise ConfigError(f"{name} is nested too deeply: write tables as [table].") from None


def _toml_sentence(name: str, text: str, message: str) -> str:
    reason, _, place = message.rpartition(" (at ")
    found = _PLACE.match(place)
    line = int(found[1]) if found else text.count("\n") + 1
    return f"{name}, line {line}: this is not TOML: {reason[:1].lower()}{reason[1:]}."


def _hoisted(
    name: str, data: Mapping[str, Any], lines: Mapping[KeyPath, int]
) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """The same with the keys that may also stand at the top put into the tables they belong to."""
    moved, places = dict(data), dict(lines)
    for key in (key for key in HOMES if key in data):
        home = moved.get(HOMES[key], {})
        if not isinstance(home, dict):
            del moved[key]  # the shape refuses that table, which is the mistake to tell
        elif key in home:
            sentence = f"`{key}` stands at the top of the file and in [{HOMES[key]}]: keep one."
            raise _refusal(name, lines, [Fault(path=(HOMES[key], key), sentence=sentence)])
        else:
            moved[HOMES[key]] = {**home, key: moved.pop(key)}
            places |= {(HOMES[key], *path): line for path, line in lines.items() if path[0] == key}
    return moved, places


def _refusal(name: str, lines: Mapping[KeyPath, int], faults: Iterable[Fault]) -> ConfigError:
    """The fault that stands first in the file, with file and line (docs/words.md 3.11)."""
    line, sentence = min(((line_of(lines, fault.path), fault.sentence) for fault in faults), key=itemgetter(0))
    return ConfigError(f"{name}, line {line}: {sentence}")
