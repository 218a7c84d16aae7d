"""Cards and moments as plain words: what notifications, screen readers, mail and the terminal show."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import assert_never

from bot.cards import (
    Card,
    Code,
    Due,
    Facts,
    Group,
    Lines,
    Link,
    Mention,
    Names,
    Note,
    Open,
    RoomLink,
    Rule,
    Span,
    Spans,
    Strong,
    Text,
    When,
)
from bot.refs import Person

NOW = timedelta(seconds=5)
"""Within this of its moment something is due now: reminders reach the chat a little after it."""


def due_words(moment: datetime, at: datetime) -> str:
    """What `Due(moment)` says at `at`: `due in 5 minutes`, `due now`, `13 seconds late`, `1 h 5 min late`."""
    late = at - moment
    if abs(late) < NOW:
        return "due now"
    length = span_words(abs(late))
    return f"{length} late" if late > timedelta() else f"due in {length}"


def span_words(length: timedelta) -> str:
    """A duration in a sentence: `45 seconds`, `5 minutes`, `1 h 50 min`, `2 days` (docs/words.md 1.8)."""
    seconds = round(length.total_seconds())
    if 0 < seconds < 60:
        return _count(seconds, "second")
    minutes = round(seconds / 60)
    if minutes < 60:
        return _count(minutes, "minute")
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(_count(days, "day"))
    if hours:
        parts.append(f"{hours} h")
    if minutes and not days:
        parts.append(f"{minutes} min")
    return " ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def utc_words(moment: datetime, at: datetime) -> str:
    """A moment for somebody whose zone nobody knows: `02:40 UTC`; more than 12 hours away with the day."""
    instant = moment.astimezone(UTC)
    if abs(moment - at) > timedelta(hours=12):
        return f"{instant:%a} {instant.day} {instant:%b} {instant:%H:%M} UTC"
    return f"{instant:%H:%M} UTC"


def plain_spans(spans: Spans, at: datetime, names: Names) -> str:
    """Spans as plain words, for notifications, screen readers and mail. `at` is the moment of sending."""
    return "".join(_plain(span, at, names) for span in spans)


def _plain(span: Span, at: datetime, names: Names) -> str:
    match span:
        case str():
            words = span
        case Mention(person):
            words = f"@{names.people.get(person) or 'someone'}"
        case Group(name):
            words = name.partition(":")[2] or name
        case Link(label, url):
            words = label or url
        case RoomLink(number):
            words = f"#{names.rooms.get(number) or f'inc-{number}'}"
        case When(moment):
            words = utc_words(moment, at)
        case Due(moment):
            words = due_words(moment, at)
        case Code(text):
            words = text
        case Strong(inner):
            words = plain_spans(inner, at, names)
        case _:
            assert_never(span)
    return words


def plain_text(card: Card, at: datetime, names: Names) -> str:
    """The whole card as sentences, ending with its buttons: `… Buttons: Post update, Resolve.` (docs/words.md 5)."""
    parts = [plain_spans(card.title, at, names)]
    for part in card.body:
        match part:
            case Text(spans) | Note(spans):
                parts.append(plain_spans(spans, at, names))
            case Facts(pairs):
                parts.extend(f"{label}: {plain_spans(value, at, names)}" for label, value in pairs)
            case Lines(items):
                parts.extend(plain_spans(item, at, names) for item in items)
            case Rule():
                pass
            case _:
                assert_never(part)
    labels = [action.label for action in card.actions]
    if labels:
        parts.append(f"Buttons: {', '.join(labels)}")
    return " ".join(_sentence(part) for part in parts if part.strip())


def _sentence(text: str) -> str:
    words = text.strip()
    return words if words[-1] in ".?!:" else f"{words}."


def spans_of(card: Card) -> Iterator[Span]:
    """Every span of a card, those inside `Strong` included."""
    todo: list[Span] = list(card.title)
    for part in card.body:
        match part:
            case Text(spans) | Note(spans):
                todo.extend(spans)
            case Facts(pairs):
                todo.extend(span for _, value in pairs for span in value)
            case Lines(items):
                todo.extend(span for item in items for span in item)
            case Rule():
                pass
            case _:
                assert_never(part)
    while todo:
        span = todo.pop(0)
        yield span
        if isinstance(span, Strong):
            todo[:0] = span.spans


def people_in(card: Card) -> frozenset[Person]:
    """Everybody the card mentions."""
    return frozenset(span.person for span in spans_of(card) if isinstance(span, Mention))


def rooms_in(card: Card) -> frozenset[int]:
    """Every incident whose room the card links to."""
    linked = {span.number for span in spans_of(card) if isinstance(span, RoomLink)}
    opened = {action.room for action in card.actions if isinstance(action, Open) and action.room is not None}
    return frozenset(linked | opened)
