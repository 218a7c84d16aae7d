"""`snooze DURATION [REASON]`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from bot.cards import Card, Code, Spans, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import Snoozed
from bot.guards import check_not_ended, since_words
from bot.incident import Incident
from bot.plain import span_words
from bot.policy import Policy
from bot.questions import Ask
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeReminders:
    """Quiets the reminders to oneself for a while; the promise stands."""

    duration: Annotated[
        timedelta,
        Param(
            label="How long?",
            ask=Ask.DURATION,
            options=("5m", "10m", "15m"),
            required=True,
            typed="DURATION",
            missing="Choose how long.",
        ),
    ]
    reason: Annotated[str, Param(label="Reason", typed="[REASON]")] = ""


def decide(incident: Incident, command: SnoozeReminders, context: Context, policy: Policy) -> Outcome:
    """Reminders to the one who asks wait; those to others go on (docs/promises.md, 2.7)."""
    check_not_ended(incident, context)
    assert context.actor is not None
    longest = policy.reminders.max_snooze
    if command.duration <= timedelta():
        raise Refused("Quiet needs a length: write 5m, 10m or 15m.", field="duration")
    if command.duration > longest:
        raise Refused(f"Quiet lasts {span_words(longest)} at most: name less.", field="duration")
    if not incident.is_open and not incident.standing():
        raise Refused(f"{since_words(incident, context)}: no reminder of it is coming.")
    until = context.at + command.duration
    snoozed = Snoozed(person=context.actor, until=until, reason=command.reason)
    return Outcome(events=(snoozed,), reply=_quiet(incident, snoozed))


def _quiet(incident: Incident, snoozed: Snoozed) -> Card:
    """What the quiet means for the promise: `Quiet until {02:50}, 10 minutes past the promise of {02:40}`."""
    due = next((promise.due for promise in incident.standing() if promise.due), None)
    if due is None:
        return line("Quiet until ", When(snoozed.until), ".")
    if snoozed.until <= due:
        return line("Quiet until ", When(snoozed.until), ". The promise is still ", When(due), ".")
    past = span_words(snoozed.until - due)
    first: Spans = ("Quiet until ", When(snoozed.until), f", {past} past the promise of ", When(due))
    return line(*first, ". ", Code("next"), " moves the promise.")


def above(incident: Incident, policy: Policy) -> Spans:
    """What stands: `The promise is still {02:40}`."""
    del policy
    due = next((promise.due for promise in incident.standing() if promise.due), None)
    return ("The promise is still ", When(due), ".") if due else ()


SPEC = Spec(
    word="snooze",
    command=SnoozeReminders,
    decide=decide,
    who=Who.RESPONDERS,
    group="Tell",
    line=("duration", "reason"),
    title="Snooze: {ref}",
    submit="Snooze",
    doing="Quieting reminders of {ref}",
    in_vain=check_not_ended,
    above=above,
)
