"""Impact and urgency, and the priority that the policy's matrix makes of them."""

from bot.cards import Card, Press, line
from bot.commands.spec import Context, Outcome, Who
from bot.events import Event, ImpactSet, UrgencySet
from bot.grading import by_matrix, graded
from bot.guards import unchanged
from bot.incident import Incident
from bot.messages.phrases import priority_word
from bot.permissions import may
from bot.policy import Policy
from bot.refs import reference


def assessed(incident: Incident, impact: str, urgency: str, context: Context, policy: Policy) -> Outcome:
    """The incident with that impact and urgency; empty: not known yet.

    The matrix gives the priority, unless somebody chose one and the one who acts may not set it: a chosen
    priority stands until those who may choose say otherwise.
    """
    if (impact, urgency) == (incident.impact, incident.urgency):
        return unchanged(f"{reference(incident.number)} has {_known(impact, urgency)}")
    facts: list[Event] = []
    if impact != incident.impact:
        facts.append(ImpactSet(level=impact))
    if urgency != incident.urgency:
        facts.append(UrgencySet(level=urgency))
    priority = by_matrix(impact, urgency, policy)
    if not incident.is_open:
        return Outcome(events=tuple(facts), reply=_noted(incident, impact, urgency))
    if not priority:
        return Outcome(events=tuple(facts), reply=_waiting(incident, impact, urgency))
    if priority == incident.priority and incident.confirmed:
        return Outcome(events=tuple(facts), reply=_from_both(priority))
    if not _follows(incident, context, policy):
        return Outcome(events=tuple(facts), reply=_stays(incident, priority))
    return Outcome(
        events=(*facts, *graded(incident, priority, context, policy, derived=True)), reply=_from_both(priority)
    )


def _follows(incident: Incident, context: Context, policy: Policy) -> bool:
    """Whether the matrix decides: nobody chose, it decided before, or the one who acts may choose."""
    before = by_matrix(incident.impact, incident.urgency, policy)
    steering = policy.permissions.get("priority", Who.STEERING)
    return not incident.confirmed or before == incident.priority or may(incident, steering, context, policy)


def _known(impact: str, urgency: str) -> str:
    parts = [f"{level} {word}" for level, word in ((impact, "impact"), (urgency, "urgency")) if level]
    return " and ".join(parts)


def _waiting(incident: Incident, impact: str, urgency: str) -> Card:
    lacking = "urgency" if impact else "impact"
    if impact and urgency:
        return _noted(incident, impact, urgency)
    word = f"{_known(impact, urgency).capitalize()}. With `{lacking} LEVEL` they give the priority."
    return line(word)


def _noted(incident: Incident, impact: str, urgency: str) -> Card:
    return line(f"{reference(incident.number)} has {_known(impact, urgency)}. Its priority stays.")


def _from_both(priority: str) -> Card:
    return line(f"{priority_word(priority)}, from impact and urgency.")


def _stays(incident: Incident, priority: str) -> Card:
    press = Press(label=f"Set {priority}", command="priority", values={"level": priority}, incident=incident.number)
    chosen = f"{reference(incident.number)} stays {incident.priority}, as somebody chose it."
    return line(f"{chosen} Impact and urgency say {priority}.", actions=(press,))
