"""A form's fields as Teams' inputs. An input's `id` is the field's name: values come back by it.

The label belongs to the input, for screen readers say it there; a finding stands above, the hint below.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from adapters.cutting import cut
from adapters.teams import limits
from adapters.teams.addresses import spot
from adapters.teams.carried import NOT_TICKED, TICKED
from adapters.teams.mentions import user_of
from adapters.teams.spans import Scene, markdown
from adapters.teams.text import defused, plain
from adapters.visible import clean, one_line
from bot.cards import Strong
from bot.catalog import find
from bot.commands.fields import field_of
from bot.commands.values import missing_words
from bot.questions import Ask, Field, Option
from bot.refs import Identity, Person

PEOPLE = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
"""Teams' own search for people: what is picked there comes back as an object id."""
_MARKER = re.compile(r"@?\{(?P<identity>[^|}]*)\|(?P<name>[^}]*)\}|@?(?P<person>[^\s@{}]+)")

Element = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What it takes to draw a field."""

    scene: Scene
    share: int
    """Bytes that one field may take up, about."""
    command: str
    """The word that the form is for, which knows what to say where an answer is missing."""

    def shorter(self, text: str, limit: int) -> str:
        """Text where nothing is markup, at most `limit` characters and a part of the share."""
        return cut(plain(text, limit), max(self.share // 16, 1), limits.letters)


def question(field: Field, drawing: Drawing) -> Iterator[Element]:
    """One question: what was wrong with its answer, the input, and its hint."""
    finding = markdown((Strong((field.finding,)),), drawing.scene, drawing.share // 8)
    if finding:
        yield {"type": "TextBlock", "text": finding, "wrap": True, "color": "Attention"}
    yield _input(field, drawing)
    hint = markdown((field.hint,), drawing.scene, drawing.share // 8)
    if hint and field.ask is not Ask.FLAG:
        yield {"type": "TextBlock", "text": hint, "wrap": True, "size": "Small", "spacing": "Small"}


def _input(field: Field, drawing: Drawing) -> Element:
    """A flag is never required: Teams would demand that it be ticked."""
    element = _element(field, drawing)
    label = drawing.shorter(field.label, limits.LABEL) or field.name
    shown: Element = {"type": element.pop("type"), "id": field.name, "label": label, **element}
    if field.required and field.ask is not Ask.FLAG:
        shown |= {"isRequired": True, "errorMessage": _missing(field, drawing.command)}
    return shown


def _missing(field: Field, command: str) -> str:
    """The same words as the core has for it: Teams asks for what is required before it sends anything."""
    spec = find(command)
    known = field_of(spec, field.name) if spec else None
    return plain(missing_words(known) if known else field.hint, limits.LABEL) or "Answer this."


def _element(field: Field, drawing: Drawing) -> Element:
    match field.ask:
        case Ask.TEXT | Ask.LONG_TEXT:
            return _typed(field, drawing)
        case Ask.PERSON:
            return _people(field, drawing)
        case Ask.FLAG:
            return _flag(field, drawing)
        case Ask.INCIDENT:
            return _chosen(field, drawing, open_choices=0)
        case Ask.ROLE | Ask.PRIORITY | Ask.LEVEL | Ask.STATUS | Ask.AUDIENCE | Ask.CHOICE | Ask.MOMENT | Ask.DURATION:
            return _chosen(field, drawing, open_choices=limits.OPEN_CHOICES)
        case _:
            assert_never(field.ask)


def _typed(field: Field, drawing: Drawing) -> Element:
    longest = min(field.limit or limits.INPUT, limits.INPUT)
    words = cut(cut(clean(field.value).strip(), longest), drawing.share // 2, limits.letters)
    element: Element = {"type": "Input.Text", "isMultiline": field.ask is Ask.LONG_TEXT, "maxLength": longest}
    return element | ({"value": words} if words else {})


def _flag(field: Field, drawing: Drawing) -> Element:
    """A box to tick. Its words are the hint, so that the label is not said twice."""
    words = field.options[0].label if field.options else field.hint
    ticked = field.value.strip().casefold() in {TICKED, "true", "on", field.name.casefold()}
    return {
        "type": "Input.Toggle",
        "title": _title(words, drawing) or "Yes",
        "valueOn": TICKED,
        "valueOff": NOT_TICKED,
        "value": TICKED if ticked else NOT_TICKED,
        "wrap": True,
    }


def _people(field: Field, drawing: Drawing) -> Element:
    """Those who are proposed, those of the conversation, and whoever Teams finds."""
    proposed = dict(_proposed(field.value, drawing.scene))
    offered = {**proposed, **{who: name for who, name in drawing.scene.setting.people if who not in proposed}}
    choices = [
        {"title": _title(name, drawing) or "Somebody", "value": str(who)}
        for who, name in offered.items()
        if "," not in who and len(who) <= limits.CHOICE_VALUE
    ]
    kept = list(_affordable(choices, drawing.share))
    element: Element = {
        "type": "Input.ChoiceSet",
        "style": "filtered",
        "isMultiSelect": field.several,
        "choices": kept,
        "choices.data": dict(PEOPLE),
    }
    wanted = [choice["value"] for choice in kept if choice["value"] in proposed]
    return element | ({"value": ",".join(wanted if field.several else wanted[:1])} if wanted else {})


def _proposed(value: str, scene: Scene) -> Iterator[tuple[Identity, str]]:
    """Those named in a value (`@P-17`, `@{teams:tenant/id|Ben}`) who are of this tenant."""
    offered = dict(scene.setting.people)
    for found in _MARKER.finditer(value):
        who = Person(found["person"] or "")
        identities = (Identity(found["identity"]),) if found["identity"] else scene.names.identities.get(who, ())
        for identity in identities:
            if spot(identity) and user_of(identity, scene.setting):
                yield identity, found["name"] or scene.names.people.get(who) or offered.get(identity, "")


def _chosen(field: Field, drawing: Drawing, *, open_choices: int) -> Element:
    """Few options stand open, each with its description; many go into a list; without any, the value is typed."""
    usable = list(_usable(field))
    if not usable:
        return _typed(field, drawing)
    stands_open = len(usable) <= open_choices
    choices = [_choice(option, drawing, described=stands_open) for option in usable[: limits.LISTED_CHOICES]]
    kept = list(_affordable(choices, drawing.share))
    element: Element = {
        "type": "Input.ChoiceSet",
        "style": "expanded" if stands_open else "compact",
        "isMultiSelect": field.several,
        "wrap": True,
        "choices": kept,
    }
    wanted = field.value.split() if field.several else [field.value.strip()]
    chosen = [choice["value"] for choice in kept if choice["value"] in wanted]
    return element | ({"value": ",".join(chosen if field.several else chosen[:1])} if chosen else {})


def _usable(field: Field) -> Iterator[Option]:
    """Each value once. One that would not come back as it is, is left out."""
    found = {
        option.value: option
        for option in field.options
        if 0 < len(option.value) <= limits.CHOICE_VALUE
        and one_line(option.value) == option.value
        and not (field.several and "," in option.value)
    }
    yield from found.values()


def _choice(option: Option, drawing: Drawing, *, described: bool) -> dict[str, str]:
    label = one_line(option.label) or option.value
    more = one_line(option.description) if described else ""
    joint = ": " if more[:1].islower() else ". "
    words = f"{label.rstrip('.')}{joint}{more}" if more else label
    return {"title": _title(words, drawing) or option.value, "value": option.value}


def _title(words: str, drawing: Drawing) -> str:
    """Some clients read markdown here, others show it as it is."""
    return defused(drawing.shorter(words, limits.CHOICE_WORDS), limits.CHOICE_WORDS)[: limits.CHOICE]


def _affordable(choices: list[dict[str, str]], share: int) -> Iterator[dict[str, str]]:
    for choice in choices:
        share -= limits.weight(choice) + 1
        if share < 0:
            return
        yield choice
