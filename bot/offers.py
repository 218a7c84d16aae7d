"""Requests to take a role over, as the one who was asked sees them."""

from bot.commands.spec import Context
from bot.incident import Handover, Incident
from bot.messages.phrases import listed, role_word
from bot.policy import Policy
from bot.refs import reference
from bot.refusals import Refused
from bot.roles import short


def open_to(incident: Incident, context: Context) -> tuple[Handover, ...]:
    """The requests to the actor that have not ended."""
    return tuple(offer for offer in incident.handovers if offer.taker == context.actor and offer.until > context.at)


def meant(incident: Incident, role: str, answer: str, context: Context, policy: Policy) -> Handover:
    """The request that an `answer` (`accept`, `decline`) is about: of that role, or the only one.

    Raises Refused where there is none, or more than one and no role is named.
    """
    offers = [offer for offer in open_to(incident, context) if role in {"", offer.role}]
    name = reference(incident.number)
    if not offers:
        asked = f"be {role_word(role, policy)}" if role else "take a role"
        raise Refused(f"Nobody asks you to {asked} of {name} now: `roles` shows who holds what.")
    if len({offer.role for offer in offers}) > 1:
        words = listed([role_word(offer.role, policy) for offer in offers])
        example = short(policy.role(offers[0].role))
        raise Refused(f"You are asked to be {words} of {name}: say which, as in `{answer} {example}`.", field="role")
    return offers[-1]
