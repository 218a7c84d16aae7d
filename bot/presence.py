"""Who was out of reach and speaks again: from then on what is private goes to them as before."""

from bot.events import PersonReachable
from bot.incident import Incident
from bot.ports import Transaction
from bot.refs import Person


class OutOfReach:
    """Remembers whom a chat could not reach, so that nobody else's word costs a look at every open incident.

    Read anew by every process at its first word; what it is asked to remember later is what it wrote itself.
    """

    def __init__(self) -> None:
        self._people: set[Person] | None = None

    def noted(self, incident: Incident) -> None:
        """Somebody may have been found out of reach in this incident."""
        if self._people is not None:
            self._people |= incident.unreachable

    def speaks(self, tx: Transaction, person: Person) -> tuple[Incident, ...]:
        """The incidents, not yet ended, in which that person was thought out of reach."""
        if self._people is None:
            self._people = {each for incident in tx.opened() for each in incident.unreachable}
        if person not in self._people:
            return ()
        numbers = [incident.number for incident in tx.opened() if person in incident.unreachable]
        found = tuple(incident for incident in map(tx.load, numbers) if incident)
        if not found:  # what was written of their return is committed by now
            self._people.discard(person)
        return found


def back(person: Person) -> tuple[PersonReachable, ...]:
    """What is noted of it."""
    return (PersonReachable(person=person),)
