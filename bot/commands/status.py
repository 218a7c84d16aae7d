"""`status [REF]`."""

from dataclasses import dataclass, replace

from bot.commands.spec import Context, Outcome, Spec, Who
from bot.figures import figures
from bot.incident import Incident
from bot.messages.figures import figures_note
from bot.messages.incident_card import incident_card
from bot.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStatus:
    """Shows the incident's card."""


def decide(incident: Incident, command: ShowStatus, context: Context, policy: Policy) -> Outcome:
    """The card as it stands, with its buttons, and how the promises were kept so far."""
    del command
    card = incident_card(incident, policy, context.at)
    return Outcome(reply=replace(card, body=(*card.body, *figures_note(figures(incident)))))


SPEC = Spec(
    word="status",
    command=ShowStatus,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    aliases=("show",),
    reads=True,
    ref_first=True,
)
