"""The last word to people outside: whoever was told of an incident is told of its end (docs/promises.md, 1.6)."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot import promises
from bot.commands.spec import Context
from bot.commands.vocabulary import audiences
from bot.events import Event, UpdatePublished
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.policy import CUSTOMERS, Policy
from bot.promises import owed_final_word
from bot.refs import reference
from bot.refusals import Refused


def published(incident: Incident, said: UpdatePublished) -> tuple[UpdatePublished, ...]:
    """The final update as the incident's next; none where it is for nobody. Only customers read its `words`."""
    if not said.audiences:
        return ()
    words = said.words if CUSTOMERS in said.audiences else ""
    return (replace(said, number=incident.updates + 1, words=words, final=True),)


def ended(incident: Incident, spoken: Collection[str], context: Context, policy: Policy) -> tuple[Event, ...]:
    """What becomes of the promises when the incident ends: settled where the final word was just said, else ended."""
    settled = promises.by_update(incident, spoken, {}, "", context.at, policy)
    others = promises.by_ending(incident, context.at, policy)
    return (*settled, *(event for event in others if event.audience not in spoken))


def farewell(
    incident: Incident, words: str, because: str, word: str, context: Context, policy: Policy
) -> tuple[Event, ...]:
    """The last word to whoever outside was told, and the end of all promises, where there was no resolution.

    Raises Refused where somebody was told and nobody wrote, in a form, what they read.
    """
    owed = owed_final_word(incident)
    if owed and not (words and context.submitted):
        advice = f"write their last words in the form of `{word}`, or `waive {owed[0]} REASON`"
        raise Refused(f"{listed(owed).capitalize()} were told of {reference(incident.number)}: {advice}.")
    said = UpdatePublished(number=0, audiences=owed, what=words, words=words, none_because=because)
    return (*published(incident, said), *ended(incident, owed, context, policy))


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
