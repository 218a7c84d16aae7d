"""A card's actions as Slack's elements. A button is a command: `action_id` is the word, `value` what goes with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, assert_never
from urllib.parse import urlencode

from adapters.slack import limits
from adapters.slack.mrkdwn import room_spot
from adapters.slack.text import packed, plain, text_object, web_url
from adapters.visible import clean
from bot.cards import Action, Confirm, Names, Open, Press, Style
from bot.refs import reference

MENU = "_more"
"""The `action_id` of a menu, whose options name their words themselves. No word begins with `_`."""
PAGE = "_open"
"""The `action_id` of a button that opens a page. Slack tells us of the press all the same; there is nothing to do."""
REDIRECT = "https://slack.com/app_redirect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What of a card's actions is shown, and where. What Slack could not carry is not in it."""

    buttons: tuple[Action, ...] = ()
    menus: tuple[tuple[Press, ...], ...] = ()

    def in_order(self) -> tuple[Action, ...]:
        """Everything shown, as it stands from left to right."""
        return (*self.buttons, *(press for menu in self.menus for press in menu))


def layout(actions: tuple[Action, ...], names: Names, team: str) -> Layout:
    """Buttons first, then the menu "More".

    A question belongs to a whole menu in Slack, so a press that asks first has a menu to itself. Beyond what Slack
    takes, the last are left out, and so is a button without an address to open or with values that do not fit.
    """
    usable = list(_affordable(_labelled(action) for action in actions if _works(action, names, team)))
    more = [action for action in usable if isinstance(action, Press) and _for_menu(action)]
    asking = [(press,) for press in more if press.confirm][: limits.OVERFLOW]
    calm = tuple(press for press in more if not press.confirm)[: limits.OVERFLOW]
    menus = ((calm,) if calm else ()) + tuple(asking)
    rest = tuple(action for action in usable if not (isinstance(action, Press) and _for_menu(action)))
    return Layout(buttons=rest[: limits.ACTIONS - len(menus)], menus=menus)


def actions_blocks(shown: Layout, names: Names, team: str) -> list[dict[str, Any]]:
    """The row of buttons, as one block or none."""
    first = next((one for one in shown.buttons if isinstance(one, Press) and one.style is Style.PRIMARY), None)
    elements = [_element(action, names, team, primary=action is first) for action in shown.buttons]
    elements += [_menu(menu) for menu in shown.menus]
    return [{"type": "actions", "elements": list(_numbered(elements))}] if elements else []


def room_url(number: int, names: Names, team: str) -> str:
    """A link to the incident's room that opens Slack where it is installed; empty: no room in this workspace."""
    room = room_spot(number, names, team)
    if room is None:
        return ""
    message = {"message_ts": room.thread} if room.thread else {}
    return f"{REDIRECT}?{urlencode({'channel': room.channel, 'team': team, **message})}"


def _numbered(elements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every element of a block needs an `action_id` of its own: `claim`, `claim#2`."""
    words = [element["action_id"] for element in elements]
    for place, element in enumerate(elements):
        count = words[:place].count(words[place]) + 1
        yield element if count == 1 else element | {"action_id": f"{words[place]}#{count}"}


def _affordable(actions: Iterable[Action]) -> Iterator[Action]:
    room = limits.VALUES_WEIGHT
    for action in actions:
        room -= len(_value(action)) if isinstance(action, Press) else len(action.url)
        if room >= 0:
            yield action


def _labelled(action: Action) -> Action:
    return replace(action, label=plain(action.label, limits.BUTTON))


def _works(action: Action, names: Names, team: str) -> bool:
    if not clean(action.label).strip():
        return False
    match action:
        case Press():
            return len(_value(action)) <= limits.BUTTON_VALUE and len(action.command) < limits.IDENTIFIER - 4
        case Open():
            return 0 < len(_target(action, names, team)) <= limits.URL
        case _:
            assert_never(action)


def _for_menu(press: Press) -> bool:
    return press.more and len(_option_value(press)) <= limits.OPTION


def _target(action: Open, names: Names, team: str) -> str:
    if action.url:
        return web_url(action.url)
    return room_url(action.room, names, team) if action.room is not None else ""


def _element(action: Action, names: Names, team: str, *, primary: bool) -> dict[str, Any]:
    match action:
        case Press():
            return _button(action, primary=primary)
        case Open():
            url = _target(action, names, team)
            button = {"type": "button", "action_id": PAGE, "text": text_object(action.label), "url": url}
            return button | _spoken(f"{action.label} of", action.room)
        case _:
            assert_never(action)


def _button(press: Press, *, primary: bool) -> dict[str, Any]:
    """`danger` stands on the button that does it: the question's, where there is one (docs/words.md 5)."""
    button: dict[str, Any] = {
        "type": "button",
        "action_id": press.command,
        "text": text_object(press.label),
        "value": _value(press),
    } | _spoken(f"{press.label} on", press.incident)
    if primary:
        button["style"] = "primary"
    elif press.style is Style.DANGER and not press.confirm:
        button["style"] = "danger"
    if press.confirm:
        button["confirm"] = _confirm(press.confirm, press.style)
    return button


def _menu(menu: tuple[Press, ...]) -> dict[str, Any]:
    options = [{"text": text_object(press.label), "value": _option_value(press)} for press in _distinct(menu)]
    element: dict[str, Any] = {"type": "overflow", "action_id": MENU, "options": options}
    for press in menu:
        if press.confirm:
            element["confirm"] = _confirm(press.confirm, press.style)
    return element


def _distinct(menu: tuple[Press, ...]) -> Iterator[Press]:
    yield from {_option_value(press): press for press in menu}.values()


def _confirm(question: Confirm, style: Style) -> dict[str, Any]:
    confirm: dict[str, Any] = {
        "title": text_object(plain(question.title, limits.CONFIRM_TITLE) or "Sure?"),
        "text": text_object(plain(question.text, limits.CONFIRM_TEXT) or "This cannot be taken back with a press."),
        "confirm": text_object(plain(question.yes, limits.CONFIRM_BUTTON) or "Yes"),
        "deny": text_object(plain(question.no, limits.CONFIRM_BUTTON) or "No"),
    }
    return confirm | ({"style": "danger"} if style is Style.DANGER else {})


def _spoken(words: str, number: int | None) -> dict[str, str]:
    """For screen readers, which read a button without what stands around it: `Post update on INC-42`."""
    if number is None or reference(number) in words:
        return {}
    return {"accessibility_label": plain(f"{words} {reference(number)}", limits.BUTTON)}


def _value(press: Press) -> str:
    return packed({"i": press.incident, "v": _cleaned(press)})


def _option_value(press: Press) -> str:
    return packed({"w": press.command, "i": press.incident, "v": _cleaned(press)})


def _cleaned(press: Press) -> dict[str, str]:
    return {name: clean(text) for name, text in press.values.items()}
