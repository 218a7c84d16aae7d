"""Inputs as a person fills them in, on a dialog or on a card: what the client lets through, and what it sends."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tests.teams.cards import Card, Element, buttons, inputs, words
from tests.teams.people import Person

Sent = TypeVar("Sent")
DIRECTORY = "graph.microsoft.com/users"


@dataclass(slots=True, kw_only=True)
class Form(Generic[Sent]):
    """A form that is open on somebody's screen."""

    card: Card
    people: Mapping[str, Person]
    send: Callable[["Form[Sent]", str], Awaitable[Sent]]
    """What a button of it does."""
    heading: str = ""
    """Of a dialog; a card has none."""
    values: dict[str, Any] = field(default_factory=dict)
    by: str = ""
    """Who sends it, where that is not who opened it."""

    @property
    def title(self) -> str:
        return self.heading or next(iter(self.words.splitlines()), "")

    @property
    def words(self) -> str:
        """All that can be read on it."""
        return words(self.card)

    @property
    def inputs(self) -> dict[str, Element]:
        """Inputs by the name of their field."""
        return inputs(self.card)

    @property
    def required(self) -> set[str]:
        return {name for name, element in self.inputs.items() if element.get("isRequired")}

    @property
    def buttons(self) -> list[str]:
        return [title for title, action in buttons(self.card).items() if action["type"] != "Action.OpenUrl"]

    def fill(self, **values: Any) -> "Form[Sent]":
        """Give fields values: words, a choice's value or title, a person's name, several of these, yes or no."""
        unknown = set(values) - set(self.inputs)
        assert not unknown, f"no field {unknown} in {self.title!r}: {sorted(self.inputs)}"
        self.values |= values
        return self

    def turned(self, card: Card, heading: str) -> None:
        """Another takes its place."""
        self.card, self.heading, self.values = card, heading, {}

    async def submit(self, label: str = "", *, unchecked: bool = False) -> Sent:
        """Press a button of it, the first unless named. `unchecked`: even where the client would not let it through."""
        found = [] if unchecked else self.findings()
        assert not found, f"the client does not send {self.title!r}: {found}"
        return await self.send(self, label or self.buttons[0])

    def findings(self) -> list[str]:
        """What the client itself would object to."""
        typed = self.typed()
        empty = [f"{name} is empty" for name in sorted(self.required) if not typed.get(name)]
        long = [
            f"{name} is longer than {element['maxLength']}"
            for name, element in self.inputs.items()
            if element.get("maxLength") and len(typed.get(name, "")) > element["maxLength"]
        ]
        return empty + long

    def typed(self) -> dict[str, str]:
        """What the inputs hold, as a button sends it: an empty one is left out, also where it was emptied."""
        held = {name: self._held(name, element) for name, element in self.inputs.items()}
        return {name: value for name, value in held.items() if value}

    def _held(self, name: str, element: Element) -> str | None:
        given = self.values.get(name)
        match element["type"]:
            case "Input.Toggle":
                on, off = str(element.get("valueOn", "true")), str(element.get("valueOff", "false"))
                return str(element.get("value", off)) if given is None else (on if given else off)
            case "Input.ChoiceSet":
                if given is None:
                    return str(element["value"]) if element.get("value") else None
                several = given if isinstance(given, (list, tuple)) else [given]
                return ",".join(self._choice(element, wanted) for wanted in several)
            case "Input.Text" | "Input.Number" | "Input.Date" | "Input.Time":
                return str(given) if given is not None else element.get("value")
            case kind:
                raise AssertionError(f"a kind of input that these tests do not know: {kind}")

    def _choice(self, element: Element, wanted: str) -> str:
        person = self.people.get(wanted)
        source = element.get("choices.data") or {}
        if person is not None and source.get("dataset") == DIRECTORY:
            return person.object_id
        names = {wanted, person.full_name} if person else {wanted}
        choices = element.get("choices") or []
        found = [str(one["value"]) for one in choices if names & {str(one["value"]), str(one["title"])}]
        assert found, f"no choice {wanted!r}: {[(one['value'], one['title']) for one in choices]}"
        return found[0]
