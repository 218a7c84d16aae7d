"""`waive AUDIENCE REASON`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.drafts import withdrawn
from bot.final_words import check_sayable, check_word_left
from bot.guards import unchanged
from bot.incident import Incident
from bot.policy import INTERNAL, Policy
from bot.promises import by_waiver, owed_final_word
from bot.questions import Ask
from bot.refs import reference
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveFinalWord:
    """Says that an audience needs no final word, and why."""

    audience: Annotated[str, Param(label="Audience", ask=Ask.AUDIENCE, required=True, typed="AUDIENCE")]
    reason: Annotated[
        str,
        Param(
            label="Why do they need no final word?",
            required=True,
            typed="REASON",
            missing="Say why they need no final word.",
        ),
    ]


def decide(incident: Incident, command: WaiveFinalWord, context: Context, policy: Policy) -> Outcome:
    """The promise to that audience ends, and the reason stays on the timeline."""
    del policy
    check_sayable(incident, (command.audience,), context)
    name, audience = reference(incident.number), command.audience
    if audience == INTERNAL:
        raise Refused("Internal is always told: `next none REASON` says that no update is expected.", field="audience")
    if audience in incident.told and audience in incident.final_told:
        return unchanged(f"{audience.capitalize()} are owed no further word on {name}")
    if audience not in owed_final_word(incident):
        raise Refused(
            f"{audience.capitalize()} were told nothing of {name}: nothing is to be waived.", field="audience"
        )
    said = line(f"{audience.capitalize()} are owed no final word on {name}.")
    overtaken = withdrawn(incident, "they need no further word", (audience,))
    return Outcome(events=(*overtaken, *by_waiver(incident, audience, command.reason, context.at)), reply=said)


SPEC = Spec(
    word="waive",
    command=WaiveFinalWord,
    decide=decide,
    who=Who.COMMANDER,
    group="Finish",
    line=("audience", "reason"),
    title="No final word: {ref}",
    submit="Waive",
    doing="Waiving a final word on {ref}",
    in_vain=check_word_left,
)
