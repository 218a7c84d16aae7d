"""The communication SLA in words: when each audience first heard, and how the promises to it ended."""

from collections.abc import Iterable
from datetime import timedelta

from bot.cards import Note
from bot.figures import Figure
from bot.plain import span_words


def figures_note(figures: Iterable[Figure]) -> tuple[Note, ...]:
    """One quiet paragraph, a sentence for each audience; nothing while nobody was told and no promise ended."""
    known = tuple(figures)
    if not any(figure.promised or figure.first_after is not None for figure in known):
        return ()
    return (Note((" ".join(figure_words(figure) for figure in known),)),)


def figure_words(figure: Figure) -> str:
    """As in `Customers: first word after 12 minutes, 3 of 4 promises kept, the last late one by 5 minutes`."""
    parts = [first_words(figure)]
    if figure.promised:
        promises = "promise" if figure.promised == 1 else "promises"
        parts.append(f"{figure.kept} of {figure.promised} {promises} kept")
    if figure.moved:
        parts.append(f"{figure.moved} moved in time")
    if figure.last_late:
        parts.append(f"the last late one by {span_words(figure.last_late)}")
    return f"{figure.audience.capitalize()}: {', '.join(parts)}."


def first_words(figure: Figure) -> str:
    """As in `first word after 12 minutes`, with how late where it was; `no word yet`."""
    if figure.first_after is None:
        return "no word yet"
    late = f" ({span_words(figure.first_late)} late)" if figure.first_late > timedelta() else ""
    return f"first word after {span_words(figure.first_after)}{late}"
