"""The end of an incident, and its beginning again, in the room and under the announcement (WORDS 3.9)."""

from bot.cards import Card, RoomLink, line
from bot.events import Cancelled, MarkedDuplicate, Reopened
from bot.incident import Incident
from bot.messages.phrases import by, false_alarm, next_by
from bot.refs import Person, reference


def closed(incident: Incident, who: Person | None) -> Card:
    """Nothing is left to do."""
    return line(f"{reference(incident.number)} is closed", *by(who), ".")


def reopened(incident: Incident, event: Reopened, who: Person | None) -> Card:
    """The trouble is back."""
    reason = event.reason.rstrip(".")
    return line(
        f"{reference(incident.number)} is open again", *by(who), f": {reason}. Roles are as before.", *next_by(incident)
    )


def cancelled(incident: Incident, event: Cancelled, who: Person | None) -> Card:
    """A false alarm."""
    said = f": {false_alarm(event.reason)}. No further update is expected."
    return line(f"{reference(incident.number)} is cancelled", *by(who), said)


def duplicate(incident: Incident, event: MarkedDuplicate) -> Card:
    """Work goes on elsewhere."""
    many = "1 subscriber" if event.subscribers == 1 else f"{event.subscribers} subscribers"
    moved_there = f"; {many} moved there." if event.subscribers else "."
    same = f"{reference(incident.number)} is the same as {reference(event.of)}"
    return line(f"{same}. Go on in ", RoomLink(event.of), moved_there)
