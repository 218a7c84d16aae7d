"""What people read where a form did not open in time."""

from bot.cards import Card, Code, line
from bot.catalog import find
from bot.commands.words import usage
from bot.questions import Form
from bot.refs import reference

COMMAND = "/incident"


def did_not_open(form: Form) -> Card:
    """The answer where Slack did not open the form in time: the words that do the same."""
    return line("The form did not open: type ", Code(typed(form)), ".")


def typed(form: Form) -> str:
    """What to type instead of the form: `/incident INC-42 resolve [HOW] [verified:TEXT]`."""
    spec = find(form.command)
    words = [COMMAND, reference(form.incident) if form.incident is not None else "", usage(spec) if spec else ""]
    return " ".join(word for word in words if word)
