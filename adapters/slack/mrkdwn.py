"""Spans as Slack's mrkdwn: plain strings are escaped once, the rest is written by us; nothing can be smuggled in.

Only `&`, `<` and `>` are control characters there (docs/slack.md). An entity (`<@U1>`, `<!date…>`) therefore stands in
a text only where a span of that kind stood in the card. Asterisks and backticks cannot be escaped: they change looks
only, and where they could break our own bold or code they are replaced by characters that look the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import assert_never

from adapters.cutting import ELLIPSIS, cut
from adapters.slack.addresses import GROUP, Spot, spot
from adapters.slack.text import LOOKALIKES, escape, escaped_length, unmarked, web_url
from adapters.visible import clean, one_line
from bot.cards import Code, Due, Group, Link, Mention, Names, RoomLink, Span, Spans, Strong, When
from bot.plain import due_words, plain_spans, utc_words

FAR = timedelta(hours=12)
"""Further off than this, a moment is shown with its day (docs/words.md 1.7)."""

_URL = re.compile(r"https?://[^\s<>|\"`*]*[^\s<>|\"`*.,;:!?)\]}']")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The Slack workspace that a message or a form is for."""

    team: str
    """Its id."""
    groups: Mapping[str, str] = field(default_factory=dict[str, str])
    """Ids of its user groups, by the name the policy gives them (`slack:@sre-oncall`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What it takes to write spans out: the moment of sending, who and where things are, and for which workspace."""

    at: datetime
    names: Names
    workspace: Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A bit of mrkdwn, ready. To shorten it, `raw` is cut and escaped anew; without `raw` it stays whole or goes."""

    text: str
    raw: str = ""
    mark: str = ""
    bold: bool = False


def mrkdwn(spans: Spans, scene: Scene, limit: int) -> str:
    """Spans written out in at most `limit` characters; a cut is marked with an ellipsis and leaves no mark open."""
    pieces = tuple(_pieces(_tamed(spans), scene, bold=False))
    whole = _joined(pieces)
    return whole if len(whole) <= limit else _joined(_fitted(pieces, limit))


def user_ids(identities: Iterable[str], team: str) -> Iterator[str]:
    """The ids that belong to this workspace, of all those a person has."""
    for identity in identities:
        found = spot(identity)
        if found and found.team == team and found.user:
            yield found.user


def room_spot(number: int, names: Names, team: str) -> Spot | None:
    """Where the incident's room is in this workspace: a channel, or a thread in one. None: not here."""
    spots = (spot(place) for place in names.places.get(number, ()))
    return next((found for found in spots if found and found.team == team and found.channel), None)


def _tamed(spans: Spans) -> Spans:
    """Odd marks in plain strings give way where bold or code of ours stands beside them."""
    marks = [mark for mark, kind in (("*", Strong), ("`", Code)) if any(isinstance(span, kind) for span in spans)]
    return tuple(_without_odd(span, marks) if isinstance(span, str) else span for span in spans) if marks else spans


def _without_odd(text: str, marks: list[str]) -> str:
    for mark in marks:
        if text.count(mark) % 2:
            head, _, tail = text.rpartition(mark)
            text = f"{head}{LOOKALIKES[mark]}{tail}"
    return text


def _pieces(spans: Spans, scene: Scene, *, bold: bool) -> Iterator[Piece]:
    for span in spans:
        yield from _written(span, scene, bold=bold)


def _written(span: Span, scene: Scene, *, bold: bool) -> Iterable[Piece]:
    match span:
        case str():
            return _words(span, bold=bold)
        case Strong(inner):
            return _pieces(inner, scene, bold=True)
        case Mention(person):
            known = next(user_ids(scene.names.identities.get(person, ()), scene.workspace.team), "")
            return _entity(f"<@{known}>" if known else "", span, scene, bold=bold)
        case Group(name):
            return _entity(_called(name, scene.workspace), span, scene, bold=bold)
        case RoomLink(number):
            room = room_spot(number, scene.names, scene.workspace.team)
            return _entity(f"<#{room.channel}>" if room else "", span, scene, bold=bold)
        case Link(label, url):
            return (_link(label, web_url(url), bold=bold),)
        case When(moment):
            return (Piece(text=_when(moment, scene.at), bold=bold),)
        case Due(moment):
            return (_said(due_words(moment, scene.at), bold=bold),)
        case Code(text):
            return (_code(text, bold=bold),)
        case _:
            assert_never(span)


