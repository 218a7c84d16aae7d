"""What a button or a form of ours carries along unseen, under one key, and how it is read when it comes back.

It comes back through the client of whoever presses, so nothing in it is trusted: shapes are checked here, and
permission by the core all the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.teams.addresses import PERSON, person, spot
from adapters.teams.payload_faults import BadPayload
from adapters.teams.words import typed
from adapters.visible import clean
from bot.cards import Confirm, Press
from bot.questions import Ask, Field, Form

KEY = "sitrep"
"""Ours among what comes back; inputs stand beside it, each under its field's name."""
NOT_TICKED = "(not ticked)"
"""What a flag says that is not ticked: clients take an empty value for none."""
TICKED = "yes"
LARGEST = 2**31 - 1
WORD = 100
"""Characters of a command's word."""

_PEOPLE, _SEVERAL = "p", "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came back."""

    word: str
    incident: int | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    carried: Mapping[str, str] = field(default_factory=dict[str, str])
    """The listener's own."""
    question: Confirm | None = None
    """Asked before the press counts."""
    dangerous: bool = False
    """The question's "yes" cannot be taken back with a press."""
    confirmed: bool = False
    """The question was answered with yes."""
    closing: bool = False
    """The question was answered with no, or the form was closed."""


def of_press(press: Press, *, dangerous: bool = False) -> dict[str, Any]:
    """What a button carries."""
    question = press.confirm
    return _packed(
        {
            "w": press.command,
            "i": press.incident,
            "v": _cleaned(press.values),
            "q": [clean(each) for each in (question.title, question.text, question.yes, question.no)]
            if question
            else None,
            "d": dangerous or None,
        }
    )


def of_answer(told: Told) -> dict[str, Any]:
    """What the "yes" of a question carries: the press itself."""
    return _packed({"w": told.word, "i": told.incident, "v": dict(told.values), "c": dict(told.carried), "y": True})


def of_closing() -> dict[str, Any]:
    """What closes a question or a form without an effect."""
    return {KEY: {"w": "", "no": True}}


def of_form(form: Form, values: Mapping[str, str], carried: Mapping[str, str]) -> dict[str, Any]:
    """What a form carries. How a client writes several values or people down depends on the field, so it is said."""
    kinds = {each.name: kind for each in form.fields if (kind := _kind(each))}
    return _packed({"w": form.command, "i": form.incident, "v": _cleaned(values), "c": dict(carried), "k": kinds})


def read(value: Mapping[str, Any]) -> Told | None:
    """What a button or form of ours carried; None: it is not of ours. Raises BadPayload where it makes no sense."""
    found = value.get(KEY)
    if found is None:
        return None
    if not isinstance(found, dict):
        raise BadPayload("value is not ours")
    closing = found.get("no") is True
    word = found.get("w")
    if not isinstance(word, str) or len(word) > WORD or not (word or closing):
        raise BadPayload("value names no command")
    return Told(
        word=word,
        incident=_number(found.get("i")),
        values=_strings(found.get("v")),
        carried=_strings(found.get("c")),
        question=_question(found.get("q")),
        dangerous=found.get("d") is True,
        confirmed=found.get("y") is True,
        closing=closing,
    )


def answers(value: Mapping[str, Any], tenant: str) -> dict[str, str]:
    """What was filled in, by field, as a person would type it; what was left empty is not in it.

    People are `@{teams:tenant/id|}`, several values stand with blanks between. Raises BadPayload for what is no
    answer.
    """
    told = value.get(KEY)
    kinds = _strings(told.get("k")) if isinstance(told, dict) else {}
    found = {
        name: _answer(answer, kinds.get(name, ""), tenant)
        for name, answer in value.items()
        if name not in (KEY, "msteams")
    }
    return {name: words for name, words in found.items() if words}


def _answer(answer: object, kind: str, tenant: str) -> str:
    if answer is None or answer is False:
        return ""
    if answer is True:
        return TICKED
    if not isinstance(answer, str):
        raise BadPayload("an input gives no text")
    if kind == _PEOPLE:
        return " ".join(_people(answer, tenant))
    words = typed(answer).strip()
    if kind == _SEVERAL:
        return " ".join(part.strip() for part in words.split(",") if part.strip())
    return "" if words == NOT_TICKED else words


def _people(answer: str, tenant: str) -> Iterator[str]:
    """Those of our tenant: an identity, as we offer people, or an object id, as Teams' own search gives them."""
    for part in (part.strip() for part in answer.split(",")):
        if set(part) & set("{}@|"):
            continue
        place = spot(part)
        if place and place.user and place.tenant == tenant:
            yield f"@{{{part}|}}"
        elif place is None and PERSON.fullmatch(part):
            yield f"@{{{person(tenant, part)}|}}"


def _kind(field: Field) -> str:
    """What is typed keeps its commas, which part services with names of two words; a choice of several has them too."""
    if field.ask is Ask.PERSON:
        return _PEOPLE
    return _SEVERAL if field.several and field.options else ""


def _packed(value: Mapping[str, Any]) -> dict[str, Any]:
    return {KEY: {key: item for key, item in value.items() if item not in (None, {})}}


def _cleaned(values: Mapping[str, str]) -> dict[str, str]:
    return {name: clean(text) for name, text in values.items()}


def _number(found: object) -> int | None:
    if found is None or (type(found) is int and 0 < found <= LARGEST):
        return found
    raise BadPayload("value names no incident")


def _strings(found: object) -> dict[str, str]:
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise BadPayload("value is not ours")
    return found


def _question(found: object) -> Confirm | None:
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != 4 or not all(isinstance(words, str) for words in found):
        raise BadPayload("value asks nothing")
    title, text, yes, no = found
    return Confirm(title=title, text=text, yes=yes, no=no)
