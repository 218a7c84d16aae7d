"""Who is mentioned in a message: a tag in its words, and beside the words an entity that says whom the tag means.

Teams matches the two by the tag's text, so two people of one name need texts that differ. A tag in somebody's own words
is broken (`adapters.teams.text`): only ours can match.
"""

from collections.abc import Iterator
from typing import Any

from adapters.teams import limits
from adapters.teams.addresses import person, spot
from adapters.teams.spans import Called, Calls, Setting
from adapters.teams.text import defused, untagged
from bot.cards import Card, Group, Mention, Names
from bot.plain import spans_of
from bot.refs import Identity

LONGEST = 80
"""Characters of a name."""


def calls(card: Card, names: Names, setting: Setting) -> Calls:
    """Everybody the card can mention in this tenant, as far as there is room to say so."""
    found: dict[Mention | Group, Called] = {}
    room = limits.ENTITIES_WEIGHT
    for span in spans_of(card):
        if not isinstance(span, (Mention, Group)) or span in found:
            continue
        called = _called(span, names, setting, tuple(found.values()))
        room -= limits.weight(called.entity()) if called else 0
        if called and room >= 0:
            found[span] = called
    return found


def user_of(identity: Identity, setting: Setting) -> str:
    """The id that a mention of them takes; empty: they are not of this tenant."""
    found = spot(identity)
    if found is None or not found.user or setting.tenant not in ("", found.tenant):
        return ""
    return setting.users.get(identity, found.user)


def entities(found: Calls, words: str) -> list[dict[str, Any]]:
    """The entities of those whose tags stand in the words: Teams does not take one whose words were cut."""
    those = {called.tag: called.entity() for called in found.values() if called.tag in words}
    return list(those.values())


def _called(span: Mention | Group, names: Names, setting: Setting, others: tuple[Called, ...]) -> Called | None:
    for identity, name in _candidates(span, names, setting):
        user, shown = user_of(identity, setting), defused(untagged(name), LONGEST)
        if user and shown:
            return Called(user=user, name=_distinct(shown, user, others))
    return None


def _candidates(span: Mention | Group, names: Names, setting: Setting) -> Iterator[tuple[Identity, str]]:
    """Identities it may mean, each with its shown name. A policy calls somebody by `teams:` and an object id."""
    match span:
        case Mention(who):
            for identity in names.identities.get(who, ()):
                yield identity, names.people.get(who) or "someone"
        case Group(name):
            chat, _, user = name.partition(":")
            meant = Identity(name) if "/" in user else person(setting.tenant, user)
            if chat == "teams" and user:
                yield from ((identity, shown) for identity, shown in setting.people if identity == meant)


def _distinct(name: str, user: str, others: tuple[Called, ...]) -> str:
    """The name, with a number behind it where somebody else has the same."""
    taken = {other.name for other in others if other.user != user}
    shown, number = name, 2
    while shown in taken:
        shown, number = f"{name} ({number})", number + 1
    return shown
