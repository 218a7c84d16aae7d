"""The last word to people outside: whoever was told of an incident is told of its end (docs/promises.md, 1.6)."""

from collections.abc import Iterable, Mapping

from bot import promises
from bot.commands.spec import Context
from bot.events import Event, UpdatePublished
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.policy import CUSTOMERS, Policy
from bot.promises import owed_final_word
from bot.refs import reference
from bot.refusals import Refused


def published(incident: Incident, audiences: tuple[str, ...], what: str, words: str) -> tuple[UpdatePublished, ...]:
    """The final update to these audiences; none where there are none. Customers read `words`."""
    if not audiences:
        return ()
    said = words if CUSTOMERS in audiences else ""
    update = UpdatePublished(number=incident.updates + 1, audiences=audiences, what=what, words=said, final=True)
    return (update,)


def ended(incident: Incident, spoken: Iterable[str], context: Context, policy: Policy) -> tuple[Event, ...]:
    """What becomes of the promises when the incident ends: settled where the final word was just said, else ended."""
    told = tuple(spoken)
    settled = promises.by_update(incident, told, {}, "", context.at, policy)
    others = promises.by_ending(incident, context.at, policy)
    return (*settled, *(event for event in others if event.audience not in told))


def check_owed(incident: Incident, step: str, spoken: Iterable[str] = ()) -> None:
    """Raises Refused while somebody outside was told of the incident and not of its end, naming what to do."""
    told = set(spoken)
    owed = [audience for audience in owed_final_word(incident) if audience not in told]
    if not owed:
        return
    what = "that it is resolved" if not incident.is_open else "how it ended"
    how = f"`update to:{owed[0]}`" if not incident.is_open else f"`{step}` with its form"
    name = reference(incident.number)
    raise Refused(
        f"{listed(owed).capitalize()} {'was' if False else 'were'} told of {name} and not {what}: say so by {how}, or `waive {owed[0]} REASON`."
    )


def asks_for_words(values: Mapping[str, str], incident: Incident, policy: Policy) -> tuple[str, ...]:
    """The field that an end without a resolution needs while somebody outside was told of the incident."""
    del values, policy
    return ("words",) if owed_final_word(incident) else ()
