"""Cards and forms as the page draws them: JSON of a few node kinds. A string in it is text, whatever stands in it.

A moment goes out as an instant with its UTC words beside it: the page shows it in the zone of whoever it speaks to. A
mention, a room and a link are nodes that only a span of that kind becomes, so nothing can be smuggled in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from adapters.local.addresses import person, place
from adapters.visible import clean, one_line, page_address
from bot.cards import (
    Action,
    Card,
    Code,
    Confirm,
    Due,
    Facts,
    Group,
    Lines,
    Link,
    Mention,
    Names,
    Note,
    Open,
    Part,
    Press,
    RoomLink,
    Rule,
    Span,
    Spans,
    Strong,
    Text,
    When,
)
from bot.plain import plain_spans, plain_text, utc_words
from bot.questions import Ask, Field, Form, Option
from bot.refs import Person, reference

Node = Any
"""What JSON holds: a string, or an object of one kind."""

FAR = timedelta(hours=12)
"""A moment further away is shown with its day."""
NOTHING = "(no words)"
_TYPED = re.compile(r"`([^`\n]{1,200})`")


@dataclass(frozen=True, slots=True)
class Scene:
    """When the words are sent, and who and where the people and rooms in them are."""

    at: datetime
    names: Names


def message(card: Card, at: datetime, names: Names) -> dict[str, Any]:
    """The card as the page draws it, less buttons that lead nowhere. `at` is the moment of sending."""
    scene = Scene(at, names)
    actions = tuple(action for action in card.actions if _leads_somewhere(action, names))
    return {
        "tone": card.tone.value,
        "headline": card.headline,
        "title": _spans(card.title, scene),
        "body": [_part(part, scene) for part in card.body],
        "actions": [_action(action, scene) for action in actions],
        "spoken": clean(plain_text(replace(card, actions=actions), at, names)).strip() or NOTHING,
    }


def form(asked: Form, at: datetime, names: Names) -> dict[str, Any]:
    """The form as the page draws it; submitting it is its word."""
    scene = Scene(at, names)
    return {
        "title": one_line(asked.title),
        "word": asked.command,
        "submit": one_line(asked.submit) or "Send",
        "incident": asked.incident,
        "values": _cleaned(asked.values),
        "above": _spans(asked.above, scene),
        "preview": [message(card, at, names) for card in asked.preview],
        "fields": [_field(field, scene) for field in asked.fields],
    }


def _part(part: Part, scene: Scene) -> Node:
    match part:
        case Text(spans):
            return {"text": _spans(spans, scene)}
        case Note(spans):
            return {"note": _spans(spans, scene)}
        case Facts(pairs):
            return {"facts": [[one_line(label), _spans(value, scene)] for label, value in pairs]}
        case Lines(items):
            return {"lines": [_spans(item, scene) for item in items]}
        case Rule():
            return {"rule": True}
        case _:
            assert_never(part)


def _spans(spans: Spans, scene: Scene) -> list[Node]:
    found = (node for span in spans for node in _nodes(span, scene))
    return [node for node in found if node != ""]


def _nodes(span: Span, scene: Scene) -> Iterator[Node]:
    """A refusal is a plain sentence in which words to type stand between backticks; other chats draw them so too."""
    node = _span(span, scene)
    if not isinstance(node, str):
        yield node
        return
    for place_, words in enumerate(_TYPED.split(node)):
        yield {"code": words} if place_ % 2 else words


def _span(span: Span, scene: Scene) -> Node:
    match span:
        case str() | Due() | Group():
            node: Node = clean(plain_spans((span,), scene.at, scene.names))
        case Mention(who):
            node = {"mention": _somebody(who, scene.names), "name": one_line(scene.names.people.get(who) or "someone")}
        case Link(label, url):
            address = page_address(url)
            words = one_line(label) or clean(url)
            node = {"link": address, "label": words} if address else words
        case RoomLink(number):
            name = one_line(scene.names.rooms.get(number) or f"inc-{number}")
            node = {"room": _room(number, scene.names), "name": name}
        case When(moment):
            node = {
                "when": stamp(moment),
                "utc": utc_words(moment, scene.at),
                "far": abs(moment - scene.at) > FAR,
            }
        case Code(text):
            node = {"code": clean(text)}
        case Strong(inner):
            node = {"strong": _spans(inner, scene)}
        case _:
            assert_never(span)
    return node


def _leads_somewhere(action: Action, names: Names) -> bool:
    """Whether it can be named and pressed."""
    if not one_line(action.label):
        return False
    match action:
        case Press():
            return True
        case Open(room=room) if room is not None and not action.url:
            return _room(room, names) is not None
        case Open():
            return bool(page_address(action.url))
        case _:
            assert_never(action)


def _action(action: Action, scene: Scene) -> Node:
    match action:
        case Press():
            return {
                "label": one_line(action.label),
                "word": action.command,
                "values": _cleaned(action.values),
                "incident": action.incident,
                "style": action.style.value,
                "more": action.more,
                "spoken": _spoken(f"{one_line(action.label)} on", action.incident),
                "confirm": _confirm(action.confirm) if action.confirm else None,
            }
        case Open():
            label = one_line(action.label)
            if action.room is not None and not action.url:
                return {"label": label, "room": _room(action.room, scene.names)}
            return {"label": label, "url": page_address(action.url)}
        case _:
            assert_never(action)


def _cleaned(values: Mapping[str, str]) -> dict[str, str]:
    return {name: clean(text) for name, text in values.items()}


def _spoken(words: str, number: int | None) -> str:
    """For screen readers, which read a button without what stands around it: `Post update on INC-42`."""
    if number is None or reference(number) in words:
        return words.removesuffix(" on")
    return f"{words} {reference(number)}"


def _confirm(question: Confirm) -> Node:
    return {
        "title": one_line(question.title),
        "text": clean(question.text),
        "yes": one_line(question.yes),
        "no": one_line(question.no),
    }


def _field(field: Field, scene: Scene) -> Node:
    return {
        "name": field.name,
        "label": one_line(field.label) or field.name,
        "ask": field.ask.value,
        "required": field.required and field.ask is not Ask.FLAG,
        "hint": clean(field.hint),
        "options": [_option(option) for option in field.options],
        "several": field.several,
        "value": clean(field.value),
        "people": _proposed(field, scene.names) if field.ask is Ask.PERSON else [],
        "finding": clean(field.finding),
        "limit": field.limit,
    }


def _option(option: Option) -> Node:
    label = one_line(option.label) or one_line(option.value)
    return {"value": option.value, "label": label, "description": one_line(option.description)}


def _proposed(field: Field, names: Names) -> list[str]:
    """Those a field is filled in with whom this chat knows."""
    told = (word.removeprefix("@") for word in field.value.replace(",", " ").split())
    known = (_somebody(Person(word), names) for word in told)
    return [who for who in known if who]


def _somebody(who: Person, names: Names) -> str | None:
    return next((found for one in names.identities.get(who, ()) if (found := person(one))), None)


def _room(number: int, names: Names) -> str | None:
    return next((found for one in names.places.get(number, ()) if (found := place(one))), None)


def stamp(moment: datetime) -> str:
    """An instant as the page reads it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
