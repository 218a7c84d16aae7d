"""A card as a message in Teams: an Adaptive Card, and `summary` for previews and notifications (docs/words.md 5).

Every message is a card, a line too: in a message's plain text Teams would read markdown and tags.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from adapters.cutting import cut
from adapters.teams import limits
from adapters.teams.buttons import action_sets, layout
from adapters.teams.mentions import calls, entities
from adapters.teams.spans import Scene, Setting, markdown
from adapters.teams.text import untagged, weight
from adapters.visible import clean
from bot.cards import Card, Facts, Lines, Names, Note, Part, Rule, Spans, Text, Tone
from bot.plain import plain_spans, plain_text

Element = dict[str, Any]

EMOJI: Mapping[Tone, str] = {
    Tone.NEUTRAL: "",
    Tone.GOOD: "✅",
    Tone.WARNING: "⚠️",
    Tone.CRITICAL: "🔴",
    Tone.DRILL: "🎓",
}
"""Before the title and nowhere else; the words say it too."""
STYLES: Mapping[Tone, str] = {
    Tone.NEUTRAL: "emphasis",
    Tone.GOOD: "good",
    Tone.WARNING: "warning",
    Tone.CRITICAL: "attention",
    Tone.DRILL: "emphasis",
}
"""Behind the title."""
SHORTENED = "Shortened: the rest does not fit into one message."
SCARCE = 600
"""Bytes. With less left for a message's body, the next part is left out."""
FRAME = 600
"""Bytes of a message around its words."""
EMPTY = "\N{EN DASH}"
"""In the place of a fact's label or value that says nothing."""
NOTHING = "(no words)"
"""Neither a message's summary nor its card may be empty."""


def message(card: Card, at: datetime, names: Names, setting: Setting) -> dict[str, Any]:
    """The fields of an outgoing activity, within Teams' limits. `at` is the moment of sending.

    What is too long is cut and says so.
    """
    called = calls(card, names, setting)
    scene = Scene(at=at, names=names, setting=setting, calls=called)
    shown = layout(card.actions, names, setting)
    buttons = action_sets(shown, names, setting)
    words = spoken(replace(card, actions=shown.in_order()), at, names)
    taken = limits.weight([buttons, words, words, [each.entity() for each in called.values()]])
    body = within(limits.TOTAL - limits.OWN - FRAME - taken, card, scene) or [block(NOTHING)]
    tagged = entities(called, "\n".join(limits.rich(body)))
    return activity([*body, *buttons], words, entities=tagged)


def activity(body: list[Element], words: str, **msteams: Any) -> dict[str, Any]:
    """A message that is one card. `words`: all of it as sentences; as `speak` they may be read as SSML."""
    shown = {name: value for name, value in msteams.items() if value}
    attached = attachment({"body": body, "speak": untagged(words)}, **shown)
    return {"type": "message", "summary": words, "attachments": [attached]}


def attachment(content: Mapping[str, Any], **msteams: Any) -> dict[str, Any]:
    """A card as messages and dialogs hold it, as wide as it may be."""
    card = {"type": "AdaptiveCard", "version": limits.VERSION, "msteams": {"width": "Full", **msteams}, **content}
    return {"contentType": limits.CARD_TYPE, "content": card}


def spoken(card: Card, at: datetime, names: Names) -> str:
    """The whole card as sentences, its buttons at the end whatever had to be cut before them."""
    buttons = cut(clean(plain_text(Card(actions=card.actions), at, names)), limits.SPOKEN // 2, weight)
    words = clean(plain_text(replace(card, actions=()), at, names)).strip()
    return f"{cut(words, limits.SPOKEN - weight(buttons) - 1, weight)} {buttons}".strip() or NOTHING


def block(words: str, **look: Any) -> Element:
    """A paragraph; without `wrap` Teams would cut it at the end of the line."""
    return {"type": "TextBlock", "text": words, "wrap": True, **look}


def heading(title: Spans, scene: Scene, tone: Tone = Tone.NEUTRAL) -> list[Element]:
    """The title, in the colour of its tone from edge to edge; nothing where there is none."""
    words = plain_spans(title, scene.at, scene.names)
    if not clean(words).strip():
        return []
    shown = markdown((f"{EMOJI[tone]} {words}",), scene, limits.SPOKEN)
    bold = block(shown, style="heading", weight="Bolder", size="Medium")
    return [{"type": "Container", "style": STYLES[tone], "bleed": True, "items": [bold]}]


def within(room: int, card: Card, scene: Scene) -> list[Element]:
    """Title and body in at most so many bytes; what was left out is not left out in silence."""
    elements: list[Element] = []
    for part in (None, *card.body):
        new = heading(card.title, scene, card.tone) if part is None else list(_part(part, scene, room))
        cost = limits.weight(new)
        if new and room - cost < SCARCE:
            return [*elements, _quiet(SHORTENED)]
        elements += new
        room -= cost
    return elements


def _part(part: Part, scene: Scene, room: int) -> Iterable[Element]:
    """One part of the body in at most about `room` bytes."""
    longest = max(min(limits.TEXT, room - 2 * SCARCE), SCARCE)
    match part:
        case Text(spans):
            return _paragraph(markdown(spans, scene, longest))
        case Note(spans):
            words = markdown(spans, scene, longest)
            return (_quiet(words),) if words else ()
        case Facts(pairs):
            return _facts(pairs, scene, room)
        case Lines(items):
            return _lines(items, scene, longest, room)
        case Rule():
            # Paragraphs stand apart already, and a line across shouts.
            return ()
        case _:
            assert_never(part)


def _paragraph(words: str) -> Iterator[Element]:
    if words:
        yield block(words)


def _quiet(words: str) -> Element:
    return block(words, size="Small")


def _facts(pairs: tuple[tuple[str, Spans], ...], scene: Scene, room: int) -> Iterator[Element]:
    """Eight to a set; a label without a value stands there all the same."""
    share = min(limits.FACT, max((room - 2 * SCARCE) // max(2 * len(pairs), 1), SCARCE // 4))
    facts = [
        {"title": markdown((label,), scene, share) or EMPTY, "value": markdown(value, scene, share) or EMPTY}
        for label, value in pairs
    ]
    for start in range(0, len(facts), limits.FACTS):
        yield {"type": "FactSet", "facts": facts[start : start + limits.FACTS]}


def _lines(items: tuple[Spans, ...], scene: Scene, longest: int, room: int) -> Iterator[Element]:
    """A list, a block each, close together."""
    first = True
    for item in items:
        words = markdown(("• ", *item), scene, longest)
        shown = block(words) if first else block(words, spacing="Small")
        room -= limits.weight(shown) + 1
        if room < 2 * SCARCE:
            yield _quiet(SHORTENED)
            return
        yield shown
        first = False
