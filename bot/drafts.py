"""Updates that wait for somebody else's approval: what goes out at once, what waits, and what ends the waiting."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.approvers import needs_approval
from bot.events import DraftEnded, Event, UpdateDrafted, UpdatePublished
from bot.evolve_drafts import WITHDRAWN, narrowed
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import Person

SENT_BACK, SUPERSEDED = "sent back", "superseded"
REWRITTEN = "its words were redacted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """An update, by what becomes of it."""

    told: tuple[str, ...]
    """Audiences that read it at once."""
    waiting: tuple[str, ...]
    """Audiences for which it waits."""
    events: tuple[Event, ...]
    """What happens, older drafts to the same people being over."""


def parted(update: UpdatePublished, incident: Incident, by: Person | None, policy: Policy) -> Parted:
    """What of an update goes out at once and what waits for approval. Without audiences nothing happens.

    A status that it sets is set when it is written, so that what waits sets none.
    """
    waiting = tuple(name for name in update.audiences if needs_approval(incident, name, policy))
    told = tuple(name for name in update.audiences if name not in waiting)
    events: list[Event] = [*ended(incident, update.audiences, SUPERSEDED, f"update {update.number} takes its place")]
    if told:
        events.append(narrowed(update, told))
    if waiting:
        draft = replace(narrowed(update, waiting), drafted_by=by, status=None)
        events.append(UpdateDrafted(update=draft, told=told))
    return Parted(told=told, waiting=waiting, events=tuple(events))


def ended(incident: Incident, audiences: Collection[str], outcome: str, reason: str) -> tuple[DraftEnded, ...]:
    """The end of everything that waits to be said to these audiences."""
    found: list[DraftEnded] = []
    for draft in incident.drafts:
        concerned = tuple(name for name in draft.update.audiences if name in audiences)
        if concerned:
            number = draft.update.number
            found.append(DraftEnded(number=number, audiences=concerned, outcome=outcome, reason=reason))
    return tuple(found)


def withdrawn(incident: Incident, reason: str, audiences: Collection[str] | None = None) -> tuple[DraftEnded, ...]:
    """The end of what waits, because it would no longer be true; of all audiences, or of some."""
    waiting = {name for draft in incident.drafts for name in draft.update.audiences}
    return ended(incident, waiting if audiences is None else waiting & set(audiences), WITHDRAWN, reason)


def rewritten(before: Incident, after: Incident) -> tuple[DraftEnded, ...]:
    """The end of what waited in `before` and reads otherwise in `after`: nobody may approve what nobody wrote."""
    concerned = {name for draft in before.drafts if draft not in after.drafts for name in draft.update.audiences}
    return withdrawn(after, REWRITTEN, concerned)
