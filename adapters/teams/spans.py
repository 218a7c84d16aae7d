"""Spans as the markdown of Teams' text blocks: plain strings are escaped once, the rest is written by us.

A mention, a link and a moment therefore stand in a text only where a span of that kind stood in the card.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from string import punctuation
from typing import Any, assert_never

from adapters.cutting import ELLIPSIS, cut
from adapters.teams.deep_links import is_thread, room_url
from adapters.teams.text import BREAK, escape, paragraphs, web_url, weight
from adapters.visible import clean, one_line
from bot.cards import Code, Due, Group, Link, Mention, Names, RoomLink, Span, Spans, Strong, When
from bot.plain import due_words, plain_spans, utc_words
from bot.refs import Identity

FAR = timedelta(hours=12)
"""Further off than this, a moment is shown with its day (docs/words.md 1.7)."""
BOLD = "**"
ITS_THREAD, ITS_CHAT = "its thread", "its chat"
"""What an incident's room is called in a link to it: no channel has its name in Teams."""

_SPECIAL = re.compile(
    r"`(?P<typed>[^`\s](?:[^`\n]{0,198}[^`\s])?)`|(?P<page>https?://[^\s<>|\"`*]*[^\s<>|\"`*.,;:!?)\]}'])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where in Teams a message or a form is shown, and what is known of the people there."""

    tenant: str
    """Only its people are mentioned; empty: anybody of Teams, where nobody proves who they are."""
    personal: bool = False
    """It is a chat with one person, who reads alone."""
    users: Mapping[Identity, str] = field(default_factory=dict[Identity, str])
    """The bot's own ids of people it has met (`29:…`)."""
    people: tuple[tuple[Identity, str], ...] = ()
    """Whom a field for people offers: identity and shown name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Somebody who is mentioned."""

    user: str
    """Their id: the bot's own of them where it is known, else their object id."""
    name: str

    @property
    def tag(self) -> str:
        """As it stands in the words."""
        return f"<at>{self.name}</at>"

    def entity(self) -> dict[str, Any]:
        """What says, beside the words, whom the tag means."""
        return {"type": "mention", "text": self.tag, "mentioned": {"id": self.user, "name": self.name}}


Calls = Mapping[Mention | Group, Called]
"""By span, whom it calls. What is not in here is named by words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What it takes to write spans out: the moment of sending, who and where things are, and whom a mention calls."""

    at: datetime
    names: Names
    setting: Setting
    calls: Calls = field(default_factory=dict[Mention | Group, Called])


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A bit of markdown, ready. To shorten it, `raw` is cut and escaped anew; without `raw` it stays whole or goes."""

    text: str
    raw: str = ""
    bold: bool = False

    @property
    def weight(self) -> int:
        """Bytes it takes up as JSON."""
        marks = self.text.count("\\") + self.text.count('"') + 3 * self.text.count("\n")
        return len(self.text.encode()) + marks


def markdown(spans: Spans, scene: Scene, limit: int) -> str:
    """Spans written out in at most about `limit` bytes; a cut is marked with an ellipsis and leaves no mark open."""
    pieces = tuple(piece for piece in _pieces(spans, scene, bold=False) if piece.text)
    whole = sum(piece.weight for piece in pieces) <= limit
    return paragraphs(_joined(pieces if whole else _fitted(pieces, limit)))


def _pieces(spans: Spans, scene: Scene, *, bold: bool) -> Iterator[Piece]:
    for span in spans:
        for piece in _written(span, scene):
            yield replace(piece, bold=True) if bold else piece


def _written(span: Span, scene: Scene) -> Iterable[Piece]:
    match span:
        case str():
            return _words(span)
        case Strong(inner):
            return _pieces(inner, scene, bold=True)
        case Mention() | Group():
            called = scene.calls.get(span)
            return (Piece(text=called.tag) if called else _named(span, scene),)
        case RoomLink(number):
            url = room_url(number, scene.names, scene.setting.tenant)
            return (_linked(ITS_THREAD if is_thread(url) else ITS_CHAT, url) if url else _named(span, scene),)
        case Link(label, url):
            return (_linked(one_line(label) or url, web_url(url)),)
        case When(moment):
            return (Piece(text=_when(moment, scene.at)),)
        case Due(moment):
            return (_said(due_words(moment, scene.at)),)
        case Code(text):
            return (_to_type(text),)
        case _:
            assert_never(span)


def _words(text: str) -> Iterator[Piece]:
    """A plain string; addresses of pages in it become links, and words between backticks are words to type."""
    words, done = clean(text), 0
    for found in _SPECIAL.finditer(words):
        yield _said(words[done : found.start()])
        yield _to_type(found["typed"]) if found["typed"] else _linked(found[0], web_url(found[0]))
        done = found.end()
    yield _said(words[done:])


def _to_type(words: str) -> Piece:
    """Code has no look of its own in Teams, so words to type are bold."""
    return replace(_said(one_line(words)), bold=True)


def _said(words: str) -> Piece:
    return Piece(text=escape(words), raw=words)


def _named(span: Mention | Group | RoomLink, scene: Scene) -> Piece:
    """Somebody or something that this tenant does not have, by name."""
    return _said(one_line(plain_spans((span,), scene.at, scene.names)))


def _linked(label: str, url: str) -> Piece:
    words = _said(one_line(label))
    return replace(words, text=f"[{words.text}]({url})") if url and words.text else words


def _when(moment: datetime, at: datetime) -> str:
    """In the reader's zone, then in UTC. Teams shows a form it does not know as it is, so this is the strict one."""
    instant = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    day = f"{{{{DATE({instant},SHORT)}}}} " if abs(moment - at) > FAR else ""
    return f"{day}{{{{TIME({instant})}}}} ({utc_words(moment, at)})"


def _fitted(pieces: tuple[Piece, ...], limit: int) -> Iterator[Piece]:
    bold_runs = sum(1 for bold, _ in groupby(pieces, key=lambda piece: piece.bold) if bold)
    room = limit - len(ELLIPSIS.encode()) - 2 * len(BOLD) * bold_runs
    for piece in pieces:
        if piece.weight > room:
            yield replace(piece, text=escape(cut(piece.raw, room, weight)) or ELLIPSIS)
            return
        yield piece
        room -= piece.weight


def _joined(pieces: Iterable[Piece]) -> str:
    """The words, with marks around the bold ones. A mark's outer neighbour decides whether it holds."""
    words = ""
    runs = [(bold, "".join(piece.text for piece in run)) for bold, run in groupby(pieces, key=lambda each: each.bold)]
    for place, (bold, text) in enumerate(runs):
        following = runs[place + 1][1][:1] if place + 1 < len(runs) else ""
        words += _strong(text, words[-1:], following) if bold else text
    return words


def _strong(text: str, before: str, after: str) -> str:
    """Bold neither begins nor ends with a blank: those go outside. It lasts no longer than a paragraph."""
    flat = re.sub(r"\s*\n\s*", " ", text)
    core = flat.strip()
    if not core:
        return flat
    start = flat.index(core)
    head, tail = flat[:start], flat[start + len(core) :]
    opening = "" if core[0].isalnum() or _stands_apart((head or before)[-1:]) else BREAK
    closing = "" if core[-1].isalnum() or _stands_apart((tail or after)[:1]) else BREAK
    return f"{head}{BOLD}{opening}{core}{closing}{BOLD}{tail}"


def _stands_apart(neighbour: str) -> bool:
    """Whether a mark holds beside it even if there is no letter on the mark's inner side."""
    return not neighbour or neighbour.isspace() or neighbour in punctuation
