"""A toy word with a field of each kind, and short ways to ask, for tests of what stands before the verbs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

from bot.cards import Card, line
from bot.commands.parse import Typed, read
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.decide import decide
from bot.events import Status
from bot.incident import Incident
from bot.policy import Policy
from bot.questions import Ask, Field, Form
from bot.refs import Person
from bot.refusals import Refused
from tests.core.builders import POLICY

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    """Does a bit of everything.

    A second paragraph is no help line.
    """

    text: Annotated[str, Param(label="Text?", ask=Ask.LONG_TEXT, required=True, typed="TEXT", missing="Say it.")]
    short: Annotated[str, Param(label="Short?", named=True, limit=10, help="A few words.")] = ""
    names: Annotated[tuple[str, ...], Param(label="Names?", several=True, named=True)] = ()
    role: Annotated[str, Param(label="Role?", ask=Ask.ROLE, named=True)] = ""
    priority: Annotated[str, Param(label="Priority?", ask=Ask.PRIORITY, named=True)] = ""
    level: Annotated[str, Param(label="Level?", ask=Ask.LEVEL, named=True)] = ""
    status: Annotated[Status | None, Param(label="Status?", ask=Ask.STATUS, named=True)] = None
    to: Annotated[tuple[str, ...], Param(label="To?", ask=Ask.AUDIENCE, several=True, named=True)] = ()
    audience: Annotated[str, Param(label="Whom?", ask=Ask.AUDIENCE, options=("all",), named=True)] = ""
    choice: Annotated[str, Param(label="Which?", ask=Ask.CHOICE, options=("open", "mine"), named=True)] = ""
    person: Annotated[Person | None, Param(label="Who?", ask=Ask.PERSON, named=True)] = None
    people: Annotated[tuple[Person, ...], Param(label="Who all?", ask=Ask.PERSON, several=True, named=True)] = ()
    when: Annotated[datetime | None, Param(label="When?", ask=Ask.MOMENT, named=True)] = None
    next: Annotated[
        datetime | str | None, Param(label="Next?", ask=Ask.MOMENT, options=("15m", "30m", "none"), named=True)
    ] = None
    length: Annotated[
        timedelta | str | None, Param(label="How long?", ask=Ask.DURATION, options=("5m", "long"), named=True)
    ] = None
    other: Annotated[int | None, Param(label="Which other?", ask=Ask.INCIDENT, named=True)] = None
    quiet: Annotated[bool, Param(label="Quietly", ask=Ask.FLAG, named=True)] = False
    plain: Annotated[str, Param(label="Unseen", named=True, in_form=False)] = ""
    pressed: Annotated[str, Param(label="", in_form=False)] = ""


def done(_incident: Incident, command: Any, _context: Context, _policy: Policy) -> Outcome:
    return Outcome(reply=line(repr(command)))


def toy(**changes: Any) -> Spec:
    """The toy word, with other properties where given."""
    known: dict[str, Any] = {
        "word": "toy",
        "command": Toy,
        "decide": done,
        "who": Who.ANYONE,
        "group": "Look",
        "line": ("text",),
        "title": "Toy: {ref}",
    }
    return Spec(**{**known, **changes})


def typed(text: str, *specs: Spec, policy: Policy = POLICY) -> Typed:
    """What a line says among these words."""
    return read(text, specs or (toy(),), policy)


def refused(call: Callable[[], object]) -> Refused:
    """The refusal that the call ends in."""
    try:
        call()
    except Refused as refusal:
        return refusal
    raise AssertionError("nothing was refused")


def decided(incident: Incident | None, spec: Spec, context: Context, policy: Policy = POLICY, **values: str) -> Outcome:
    """What a word comes to, with values as a button would give them."""
    return decide(incident, spec, values, context, policy, submitted=context.submitted)


def published(incident: Incident, spec: Spec, context: Context, policy: Policy = POLICY, **values: str) -> Outcome:
    """What a form comes to that is sent, and sent again unchanged once its preview was looked at."""
    first = decide(incident, spec, values, context, policy, submitted=True)
    if first.form is None or not first.form.preview:
        return first
    return decide(incident, spec, {**values, **first.form.values}, context, policy, submitted=True)


def said(incident: Incident | None, spec: Spec, text: str, context: Context, policy: Policy = POLICY) -> Outcome:
    """What a typed line comes to; `text` is what follows the word."""
    values: Mapping[str, str] = read(f"{spec.word} {text}", (spec,), policy).values
    return decide(incident, spec, values, context, policy)


def kinds(outcome: Outcome) -> list[str]:
    """The names of what happened, in order."""
    return [type(event).__name__ for event in outcome.events]


def only(kind: type[T], outcome: Outcome) -> T:
    """The one event of that kind."""
    (found,) = [event for event in outcome.events if isinstance(event, kind)]
    return found


def form_of(outcome: Outcome) -> Form:
    """The form that is asked instead of an effect."""
    assert outcome.form is not None
    assert outcome.events == ()
    return outcome.form


def fields(form: Form) -> dict[str, Field]:
    """A form's questions by name, in their order."""
    return {field.name: field for field in form.fields}


def labels(card: Card | None) -> list[str]:
    """The buttons of a card."""
    return [action.label for action in card.actions] if card else []
