"""A card as a Slack message: blocks for the eye, `text` for phones' previews and screen readers (docs/words.md 5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from adapters.cutting import cut
from adapters.slack import limits
from adapters.slack.buttons import actions_blocks, layout
from adapters.slack.mrkdwn import Scene, Workspace, mrkdwn
from adapters.slack.text import escape, escaped_length, plain, rich_object
from adapters.visible import clean
from bot.cards import Card, Facts, Lines, Names, Note, Part, Rule, Spans, Strong, Text, Tone
from bot.plain import plain_spans, plain_text

Block = dict[str, Any]

EMOJI: Mapping[Tone, str] = {
    Tone.NEUTRAL: "",
    Tone.GOOD: "✅",
    Tone.WARNING: "⚠️",
    Tone.CRITICAL: "🔴",
    Tone.DRILL: "🎓",
}
"""Before the title and nowhere else; the words say it too."""
SHORTENED = "Shortened: the rest does not fit into one message."
SCARCE = 300
"""Characters. With less left for a message's blocks, the next part is left out."""
NOTHING = "(no words)"
"""A message's `text` may not be empty."""


def message(card: Card, at: datetime, names: Names, workspace: Workspace) -> dict[str, Any]:
    """The card as `{text, blocks}`, within Slack's limits. `at` is the moment of sending.

    What is too long is cut and says so. The first block makes sense alone: desktop previews show it.
    """
    scene = Scene(at=at, names=names, workspace=workspace)
    shown = layout(card.actions, names, workspace.team)
    buttons = actions_blocks(shown, names, workspace.team)
    room = limits.BLOCKS_WEIGHT - limits.weight(buttons)
    body = within(room, limits.MESSAGE_BLOCKS - len(buttons), card, scene)
    return {"text": spoken(replace(card, actions=shown.in_order()), at, names), "blocks": [*body, *buttons]}


def spoken(card: Card, at: datetime, names: Names) -> str:
    """The whole card as sentences, escaped, its buttons at the end whatever had to be cut before them."""
    buttons = cut(clean(plain_text(Card(actions=card.actions), at, names)), limits.TEXT // 2, escaped_length)
    words = clean(plain_text(replace(card, actions=()), at, names)).strip()
    room = limits.TEXT - escaped_length(buttons) - 1
    return escape(f"{cut(words, room, escaped_length)} {buttons}".strip()) or NOTHING


def within(room: int, most: int, card: Card, scene: Scene) -> list[Block]:
    """Title and body, as much as fits; what was left out is not left out in silence."""
    blocks: list[Block] = []
    for part in (None, *card.body):
        new = list(_title(card, scene) if part is None else _part(part, scene, room))
        cost = limits.weight(new)
        if len(blocks) + len(new) >= most or room - cost < SCARCE:
            return [*blocks, _context(SHORTENED)]
        blocks += new
        room -= cost
    return blocks


def _title(card: Card, scene: Scene) -> Iterator[Block]:
    words = plain_spans(card.title, scene.at, scene.names)
    if not clean(words).strip():
        return
    emoji = EMOJI[card.tone]
    if card.headline:
        yield {"type": "header", "text": _plain(plain(f"{emoji} {words}", limits.HEADER))}
        return
    before: Spans = (f"{emoji} ",) if emoji else ()
    yield from _section(mrkdwn((*before, Strong(card.title)), scene, limits.SECTION))


def _part(part: Part, scene: Scene, room: int) -> Iterable[Block]:
    """One part of the body in at most about `room` characters."""
    longest = max(min(limits.SECTION, room - 2 * SCARCE), SCARCE)
    match part:
        case Text(spans):
            return _section(mrkdwn(spans, scene, longest))
        case Note(spans):
            words = mrkdwn(spans, scene, longest)
            return (_context(words),) if words.strip() else ()
        case Facts(pairs):
            return _facts(pairs, scene, room)
        case Lines(items):
            return _lines(items, scene, longest, room)
        case Rule():
            # Sections stand apart already, and Slack's divider shouts.
            return ()
        case _:
            assert_never(part)


def _section(words: str) -> Iterator[Block]:
    if words.strip():
        yield {"type": "section", "text": rich_object(words)}


def _context(words: str) -> Block:
    return {"type": "context", "elements": [rich_object(words)]}


def _facts(pairs: tuple[tuple[str, Spans], ...], scene: Scene, room: int) -> Iterator[Block]:
    """Bold label over value, two columns on a desktop, eight to a section."""
    share = min(limits.FIELD, max((room - 2 * SCARCE) // max(len(pairs), 1), SCARCE))
    fields = [rich_object(mrkdwn((Strong((label,)), "\n", *value), scene, share)) for label, value in pairs]
    for start in range(0, len(fields), limits.FIELDS):
        yield {"type": "section", "fields": fields[start : start + limits.FIELDS]}


def _lines(items: tuple[Spans, ...], scene: Scene, longest: int, room: int) -> Iterator[Block]:
    """A list, a line each; more than one section takes goes on in the next."""
    held = ""
    for item in items:
        words = mrkdwn(("• ", *item), scene, longest)
        if held and len(held) + len(words) + 1 > longest:
            yield from _section(held)
            room -= len(held)
            held = ""
            if room < longest + 2 * SCARCE:
                yield _context(SHORTENED)
                return
        held = f"{held}\n{words}" if held else words
    yield from _section(held)


def _plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": True}
