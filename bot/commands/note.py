"""`note TEXT`."""

from dataclasses import dataclass
from typing import Annotated

from bot.cards import When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import NoteAdded
from bot.incident import Incident
from bot.policy import Policy
from bot.questions import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Writes a line into the timeline."""

    text: Annotated[
        str,
        Param(
            label="What was seen, said or done?",
            ask=Ask.LONG_TEXT,
            required=True,
            typed="TEXT",
            missing="Say what was seen, said or done.",
        ),
    ]


def decide(incident: Incident, command: AddNote, context: Context, policy: Policy) -> Outcome:
    """The line stands in the timeline and nowhere else, whatever the status: the record is completed later too."""
    del incident, policy
    return Outcome(events=(NoteAdded(text=command.text),), reply=line("Noted at ", When(context.at), "."))


SPEC = Spec(
    word="note",
    command=AddNote,
    decide=decide,
    who=Who.RESPONDERS,
    group="Record",
    line=("text",),
    title="Add note: {ref}",
    submit="Add note",
    doing="Adding a note to {ref}",
)
