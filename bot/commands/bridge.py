"""`bridge URL`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import line
from bot.commands.fields import NONE
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import BridgeSet
from bot.guards import unchanged
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import reference


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBridge:
    """Says where people talk: a video call's address or a phone number; `none` takes it back."""

    url: Annotated[
        str,
        Param(
            label="Where do people talk?",
            help="A video call's address or a phone number.",
            required=True,
            typed="URL",
            limit=500,
            missing="Name a video call's address or a phone number.",
        ),
    ]


def decide(incident: Incident, command: SetBridge, context: Context, policy: Policy) -> Outcome:
    """People talk there from now on."""
    del context, policy
    name, url = reference(incident.number), "" if command.url.casefold() == NONE else command.url
    stands = f"The bridge of {name} is {url}" if url else f"{name} has no bridge"
    if url == incident.bridge:
        return unchanged(stands)
    return Outcome(events=(BridgeSet(url=url),), reply=line(f"{stands}." if not url else stands))


SPEC = Spec(
    word="bridge",
    command=SetBridge,
    decide=decide,
    who=Who.RESPONDERS,
    group="Steer",
    line=("url",),
    title="Bridge: {ref}",
    submit="Set bridge",
    doing="Setting the bridge of {ref}",
)
