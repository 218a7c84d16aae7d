"""A card's actions as Teams' buttons. A button is a command: `verb` is the word, `data` what goes with it.

`Action.Execute` is answered at once and has `Action.Submit` as its fallback for clients that do not know it. A press
that needs a form or asks first opens a dialog where others read along; a dialog takes `Action.Submit`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, assert_never

from adapters.teams import limits
from adapters.teams.carried import KEY, of_press
from adapters.teams.deep_links import room_url
from adapters.teams.spans import Setting
from adapters.teams.text import plain, web_url
from adapters.visible import clean
from bot.cards import Action, Names, Open, Press, Style
from bot.catalog import find
from bot.commands.fields import fields_of, is_blank
from bot.refs import reference

OPENS_DIALOG = {"type": "task/fetch"}

Button = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What of a card's actions is shown, and where. What Teams could not carry is not in it."""

    rows: tuple[tuple[Action, ...], ...] = ()
    more: tuple[Press, ...] = ()

    def in_order(self) -> tuple[Action, ...]:
        """Everything shown, as it stands from left to right."""
        return (*(action for row in self.rows for action in row), *self.more)


def needs_form(press: Press) -> bool:
    """Whether the press may open a form: it lacks what its command requires, or only the core can tell."""
    spec = find(press.command)
    if spec is None:
        return False
    if spec.lacks or spec.previewed or (spec.about == "incident" and press.incident is None):
        return True
    asked = (each for each in fields_of(spec) if each.param.required and each.typeable and each.param.in_form)
    return any(is_blank(press.values.get(each.name, "")) for each in asked)


def layout(actions: tuple[Action, ...], names: Names, setting: Setting) -> Layout:
    """Rows of as many buttons as a phone shows side by side, and what is under More.

    Beyond what Teams takes, the last are left out, and so is a button without an address to open or with values that
    do not fit.
    """
    usable = list(_affordable((_labelled(one) for one in actions if _works(one, names, setting)), names, setting))
    more = tuple(action for action in usable if isinstance(action, Press) and action.more)
    rest = (action for action in usable if not (isinstance(action, Press) and action.more))
    return Layout(rows=tuple(_rows(rest))[: limits.ROWS], more=more[: limits.ACTIONS])


def action_sets(shown: Layout, names: Names, setting: Setting) -> list[dict[str, Any]]:
    """The rows of buttons; More stands at the end of the last."""
    presses = (action for row in shown.rows for action in row if isinstance(action, Press))
    first = next((press for press in presses if press.style is Style.PRIMARY), None)
    rows = [[_button(action, names, setting, primary=action is first) for action in row] for row in shown.rows]
    hidden = [_button(press, names, setting, primary=False) | {"mode": "secondary"} for press in shown.more]
    if hidden:
        rows = [*rows[:-1], [*(rows[-1] if rows else ()), *hidden]]
    return [{"type": "ActionSet", "actions": row} for row in rows]


def executed(title: str, word: str, data: dict[str, Any], **more: Any) -> Button:
    """A button whose press is answered at once, with its fallback."""
    submit = {"type": "Action.Submit", "title": title, "data": data, **more}
    return {"type": "Action.Execute", "title": title, "verb": word, "data": data, **more, "fallback": submit}


def _rows(actions: Iterable[Action]) -> Iterator[tuple[Action, ...]]:
    row: tuple[Action, ...] = ()
    for action in actions:
        width = sum(len(each.label) for each in (*row, action))
        if row and (width > limits.ROW or len(row) >= limits.ACTIONS):
            yield row
            row = ()
        row = (*row, action)
    if row:
        yield row


def _affordable(actions: Iterable[Action], names: Names, setting: Setting) -> Iterator[Action]:
    room = limits.ACTIONS_WEIGHT
    for action in actions:
        room -= limits.weight(_button(action, names, setting, primary=True))
        if room >= 0:
            yield action


def _labelled(action: Action) -> Action:
    return replace(action, label=plain(action.label, limits.BUTTON))


def _works(action: Action, names: Names, setting: Setting) -> bool:
    if not clean(action.label).strip():
        return False
    match action:
        case Press():
            return limits.weight(of_press(action)) <= limits.VALUES_WEIGHT
        case Open():
            return 0 < len(_target(action, names, setting)) <= limits.URL
        case _:
            assert_never(action)


def _target(action: Open, names: Names, setting: Setting) -> str:
    if action.url:
        return web_url(action.url)
    return room_url(action.room, names, setting.tenant) if action.room is not None else ""


def _button(action: Action, names: Names, setting: Setting, *, primary: bool) -> Button:
    match action:
        case Press():
            return _press(action, setting, primary=primary)
        case Open():
            button = {"type": "Action.OpenUrl", "title": action.label, "url": _target(action, names, setting)}
            return button | _spoken(f"{action.label} of", action.room)
        case _:
            assert_never(action)


def _press(press: Press, setting: Setting, *, primary: bool) -> Button:
    """`destructive` stands on the button that does it: the question's, where there is one (docs/words.md 5)."""
    look = _spoken(f"{press.label} on", press.incident)
    if primary:
        look["style"] = "positive"
    elif press.style is Style.DANGER and not press.confirm:
        look["style"] = "destructive"
    data = of_press(press, dangerous=press.style is Style.DANGER and press.confirm is not None)
    if not setting.personal and (press.confirm or needs_form(press)):
        opening = {"msteams": OPENS_DIALOG, KEY: data[KEY]}
        return {"type": "Action.Submit", "title": press.label, "data": opening, **look}
    return executed(press.label, press.command, data, **look)


def _spoken(words: str, number: int | None) -> dict[str, str]:
    """For screen readers, which read a button without what stands around it: `Post update on INC-42`."""
    if number is None or reference(number) in words:
        return {}
    return {"tooltip": plain(f"{words} {reference(number)}", limits.TOOLTIP)}
