"""What people typed in Teams, as plain words: HTML and escapes undone, people as `@{teams:tenant/id|name}`.

Teams writes a mention as `<at>Name</at>` with an entity that says who is meant, puts `&nbsp;` after it, and writes a
name of two words as two mentions of one person. A mention without an entity is words.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.teams.addresses import PERSON
from adapters.visible import clean, one_line
from bot.commands.fields import LINE_LIMIT
from bot.refs import Identity

LONGEST = 2 * LINE_LIMIT
"""Characters that are read: more than a line may have, so that one too long is refused and not cut."""
NAME = 80

Identify = Callable[[str, str], Identity]
"""The person behind the bot's id of somebody, and their object id where the mention says it."""

_AT = re.compile(r"<at(?:\s[^<>]*)?>(?P<name>.*?)</at>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br\s*/?|/p|/div|/li)\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|span|b|strong|i|em|u|s|strike|a|ul|ol|li|blockquote|pre|code|codeblock|font|h[1-6]|img|emoji|table|tr|td|th"
    r"|tbody|thead|attachment|hr|sub|sup)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_NAMED = re.compile(r"@\{([^|}\s]+)")
_LEAD = re.compile(r"[\s:,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Who a mention in a message means."""

    name: str
    """As it stands between `<at>` and `</at>`."""
    user: str
    """The bot's id of them."""
    object_id: str = ""


@dataclass(slots=True)
class _Line:
    """A line being put together: it never ends inside a marker, and no plain words look like one."""

    text: str = ""
    last: str = field(default="", repr=False)
    """The person named last, while only blanks followed."""

    def say(self, words: str) -> None:
        shown = clean(html.unescape(words).replace("\xa0", " ")).replace("@{", "@ {")
        self.text += shown[: LONGEST - len(self.text)]
        if shown.strip():
            self.last = ""

    def name(self, identity: Identity, name: str) -> None:
        if identity == self.last:  # the second word of the same name
            return
        shown = re.sub(r"[{}|@<>]", "", one_line(html.unescape(name)))[:NAME].strip()
        marker = f"@{{{identity}|{shown}}}"
        if len(self.text) + len(marker) <= LONGEST:
            self.text += marker
        self.last = identity


def mentions(activity: Mapping[str, Any]) -> tuple[Meant, ...]:
    """Everybody the message mentions, in the order of the text."""
    return tuple(_mentions(activity))


def _mentions(activity: Mapping[str, Any]) -> Iterator[Meant]:
    entities = activity.get("entities")
    for one in entities if isinstance(entities, list) else ():
        who = one.get("mentioned") if isinstance(one, dict) and one.get("type") == "mention" else None
        if not isinstance(who, dict) or not isinstance(who.get("id"), str) or not PERSON.fullmatch(who["id"]):
            continue
        shown = _AT.search(str(one.get("text") or ""))
        name = shown["name"] if shown else str(who.get("name") or "")
        yield Meant(name=html.unescape(name).strip(), user=who["id"], object_id=str(who.get("aadObjectId") or ""))


def said(activity: Mapping[str, Any], bot: str, identify: Identify) -> str:
    """What the message says, without the mention of ourselves it begins with, at most `LONGEST` characters of it.

    `bot`: our own id. People who are mentioned stand in it as `@{teams:tenant/id|name}`.
    """
    text = activity.get("text")
    meant, line = list(mentions(activity)), _Line()
    for words, name in _parts(text if isinstance(text, str) else ""):
        line.say(words if line.text.strip() or line.last else _LEAD.sub("", html.unescape(_plain(words)), count=1))
        who = _taken(meant, name) if name else None
        if who is None:
            line.say(f"@{name}" if name else "")
        elif who.user != bot:
            line.name(identify(who.user, who.object_id), who.name)
        elif line.text.strip():
            line.say(who.name)  # a mention of us further on belongs to what is said
    return line.text.strip()


def typed(text: str) -> str:
    """What was typed into a form's field. A person cannot be made up in it."""
    return clean(text).replace("@{", "@ {")


def mentioned(activity: Mapping[str, Any], bot: str) -> bool:
    """Whether the message speaks to us."""
    return any(one.user == bot for one in mentions(activity))


def spoken_of(texts: Iterable[str]) -> set[str]:
    """The people these texts name, as `said` writes them: `teams:tenant/id`."""
    return {name for text in texts for name in _NAMED.findall(text)}


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Words, and the name of the mention that follows them; empty after the last."""
    done = 0
    for found in _AT.finditer(text):
        yield _plain(text[done : found.start()]), html.unescape(_plain(found["name"])).strip()
        done = found.end()
    yield _plain(text[done:]), ""


def _plain(text: str) -> str:
    """Without Teams' own tags; a `<` that somebody typed comes escaped and stays."""
    return _TAG.sub("", _BREAK.sub("\n", text))


def _taken(meant: list[Meant], name: str) -> Meant | None:
    """Whom that name means, each entity once: two people may have one name."""
    found = next((one for one in meant if one.name == name), None)
    if found is not None:
        meant.remove(found)
    return found
