"""`visibility private|public`."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.drafts import withdrawn
from bot.events import Event, RoomLost, VisibilityChanged
from bot.guards import unchanged
from bot.incident import Incident
from bot.policy import INTERNAL, Policy
from bot.promises import by_ending, by_priority
from bot.questions import Ask
from bot.refs import reference

PRIVATE, PUBLIC = "private", "public"
BECAME_PRIVATE = "the incident is private now"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVisibility:
    """Makes the incident private, for its people only, or public."""

    visibility: Annotated[
        str,
        Param(
            label="Who sees it?",
            ask=Ask.CHOICE,
            help="Private: only the people in its room.",
            required=True,
            options=(PRIVATE, PUBLIC),
            typed="private|public",
        ),
    ]


def decide(incident: Incident, command: SetVisibility, context: Context, policy: Policy) -> Outcome:
    """Who sees the incident changes, and with it who is promised updates."""
    name, private = reference(incident.number), command.visibility == PRIVATE
    if private == incident.private:
        return unchanged(f"{name} is {command.visibility}")
    means = "only its people see it" if private else "everybody sees it"
    room = (
        " Its room was made for everybody and stays so: close it in the chat." if private and incident.room_open else ""
    )
    reply = line(f"{name} is {command.visibility} from now on: {means}.{room}")
    return Outcome(events=shown_to(incident, context.at, policy, private=private), reply=reply)


def shown_to(incident: Incident, at: datetime, policy: Policy, *, private: bool) -> tuple[Event, ...]:
    """The incident is private or public from now on.

    A private one promises updates to `internal` only, and goes on in its first room alone: others may read the second,
    until `link` names one that only invited people read.
    """
    changed = VisibilityChanged(private=private)
    if not private:
        return (changed, *by_priority(replace(incident, private=False), incident.priority, at, policy))
    rooms = tuple(RoomLost(address=room.address, reason=BECAME_PRIVATE) for room in incident.rooms[1:] if not room.lost)
    others = {name: promise for name, promise in incident.promises.items() if name != INTERNAL}
    overtaken = withdrawn(incident, "the incident is private")
    return (changed, *rooms, *overtaken, *by_ending(replace(incident, promises=others), at, policy))


SPEC = Spec(
    word="visibility",
    command=SetVisibility,
    decide=decide,
    who=Who.COMMANDER,
    group="Steer",
    line=("visibility",),
    title="Who sees {ref}",
    submit="Change",
    doing="Changing who sees {ref}",
)
