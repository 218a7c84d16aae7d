"""The buttons of the incident's card: what comes next is first, the rest stands under More (WORDS 3.1, 5)."""

from bot.cards import Action, Press, Style
from bot.events import Status
from bot.incident import Incident
from bot.messages.phrases import by_moment, claim_label, priority_word
from bot.policy import COMMANDER, Policy
from bot.refs import reference

NEXT_STATUS = {Status.INVESTIGATING: "identified", Status.IDENTIFIED: "monitoring"}


def press(incident: Incident, label: str, word: str, *, style: Style = Style.PLAIN, more: bool = False) -> Press:
    """A button for this incident that has no values yet."""
    return Press(label=label, command=word, incident=incident.number, style=style, more=more)


def claim(incident: Incident, role: str, policy: Policy, style: Style = Style.PLAIN) -> Press:
    """A button with which who presses it takes the role."""
    return Press(
        label=claim_label(role, policy), command="claim", values={"role": role}, incident=incident.number, style=style
    )


def cancel_press(incident: Incident) -> Press:
    """The one dangerous button of the card. Its form asks for the reason, and so asks first (WORDS 5)."""
    label = f"Cancel {reference(incident.number)}"
    return Press(label=label, command="cancel", incident=incident.number, style=Style.DANGER, more=True)


def card_actions(incident: Incident, policy: Policy) -> tuple[Action, ...]:
    """What is owed next comes first and is primary; the rest stands under More.

    While nobody chose the priority, a button for each stands where two others would.
    """
    if incident.is_ended:
        return (*_final_press(incident), press(incident, "Reopen", "reopen"))
    if incident.status is Status.RESOLVED:
        return (*_final_press(incident), press(incident, "Close", "close"), press(incident, "Reopen", "reopen"))
    plain_update = press(incident, "Post update", "update")
    assign = press(incident, "Assign role", "role")
    if not incident.confirmed:
        return (_first(incident, policy), *priority_presses(incident, policy), *_more(incident))
    if incident.holder(COMMANDER) is None:
        return (_first(incident, policy), plain_update, assign, *_more(incident))
    if incident.status is Status.MONITORING:
        first = press(incident, "Resolve", "resolve", style=Style.PRIMARY)
        return (first, plain_update, assign, *_more(incident))
    return (_first(incident, policy), _mark(incident), assign, *_more(incident))


def _final_press(incident: Incident) -> tuple[Action, ...]:
    """Before the incident may be closed, who was told of it is told of its end."""
    owed = [name for _, names in by_moment(incident.standing()) for name in names]
    values = {"to": " ".join(owed)}
    post = Press(label="Post update", command="update", values=values, incident=incident.number, style=Style.PRIMARY)
    return (post,) if owed else ()


def _mark(incident: Incident) -> Press:
    """The next status. It names the one that stands, so that an old card's button is told from a new one's."""
    word = NEXT_STATUS[incident.status]
    was = {"was": incident.status.value}
    return Press(label=f"Mark {word}", command=word, values=was, incident=incident.number)


def _first(incident: Incident, policy: Policy) -> Press:
    if incident.holder(COMMANDER) is None:
        return claim(incident, COMMANDER, policy, style=Style.PRIMARY)
    return press(incident, "Post update", "update", style=Style.PRIMARY)


def _more(incident: Incident) -> tuple[Action, ...]:
    """At most five: Slack's overflow holds no more."""
    resolve = () if incident.status is Status.MONITORING else (press(incident, "Resolve", "resolve", more=True),)
    instead = press(incident, "Set priority", "priority", more=True)
    if not incident.confirmed:
        instead = press(incident, "Post update", "update", more=True)
    return (
        instead,
        press(incident, "Move promise", "next", more=True),
        press(incident, "Add note", "note", more=True),
        *resolve,
        cancel_press(incident),
    )


def priority_presses(incident: Incident, policy: Policy) -> tuple[Press, ...]:
    """A button for each priority, while nobody has chosen one (CONTRACT 5, declare)."""
    return tuple(
        Press(
            label=priority_word(priority.name),
            command="priority",
            values={"level": priority.name},
            incident=incident.number,
        )
        for priority in policy.priorities[:4]
    )
