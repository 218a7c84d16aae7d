"""What Teams makes of a message, as far as tests want to know: words as people read them, whom it calls, buttons.

Reads markdown as the strictest of Teams' clients does, so that what is a mark there is seen to be one.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from adapters.teams.limits import rich
from adapters.teams.text import BREAK
from bot.cards import Names
from bot.refs import Address, Identity, Person
from tests.samples.world import LOCAL, NAMES, ROOMS

TENANT = "larkfield"
IDENTITIES: Mapping[Person, Identity] = {
    person: Identity(f"teams:{TENANT}/{name.casefold()}") for person, name in NAMES.people.items()
}
"""Everybody of the samples, as Teams knows them."""
PLACES: Mapping[int, Address] = {
    number: Address(f"teams:19:{number}@thread.tacv2;messageid=17000000000{number}") for number in ROOMS
}
TEAMS_NAMES = Names(
    people=NAMES.people,
    identities={person: (LOCAL[person], identity) for person, identity in IDENTITIES.items()},
    rooms=ROOMS,
    places={number: (NAMES.places[number][0], place) for number, place in PLACES.items()},
)
"""The samples' world on Teams."""

MARK = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<bold>\*\*)"
    r"|(?P<at><at>(?P<name>[^<>]*)</at>)"
    r"|\{\{(?:DATE|TIME)\((?P<moment>[\dT:-]+Z)(?:,SHORT)?\)\}\}"
    r"|\[(?P<label>(?:\\.|[^\[\]\\])*)\]\((?P<url>https?://[^()\s]+)\)"
)
STRAY = re.compile(r"<at\b|</at|\{\{|\]\(|&(?:#|[a-z0-9]+;)|<[a-z/!?]|[*`\[\]]", re.IGNORECASE)
"""What no words of people may leave behind: it would be a mark to some client."""


def card(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The card of a message or a dialog."""
    attachment = found["attachments"][0] if "attachments" in found else found["card"]
    content: Mapping[str, Any] = attachment["content"]
    return content


def texts(found: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is read as markdown, in order."""
    return rich(card(found)["body"])


def actions(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The buttons in order, without their fallbacks."""
    sets = [element["actions"] for element in card(found)["body"] if element["type"] == "ActionSet"]
    return [action for some in (*sets, card(found).get("actions", [])) for action in some]


def shown(found: Mapping[str, Any]) -> str:
    """All words of a message as people read them."""
    words = [read(text) for text in texts(found)]
    return "\n".join([*words, *(action["title"] for action in actions(found))])


def read(text: str) -> str:
    """Markdown as it is read. Asserts that no mark is left over."""
    words, done = "", 0
    for found in MARK.finditer(text):
        words += _left(text[done : found.start()])
        done = found.end()
        if found["escaped"]:
            words += found["escaped"]
        elif found["at"]:
            words += f"@{found['name']}"
        elif found["label"] is not None:
            words += read(found["label"])
    return (words + _left(text[done:])).replace(BREAK, "")


def _left(words: str) -> str:
    assert not STRAY.search(words), words
    return words


def mentioned(found: Mapping[str, Any], names: Names) -> Iterator[str]:
    """Whom the entities call, and the rooms that are linked to."""
    identities = {identity.rpartition("/")[2]: identity for known in names.identities.values() for identity in known}
    for entity in card(found).get("msteams", {}).get("entities", []):
        user = entity["mentioned"]["id"]
        yield str(identities.get(user, f"something: {user}"))
    for text in texts(found):
        for link in MARK.finditer(text):
            yield from _room(link["url"] or "")


def _room(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.netloc == "teams.microsoft.com":
        _, _, kind, place, root = parts.path.split("/")
        assert kind == "message"
        yield f"room:teams:{unquote(place)};messageid={unquote(root)}"
