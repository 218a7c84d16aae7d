"""`terms`."""

from dataclasses import dataclass

from bot.commands.spec import Context, Outcome, Spec, Who
from bot.incident import Incident
from bot.messages.terms import terms_card
from bot.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTerms:
    """Shows the organisation's definitions, priorities and communication standards."""


def decide(incident: Incident, command: ShowTerms, context: Context, policy: Policy) -> Outcome:
    """The same for everybody, in the organisation's own words."""
    del incident, command, context
    return Outcome(reply=terms_card(policy))


SPEC = Spec(
    word="terms",
    command=ShowTerms,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    about="none",
    reads=True,
)
