"""What people are offered where a form cannot simply open."""

from bot.cards import Card, Code, Press, Style, line
from bot.questions import Form
from bot.refs import reference


def open_the_form(form: Form) -> Card:
    """The answer to words that ask for more than they say, where no form can open by itself: a button that opens it."""
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
