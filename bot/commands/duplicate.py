"""`duplicate REF`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import Event, MarkedDuplicate, Related, Status, Subscribed
from bot.final_words import ENDED_BECAUSE, asks_for_words, farewell, words_seen, words_shown
from bot.guards import already, check_open
from bot.incident import Incident
from bot.overruling import AS_IT_IS
from bot.permissions import unseen
from bot.policy import Policy
from bot.questions import Ask
from bot.refs import Person, reference
from bot.refusals import Refused
from bot.subscriptions import moving
from bot.visibility import seen_by


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDuplicate:
    """Ends the incident as the same as another."""

    of: Annotated[
        int,
        Param(
            label="Which incident is it the same as?",
            ask=Ask.INCIDENT,
            required=True,
            typed="REF",
            missing="Name the other incident, as in INC-41.",
        ),
    ]
    words: Annotated[
        str,
        Param(
            label="Last words for those who were told",
            ask=Ask.LONG_TEXT,
            named=True,
            help="Stakeholders and customers read this. They need none: `waive AUDIENCE REASON` first.",
            missing="Say what those who were told read.",
        ),
    ] = ""
    publish_as_it_is: Annotated[str, AS_IT_IS] = ""


def decide(incident: Incident, command: MarkDuplicate, context: Context, policy: Policy) -> Outcome:
    """All promises end, and the other incident's timeline names this one; work goes on there."""
    if incident.status is Status.DUPLICATE and incident.duplicate_of == command.of:
        return already(incident)
    check_open(incident, context)
    other = _other(incident, command.of, context)
    said = farewell(
        incident, command.words, command.publish_as_it_is, ENDED_BECAUSE[Status.DUPLICATE], "duplicate", context, policy
    )
    reading = () if incident.private else moving(incident, other)
    ended = MarkedDuplicate(of=other.number, subscribers=len(reading))
    return Outcome(events=(ended, *said), related=_related(incident, other, reading))


def _other(incident: Incident, number: int, context: Context) -> Incident:
    """The incident it is the same as. Raises Refused for itself, one that is not seen, and one that leads elsewhere."""
    name = reference(incident.number)
    if number == incident.number:
        raise Refused(f"{name} cannot be a duplicate of itself: name the other incident.", field="of")
    seen = seen_by(context.others, context.actor)
    other = next((each for each in seen if each.number == number), None)
    if other is None:
        raise unseen(number)
    if other.status is Status.DUPLICATE:
        first = reference(other.duplicate_of or 0)
        raise Refused(f"{reference(number)} is a duplicate of {first} itself: name {first}.", field="of")
    if other.private and not incident.private:
        sentence = f"{reference(number)} is private, so {name} may not name it: `cancel REASON` ends it without."
        raise Refused(sentence, field="of")
    return other


def _related(incident: Incident, other: Incident, reading: tuple[Person, ...]) -> Mapping[int, tuple[Event, ...]]:
    """What the other incident's timeline says; nothing where that would tell of a private one."""
    if incident.private and not other.private:
        return {}
    new = tuple(person for person in reading if person not in other.subscribers)
    moved = (Subscribed(people=new, because=f"moved from {reference(incident.number)}"),) if new else ()
    return {other.number: (Related(number=incident.number, how="duplicate of this"), *moved)}


SPEC = Spec(
    word="duplicate",
    command=MarkDuplicate,
    decide=decide,
    who=Who.STEERING,
    group="Finish",
    line=("of",),
    title="Duplicate: {ref}",
    submit="End incident",
    doing="Ending {ref} as a duplicate",
    in_vain=check_open,
    lacks=asks_for_words,
    previewed=words_seen,
    shown=words_shown,
)
