"""What several words check before they act, so that one obstacle is always said in one sentence (docs/words.md 3.7)."""

from collections.abc import Collection, Iterable

from bot.cards import Mention, Span, When, line
from bot.commands.spec import Context, Outcome
from bot.events import Status
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.moments import moment_words
from bot.plain import plain_spans
from bot.policy import INTERNAL, Policy
from bot.refs import Person, reference
from bot.refusals import Refused

REQUIRED = {
    "services": "services NAME",
    "impact": "impact LEVEL",
    "urgency": "urgency LEVEL",
    "detected": "detected WHEN",
    "bridge": "bridge URL",
}
"""Fields that a policy may ask for at a step, with the words that set them (`[required]` in docs/contract.md 7)."""

VERBS = frozenset({"resolve", "close", "cancel", "reopen", "update"})
"""Words that read well in a sentence as they are typed."""


def person_word(person: Person, context: Context) -> str:
    """A person within a refusal, which is a plain sentence: `@Ben`."""
    return plain_spans((Mention(person),), context.at, context.names)


def since_words(incident: Incident, context: Context) -> str:
    """`INC-42 is resolved since 04:50 (03:50 UTC)`, for a refusal."""
    since = f" since {moment_words(incident.status_since, context.at, context.zone)}" if incident.status_since else ""
    return f"{reference(incident.number)} is {status_word(incident)}{since}"


def status_word(incident: Incident) -> str:
    """The status within a sentence: `identified`, `a duplicate of INC-7`."""
    if incident.status is Status.DUPLICATE:
        return f"a duplicate of {reference(incident.duplicate_of or 0)}"
    return incident.status.value


def already(incident: Incident) -> Outcome:
    """What was asked for is so already: `INC-42 is identified since {02:21}; nothing changed`."""
    since: tuple[Span, ...] = (" since ", When(incident.status_since)) if incident.status_since else ()
    return unchanged(f"{reference(incident.number)} is {status_word(incident)}", *since)


def unchanged(*spans: Span) -> Outcome:
    """What stands already, and that nothing changed."""
    return Outcome(reply=line(*spans, "; nothing changed."))


def check_not_ended(incident: Incident, context: Context) -> None:
    """Raises Refused for an incident that is closed, cancelled or a duplicate."""
    if incident.is_ended:
        raise Refused(f"{since_words(incident, context)}: `reopen REASON` opens it again.")


def check_open(incident: Incident, context: Context) -> None:
    """Raises Refused for an incident that is resolved or ended."""
    check_not_ended(incident, context)
    if not incident.is_open:
        raise Refused(f"{since_words(incident, context)}: if the trouble is back, `reopen REASON`.")


def check_addressed(audiences: Iterable[str], incident: Incident, policy: Policy, field: str) -> None:
    """Raises Refused at `field` for an audience other than internal that nobody of this incident may or can tell."""
    for audience in audiences:
        if audience == INTERNAL:
            continue
        if incident.private:
            raise Refused(f"{reference(incident.number)} is private: only its room is told.", field=field)
        if not policy.addresses(audience):
            raise Refused(f"Nobody can be told: the policy names no address for `{audience}`.", field=field)


def missing_fields(incident: Incident, step: str, policy: Policy) -> tuple[str, ...]:
    """Fields that the policy asks for at that step and the incident does not have yet."""
    values = {
        "services": incident.services,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "detected": incident.detected_at,
        "bridge": incident.bridge,
    }
    return tuple(name for name in policy.required.get(step, ()) if name in values and not values[name])


def check_required(incident: Incident, step: str, policy: Policy, *, given: Collection[str] = frozenset[str]()) -> None:
    """Raises Refused where the policy asks for fields at that step that neither the incident nor the command has."""
    lacking = [name for name in missing_fields(incident, step, policy) if name not in given]
    if not lacking:
        return
    how = listed([f"`{REQUIRED[name]}`" for name in lacking])
    what = (
        f"To {step} {reference(incident.number)}" if step in VERBS else f"For `{step}` in {reference(incident.number)}"
    )
    raise Refused(f"{what} the policy asks for {listed(lacking)}: {how}.")
