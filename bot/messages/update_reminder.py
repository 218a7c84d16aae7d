"""The reminder of an update that is due or late, one for each addressee (WORDS 3.5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.cards import Action, Card, Due, Open, Part, Press, Spans, Style, Text, Tone, When
from bot.events import Recipient, Reminded, Rung, Why
from bot.incident import Draft, Incident
from bot.messages.approval import answers, draft_name, shown, theirs, waits
from bot.messages.phrases import addressed, claim_label, in_order, listed, mentions, named, role_word, spread
from bot.plain import span_words
from bot.policy import COMMANDER, COMMS, INTERNAL, Policy
from bot.refs import reference
from bot.succession import APPROVER, is_audience

SNOOZE = "5m"


def update_reminder(incident: Incident, event: Reminded, policy: Policy) -> Card:
    """An update is due, or late: to whom it was promised, and why it comes to this addressee."""
    draft = drafted(incident, event)
    if draft and event.to.role == APPROVER:
        return _to_approve(incident, event, draft, policy)
    first = event.rungs[0]
    private = event.to.person is not None and not event.to.room
    first_words = addressed(event.to) or _introduced(incident, event.to)
    promised = _promised(event.rungs, lower=bool(first_words))
    body: list[Part] = [Text((*first_words, *promised, *_reach(incident, event, policy)))]
    if draft and not event.to.audience:
        body.append(Text(waits(incident, draft, policy)))
    return Card(
        title=(f"Update on {reference(incident.number)} is ", Due(first.about)),
        tone=_tone(incident, first, event.to, policy),
        body=tuple(body),
        actions=_actions(incident, event, policy, private=private),
    )


def drafted(incident: Incident, event: Reminded) -> Draft | None:
    """What waits to be said to one of these audiences; of several, the oldest."""
    audiences = {rung.subject.partition(":")[2] for rung in event.rungs}
    return next((draft for draft in incident.drafts if audiences & set(draft.update.audiences)), None)


def _to_approve(incident: Incident, event: Reminded, draft: Draft, policy: Policy) -> Card:
    """The promise is kept by this person's answer: so here are the words again, with the answers."""
    first, update = event.rungs[0], draft.update
    audiences = theirs(incident, draft, event.to.person, policy, {}) or update.audiences
    asks = f" {draft_name(update.number, audiences)} waits for your approval since "
    lead = Text((*_promised(event.rungs, lower=False), asks, When(draft.at), "."))
    snooze = Press(label="Snooze 5 min", command="snooze", values={"duration": SNOOZE}, incident=incident.number)
    return Card(
        title=(f"Update on {reference(incident.number)} is ", Due(first.about)),
        tone=_tone(incident, first, event.to, policy),
        body=(lead, *shown(incident, draft, audiences, policy)),
        actions=(*answers(incident, update.number), snooze),
    )


def draft_reminder(incident: Incident, event: Reminded, policy: Policy) -> Card:
    """Words wait and no promise runs out meanwhile: who approves is asked again, with the words and the answers."""
    number = int(event.rungs[0].subject.partition(":")[2])
    draft = next(draft for draft in incident.drafts if draft.update.number == number)
    person = event.to.person
    audiences = theirs(incident, draft, person, policy, {}) or draft.update.audiences
    asks: Spans = (f"{draft_name(number, audiences)} waits for your approval since ", When(draft.at), ".")
    snooze = Press(label="Snooze 5 min", command="snooze", values={"duration": SNOOZE}, incident=incident.number)
    return Card(
        title=(f"Update {number} on {reference(incident.number)} is not approved yet",),
        tone=_tone(incident, event.rungs[0], event.to, policy),
        body=(Text(asks if person else waits(incident, draft, policy)), *shown(incident, draft, audiences, policy)),
        actions=(*answers(incident, number), *((snooze,) if person else ())),
    )


def _tone(incident: Incident, rung: Rung, to: Recipient, policy: Policy) -> Tone:
    if incident.drill:
        return Tone.DRILL
    if rung.step < 0:
        return Tone.NEUTRAL
    return Tone.CRITICAL if to.audience and policy.priority(incident.priority).major else Tone.WARNING


def _introduced(incident: Incident, to: Recipient) -> Spans:
    """People outside may see the incident for the first time."""
    return (f"{named(incident)}: ",) if to.audience else ()


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
        late = span_words(timedelta(seconds=event.rungs[0].step))
        return (f" It reaches you by the policy: {late} late, to {to.audience}.",)
    if to.why is Why.ROLE and to.role == COMMS and event.rungs[0].step < 0:
        return (" Your last words are filled in.",) if _spoken(incident, event) else ()
    because = _because(incident, event, policy)
    if not because:
        return ()
    here = " It is said here" if to.room else " It reaches you"
    return (here, *because, *_earlier(event), ".")


def _spoken(incident: Incident, event: Reminded) -> bool:
    """Whether one of these audiences was told anything before."""
    return any(rung.subject.partition(":")[2] in incident.told for rung in event.rungs)


def _because(incident: Incident, event: Reminded, policy: Policy) -> Spans:
    to = event.to
    if to.why is Why.NO_ADDRESS:
        return (f" in place of {_untold(event.rungs[0], policy)}, which cannot be told",)
    if to.why is Why.VACANT and to.via == "declarer":
        return (" because nobody holds a role and you declared",) if not to.room else (" because nobody holds a role",)
    if to.why is Why.VACANT:
        return (f" because nobody is {role_word(to.role, policy)}",)
    if to.why is Why.UNREACHABLE:
        return (" because ", *mentions(incident.holders(to.role)), f", {role_word(to.role, policy)}, cannot be reached")
    if to.why is Why.ROLE and to.role != COMMS and not to.room:
        return (f" as {role_word(to.role, policy)}",)
    return ()


def _untold(rung: Rung, policy: Policy) -> str:
    """The audiences of the step that came to somebody else."""
    steps = (step for step in policy.reminders.update if step.at.total_seconds() == rung.step)
    return listed([name for step in steps for name in step.to if is_audience(name, policy)]) or "an audience"


def _earlier(event: Reminded) -> Spans:
    if not event.after:
        return ()
    *first, last = event.after[-3:]
    if not first:
        return (", after a reminder at ", When(last))
    return (", after reminders at ", *spread((When(moment),) for moment in first), " and ", When(last))


def _actions(incident: Incident, event: Reminded, policy: Policy, *, private: bool) -> tuple[Action, ...]:
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
    if to.why in {Why.VACANT, Why.UNREACHABLE}:
        return (Press(label="Assign role", command="role", values=values, incident=incident.number),)
    if to.role == COMMANDER and incident.holder(COMMS) not in {None, to.person}:
        label = f"Reassign {claim_label(COMMS, policy).removeprefix('Claim ')}"
        return (Press(label=label, command="role", values=values, incident=incident.number),)
    return ()
