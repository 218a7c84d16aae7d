"""What somebody must know who is asked to take a role over: six lines at most (WORDS 3.3)."""

from collections.abc import Iterator

from bot.cards import Span, Spans, When
from bot.events import HandoverOffered
from bot.incident import Incident
from bot.messages.phrases import by_moment, listed, mentions, role_word, spread
from bot.policy import INTERNAL, Policy


def brief(incident: Incident, event: HandoverOffered, policy: Policy) -> tuple[Spans, ...]:
    """How it stands, who is there, what was told and what is owed; of a private incident nothing anybody wrote."""
    lines = (_now(incident), _people(incident, event, policy), _told(incident), _owed(incident))
    return tuple(spans for spans in lines if spans)


def owed_words(incident: Incident) -> Spans:
    """`internal and customers by {02:30}, stakeholders by {03:00}.`, or nothing."""
    parts = [(f"{listed(audiences)} by ", When(moment)) for moment, audiences in by_moment(incident.standing())]
    return (*spread(parts), ".") if parts else ()


def _now(incident: Incident) -> Spans:
    told = incident.told.get(INTERNAL)
    what = "" if incident.private or told is None else f" {told.update.what}"
    since: Spans = (" since ", When(incident.status_since)) if incident.status_since else ()
    return (f"Now: {incident.priority}, {incident.status.value}", *since, f".{what}")


def _people(incident: Incident, event: HandoverOffered, policy: Policy) -> Spans:
    """Everybody else who holds a role."""
    held = [holding for holding in incident.holdings if (holding.role, holding.person) != (event.role, event.giver)]
    roles = dict.fromkeys(holding.role for holding in held)
    parts = list(_holders(incident, roles, event, policy))
    return ("People: ", *spread(parts), ".") if parts else ()


def _holders(
    incident: Incident, roles: dict[str, None], event: HandoverOffered, policy: Policy
) -> Iterator[tuple[Span, ...]]:
    for role in roles:
        people = [person for person in incident.holders(role) if (role, person) != (event.role, event.giver)]
        yield (f"{role_word(role, policy)}{'s' if len(people) > 1 else ''} ", *mentions(people))


def _told(incident: Incident) -> Spans:
    last = max(incident.told.values(), key=lambda told: told.at, default=None)
    if last is None:
        return ("Told: nothing yet.",)
    return (f"Told: update {last.update.number} at ", When(last.at), f", to {listed(last.update.audiences)}.")


def _owed(incident: Incident) -> Spans:
    owed = owed_words(incident)
    return ("You will owe: ", *owed) if owed else ()
