"""What people are offered where a form cannot simply open."""

from bot.cards import Card, Code, Press, Style, line
from bot.catalog import find
from bot.commands.words import usage
from bot.questions import Form
from bot.refs import reference

COMMAND = "/incident"


def open_the_form(form: Form) -> Card:
    """The answer to words that came without a trigger, as a mention does, and ask for more than they say."""
    given = {field.name: field.value for field in form.fields if field.value}
    about = f" on {reference(form.incident)}" if form.incident is not None else ""
    button = Press(
        label="Open the form",
        command=form.command,
        values={**given, **form.values},
        incident=form.incident,
        style=Style.PRIMARY,
    )
    return line(Code(form.command), f"{about} asks for more than this line says: open its form.", actions=(button,))


def did_not_open(form: Form) -> Card:
    """The answer where Slack did not open the form in time: the words that do the same."""
    return line("The form did not open: type ", Code(typed(form)), ".")


def typed(form: Form) -> str:
    """What to type instead of the form: `/incident INC-42 resolve [HOW] [verified:TEXT]`."""
    spec = find(form.command)
    words = [COMMAND, reference(form.incident) if form.incident is not None else "", usage(spec) if spec else ""]
    return " ".join(word for word in words if word)
