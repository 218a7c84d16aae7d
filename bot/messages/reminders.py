"""Reminders: what is owed, to whom, by when, and why it reaches this person (WORDS 3.5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.cards import Action, Card, Due, Mention, Open, Part, Press, Span, Spans, Style, Text, Tone, When, line
from bot.events import Recipient, Reminded, Rung, Why
from bot.incident import Incident
from bot.ladders import sla_start, vacancies
from bot.messages.incident_card import claim, press
from bot.messages.phrases import a_role, by, claim_label, in_order, listed, mentions, priority_word, role_word, spread
from bot.plain import span_words
from bot.policy import COMMANDER, COMMS, INTERNAL, Policy
from bot.refs import reference

SNOOZE = "5m"


def reminder(incident: Incident, event: Reminded, policy: Policy, at: datetime) -> Card:
    """The message of a reminder, for its one addressee, made at `at`."""
    kind, _, name = event.rungs[0].subject.partition(":")
    match kind:
        case "update":
            return _update(incident, event, policy)
        case "role":
            return _roles(incident, event, policy)
        case "sla":
            return _response(incident, event, policy) if name == "respond" else _resolution(incident, event, policy, at)
        case "silence":
            return _silence(incident, event)
        case _:
            return _closing(incident)


def _update(incident: Incident, event: Reminded, policy: Policy) -> Card:
    first = event.rungs[0]
    private = event.to.person is not None and not event.to.room
    body: list[Part] = [
        Text((*_addressed(event.to), *_promised(event.rungs, lower=event.to.room), *_reach(incident, event, policy)))
    ]
    return Card(
        title=(f"Update on {reference(incident.number)} is ", Due(first.about)),
        tone=_tone(incident, first, event.to, policy),
        body=tuple(body),
        actions=_update_actions(incident, event, policy, private=private),
    )


def _tone(incident: Incident, rung: Rung, to: Recipient, policy: Policy) -> Tone:
    if incident.drill:
        return Tone.DRILL
    if rung.step < 0:
        return Tone.NEUTRAL
    return Tone.CRITICAL if to.audience and policy.priority(incident.priority).major else Tone.WARNING


def _addressed(to: Recipient) -> Spans:
    return (Mention(to.person), ": ") if to.person and to.room else ()


def _promised(rungs: Iterable[Rung], *, lower: bool) -> Spans:
    """`Promised to internal and customers by {02:40}.`: each audience with its moment."""
    groups: dict[datetime, list[str]] = {}
    for rung in rungs:
        groups.setdefault(rung.about, []).append(rung.subject.partition(":")[2])
    parts = [(f"to {listed(in_order(names))} by ", When(moment)) for moment, names in sorted(groups.items())]
    return ("promised " if lower else "Promised ", *spread(parts), ".")


def _reach(incident: Incident, event: Reminded, policy: Policy) -> Spans:
    """Why it comes to this addressee, in one sentence; nothing where that is plain."""
    if event.quiet_over == "snooze":
        return (" Your quiet time ended; the promise still stands.",)
    if event.quiet_over:
        return (" It waited for the end of your quiet hours.",)
    if event.down:
        return (
            " Sitrep was down from ",
            When(event.down[0]),
            " to ",
            When(event.down[1]),
            "; this replaces the reminders between.",
        )
    to = event.to
    if to.audience:
        return (f" It reaches you by the policy: the update is late, to {to.audience}.",)
    if to.why is Why.ROLE and to.role == COMMS and event.rungs[0].step < 0:
        return (" Your last words are filled in.",)
    because = _because(incident, to, policy)
    if not because:
        return ()
    here = " It is said here" if to.room else " It reaches you"
    return (here, *because, *_earlier(event), ".")


def _because(incident: Incident, to: Recipient, policy: Policy) -> Spans:
    if to.why is Why.NO_ADDRESS:
        return (" because the audience it is meant for has no address",)
    if to.why is Why.VACANT and to.via == "declarer":
        return (" because nobody holds a role and you declared",) if not to.room else (" because nobody holds a role",)
    if to.why is Why.VACANT:
        return (f" because nobody is {role_word(to.role, policy)}",)
    if to.why is Why.UNREACHABLE:
        return (" because ", *mentions(incident.holders(to.role)), f", {role_word(to.role, policy)}, cannot be reached")
    if to.why is Why.ROLE and to.role != COMMS and not to.room:
        return (f" as {role_word(to.role, policy)}",)
    return ()


def _earlier(event: Reminded) -> Spans:
    if not event.after:
        return ()
    return (
        ", after reminders at " if len(event.after) > 1 else ", after a reminder at ",
        *spread(((When(moment),) for moment in event.after[-3:]), " and "),
    )


def _update_actions(incident: Incident, event: Reminded, policy: Policy, *, private: bool) -> tuple[Action, ...]:
    if event.to.audience:
        return (Open(label="Open room", room=incident.number),)
    audiences = [rung.subject.partition(":")[2] for rung in event.rungs]
    values = {} if audiences == [INTERNAL] else {"to": " ".join(audiences)}
    post = Press(label="Post update", command="update", values=values, incident=incident.number, style=Style.PRIMARY)
    move_values = {"audience": audiences[0]} if len(audiences) == 1 and audiences != [INTERNAL] else {}
    move_values = {"audience": "all"} if len(audiences) > 1 else move_values
    move = Press(label="Move promise", command="next", values=move_values, incident=incident.number)
    if not private:
        return (post, move)
    snooze = Press(label="Snooze 5 min", command="snooze", values={"duration": SNOOZE}, incident=incident.number)
    return (post, *_fill_comms(incident, event.to, policy), snooze, move)


def _fill_comms(incident: Incident, to: Recipient, policy: Policy) -> tuple[Action, ...]:
    """Who answers in place of a communications officer can name one."""
    values = {"role": COMMS}
    if to.why is not Why.ROLE:
        return (Press(label="Assign role", command="role", values=values, incident=incident.number),)
    if to.role == COMMANDER and incident.holder(COMMS) not in {None, to.person}:
        label = f"Reassign {claim_label(COMMS, policy).removeprefix('Claim ')}"
        return (Press(label=label, command="role", values=values, incident=incident.number),)
    return ()


def _roles(incident: Incident, event: Reminded, policy: Policy) -> Card:
    wanted = [vacancy.role for vacancy in vacancies(incident, policy)]
    needs = listed([a_role(role, policy) for role in wanted])
    have = {1: "one", 2: "both"}.get(len(wanted), "all of them")
    first, *rest = [claim(incident, role, policy) for role in wanted] or [claim(incident, COMMANDER, policy)]
    primary = Press(
        label=first.label, command=first.command, values=first.values, incident=first.incident, style=Style.PRIMARY
    )
    text: Spans = (*_addressed(event.to), f"{priority_word(incident.priority)} incidents have {have}.")
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
            Text(
                (*_addressed(event.to), f"Its response SLA {ends} at ", When(rung.about), ". Claiming a role counts.")
            ),
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
            *_addressed(event.to),
            f"{allowed} ended at ",
            When(rung.about),
            ". Work goes on as before; the next update says so.",
        )
        return Card(
            title=(f"{name} is past its resolution SLA",), tone=Tone.CRITICAL, body=(Text(text),), actions=(post,)
        )
    left = span_words(max(rung.about - at, timedelta(minutes=1)))
    advice = ". If it will not hold, say so in the next update. Promise word, not a repair time."
    return Card(
        title=(f"{left} left in the resolution SLA of {name}",),
        tone=Tone.WARNING,
        body=(Text((*_addressed(event.to), "It ends at ", When(rung.about), advice)),),
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
            Text((*_addressed(event.to), "Still under way? Last: ", When(rung.about), *who, ". One line is enough.")),
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
    if kind == "role" and incident.holders(name):
        return line(
            *mentions(incident.holders(name)), f" is {role_word(name, policy)} of {reference(incident.number)}."
        )
    return line(*_how_it_stands(incident))


def _what_came(incident: Incident, audience: str, rung: Rung) -> Spans:
    told = incident.told.get(audience)
    if told and (told.at >= rung.moment or told.at == incident.last_at):
        return (f"Update {told.update.number} came at ", When(told.at), ".")
    promise = incident.promise(audience)
    if incident.is_open and promise and promise.due:
        return (f"The next update on {reference(incident.number)} comes by ", When(promise.due), ".")
    return _how_it_stands(incident)


def _how_it_stands(incident: Incident) -> Spans:
    since: tuple[Span, ...] = (" since ", When(incident.status_since)) if incident.status_since else ()
    return (f"{reference(incident.number)} is {incident.status.value}", *since, ".")
