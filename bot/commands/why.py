"""`why [REF]`: which reminders come, to whom, and which were sent, held back or not needed (docs/words.md 3.8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards import Card, Lines, Note, Part, Span, Spans, Text, When
from bot.commands.spec import Context, History, Outcome, Sent, Spec, Who
from bot.deadlines import Coming, coming
from bot.events import Entry, Recipient, Reminded, ReminderHeld, ReminderWithheld, StepPassed
from bot.figures import figures
from bot.incident import Incident
from bot.messages.approval import waits
from bot.messages.figures import figures_note
from bot.messages.phrases import listed, spread
from bot.messages.rungs import addressee, passed_words, rung_words
from bot.policy import Policy
from bot.refs import reference

PAST, FUTURE = 15, 10
"""Lines of what was and of what comes that are shown at once."""
STATES = {"sent": "sent", "dead": "could not be delivered", "withheld": "withheld"}
"""What became of a message; any other state: on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Shows which reminders are coming, to whom, and what became of earlier ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    moment: datetime
    spans: Spans


def decide(incident: Incident, command: Why, context: Context, policy: Policy) -> Outcome:
    """Past reminders from the log and the outbox, coming ones from the state."""
    del command
    history = context.history or History(entries=())
    return Outcome(reply=why_card(incident, history, coming(incident, policy, context.people), policy))


def why_card(incident: Incident, history: History, ahead: Sequence[Coming], policy: Policy) -> Card:
    """The reminders of an incident in the order of their moments, past ones first."""
    past = sorted(_past(history, policy), key=lambda line: line.moment)
    future = [_coming(item, policy) for item in ahead]
    lines = [*past[-PAST:], *future[:FUTURE]]
    name = reference(incident.number)
    body: list[Part] = []
    if lines:
        body.append(Lines(tuple((When(line.moment), " ", *line.spans) for line in lines)))
    else:
        body.append(Text((f"No reminder of {name} was sent, and none is coming.",)))
    left_out = len(past) + len(future) - len(lines)
    if left_out:
        body.append(Note((f"{left_out} earlier or later ones are not shown.",)))
    body += [Text(waits(incident, draft, policy)) for draft in incident.drafts]
    body += figures_note(figures(incident))
    missing = unknown_names(incident, policy)
    if missing:
        body.append(Note((f"The policy no longer has {listed(missing)}: the highest priority's times count.",)))
    return Card(title=(f"Reminders of {name}",), body=tuple(body))


def unknown_names(incident: Incident, policy: Policy) -> tuple[str, ...]:
    """Priorities, roles and audiences that the incident uses and the policy does not name."""
    roles = {role.name for role in policy.roles}
    held = [held.role for held in incident.holdings if held.role not in roles]
    timed = {name for priority in policy.priorities for name in priority.update_every}
    audiences = [promise.audience for promise in incident.standing()]
    lost = [name for name in audiences if name not in timed and name not in policy.audiences]
    priority = [] if policy.knows_priority(incident.priority) else [f"priority {incident.priority}"]
    return (*priority, *(f"role {name}" for name in dict.fromkeys(held)), *(f"audience {name}" for name in lost))


def _past(history: History, policy: Policy) -> Iterator[_Line]:
    for entry in history.entries:
        event = entry.event
        match event:
            case Reminded():
                spans = _said(rung_words(event.rungs, policy), event.to)
                yield _Line(moment=event.rungs[0].moment, spans=(*spans, ": ", *_became(event, entry, history.sent)))
            case ReminderHeld():
                spans = _said(rung_words(event.rungs, policy), event.to)
                yield _Line(moment=event.rungs[0].moment, spans=(*spans, ": ", *_held(event)))
            case StepPassed():
                words = rung_words((event.rung,), policy)
                spans = _said(words, Recipient(person=event.person)) if event.person else (words,)
                yield _Line(moment=event.rung.moment, spans=(*spans, f": passed over, {passed_words(event.why)}"))
            case ReminderWithheld():
                spans = _said(rung_words(event.rungs, policy), event.to)
                yield _Line(moment=event.rungs[0].moment, spans=(*spans, f": withheld, {passed_words(event.why)}"))
            case _:
                pass


def _said(what: str, to: Recipient) -> Spans:
    return (f"{what}, ", *addressee(to))


def _held(event: ReminderHeld) -> Spans:
    if event.why != "snooze":
        return ("held back, quiet hours until ", When(event.until))
    return ("held back, snoozed until ", When(event.until))


def _became(event: Reminded, entry: Entry, sent: Sequence[Sent]) -> Spans:
    """What became of its messages: `sent {02:35}`. One that reached any of its addresses was sent."""
    rows = [row for row in sent if row.key == event.key and row.to == _target(event.to)]
    out = [row for row in rows if row.state == "sent"]
    row = next(iter(out or rows), None)
    if row is None or row.state not in STATES:
        return ("on its way",)
    when: tuple[Span, ...] = (" ", When(max(row.at or entry.at, entry.at))) if row.state == "sent" else ()
    return (STATES[row.state], *when, f": {row.error}" if row.error and row.state == "dead" else "")


def _target(to: Recipient) -> str:
    if to.room:
        return "room"
    return str(to.person) if to.person else to.audience


def _coming(item: Coming, policy: Policy) -> _Line:
    people = spread((addressee(to) for to in item.to), "; ")
    return _Line(moment=item.moment, spans=(f"{rung_words((item.rung,), policy)}, ", *people, ": will come"))


SPEC = Spec(
    word="why",
    command=Why,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    reads=True,
    ref_first=True,
    history=True,
)
