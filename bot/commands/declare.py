"""`declare [private] [PRIORITY] TITLE`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.cards import Action, Card, Code, Confirm, Part, Press, RoomLink, Span, Spans, Text, When
from bot.commands.detected import noticed
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.commands.title import TITLE_LIMIT
from bot.events import Declared, PromiseMade
from bot.incident import Incident
from bot.likeness import like
from bot.messages.buttons import priority_presses
from bot.messages.phrases import priority_word, spread
from bot.policy import INTERNAL, Policy
from bot.promises import PromiseEvent, at_declaration
from bot.questions import Ask
from bot.refs import reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    """Declares an incident and opens its room."""

    title: Annotated[
        str,
        Param(
            label="What is wrong?",
            ask=Ask.TEXT,
            help="A few words, as a customer would say it.",
            required=True,
            typed="TITLE",
            limit=TITLE_LIMIT,
            missing="Say what is wrong in a few words.",
        ),
    ]
    priority: Annotated[str, Param(label="Priority", ask=Ask.PRIORITY, typed="[PRIORITY]")] = ""
    services: Annotated[
        tuple[str, ...],
        Param(label="Affected services", help="With commas between them.", several=True, named=True, limit=500),
    ] = ()
    private: Annotated[
        bool, Param(label="Private", ask=Ask.FLAG, help="Only people you invite see it.", typed="[private]")
    ] = False
    detected: Annotated[str, Param(label="When was it first noticed?", named=True, in_form=False, limit=40)] = ""
    taken: Annotated[tuple[str, ...], Param(label="", several=True, in_form=False)] = ()
    """First words read as `private` or a priority."""


def decide(incident: Incident, command: Declare, context: Context, policy: Policy) -> Outcome:
    """The incident is open, its first words are promised, and its room is asked for."""
    number = incident.number
    priority = command.priority or default_priority(policy)
    declared = Declared(
        title=command.title,
        priority=priority,
        confirmed=bool(command.priority),
        private=command.private,
        detected_at=noticed(command.detected, "detected", context) if command.detected else None,
        place=context.place,
        services=command.services,
        bridge=policy.bridge.replace("{number}", str(number)),
        taken=command.taken,
        like=like(command.title, context.others, context.at),
    )
    promises = at_declaration(priority, command.private, policy, context.at)
    facts = _facts(declared, promises, policy)
    open_now = (f"{reference(number)} is open. ", *facts, " Its room follows.")
    in_room = (f"{reference(number)} is open in ", RoomLink(number), ". ", *facts)
    more, actions = tuple(_doubts(declared, context)), tuple(_presses(number, declared, policy))
    return Outcome(
        events=(declared, *promises),
        reply=Card(body=(Text(open_now), *more), actions=actions),
        when_room=Card(body=(Text(in_room), *more), actions=actions),
    )


def default_priority(policy: Policy) -> str:
    """The priority until somebody chooses one."""
    return policy.default_priority or policy.priorities[0].name


def _facts(declared: Declared, promises: tuple[PromiseEvent, ...], policy: Policy) -> Spans:
    """`Critical. First update by {02:30}.`, and who was told nothing."""
    doubt = "" if declared.confirmed else ", not confirmed"
    spans: list[Span] = [f"{priority_word(declared.priority)}{doubt}."]
    dues = [made.due for made in promises if isinstance(made, PromiseMade) and made.due]
    if dues:
        spans += [" First update by ", When(min(dues)), "."]
    if declared.private:
        spans.append(" Only the people in its room see it.")
    elif not policy.addresses(INTERNAL):
        spans += [" Nobody else was told: the policy names no address for ", Code(INTERNAL), "."]
    return tuple(spans)


def _doubts(declared: Declared, context: Context) -> Iterator[Part]:
    """What Sitrep took the line for, and what it may be the same as."""
    if declared.taken:
        words = spread((Code(word),) for word in declared.taken)
        one = len(declared.taken) == 1
        before, after = ("Your first word, ", ", is") if one else ("Your first words, ", ", are")
        yield Text((before, *words, f"{after} not part of the title."))
    known = {other.number: other for other in context.others}
    for number in declared.like:
        since: Spans = (", declared at ", When(moment)) if (moment := known[number].declared_at) else ()
        yield Text((f"It may be the same as {reference(number)} {known[number].title}", *since, "."))


def _presses(number: int, declared: Declared, policy: Policy) -> Iterator[Action]:
    if declared.taken:
        yield Press(label="It is part of the title", command="retitle", incident=number)
    for other in declared.like:
        yield _duplicate(number, other)
    if not declared.confirmed:
        yield from priority_presses(Incident(number=number), policy)


def _duplicate(number: int, other: int) -> Press:
    question = Confirm(
        title=f"Is {reference(number)} the same as {reference(other)}?",
        text=f"{reference(number)} ends. Its room reads that work goes on in {reference(other)}.",
        yes=f"Same as {reference(other)}",
        no="Keep both",
    )
    return Press(
        label=f"Duplicate of {reference(other)}",
        command="duplicate",
        values={"of": reference(other)},
        incident=number,
        confirm=question,
    )


def prefill(values: Mapping[str, str], incident: Incident, context: Context, policy: Policy) -> Mapping[str, str]:
    """The policy's default priority stands chosen."""
    del values, incident, context
    return {"priority": default_priority(policy)}


SPEC = Spec(
    word="declare",
    command=Declare,
    decide=decide,
    who=Who.ANYONE,
    group="Start",
    aliases=("new", "open", "create", "start"),
    line=("private", "priority", "title"),
    title="Declare incident",
    submit="Declare",
    about="none",
    prefill=prefill,
    doing="Declaring an incident",
)
