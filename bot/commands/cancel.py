"""`cancel REASON`."""

from dataclasses import dataclass
from typing import Annotated

from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import Cancelled, Status
from bot.final_words import ENDED_BECAUSE, asks_for_words, farewell, words_seen, words_shown
from bot.guards import already, check_open
from bot.incident import Incident
from bot.overruling import AS_IT_IS
from bot.policy import Policy
from bot.questions import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelIncident:
    """Ends the incident as a false alarm."""

    reason: Annotated[
        str,
        Param(
            label="Why was it a false alarm?",
            required=True,
            typed="REASON",
            missing="Say why it was a false alarm.",
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


def decide(incident: Incident, command: CancelIncident, context: Context, policy: Policy) -> Outcome:
    """All promises end; who outside was told of it is told that it was none."""
    if incident.status is Status.CANCELLED:
        return already(incident)
    check_open(incident, context)
    said = farewell(
        incident, command.words, command.publish_as_it_is, ENDED_BECAUSE[Status.CANCELLED], "cancel", context, policy
    )
    return Outcome(events=(Cancelled(reason=command.reason), *said))


SPEC = Spec(
    word="cancel",
    command=CancelIncident,
    decide=decide,
    who=Who.COMMANDER,
    group="Finish",
    line=("reason",),
    title="Cancel {ref}",
    submit="Cancel incident",
    doing="Cancelling {ref}",
    in_vain=check_open,
    lacks=asks_for_words,
    previewed=words_seen,
    shown=words_shown,
)
