"""`priority LEVEL [REASON]`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.grading import graded
from bot.guards import check_open, unchanged
from bot.incident import Incident
from bot.messages.phrases import priority_word
from bot.policy import Policy
from bot.questions import Ask
from bot.refs import reference


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPriority:
    """Sets the priority, and shortens the promises where it rises."""

    level: Annotated[
        str, Param(label="Priority", ask=Ask.PRIORITY, required=True, typed="LEVEL", missing="Choose a priority.")
    ]
    reason: Annotated[
        str, Param(label="Reason", help="The room and the announcement read it.", typed="[REASON]", limit=300)
    ] = ""


def decide(incident: Incident, command: SetPriority, context: Context, policy: Policy) -> Outcome:
    """The priority is set; naming the one that stands confirms it where nobody had chosen it."""
    check_open(incident, context)
    name, word = reference(incident.number), priority_word(command.level)
    if command.level == incident.priority and incident.confirmed:
        since, _ = incident.priorities[-1]
        return unchanged(f"{name} is {command.level} since ", When(since))
    events = graded(incident, command.level, context, policy, reason=command.reason)
    if command.level == incident.priority:
        return Outcome(events=events, reply=line(f"{name}: {word} is confirmed."))
    said = None if context.in_room else line(f"{name} is {command.level}, before {incident.priority}.")
    return Outcome(events=events, reply=said)


SPEC = Spec(
    word="priority",
    command=SetPriority,
    decide=decide,
    who=Who.STEERING,
    group="Steer",
    aliases=("severity", "sev"),
    line=("level", "reason"),
    title="Set priority: {ref}",
    submit="Set priority",
    doing="Setting the priority of {ref}",
    in_vain=check_open,
)
