"""`next [AUDIENCE] WHEN [REASON]` and `next [AUDIENCE] none REASON`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot import promises
from bot.cards import Span, Spans, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import PromiseMade
from bot.guards import check_addressed, check_not_ended, unchanged
from bot.incident import Incident
from bot.messages.phrases import by_moment, listed, spread
from bot.policy import INTERNAL, Policy
from bot.proposals import next_update
from bot.questions import Ask
from bot.refs import reference
from bot.refusals import Refused

ALL = "all"
"""Every audience that is promised an update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePromise:
    """Moves the promise of the next update, or says that none is expected."""

    audience: Annotated[
        str, Param(label="Audience", ask=Ask.AUDIENCE, options=(ALL,), typed="[AUDIENCE]", in_form=False)
    ] = INTERNAL
    when: Annotated[
        datetime | None,
        Param(
            label="When?",
            ask=Ask.MOMENT,
            required=True,
            typed="WHEN|none",
            help="For example 30m, 2h or 16:45; none where no further update is expected.",
            missing="Choose a time, or none with a reason.",
        ),
    ]
    """None: no further update is expected."""
    reason: Annotated[
        str,
        Param(label="Reason", typed="[REASON]", help="Only internal readers see it."),
    ] = ""


def decide(incident: Incident, command: MovePromise, context: Context, policy: Policy) -> Outcome:
    """The promise moves, and its audience is told the new moment."""
    check_not_ended(incident, context)
    audiences = _audiences(incident, command.audience, policy)
    check_addressed(audiences, incident, policy, "audience")
    if command.when is None and not command.reason:
        name = reference(incident.number)
        raise Refused(f"Say why no further update on {name} is expected: `next none REASON`.", field="reason")
    if command.when:
        promises.check_moment(command.when, incident, policy, context.at)
    events = promises.by_next(incident, audiences, command.when, command.reason, context.at, policy)
    if not events:
        return unchanged(*_standing(incident, command.when))
    made = [event for event in events if isinstance(event, PromiseMade)]
    told = [event.audience for event in made if event.tell]
    shown = context.in_room and told == [INTERNAL]
    return Outcome(events=events, reply=None if shown else line(*_moved(command.when, told)))


def _audiences(incident: Incident, named: str, policy: Policy) -> tuple[str, ...]:
    if named != ALL:
        return (named,)
    standing = [promise.audience for promise in incident.promises.values() if promise.standing]
    if not incident.is_open:
        return tuple(standing) or (INTERNAL,)
    promised = promises.promised_audiences(incident.priority, incident.private, policy)
    return tuple(dict.fromkeys((*promised, *standing)))


def _standing(incident: Incident, when: datetime | None) -> Spans:
    name = reference(incident.number)
    if when is None:
        return (f"No further update on {name} is expected",)
    return (f"The next update on {name} is promised by ", When(when))


def _moved(when: datetime | None, told: list[str]) -> Spans:
    """What is said to who moved it: `Promise moved to {03:30}; internal and customers are told`."""
    verb = "is" if len(told) == 1 else "are"
    heard = f"; {listed(told)} {verb} told." if told else "."
    first: tuple[Span, ...] = ("Promise moved to ", When(when)) if when else ("No further update is expected",)
    return (*first, heard)


def prefill(values: Mapping[str, str], incident: Incident, context: Context, policy: Policy) -> Mapping[str, str]:
    """The policy's interval from now."""
    audiences = _audiences(incident, values.get("audience", INTERNAL) or INTERNAL, policy)
    following = next_update(incident, audiences, policy, context.at)
    return {"when": following} if following else {}


def above(incident: Incident, policy: Policy) -> Spans:
    """What stands: `Internal and customers by {02:40}. Stakeholders by {03:00}`."""
    del policy
    owed = by_moment(incident.standing())
    return spread(((f"{listed(audiences).capitalize()} by ", When(due), ".") for due, audiences in owed), " ")


SPEC = Spec(
    word="next",
    command=MovePromise,
    decide=decide,
    who=Who.RESPONDERS,
    who_for=lambda values: () if values.get("audience", "").lower() in {"", INTERNAL} else Who.STEERING,
    group="Tell",
    line=("audience", "when", "reason"),
    title="Next update: {ref}",
    submit="Move promise",
    doing="Moving the promise of {ref}",
    in_vain=check_not_ended,
    prefill=prefill,
    above=above,
)
