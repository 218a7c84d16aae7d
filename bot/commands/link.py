"""`link ADDRESS`."""

import re
from dataclasses import dataclass
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import RoomAsked
from bot.guards import check_not_ended, unchanged
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import Address, reference
from bot.refusals import Refused

FORM = re.compile(r"[a-z]+:\S+")
"""A chat, and a place in it as that chat writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRoom:
    """Gives the incident a second room, in another chat or another place: cards, updates and roles appear in both."""

    address: Annotated[
        str,
        Param(
            label="Where?",
            help="The address that `here` shows in that conversation.",
            required=True,
            typed="ADDRESS",
            limit=600,
            missing="Name the address that `here` shows in that conversation.",
        ),
    ]


def decide(incident: Incident, command: LinkRoom, context: Context, policy: Policy) -> Outcome:
    """A second room is asked for there; it is there once its chat has made it."""
    del policy
    check_not_ended(incident, context)
    name, place = reference(incident.number), Address(command.address)
    if not FORM.fullmatch(place):
        raise Refused(f"`{place}` is no address: use the one that `here` shows in that conversation.")
    if place in incident.linked or any(room.address == place for room in incident.rooms):
        return unchanged(f"{name} has a room there")
    return Outcome(
        events=(RoomAsked(address=place),), reply=line(f"{name} gets a second room there: its card follows.")
    )


SPEC = Spec(
    word="link",
    command=LinkRoom,
    decide=decide,
    who=Who.STEERING,
    group="Steer",
    line=("address",),
    title="Second room: {ref}",
    submit="Open room",
    doing="Giving {ref} a second room",
    in_vain=check_not_ended,
)