def _words(text: str, *, bold: bool) -> Iterator[Piece]:
    """A plain string; addresses of pages in it become links, since we switch off Slack's own guessing (`verbatim`)."""
    words, done = clean(text), 0
    for found in _URL.finditer(words):
        yield _said(words[done : found.start()], bold=bold)
        yield _page(found[0], bold=bold)
        done = found.end()
    yield _said(words[done:], bold=bold)


def _page(address: str, *, bold: bool) -> Piece:
    url = web_url(address)
    return Piece(text=f"<{escape(url)}>", raw=address, bold=bold) if url else _said(address, bold=bold)


def _said(words: str, *, bold: bool) -> Piece:
    shown = unmarked(words, "*").replace("\n", " ") if bold else words
    return Piece(text=escape(shown), raw=shown, bold=bold)


def _called(name: str, workspace: Workspace) -> str:
    """A group, or a person, as the policy writes whom to call (`slack:@sre-oncall`, `slack:U1`); empty: not here."""
    place = spot(name)
    ours = place if place and place.team in ("", workspace.team) else None
    if ours and ours.user:
        return f"<@{ours.user}>"
    group = workspace.groups.get(name, ours.group if ours else "")
    return f"<!subteam^{group}>" if GROUP.fullmatch(group) else ""


def _entity(entity: str, span: Mention | Group | RoomLink, scene: Scene, *, bold: bool) -> tuple[Piece]:
    """The entity, or the plain name of somebody or something that this workspace does not have."""
    if entity:
        return (Piece(text=entity, bold=bold),)
    return (_said(one_line(plain_spans((span,), scene.at, scene.names)), bold=bold),)


def _link(label: str, url: str, *, bold: bool) -> Piece:
    words = _said(one_line(label) or url, bold=bold)
    if not url:
        return words
    return Piece(text=f"<{escape(url)}|{words.text.replace('|', '¦')}>", raw=words.raw, bold=bold)


def _when(moment: datetime, at: datetime) -> str:
    """In the reader's zone, then in UTC; the fallback is for clients and previews that know no zone."""
    utc = utc_words(moment, at)
    tokens = "{date_short_pretty} {time}" if abs(moment - at) > FAR else "{time}"
    return f"<!date^{int(moment.timestamp())}^{tokens}|{utc.removesuffix(' UTC')}> ({utc})"


def _code(text: str, *, bold: bool) -> Piece:
    words = _said(unmarked(one_line(text), "`"), bold=bold)
    return Piece(text=f"`{words.text}`" if words.text else "", raw=words.raw, mark="`", bold=bold)


def _fitted(pieces: tuple[Piece, ...], limit: int) -> Iterator[Piece]:
    bold_runs = sum(1 for bold, _ in groupby(pieces, key=lambda piece: piece.bold) if bold)
    room = limit - len(ELLIPSIS) - 2 * bold_runs
    for piece in pieces:
        if len(piece.text) > room:
            yield _shortened(piece, room)
            return
        yield piece
        room -= len(piece.text)


def _shortened(piece: Piece, room: int) -> Piece:
    """As much of it as fits, and the ellipsis, which the caller has set room aside for."""
    words = cut(piece.raw, room - 2 * len(piece.mark) + len(ELLIPSIS), escaped_length)
    if not words:
        return Piece(text=ELLIPSIS, bold=piece.bold)
    return Piece(text=f"{piece.mark}{escape(words)}{piece.mark}", bold=piece.bold)


def _joined(pieces: Iterable[Piece]) -> str:
    runs = ((bold, "".join(piece.text for piece in run)) for bold, run in groupby(pieces, key=lambda piece: piece.bold))
    return "".join(_strong(text) if bold else text for bold, text in runs)


def _strong(text: str) -> str:
    """Bold holds only where it neither begins nor ends with a blank: those go outside."""
    core = text.strip()
    if not core:
        return text
    start = text.index(core)
    return f"{text[:start]}*{core}*{text[start + len(core) :]}"
