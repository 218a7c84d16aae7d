"""`send-back [N] REASON`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.drafts import SENT_BACK
from bot.events import DraftEnded
from bot.incident import Incident
from bot.judging import judged, meant
from bot.messages.approval import draft_name
from bot.policy import Policy
from bot.questions import Ask
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack:
    """Gives an update that waits for approval back to who wrote it, and says why."""

    reason: Annotated[
        str,
        Param(
            label="What should be different?",
            ask=Ask.LONG_TEXT,
            required=True,
            typed="[N] REASON",
            help="Who wrote it reads this.",
            missing="Say what should be different.",
        ),
    ]
    number: Annotated[str, Param(label="", in_form=False)] = ""


def decide(incident: Incident, command: SendBack, context: Context, policy: Policy) -> Outcome:
    """The draft waits no more; its promise stands. Who wrote it may take it back too."""
    number, reason = _split(incident, command)
    draft = meant(incident, number, "send-back")
    mine = draft.by is not None and draft.by == context.actor
    audiences = draft.update.audiences if mine else judged(incident, draft, context, policy)
    if not reason:
        raise Refused("Say what should be different.", field="reason")
    ended = DraftEnded(number=draft.update.number, audiences=audiences, outcome=SENT_BACK, reason=reason)
    whose = "" if mine else ": who wrote it knows"
    return Outcome(events=(ended,), reply=line(f"{draft_name(draft.update.number, audiences)} is sent back{whose}."))


def _split(incident: Incident, command: SendBack) -> tuple[str, str]:
    """The number and the reason. Typed, the number of a draft that waits stands before the reason."""
    first, _, rest = command.reason.partition(" ")
    waiting = {str(draft.update.number) for draft in incident.drafts}
    if not command.number and first in waiting:
        return first, rest.strip()
    return command.number, command.reason


SPEC = Spec(
    word="send-back",
    command=SendBack,
    decide=decide,
    who=Who.ANYONE,
    group="Tell",
    line=("reason",),
    title="Send back: {ref}",
    submit="Send back",
    doing="Sending an update on {ref} back",
)
