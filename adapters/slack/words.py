"""What people typed in Slack, as plain words: Slack's escapes and entities undone, people as `@{slack:T1/U1|name}`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.slack.addresses import PERSON, person
from adapters.visible import clean, one_line
from bot.commands.fields import LINE_LIMIT

LONGEST = 2 * LINE_LIMIT
"""Characters that are read: more than a line may have, so that one too long is refused and not cut."""
NAME = 80

_ENTITY = re.compile(r"<([^<>]*)>")
_LEAD = re.compile(r"\s*<@(?P<user>[A-Z0-9]+)(?:\|[^<>]*)?>[\s:,]*")
_NAMED = re.compile(r"@\{([^|}\s]+)")
_BROADCAST = ("channel", "here", "everyone")


@dataclass(frozen=True, slots=True)
class _Marker:
    """A person, ready to stand in the text."""

    text: str


def unescape(text: str) -> str:
    """Slack's three escapes undone, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str) -> str:
    """What was typed into a form's field. There are no entities in it; a person cannot be made up either."""
    return _broken(clean(unescape(text)))


def said(text: str, team: str) -> str:
    """What was typed after a command or said in a message of this workspace, at most `LONGEST` characters of it."""
    found: list[str | _Marker] = []
    for part in _parts(text, team):
        if found and isinstance(part, str) and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return _capped(found).strip()


def spoken_of(texts: Iterable[str]) -> set[str]:
    """The people these texts name, as `said` writes them: `slack:T1/U1`."""
    return {name for text in texts for name in _NAMED.findall(text)}


def after_mention(text: str, bot: str) -> str:
    """The text without the mention of ourselves that it begins with; a mention further on belongs to what is said."""
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead and lead["user"] == bot else text


def _parts(text: str, team: str) -> Iterator[str | _Marker]:
    done = 0
    for found in _ENTITY.finditer(text):
        yield unescape(text[done : found.start()])
        yield _entity(found[1], team)
        done = found.end()
    yield unescape(text[done:])


def _entity(inside: str, team: str) -> str | _Marker:
    """One `<…>`. What Slack does not write stays as it is."""
    target, _, label = inside.partition("|")
    label = unescape(label)
    match target[:1]:
        case "@":
            return _somebody(target[1:], label, team)
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return _special(target[1:], label)
        case _ if target.startswith(("http://", "https://")):
            return _page(unescape(target), label)
        case _ if target.startswith(("mailto:", "tel:")):
            return label or unescape(target.partition(":")[2])
        case _:
            return f"<{unescape(inside)}>"


def _somebody(user: str, name: str, team: str) -> str | _Marker:
    if not PERSON.fullmatch(user):
        return f"@{unescape(user)}"
    shown = re.sub(r"[{}|@<>]", "", one_line(name))[:NAME].strip()
    return _Marker(f"@{{{person(team, user)}|{shown}}}")


def _page(url: str, label: str) -> str:
    """The address; a name that Slack made a link of (`db.example.com`) stays as it was typed."""
    return label if label and url.partition("://")[2].rstrip("/") == label else url


def _special(target: str, label: str) -> str:
    if label:
        return label
    name = target.partition("^")[0]
    return f"@{name}" if name in _BROADCAST else name


def _capped(parts: list[str | _Marker]) -> str:
    """Joined, never ending inside a marker."""
    joined = ""
    for part in parts:
        words = part.text if isinstance(part, _Marker) else _broken(clean(part))
        room = LONGEST - len(joined)
        if len(words) > room:
            return joined if isinstance(part, _Marker) else joined + words[:room]
        joined += words
    return joined


def _broken(text: str) -> str:
    """Words in which nothing looks like a person of ours."""
    return text.replace("@{", "@ {")
