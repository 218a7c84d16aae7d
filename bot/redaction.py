"""Words taken out of the record: which of an entry are a person's own, and what is left of them anywhere else."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from bot.cards import Code, Due, Facts, Group, Mention, Open, Press, RoomLink, When
from bot.drafts import SENT_BACK
from bot.events import (
    BridgeSet,
    Cancelled,
    Declared,
    DraftEnded,
    Event,
    NoteAdded,
    PriorityChanged,
    PromiseEnded,
    PromiseMade,
    Redacted,
    Reopened,
    Resolved,
    RoleReleased,
    RoleWaived,
    RoomOpened,
    RoomRenamed,
    Snoozed,
    Status,
    TitleChanged,
    UpdateDrafted,
    UpdatePublished,
)
from bot.policy import Policy
from bot.posts import Post

REDACTED = "[redacted]"
"""What stands where words were."""

UPDATE = ("what", "steps", "who", "expect", "words", "none_because", "headline")
OWN: Mapping[type, tuple[str, ...]] = {
    Declared: ("title", "bridge"),
    TitleChanged: ("title",),
    PriorityChanged: ("reason",),
    BridgeSet: ("url",),
    RoomOpened: ("name",),
    RoomRenamed: ("name",),
    RoleReleased: ("reason",),
    RoleWaived: ("reason",),
    UpdatePublished: UPDATE,
    DraftEnded: ("reason",),
    PromiseMade: ("reason",),
    PromiseEnded: ("reason",),
    Snoozed: ("reason",),
    NoteAdded: ("text",),
    Resolved: ("how", "verified"),
    Reopened: ("reason",),
    Cancelled: ("reason",),
    Redacted: ("reason",),
}
"""By kind, the fields with words that people chose. Everything else says who, when and what happened, and stays."""

EMPTIED = frozenset({"url", "bridge"})
"""Fields that hold an address: none stands where one was."""
OURS = frozenset({"released", "replaced", "handed over", "left"})
"""Reasons that Sitrep gives itself."""
ENDS = ".?!…"
LONG = 3
"""So many words one after the other are a person's wherever they stand; fewer may be Sitrep's own."""
TITLED = r"\bINC-\d+ (?:\(private\) )?"
AFTER_TITLE = (
    r"(?=[.?]|$|: $|: update \d|: you are "
    r"| is (?:resolved|past |expected|cancelled: |the same as INC-|open again)| comes by )"
)
BEGINNING = r"^|\n|[.:?!…]\s+|false alarm, "
END = r"(?=[.?!…;]|$)"
"""Where a sentence of ours takes a person's words: as a title, or as a sentence or what stands after a colon, whole."""
_ASIDE = (Mention, Group, RoomLink, When, Due, Code, Press, Open)
"""What holds nothing that people wrote. A button is a command of ours, and so are words to type."""
_KEPT = frozenset({"url", "tone", "status", "priority", "services"})
"""Fields of a card or notice that are no words of a person, or those of the policy."""


def words_of(event: Event) -> frozenset[str]:
    """What people wrote in that entry; empty where there is nothing, or nothing any more."""
    if isinstance(event, UpdateDrafted):
        return words_of(event.update)
    if isinstance(event, DraftEnded) and event.outcome != SENT_BACK:
        return frozenset()
    found = {str(getattr(event, name)) for name in OWN.get(type(event), ())}
    return frozenset(found - {"", REDACTED} - OURS)


def without(event: Event, words: Collection[str]) -> Event:
    """The entry with these words overwritten wherever one of its fields says just them."""
    if isinstance(event, UpdateDrafted):
        return replace(event, update=_overwritten(event.update, words))
    changed: Event = _overwritten(event, words)
    return changed


def _overwritten(event: Any, words: Collection[str]) -> Any:
    named = {name: getattr(event, name) for name in OWN.get(type(event), ())}
    changed = {name: "" if name in EMPTIED else REDACTED for name, said in named.items() if said in words}
    return replace(event, **changed) if changed else event


def terms(policy: Policy) -> frozenset[str]:
    """What Sitrep says itself in one or two words that may stand alone: they tell nothing of anybody."""
    named = {priority.name for priority in policy.priorities} | {*policy.audiences, *Status}
    return frozenset(named.union(*((role.name, role.title) for role in policy.roles)))


def reworded(post: Post, words: Collection[str], *, out: bool, ours: Collection[str] = ()) -> Post:
    """The message without these words. `out`: people have it, so that ways that cannot edit are told nothing more.

    `ours`: words of the policy, which are gone from titles alone.
    """
    pattern = _pattern(words, {word.casefold() for word in ours})
    card = _clean(post.card, pattern, tuple(words))
    return replace(post, card=card, notice=None if out else _clean(post.notice, pattern, tuple(words)))


def _pattern(words: Iterable[str], ours: Collection[str]) -> re.Pattern[str]:
    """Any of them, however a sentence wrote it: with another first letter, other blanks, another end.

    What stands before it, if it matters, is the pattern's only group that is not empty.
    """
    return re.compile("|".join(_phrases(words, ours)) or "(?!)", re.IGNORECASE)


def _phrases(words: Iterable[str], ours: Collection[str]) -> Iterator[str]:
    for said in sorted(words, key=len, reverse=True):
        parts = said.strip().rstrip(ENDS).split()
        if parts:
            together = r"(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)"
            if len(parts) < LONG:
                yield rf"({TITLED}){together}{AFTER_TITLE}"
            if " ".join(parts).casefold() not in ours:
                yield together if len(parts) >= LONG else rf"({BEGINNING}){together}{END}"


def _gone(found: re.Match[str]) -> str:
    return "".join(filter(None, found.groups())) + REDACTED


def _clean(value: Any, pattern: re.Pattern[str], words: tuple[str, ...]) -> Any:
    """The value with the words gone from every text in it."""
    match value:
        case Enum():
            return value
        case str():
            return REDACTED if _is_cut(value, words) else pattern.sub(_gone, value)
        case Facts(pairs):
            return Facts(tuple((label, _clean(said, pattern, words)) for label, said in pairs))
        case tuple():
            return tuple(_clean(item, pattern, words) for item in value)
        case _ if not is_dataclass(value) or isinstance(value, (type, *_ASIDE)):
            return value
        case _:
            named = {part.name: getattr(value, part.name) for part in fields(value) if part.name not in _KEPT}
            return replace(value, **{name: _clean(said, pattern, words) for name, said in named.items()})


def _is_cut(text: str, words: tuple[str, ...]) -> bool:
    """Whether it is the beginning of one of them, cut where it became too long."""
    begun = text[:-1] if text.endswith("…") else ""
    return bool(begun) and any(" ".join(said.split()).startswith(begun) for said in words)
