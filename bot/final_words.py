"""The last word to people outside: whoever was told of an incident is told of its end (docs/promises.md, 1.6)."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot import promises
from bot.commands.spec import Context
from bot.commands.vocabulary import audiences
from bot.drafts import Parted, parted, withdrawn
from bot.events import Event, Status, UpdatePublished
from bot.guards import check_not_ended
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.overruling import overruled
from bot.policy import CUSTOMERS, Policy
from bot.promises import owed_final_word
from bot.refs import reference
from bot.refusals import Refused

ENDED_BECAUSE: Mapping[Status, str] = {
    Status.CANCELLED: "it was a false alarm",
    Status.DUPLICATE: "it goes on as another incident",
}
"""Why people outside hear no more of an incident that was not resolved."""


def published(
    incident: Incident, said: UpdatePublished, reason: str, context: Context, policy: Policy
) -> tuple[Parted, tuple[Event, ...]]:
    """The final update as the incident's next; nothing where it is for nobody. Only customers read its `words`.

    What waits to be said from before the end is no longer true; of the final words, too, some may wait for approval.
    Beside it what is noted where the `reason` overrules what the standard says against words in customers' own name.
    """
    words = said.words if CUSTOMERS in said.audiences else ""
    update = replace(said, number=incident.updates + 1, words=words, final=True)
    own = replace(update, audiences=(CUSTOMERS,) if words else ())
    noted = overruled(own, reason, incident, context, policy)
    return parted(update, replace(incident, drafts=()), context.actor, policy), noted


def ended(incident: Incident, spoken: Collection[str], context: Context, policy: Policy) -> tuple[Event, ...]:
    """What becomes of the promises when the incident ends: settled where the final word was just said, else ended."""
    settled = promises.by_update(incident, spoken, {}, "", context.at, policy)
    others = promises.by_ending(incident, context.at, policy)
    return (*settled, *(event for event in others if event.audience not in spoken))


def farewell(
    incident: Incident, words: str, reason: str, because: str, word: str, context: Context, policy: Policy
) -> tuple[Event, ...]:
    """The last word to whoever outside was told, and the end of all promises, where there was no resolution.

    Raises Refused where somebody was told and nobody wrote, in a form, what they read.
    """
    owed = owed_final_word(incident)
    if owed and not (words and context.submitted):
        advice = f"write their last words in the form of `{word}`, or `waive {owed[0]} REASON`"
        raise Refused(f"{listed(owed).capitalize()} were told of {reference(incident.number)}: {advice}.")
    said = UpdatePublished(number=0, audiences=owed, what=words, words=words, none_because=because)
    parts, noted = published(incident, said, reason, context, policy)
    overtaken = withdrawn(incident, "the incident ended")
    owed_still = promises.final_words(parts.waiting, context.at, policy)
    return (*overtaken, *parts.events, *noted, *ended(incident, parts.told, context, policy), *owed_still)


def check_sayable(incident: Incident, audiences: Collection[str], context: Context) -> None:
    """Raises Refused for an incident that is over, unless it is the word of its end to people who are owed it."""
    if not _waiting(incident).issuperset(audiences):
        check_not_ended(incident, context)


def check_word_left(incident: Incident, context: Context) -> None:
    """Raises Refused for an incident that is over and of whose end nobody is owed the word."""
    if not _waiting(incident):
        check_not_ended(incident, context)


def _waiting(incident: Incident) -> set[str]:
    return {promise.audience for promise in incident.standing() if promise.cause == "final"}


def check_owed(incident: Incident, policy: Policy) -> None:
    """Raises Refused while somebody outside was told of the incident and not that it is resolved.

    An audience that the policy no longer has can be neither told nor waived, so it holds nobody up.
    """
    known = audiences(policy)
    owed = [name for name in owed_final_word(incident) if name in known]
    if owed:
        what = f"{listed(owed).capitalize()} were told of {reference(incident.number)} and not that it is resolved"
        raise Refused(f"{what}: say so by `update to:{owed[0]}`, or `waive {owed[0]} REASON`.")


def asks_for_words(values: Mapping[str, str], incident: Incident, policy: Policy) -> tuple[str, ...]:
    """The field that an end without a resolution needs while somebody outside was told of the incident."""
    del values, policy
    return ("words",) if owed_final_word(incident) else ()


def words_seen(values: Mapping[str, str], incident: Incident, policy: Policy) -> bool:
    """Last words go out only from a form that somebody saw and submitted."""
    del policy
    return bool(values.get("words", "").strip()) and bool(owed_final_word(incident))


def words_shown(name: str, incident: Incident, policy: Policy) -> bool:
    """The field for the last words stands in the form only where somebody outside was told."""
    del policy
    return name != "words" or bool(owed_final_word(incident))
