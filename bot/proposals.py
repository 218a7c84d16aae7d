"""What a form proposes for the next update: moments as people would type them (docs/promises.md, 1.3)."""

from datetime import datetime, timedelta

from bot import promises
from bot.incident import Incident
from bot.policy import INTERNAL, Policy

MINUTES = ("15m", "30m", "60m")
"""The moments a form offers, from now."""
NONE = "none"
"""No further update is expected; a reason goes with it."""


def typed_length(length: timedelta) -> str:
    """A length of time as people type it: `45s`, `30m`, `1h30m`; an hour is `60m`, as forms offer it."""
    seconds = round(length.total_seconds())
    if seconds % 60:
        return f"{seconds}s"
    minutes = seconds // 60
    if minutes <= 60:
        return f"{minutes}m"
    hours, rest = divmod(minutes, 60)
    return f"{hours}h{rest}m" if rest else f"{hours}h"


def next_update(incident: Incident, audiences: tuple[str, ...], policy: Policy, at: datetime) -> str:
    """The policy's proposal for these audiences, the soonest of them; empty where no clock holds for any."""
    found = [promises.proposal(incident, audience, policy, at) for audience in audiences]
    moments = [moment for moment in found if moment]
    return typed_length(min(moments) - at) if moments else ""


def due_audiences(incident: Incident, policy: Policy, at: datetime) -> tuple[str, ...]:
    """Whom an update written now should tell: internal, and who would be late if they had to wait for the next one."""
    following = promises.proposal(incident, INTERNAL, policy, at)
    soon = [
        promise.audience
        for promise in incident.standing()
        if promise.audience != INTERNAL and promise.due and following and promise.due < following
    ]
    return (INTERNAL, *soon)
