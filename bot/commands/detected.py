"""`detected WHEN`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.cards import Span, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import DetectedSet
from bot.guards import unchanged
from bot.incident import Incident
from bot.moments import past
from bot.policy import Policy
from bot.refs import reference
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDetected:
    """Says when it was first noticed."""

    when: Annotated[
        str,
        Param(
            label="When was it first noticed?",
            help="A time as 01:52, or 10m for ten minutes ago.",
            required=True,
            typed="WHEN",
            limit=40,
            missing="Name the time when it was first noticed.",
        ),
    ]
    """As typed: it lies behind, unlike other moments."""


def decide(incident: Incident, command: SetDetected, context: Context, policy: Policy) -> Outcome:
    """It was noticed then; at any status, for the record is read later."""
    del policy
    moment = noticed(command.when, "when", context)
    if moment == incident.detected_at:
        return unchanged(f"{reference(incident.number)} was detected at ", When(moment))
    zone: tuple[Span, ...] = () if context.zone_known else (f" Read in the organisation's zone, {context.zone}.",)
    reply = line(f"{reference(incident.number)} was detected at ", When(moment), ".", *zone)
    return Outcome(events=(DetectedSet(detected_at=moment),), reply=reply)


def noticed(text: str, field: str, context: Context) -> datetime:
    """A moment that lies behind, as typed. Raises Refused at `field`."""
    try:
        return past(text, context.at, context.zone)
    except Refused as refusal:
        raise type(refusal)(refusal.sentence, field=field) from None


SPEC = Spec(
    word="detected",
    command=SetDetected,
    decide=decide,
    who=Who.RESPONDERS,
    group="Steer",
    line=("when",),
    title="Detected: {ref}",
    submit="Set time",
    doing="Saying when {ref} was detected",
)
