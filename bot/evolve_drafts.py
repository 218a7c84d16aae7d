"""How updates that wait for approval fold."""

from collections.abc import Collection
from datetime import datetime
from typing import assert_never

from bot.changing import changed
from bot.events import AboutDrafts, DraftEnded, UpdateDrafted, UpdatePublished
from bot.incident import Draft, Incident
from bot.policy import CUSTOMERS
from bot.refs import Person

WITHDRAWN = "withdrawn"


def drafts_after(incident: Incident, event: AboutDrafts, at: datetime, by: Person | None) -> Incident:
    """The incident after an update began to wait for approval, or waits no more."""
    match event:
        case UpdateDrafted():
            written = dict.fromkeys(event.update.audiences, event.update)
            return changed(
                incident,
                drafts=(*_without(incident, event.update.audiences), Draft(at=at, by=by, update=event.update)),
                unsaid={**incident.unsaid, **written},
                updates=max(incident.updates, event.update.number),
            )
        case DraftEnded():
            gone = event.audiences if event.outcome == WITHDRAWN else ()
            unsaid = {name: update for name, update in incident.unsaid.items() if name not in gone}
            return changed(incident, drafts=_without(incident, event.audiences, event.number), unsaid=unsaid)
        case _:
            assert_never(event)


def drafts_published(incident: Incident, event: UpdatePublished) -> Incident:
    """The incident once these audiences were told: nothing written for them before waits any more."""
    unsaid = {name: update for name, update in incident.unsaid.items() if name not in event.audiences}
    return changed(incident, drafts=_without(incident, event.audiences), unsaid=unsaid)


def narrowed(update: UpdatePublished, audiences: Collection[str]) -> UpdatePublished:
    """The same update for some of its audiences only."""
    return changed(
        update,
        audiences=tuple(name for name in update.audiences if name in audiences),
        next={name: moment for name, moment in update.next.items() if name in audiences},
        words=update.words if CUSTOMERS in audiences else "",
        headline=update.headline if CUSTOMERS in audiences else "",
    )


def _without(incident: Incident, audiences: Collection[str], number: int | None = None) -> tuple[Draft, ...]:
    """The drafts less these audiences, of that number if one is given; without any left, a draft is over."""
    left: list[Draft] = []
    for draft in incident.drafts:
        concerned = number in {None, draft.update.number}
        stay = [name for name in draft.update.audiences if not (concerned and name in audiences)]
        if stay:
            left.append(changed(draft, update=narrowed(draft.update, stay)))
    return tuple(left)
