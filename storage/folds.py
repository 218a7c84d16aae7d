"""Folded incidents, kept so that the cost of a command does not grow with the timeline."""

from collections import OrderedDict
from threading import Lock

from bot.incident import Incident

ROOM = 1000
"""Incidents kept; the one not used for longest makes place."""


class Folds:
    """Owns what was folded from committed events. Shared by all threads of a database."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._lock = Lock()
        self._kept: OrderedDict[int, Incident] = OrderedDict()

    def at_most(self, number: int, version: int) -> Incident | None:
        """That incident as it was at `version` or before; None if only a later fold is kept, or none."""
        with self._lock:
            found = self._kept.get(number)
            if found is None or found.version > version:
                return None
            self._kept.move_to_end(number)
            return found

    def keep(self, incident: Incident) -> None:
        """Keep a fold of events that are committed. An older one than what is kept is not needed."""
        with self._lock:
            found = self._kept.get(incident.number)
            if found is not None and found.version >= incident.version:
                return
            self._kept[incident.number] = incident
            self._kept.move_to_end(incident.number)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
