"""Rules of what a policy file says about words: `[communication.*]`, `[templates.*]`, `[vocabulary]`."""

import re
from collections.abc import Iterator

from config.policy_faults import Fault, shown
from config.policy_schema import PolicyFile, VocabularyTable

NAMES = ("vendors", "internal_names", "customer_names", "links")
"""Lists of `[vocabulary]`."""
_TEMPLATE = re.compile(r"\w[\w.-]*")
_ACTS = re.compile(r"\s*(javascript|vbscript|data|file):", re.IGNORECASE)
"""Addresses that do something on the reader's machine instead of leading anywhere."""


def wording_faults(file: PolicyFile) -> Iterator[Fault]:
    """Everything in these tables that breaks a rule."""
    for audience, row in (file.communication or {}).items():
        for key, said in (("look_at", row.look_at), ("support", row.support)):
            if not said.strip().isprintable() or _ACTS.match(said):
                sentence = f"`{key}` cannot be {shown(said)}: write an address or words on one line."
                yield Fault(path=("communication", audience, key), sentence=sentence)
    for name in file.templates or {}:
        if not _TEMPLATE.fullmatch(name):
            sentence = f"{shown(name)} cannot be a name: write one word, with _ for a space."
            yield Fault(path=("templates", name), sentence=sentence)
    yield from _vocabulary(file.vocabulary or VocabularyTable())


def _vocabulary(table: VocabularyTable) -> Iterator[Fault]:
    lists = {key: getattr(table, key) for key in NAMES}
    for key, names in lists.items():
        for number, name in enumerate(names):
            if not name.strip():
                sentence = f"`{key}` holds an empty name: write it, or take it out."
                yield Fault(path=("vocabulary", key, number), sentence=sentence)
