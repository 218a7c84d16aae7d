"""`services NAME…`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import ServicesSet
from bot.guards import unchanged
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.policy import Policy
from bot.refs import reference
from bot.typed import names_line


@dataclass(frozen=True, slots=True, kw_only=True)
class SetServices:
    """Says which services are affected; `none` takes them all back."""

    names: Annotated[
        tuple[str, ...],
        Param(
            label="Affected services",
            help="With commas between names of several words.",
            required=True,
            several=True,
            typed="NAME…",
            limit=500,
            missing="Name at least one service, or none.",
        ),
    ]


def decide(incident: Incident, command: SetServices, context: Context, policy: Policy) -> Outcome:
    """These services are affected, and no others; at any status, for the record is read later."""
    del context, policy
    name = reference(incident.number)
    affects = f"{name} affects {listed(command.names)}" if command.names else f"{name} affects no service that is named"
    if command.names == incident.services:
        return unchanged(affects)
    return Outcome(events=(ServicesSet(services=command.names),), reply=line(f"{affects}."))


SPEC = Spec(
    word="services",
    command=SetServices,
    decide=decide,
    who=Who.RESPONDERS,
    group="Steer",
    line=("names",),
    title="Services: {ref}",
    submit="Set services",
    prefill=lambda _values, incident, _context, _policy: {"names": names_line(incident.services)},
    doing="Naming the services of {ref}",
)
