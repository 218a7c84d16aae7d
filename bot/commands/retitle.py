"""*It is part of the title*: words of a declaration that were taken for a priority or `private` go back into it."""

from dataclasses import dataclass, replace

from bot.cards import Card, Text
from bot.commands.declare import default_priority
from bot.commands.spec import Context, Outcome, Spec, Who
from bot.commands.title import TITLE_LIMIT
from bot.commands.visibility import PRIVATE, shown_to
from bot.events import Event, TitleChanged
from bot.grading import graded
from bot.guards import check_open, person_word, unchanged
from bot.incident import Incident
from bot.messages.buttons import priority_presses
from bot.messages.phrases import priority_word
from bot.permissions import commands
from bot.policy import COMMANDER, Policy
from bot.refs import reference
from bot.refusals import NotAllowed, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitle:
    """Puts the first words of the declaration back into the title."""


def decide(incident: Incident, command: Retitle, context: Context, policy: Policy) -> Outcome:
    """The words are part of the title, and what they had set is as if they had not been taken."""
    del command
    check_open(incident, context)
    name = reference(incident.number)
    if not incident.taken:
        return unchanged(f"{name} has its title already")
    _check_own(incident, context)
    title = " ".join((*incident.taken, incident.title))
    if len(title) > TITLE_LIMIT:
        raise Refused(f"With those words the title is longer than {TITLE_LIMIT} characters: write it by `title TEXT`.")
    words = [word for word in incident.taken if word.casefold() != PRIVATE]
    shows = incident.private and len(words) < len(incident.taken)
    if shows:
        _check_shows(incident, context)
    events: list[Event] = [TitleChanged(title=title)]
    after = incident
    if words and incident.priority == incident.priorities[0][1]:
        events += graded(incident, default_priority(policy), context, policy, confirmed=False)
        after = replace(incident, priority=default_priority(policy), confirmed=False)
    if shows:
        events += shown_to(after, context.at, policy, private=False)
    return Outcome(events=tuple(events), reply=_reply(after, title, policy))


def _check_own(incident: Incident, context: Context) -> None:
    """Only who wrote the words, or who commands, may say what they meant."""
    if context.actor == incident.declared_by or commands(incident, context.actor):
        return
    name = reference(incident.number)
    ask = f": ask {person_word(incident.declared_by, context)}" if incident.declared_by else ": `title TEXT` changes it"
    raise NotAllowed(f"What belongs to the title of {name} is for who declared it{ask}.")


def _check_shows(incident: Incident, context: Context) -> None:
    """A private incident is shown to everybody by its commander only, whichever word does it."""
    commander = incident.holder(COMMANDER)
    if commander and not commands(incident, context.actor):
        name, who = reference(incident.number), person_word(commander, context)
        raise NotAllowed(f"Changing who sees {name} is for the incident commander: ask {who}.")


def _reply(incident: Incident, title: str, policy: Policy) -> Card:
    doubt = "" if incident.confirmed else ", not confirmed"
    said = Text((f"{reference(incident.number)} is {title}. {priority_word(incident.priority)}{doubt}.",))
    return Card(body=(said,), actions=() if incident.confirmed else priority_presses(incident, policy))


SPEC = Spec(
    word="retitle",
    command=Retitle,
    decide=decide,
    who=Who.RESPONDERS,
    group="Start",
    doing="Changing the title of {ref}",
    hidden=True,
)
