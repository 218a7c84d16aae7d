"""Reminders: what is owed, to whom, by when, and why it reaches this person (WORDS 3.5)."""

from datetime import datetime, timedelta

from bot.cards import Card, Press, Span, Spans, Style, Text, Tone, When, line
from bot.events import Reminded, Rung
from bot.incident import Incident
from bot.ladders import sla_start, vacancies
from bot.messages.buttons import claim, press
from bot.messages.phrases import a_role, addressed, by, listed, mentions, priority_word, role_word, spread
from bot.messages.update_reminder import draft_reminder, update_reminder
from bot.plain import span_words
from bot.policy import COMMANDER, Policy
from bot.refs import reference


def reminder(incident: Incident, event: Reminded, policy: Policy, at: datetime) -> Card:
    """The message of a reminder, for its one addressee, made at `at`."""
    kind, _, name = event.rungs[0].subject.partition(":")
    match kind:
        case "update":
            return update_reminder(incident, event, policy)
        case "role":
            return _roles(incident, event, policy)
        case "sla":
            return _response(incident, event, policy) if name == "respond" else _resolution(incident, event, policy, at)
        case "draft":
            return draft_reminder(incident, event, policy)
        case "silence":
            return _silence(incident, event)
        case _:
            return _closing(incident)


def _roles(incident: Incident, event: Reminded, policy: Policy) -> Card:
    wanted = [vacancy.role for vacancy in vacancies(incident, policy)]
    needs = listed([a_role(role, policy) for role in wanted])
    have = {1: "one", 2: "both"}.get(len(wanted), "all of them")
    first, *rest = [claim(incident, role, policy) for role in wanted] or [claim(incident, COMMANDER, policy)]
    primary = Press(
        label=first.label, command=first.command, values=first.values, incident=first.incident, style=Style.PRIMARY
    )
    text: Spans = (*addressed(event.to), f"{priority_word(incident.priority)} incidents have {have}.")
    return Card(
        title=(f"{reference(incident.number)} needs {needs}",),
        tone=Tone.WARNING,
        body=(Text(text),),
        actions=(primary, *rest),
    )


def _response(incident: Incident, event: Reminded, policy: Policy) -> Card:
    rung = event.rungs[0]
    ends = "ended" if rung.step >= 1 else "ends"
    return Card(
        title=(f"{reference(incident.number)} has no first response yet",),
        tone=Tone.WARNING,
        body=(
            Text((*addressed(event.to), f"Its response SLA {ends} at ", When(rung.about), ". Claiming a role counts.")),
        ),
        actions=(claim(incident, COMMANDER, policy, Style.PRIMARY),),
    )


def _resolution(incident: Incident, event: Reminded, policy: Policy, at: datetime) -> Card:
    rung, name = event.rungs[0], reference(incident.number)
    post = press(incident, "Post update", "update", style=Style.PRIMARY)
    if rung.step >= 1 or rung.about <= at:
        start = sla_start(incident, policy) or rung.about
        allowed = span_words(rung.about - start - incident.resolved_for)
        text: Spans = (
            *addressed(event.to),
            f"The {allowed} allowed ended at ",
            When(rung.about),
            ". Work goes on as before; the next update says so.",
        )
        return Card(
            title=(f"{name} is past its resolution SLA",), tone=Tone.CRITICAL, body=(Text(text),), actions=(post,)
        )
    left = span_words(max(rung.about - at, timedelta(seconds=1)))
    advice = ". If it will not hold, say so in the next update. Promise word, not a repair time."
    return Card(
        title=(f"{left} left in the resolution SLA of {name}",),
        tone=Tone.WARNING,
        body=(Text((*addressed(event.to), "It ends at ", When(rung.about), advice)),),
        actions=(post,),
    )


def _silence(incident: Incident, event: Reminded) -> Card:
    rung = event.rungs[0]
    quiet = span_words(timedelta(seconds=rung.step))
    who: Spans = by(incident.last_words[2]) if incident.last_words else ()
    still = Press(
        label="Still working on it", command="note", values={"text": "Still working on it."}, incident=incident.number
    )
    return Card(
        title=(f"Nothing recorded on {reference(incident.number)} for {quiet}",),
        body=(
            Text((*addressed(event.to), "Still under way? Last: ", When(rung.about), *who, ". One line is enough.")),
        ),
        actions=(
            press(incident, "Post an update", "update", style=Style.PRIMARY),
            still,
            press(incident, "Resolve", "resolve"),
        ),
    )


def _closing(incident: Incident) -> Card:
    since: Spans = ("Resolved at ", When(incident.resolved_at), ".") if incident.resolved_at else ()
    return Card(
        title=(f"May {reference(incident.number)} be closed?",),
        body=(Text(since),),
        actions=(press(incident, "Close", "close", style=Style.PRIMARY), press(incident, "Reopen", "reopen")),
    )


def settled(incident: Incident, rungs: tuple[Rung, ...], policy: Policy) -> Card:
    """What a reminder becomes once it is no longer true: one line without buttons (WORDS 2.4)."""
    kind, _, name = rungs[0].subject.partition(":")
    if kind == "update":
        return line(*_what_came(incident, name, rungs[0]))
    if kind == "role" and incident.is_open:
        return line(*_who_has(incident, rungs, policy))
    return line(*_how_it_stands(incident))


def _what_came(incident: Incident, audience: str, rung: Rung) -> Spans:
    told = incident.told.get(audience)
    if told and (told.at >= rung.moment or told.at == incident.last_at):
        return (f"Update {told.update.number} came at ", When(told.at), ".")
    promise = incident.promise(audience)
    if incident.is_open and promise and promise.due:
        return (f"The next update on {reference(incident.number)} comes by ", When(promise.due), ".")
    return _how_it_stands(incident)


def _who_has(incident: Incident, rungs: tuple[Rung, ...], policy: Policy) -> Spans:
    """`@Ben is incident commander, @Dee is scribe of INC-42.` A role nobody needs any more is not spoken of."""
    roles = dict.fromkeys(rung.subject.partition(":")[2] for rung in rungs)
    parts = [
        (*mentions(people), f" {'is' if len(people) == 1 else 'are'} {role_word(role, policy)}")
        for role in roles
        if (people := incident.holders(role))
    ]
    return (*spread(parts), f" of {reference(incident.number)}.") if parts else _how_it_stands(incident)


def _how_it_stands(incident: Incident) -> Spans:
    since: tuple[Span, ...] = (" since ", When(incident.status_since)) if incident.status_since else ()
    return (f"{reference(incident.number)} is {incident.status.value}", *since, ".")
