"""The first minute: what somebody who sees Sitrep for the first time may try next."""

from collections.abc import Collection, Sequence

from bot.incident import Incident
from bot.policy import COMMANDER, COMMS

DECLARE, DONE = "declare", "done"


def step(incidents: Sequence[Incident], roles: Collection[str]) -> tuple[str, Incident | None]:
    """The next thing to try, and in which incident: the oldest that has not ended. Once one has, nothing more.

    `roles`: those the policy has.
    """
    if not incidents:
        return DECLARE, None
    if any(incident.is_ended for incident in incidents):
        return DONE, None
    first = min(incidents, key=lambda incident: incident.number)
    return _next(first, roles), first


def _next(incident: Incident, roles: Collection[str]) -> str:
    nudged = any(promise.reminded for promise in incident.promises.values())
    steps = (
        ("commander", COMMANDER in roles and incident.holder(COMMANDER) is None and incident.is_open),
        ("comms", COMMS in roles and incident.holder(COMMS) is None and incident.is_open),
        ("nudge", not nudged and not incident.updates and incident.is_open),
        ("update", not incident.updates and incident.is_open),
        ("resolve", incident.is_open),
    )
    return next((name for name, missing in steps if missing), "close")
