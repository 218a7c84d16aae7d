"""`unsubscribe [REF]`, `unsubscribe service:NAME`, `unsubscribe priority:LEVEL`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from bot.cards import Card, Code, Lines, Press, Spans, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.commands.subscribe import NAME_LIMIT
from bot.events import Unsubscribed
from bot.guards import unchanged
from bot.incident import Incident
from bot.messages.phrases import named
from bot.policy import Policy
from bot.refs import Person, reference
from bot.standing import PRIORITY, SERVICE, Standing, Wanted, covers, known
from bot.typed import shortened
from bot.visibility import seen_by

BUTTONS = 4
"""The first of what is listed have a button; the others end by the words that stand beside them."""
LABEL = 20
"""Longest label of a button in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Ends a subscription; without a name outside a room, shows yours."""

    service: Annotated[str, Param(label="Service", named=True, typed="[service:NAME]", limit=NAME_LIMIT)] = ""
    priority: Annotated[str, Param(label="Priority", named=True, typed="[priority:LEVEL]", limit=NAME_LIMIT)] = ""
    """Any words: the policy may have lost the priority since."""


def decide(incident: Incident, command: Unsubscribe, context: Context, policy: Policy) -> Outcome:
    """What was asked for ends: the standing one with what it brought, or that of the incident."""
    assert context.actor is not None, "only people say it"
    names = ((SERVICE, command.service), (PRIORITY, _priority(command.priority, policy)))
    asked = tuple(Standing(kind=kind, name=name) for kind, name in names if name)
    if asked:
        return _end_standing(incident, asked, context, policy)
    if not incident.version:
        return Outcome(reply=_yours(context, context.actor))
    if context.actor not in incident.subscribers:
        return unchanged(f"You are not subscribed to {reference(incident.number)}")
    said = f"Updates of {reference(incident.number)} come to you in private no more."
    return Outcome(events=(Unsubscribed(people=(context.actor,)),), reply=line(said))


def _priority(said: str, policy: Policy) -> str:
    """The priority of that name or alias; one that the policy has no more stays as it was typed."""
    words = said.casefold()
    ways = ((priority.name, (priority.name, *priority.aliases)) for priority in policy.priorities)
    return next((name for name, said_as in ways if words in {way.casefold() for way in said_as}), said)


def _end_standing(incident: Incident, asked: tuple[Standing, ...], context: Context, policy: Policy) -> Outcome:
    ended = tuple(found for each in asked if (found := known(each, context.standing)))
    if not ended:
        return unchanged(f"You are not subscribed to {asked[0].spoken}")
    left = tuple(wish for wish in context.standing if wish not in ended)
    gone = {each.number: _left(context.actor) for each in _brought(ended, left, context, policy)}
    said = " and ".join(wish.spoken for wish in ended)
    return Outcome(
        events=gone.get(incident.number, ()),
        related={number: events for number, events in gone.items() if number != incident.number},
        wanted=Wanted(ended=ended),
        reply=line(f"Updates of {said} come to you in private no more."),
    )


def _left(actor: Person | None) -> tuple[Unsubscribed, ...]:
    assert actor is not None
    return (Unsubscribed(people=(actor,)),)


def _brought(
    ended: tuple[Standing, ...], left: tuple[Standing, ...], context: Context, policy: Policy
) -> Iterator[Incident]:
    """Incidents the person reads because of what ended, and of nothing else."""
    words = {wish.words for wish in ended}
    for each in context.others:
        because = each.subscribers.get(context.actor) if context.actor else None
        if because in words and not any(covers(wish, each, policy) for wish in left):
            yield each


def _yours(context: Context, actor: Person) -> Card:
    reading = [each for each in seen_by(context.others, actor) if actor in each.subscribers and not each.is_ended]
    if not reading and not context.standing:
        return line("You have no subscription. ", Code("subscribe"), " begins one.")
    lines: list[Spans] = [(named(each), ": ", Code(f"unsubscribe {reference(each.number)}")) for each in reading]
    lines += [(f"All {wish.spoken}: ", Code(f"unsubscribe {wish.words}")) for wish in context.standing]
    presses = [_end(reference(each.number), incident=each.number) for each in reading]
    presses += [_end(wish.name, wish=wish) for wish in context.standing]
    return Card(title=("Which subscription ends?",), body=(Lines(tuple(lines)),), actions=tuple(presses[:BUTTONS]))


def _end(name: str, *, incident: int | None = None, wish: Standing | None = None) -> Press:
    label = shortened(f"End {name}", LABEL)
    return Press(label=label, command="unsubscribe", values={wish.kind: wish.name} if wish else {}, incident=incident)


SPEC = Spec(
    word="unsubscribe",
    command=Unsubscribe,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    about="any",
    ref_first=True,
    standing=True,
)
