"""What is said about updates that wait: whoever approves is asked, whoever wrote it hears what became of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.approvers import Approvers, asked
from bot.cards import Card
from bot.events import DraftEnded, Entry, UpdatePublished
from bot.incident import Draft, Incident
from bot.messages import approval, news
from bot.policy import INTERNAL, Policy
from bot.posts import Order, Post, Target, ToPerson, ToRoom
from bot.succession import People


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One message to one of those asked."""

    draft: Draft
    audiences: tuple[str, ...]
    who: Approvers


def draft_posts(
    before: Incident, batch: tuple[Entry, ...], after: Incident, policy: Policy, people: People
) -> Iterator[Order]:
    """Who is asked now reads the words; who is asked no more reads why; who wrote what came to nothing hears of it."""
    now, was = _asked(after, policy, people), _asked(before, policy, people)
    for (to, number), one in now.items():
        card = approval.approval(after, one.draft, one.audiences, one.who, policy)
        yield Post(to=to, card=card, key=f"approval:{number}")
    for to, number in was:
        if (to, number) not in now:
            yield Post(to=to, card=_became(number, batch, after), key=f"approval:{number}", only_edit=True)
    for entry in batch:
        yield from _returned(before, entry, after)


def _asked(incident: Incident, policy: Policy, people: People) -> Mapping[tuple[Target, int], _Asked]:
    found: dict[tuple[Target, int], _Asked] = {}
    for draft in incident.drafts:
        who, number = asked(incident, draft, policy, people), draft.update.number
        for person in who.people:
            audiences = approval.theirs(incident, draft, person, policy, people)
            found[ToPerson(person=person), number] = _Asked(draft=draft, audiences=audiences, who=Approvers())
        if not who.people:
            found[ToRoom(), number] = _Asked(draft=draft, audiences=draft.update.audiences, who=who)
    return found


def _became(number: int, batch: tuple[Entry, ...], incident: Incident) -> Card:
    for entry in batch:
        event = entry.event
        if isinstance(event, UpdatePublished) and event.drafted_by and event.number == number:
            return approval.approved(incident, event, entry.by)
        if isinstance(event, DraftEnded) and event.number == number:
            return approval.over(incident, event, entry.by)
    return approval.passed_on(incident, number)


def _returned(before: Incident, entry: Entry, after: Incident) -> Iterator[Order]:
    """To the writer, unless it is their own doing."""
    event = entry.event
    if not isinstance(event, DraftEnded):
        return
    draft = next((draft for draft in before.drafts if draft.update.number == event.number), None)
    writer = draft.by if draft else None
    if writer and writer != entry.by:
        card = approval.returned(after, event, entry.by)
        yield Post(to=ToPerson(person=writer), card=card, key=f"draft:{event.number}:{entry.version}")


def update_in_room(before: Incident, entry: Entry, after: Incident, event: UpdatePublished) -> Post:
    """The update as the room reads it; of one that it has read and that was approved for others, one line."""
    inside = Post(to=ToRoom(), card=news.update_internal(after, event, entry.by), key=f"update-{event.number}")
    if event.drafted_by is None:
        return inside
    told = before.told.get(INTERNAL)
    known = told is not None and told.update.number == event.number
    card = approval.out(after, event, entry.by) if known else inside.card
    return replace(inside, card=card, key=f"approved:{entry.version}")
