"""Another priority for an incident, by whichever word it comes about."""

from bot.commands.spec import Context
from bot.events import Event, PriorityChanged
from bot.incident import Incident
from bot.policy import Policy
from bot.promises import by_priority


def graded(
    incident: Incident,
    priority: str,
    context: Context,
    policy: Policy,
    *,
    reason: str = "",
    derived: bool = False,
    confirmed: bool = True,
) -> tuple[Event, ...]:
    """The priority is that one from now on, or the one that stands is confirmed; its promises follow.

    `derived`: impact and urgency gave it. `confirmed` False: it is the policy's default again, which nobody chose.
    """
    changed = PriorityChanged(
        priority=priority, before=incident.priority, reason=reason, derived=derived, confirmed=confirmed
    )
    return (changed, *by_priority(incident, priority, context.at, policy))


def by_matrix(impact: str, urgency: str, policy: Policy) -> str:
    """The priority that the policy's matrix gives; empty while impact or urgency is not known."""
    return policy.matrix.get(impact, {}).get(urgency, "")
