"""A form as a dialog, or as a message with inputs where its reader is alone; and the question before a press counts.

Submitting a form is the command: its word, what is settled, and the listener's own come back with the answers
(`adapters.teams.carried`), so that no submission needs a memory of ours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.teams import limits
from adapters.teams.buttons import executed
from adapters.teams.carried import KEY, Told, of_answer, of_closing, of_form
from adapters.teams.inputs import Drawing, question
from adapters.teams.render import activity, attachment, block, heading, spoken, within
from adapters.teams.spans import Scene, Setting, markdown
from adapters.teams.text import plain
from adapters.visible import clean
from bot.cards import Card, Confirm, Lines, Names, Press, Spans, Text
from bot.questions import Ask, Field, Form

BACK = "Back"
"""Closes the form. "Cancel" would be a word of ours, and "Close" another."""
SHORTENED = "Shortened: what was filled in before does not fit into one form."
SMALLEST = 64
"""Bytes for a field, when nothing else fits."""
FEW = 3
"""Fields that a dialog of medium height shows at once."""
FRAME = 600
"""Bytes of a form around its fields."""
NEVER = datetime.min.replace(tzinfo=UTC)
"""A question speaks of no moment."""

Element = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A form's data, and the fields it shows."""

    data: dict[str, Any]
    fields: tuple[Field, ...]


def dialog(
    form: Form, at: datetime, names: Names, setting: Setting, carried: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The form as Teams' task info, within its limits. `carried` comes back in `Told`; it may hold no secret."""
    kept = _kept(form, carried or {})
    submit = {"type": "Action.Submit", "title": _submit(form), "data": kept.data, "style": "positive"}
    body = _fitting(form, kept.fields, Scene(at=at, names=names, setting=setting), limits.weight(submit))
    return {
        "title": plain(form.title, limits.TITLE) or "Sitrep",
        "height": "medium" if len(kept.fields) <= FEW else "large",
        "width": "medium",
        "card": attachment({"body": body, "actions": [submit]}),
    }


def form_message(
    form: Form, at: datetime, names: Names, setting: Setting, carried: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The form as the fields of an outgoing activity, with a button that leaves it."""
    kept = _kept(form, carried or {})
    submit = executed(_submit(form), form.command, kept.data, style="positive")
    words = _spoken(form, kept.fields, at, names)
    title = heading((form.title,), Scene(at=at, names=names, setting=setting))
    buttons = [submit, _leave(BACK)]
    taken = limits.weight([buttons, words, words, title])
    body = _fitting(form, kept.fields, Scene(at=at, names=names, setting=setting), taken)
    return activity([*title, *body, {"type": "ActionSet", "actions": buttons}], words)


def question_dialog(told: Told, setting: Setting) -> dict[str, Any]:
    """What is asked before a press counts, as Teams' task info. Its "yes" is the press."""
    asked = _asked(told)
    yes = {"type": "Action.Submit", "title": asked.yes, "data": of_answer(told), **_look(told)}
    no = {"type": "Action.Submit", "title": asked.no, "data": of_closing()}
    return {
        "title": plain(asked.title, limits.TITLE),
        "height": "small",
        "width": "small",
        "card": attachment({"body": _sentence(asked, setting), "actions": [yes, no]}),
    }


def question_message(told: Told, setting: Setting) -> dict[str, Any]:
    """The same as the fields of an outgoing activity."""
    asked = _asked(told)
    yes = executed(asked.yes, told.word, of_answer(told), **_look(told))
    presses = tuple(Press(label=label, command=told.word) for label in (asked.yes, asked.no))
    card = Card(title=(asked.title,), body=(Text((asked.text,)),), actions=presses)
    title = heading((asked.title,), _scene(setting))
    buttons = {"type": "ActionSet", "actions": [yes, _leave(asked.no)]}
    return activity([*title, *_sentence(asked, setting), buttons], spoken(card, NEVER, Names()))


def _asked(told: Told) -> Confirm:
    asked = told.question
    return Confirm(
        title=plain(asked.title if asked else "", limits.LABEL) or "Sure?",
        text=(clean(asked.text).strip() if asked else "") or "This cannot be taken back with a press.",
        yes=plain(asked.yes if asked else "", limits.BUTTON) or "Yes",
        no=plain(asked.no if asked else "", limits.BUTTON) or "No",
    )


def _sentence(asked: Confirm, setting: Setting) -> list[Element]:
    return [block(markdown((asked.text,), _scene(setting), limits.FACT))]


def _scene(setting: Setting) -> Scene:
    return Scene(at=NEVER, names=Names(), setting=setting)


def _look(told: Told) -> dict[str, str]:
    return {"style": "destructive" if told.dangerous else "positive"}


def _leave(label: str) -> Element:
    """A button that closes what it stands on; nothing has to be filled in for it."""
    return executed(label, KEY, of_closing(), associatedInputs="none")


def _submit(form: Form) -> str:
    return plain(form.submit, limits.BUTTON) or "Send"


def _kept(form: Form, carried: Mapping[str, str]) -> Carried:
    """What is carried along, and what is too long for it: that is shown as fields, for nothing may be lost."""
    values, shown = dict(form.values), list(form.fields)
    while True:
        data = of_form(replace(form, fields=tuple(shown)), values, carried)
        if limits.weight(data) <= limits.CARRIED_WEIGHT or not values:
            return Carried(data=data, fields=tuple(shown))
        name = max(values, key=lambda one: len(values[one]))
        label = name.replace("_", " ").capitalize()
        shown.append(Field(name=name, label=label, ask=Ask.LONG_TEXT, required=False, value=values.pop(name)))


def _fitting(form: Form, fields: tuple[Field, ...], scene: Scene, taken: int) -> list[Element]:
    """What is known and the questions. Where all of it does not fit, every field gets less, and that is said."""
    room = share = limits.TOTAL - limits.OWN - FRAME - taken
    while True:
        drawing = Drawing(scene=scene, share=share, command=form.command)
        before = [*_preview(form, scene, share // 2), *_above(form.above, scene, share // 4)]
        body = [*before, *_questions(fields, drawing)]
        shown = body if share == room else [block(SHORTENED, size="Small"), *body]
        if limits.weight(shown) <= room or share <= SMALLEST:
            return shown or [block(_submit(form))]
        share //= 2


def _preview(form: Form, scene: Scene, room: int) -> Iterator[Element]:
    """What each audience will read, before the fields it is written in."""
    for card in form.preview:
        yield from within(room // len(form.preview), card, scene)


def _above(spans: Spans, scene: Scene, room: int) -> Iterator[Element]:
    words = markdown(spans, scene, room)
    if words:
        yield block(words)


def _questions(fields: tuple[Field, ...], drawing: Drawing) -> Iterator[Element]:
    for field in fields:
        yield from question(field, drawing)


def _spoken(form: Form, fields: tuple[Field, ...], at: datetime, names: Names) -> str:
    asked = tuple((words,) for field in fields for words in (field.finding, field.label) if words)
    actions = tuple(Press(label=label, command=form.command) for label in (_submit(form), BACK))
    read = tuple(part for card in form.preview for part in (Text(card.title), *card.body))
    body = (*read, Text(form.above), Lines(asked))
    return spoken(Card(title=(form.title,), body=body, actions=actions), at, names)
