"""What of a decision is told in private to who subscribed: one message for each piece of news, none said twice."""

from collections.abc import Iterator

from bot.cards import Card
from bot.events import Cancelled, MarkedDuplicate, PromiseMade, Reopened, Resolved, Subscribed, UpdatePublished
from bot.messages import subscribed
from bot.messages.news import moved
from bot.posts import Order, Post, ToPerson
from bot.refs import Person
from bot.routes import News
from bot.subscriptions import KEY, followed, read_as, readers


def told_to_subscribers(told: News) -> Iterator[Order]:
    """The private messages of one entry. Nobody is told what they did themselves."""
    card = _card(told)
    if card is None:
        return
    key = f"{KEY}:{_name(told)}"
    for person in _readers(told):
        yield Post(to=ToPerson(person=person), card=card, key=key)


def _readers(told: News) -> tuple[Person, ...]:
    event = told.entry.event
    wrote = event.drafted_by if isinstance(event, UpdatePublished) else None
    found = readers(told.after, but=(told.by, wrote))
    return tuple(person for person in found if not isinstance(event, Subscribed) or person in event.people)


def _name(told: News) -> str:
    event = told.entry.event
    return f"update-{event.number}" if isinstance(event, UpdatePublished) else str(told.entry.version)


def _card(told: News) -> Card | None:
    after = told.after
    match told.entry.event:
        case UpdatePublished() as event:
            audience = read_as(after, event)
            return subscribed.update(after, event, audience, told.policy) if audience else None
        case Subscribed() as event if told.by is None:
            return subscribed.opened(after, event, followed(after))
        case PromiseMade() as event if event.tell and event.audience == followed(after):
            return moved(after, event, inside=False)
        case Reopened():
            return subscribed.reopened(after, followed(after))
        case Resolved() | Cancelled() | MarkedDuplicate():
            return None if _reads_last_words(told) else _ended(told)
        case _:
            return None


def _reads_last_words(told: News) -> bool:
    """Whether the same decision tells them of the end in words of its own."""
    events = (entry.event for entry in told.batch)
    return any(isinstance(event, UpdatePublished) and bool(read_as(told.after, event)) for event in events)


def _ended(told: News) -> Card:
    match told.entry.event:
        case MarkedDuplicate() as event:
            return subscribed.duplicate(told.after, event)
        case Cancelled():
            return subscribed.cancelled(told.after)
        case _:
            return subscribed.resolved(told.after)
