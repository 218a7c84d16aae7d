"""`approve [N]`."""

from dataclasses import dataclass
from typing import Annotated

from bot import promises
from bot.cards import Span, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.evolve_drafts import narrowed
from bot.incident import Draft, Incident
from bot.judging import judged, meant
from bot.messages.approval import draft_name
from bot.moments import moment_words
from bot.policy import Policy
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveUpdate:
    """Approves an update that somebody else wrote, and so publishes it as it stands."""

    number: Annotated[str, Param(label="Which update?", typed="[N]", help="Its number.", in_form=False)] = ""


def decide(incident: Incident, command: ApproveUpdate, context: Context, policy: Policy) -> Outcome:
    """The draft is published to the audiences this person may approve for, word for word; others wait on."""
    draft = meant(incident, command.number, "approve")
    audiences = judged(incident, draft, context, policy)
    update = narrowed(draft.update, audiences)
    _check_ahead(draft, audiences, context)
    settled = promises.by_update(incident, audiences, update.next, update.none_because, context.at, policy)
    said: list[Span] = [f"{draft_name(update.number, audiences)} is out."]
    moments = sorted(moment for moment in update.next.values() if moment)
    if moments:
        said += [" Next by ", When(moments[0]), "."]
    return Outcome(events=(update, *settled), reply=line(*said))


def _check_ahead(draft: Draft, audiences: tuple[str, ...], context: Context) -> None:
    """Raises Refused where the words promise the next update by a moment that has passed while they waited."""
    moments = [draft.update.next.get(name) for name in audiences]
    for moment in moments:
        if moment and moment <= context.at:
            words = moment_words(moment, context.at, context.zone)
            number = draft.update.number
            sentence = (
                f"Update {number} promises the next one by {words}, which has passed: `send-back {number} REASON`."
            )
            raise Refused(sentence)


SPEC = Spec(
    word="approve",
    command=ApproveUpdate,
    decide=decide,
    who=Who.ANYONE,
    group="Tell",
    line=("number",),
    doing="Approving an update on {ref}",
)
