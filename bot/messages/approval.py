"""An update that waits for approval: the exact words each audience reads, and the two answers."""

from collections.abc import Collection, Sequence

from bot.approvers import Approvers, approvers, asked
from bot.cards import Card, Group, Mention, Note, Part, Press, Spans, Strong, Style, Text, When, line
from bot.events import DraftEnded, UpdatePublished
from bot.evolve_drafts import narrowed
from bot.incident import Draft, Incident
from bot.messages.news import update_outside
from bot.messages.phrases import in_order, listed, mentions, named, spread
from bot.policy import CUSTOMERS, Policy
from bot.refs import Person, reference
from bot.succession import People


def draft_name(number: int, audiences: Collection[str]) -> str:
    """As in `Update 2 to stakeholders and customers`."""
    return f"Update {number} to {listed(in_order(audiences))}"


def approval(incident: Incident, draft: Draft, audiences: Collection[str], who: Approvers, policy: Policy) -> Card:
    """To who approves: whose words they are, and exactly what each of these audiences would read."""
    update = draft.update
    name = draft_name(update.number, audiences)
    wrote: Spans = (Mention(draft.by), " wrote it at ") if draft.by else ("Written at ",)
    groups: Spans = (*spread((Group(group),) for group in who.groups), ": ") if who.groups else ()
    text = (*groups, *wrote, When(draft.at), ". It goes out as it stands here once you approve.")
    return Card(
        title=(f"{name} waits for approval: {named(incident)}",),
        body=(Text(text), *shown(incident, draft, audiences, policy)),
        actions=answers(incident, update.number),
    )


def shown(incident: Incident, draft: Draft, audiences: Collection[str], policy: Policy) -> tuple[Part, ...]:
    """What each audience reads, whole."""
    parts: list[Part] = []
    for audience in in_order(audiences):
        card = update_outside(incident, narrowed(draft.update, (audience,)), audience, policy)
        headline = draft.update.headline or incident.headline if audience == CUSTOMERS else ""
        known_as = (headline,) if headline else card.title
        title = (Text((Strong(known_as),)),) if known_as else ()
        parts += [Note((f"For {audience}:",)), *title, *card.body]
    return tuple(parts)


def answers(incident: Incident, number: int) -> tuple[Press, Press]:
    """The two buttons."""
    values = {"number": str(number)}
    return (
        Press(label="Approve", command="approve", values=values, incident=incident.number, style=Style.PRIMARY),
        Press(label="Send back", command="send-back", values=values, incident=incident.number),
    )


def waits(incident: Incident, draft: Draft, policy: Policy) -> Spans:
    """As in `Update 2 to customers waits for approval by @Ben since {02:41}`, for all but who approves."""
    update = draft.update
    who = whom(asked(incident, draft, policy, {}))
    return (f"{draft_name(update.number, update.audiences)} waits for approval", *who, " since ", When(draft.at), ".")


def whom(who: Approvers) -> Spans:
    """As in ` by @Ben`; nothing where nobody in particular is asked."""
    if who.anybody:
        return ()
    groups = spread((Group(group),) for group in who.groups)
    people = mentions(who.people)
    return (" by ", *people, *((" or ",) if people and groups else ()), *groups)


def theirs(incident: Incident, draft: Draft, person: Person | None, policy: Policy, people: People) -> tuple[str, ...]:
    """The audiences of a draft that this person is asked about."""
    audiences = draft.update.audiences
    return tuple(name for name in audiences if person in approvers(incident, name, draft, policy, people).people)


def approved(incident: Incident, event: UpdatePublished, who: Person | None) -> Card:
    """To who approved, and whoever else was asked."""
    by: Spans = (" by ", Mention(who)) if who else ()
    name = draft_name(event.number, event.audiences)
    return line(f"{name} on {reference(incident.number)} was approved", *by, ": it is out.")


def over(incident: Incident, event: DraftEnded, who: Person | None) -> Card:
    """To who was asked: it waits no more, and why."""
    return line(*_ended(incident, event, who))


def passed_on(incident: Incident, number: int) -> Card:
    """To who was asked and is asked no more."""
    return line(f"Update {number} on {reference(incident.number)} is for somebody else to approve.")


def returned(incident: Incident, event: DraftEnded, who: Person | None) -> Card:
    """To who wrote it: it was not published, why, and the way to write it anew."""
    if event.outcome == "sent back":
        values = {"to": " ".join(event.audiences)}
        again = Press(
            label="Edit update", command="update", values=values, incident=incident.number, style=Style.PRIMARY
        )
        return line(*_ended(incident, event, who), " Its words are kept.", actions=(again,))
    return line(*_ended(incident, event, who))


def _ended(incident: Incident, event: DraftEnded, who: Person | None) -> Spans:
    name = f"{draft_name(event.number, event.audiences)} on {reference(incident.number)}"
    because = f": {event.reason.rstrip('.')}." if event.reason else "."
    if event.outcome != "sent back":
        return (f"{name} waits no more{because}",)
    by: Spans = (" by ", Mention(who)) if who else ()
    return (f"{name} was sent back", *by, because)


def out(incident: Incident, event: UpdatePublished, who: Person | None) -> Card:
    """In the room that has read the same words: they are out to the others too."""
    wrote: Sequence[Person] = (event.drafted_by,) if event.drafted_by else ()
    approver: Spans = (", approved by ", Mention(who)) if who else ()
    name = f"{draft_name(event.number, event.audiences)} on {reference(incident.number)}"
    return line(f"{name} is out, by ", *mentions(wrote), *approver, ".")
