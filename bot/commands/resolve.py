"""`resolve [HOW] [verified:TEXT]`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bot import promises
from bot.cards import Spans
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.drafts import withdrawn
from bot.events import Resolved, UpdatePublished
from bot.final_words import published
from bot.guards import already, check_not_ended, check_open, missing_fields
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.overruling import AS_IT_IS
from bot.policy import CUSTOMERS, Policy
from bot.promises import owed_final_word
from bot.questions import Ask
from bot.refs import reference
from bot.refusals import Refused

NOT_VERIFIED = frozenset(
    {"-", "?", "n/a", "na", "no", "none", "not", "not verified", "not yet", "nothing", "tbd", "unknown", "unverified"}
)
"""Answers that say that nobody checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """Resolves the incident, with how that was done and how it was verified."""

    how: Annotated[
        str,
        Param(
            label="How was it resolved?",
            ask=Ask.LONG_TEXT,
            required=True,
            typed="[HOW]",
            missing="Say how it was resolved.",
        ),
    ]
    verified: Annotated[
        str,
        Param(
            label="How was it verified?",
            ask=Ask.LONG_TEXT,
            required=True,
            named=True,
            typed="[verified:TEXT]",
            help="A test, a measure, a person who looked.",
            missing="Say how it was checked: a test, a measure, a person who looked.",
        ),
    ]
    services: Annotated[
        tuple[str, ...],
        Param(label="Affected services", several=True, named=True, missing="Name at least one service."),
    ] = ()
    words: Annotated[
        str,
        Param(
            label="Words for customers",
            ask=Ask.LONG_TEXT,
            named=True,
            help="They were told of the incident. Empty: they are owed the word that it is resolved.",
        ),
    ] = ""
    publish_as_it_is: Annotated[str, AS_IT_IS] = ""


def decide(incident: Incident, command: ResolveIncident, context: Context, policy: Policy) -> Outcome:
    """The resolution is internal's final word. Who else was told reads theirs from the form, or is promised it."""
    check_not_ended(incident, context)
    if not incident.is_open:
        return already(incident)
    _check_verified(incident, command)
    spoken = _spoken(incident, command, context)
    said = UpdatePublished(
        number=0,
        audiences=spoken,
        what=f"Resolved: {command.how}",
        expect=f"Verified: {command.verified}",
        words=command.words,
    )
    resolved = Resolved(how=command.how, verified=command.verified, services=command.services)
    parts, noted = published(incident, said, command.publish_as_it_is, context, policy)
    overtaken = withdrawn(incident, "the incident is resolved")
    ended = promises.by_resolve(incident, frozenset(parts.told), context.at, policy)
    return Outcome(events=(resolved, *overtaken, *parts.events, *noted, *ended))


def _check_verified(incident: Incident, command: ResolveIncident) -> None:
    verified = _bare(command.verified)
    if verified in NOT_VERIFIED:
        name = reference(incident.number)
        sentence = f"{name} stays open until its fix is verified: say how in the second field of `resolve`."
        raise Refused(sentence, field="verified")
    if verified == _bare(command.how):
        raise Refused("Say how it was checked; this repeats how it was resolved.", field="verified")


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!")


def _spoken(incident: Incident, command: ResolveIncident, context: Context) -> tuple[str, ...]:
    """Who reads the final word now: nobody outside by a typed line alone, customers only in words of their own."""
    if not context.submitted:
        return ()
    return tuple(name for name in owed_final_word(incident) if name != CUSTOMERS or command.words)


def previewed(values: Mapping[str, str], incident: Incident, policy: Policy) -> bool:
    """Words for customers go out only from a form that somebody saw and submitted."""
    del policy
    return bool(values.get("words", "").strip()) and CUSTOMERS in owed_final_word(incident)


def above(incident: Incident, policy: Policy) -> Spans:
    """Who else reads the answers, once the form is sent."""
    del policy
    readers = [name for name in owed_final_word(incident) if name != CUSTOMERS]
    return (f"{listed(readers).capitalize()} were told of it and read both answers.",) if readers else ()


def shown(name: str, incident: Incident, policy: Policy) -> bool:
    """Services where they are missing, words for customers where customers were told."""
    match name:
        case "services":
            return "services" in missing_fields(incident, "resolve", policy)
        case "words":
            return CUSTOMERS in owed_final_word(incident)
        case _:
            return True


SPEC = Spec(
    word="resolve",
    command=ResolveIncident,
    decide=decide,
    who=Who.STEERING,
    group="Finish",
    line=("how",),
    title="Resolve {ref}",
    submit="Resolve",
    doing="Resolving {ref}",
    in_vain=check_open,
    previewed=previewed,
    above=above,
    shown=shown,
)
