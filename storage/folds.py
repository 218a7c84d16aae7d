"""Folded incidents, kept so that the cost of a command does not grow with the timeline."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock

from bot.incident import Incident, Room

ROOM = 1000
"""Incidents kept; the one not used for longest makes place."""
ROOMS = 20_000
"""Incidents of which it is kept where their rooms are, after they made place: whoever sends asks nothing else."""
FEW = 50
"""People who changed at once for whom it is looked up which incidents speak of them; with more, all are folded anew."""

Speaking = Callable[[Collection[str], Mapping[int, int]], Collection[int]]
"""Which of these incidents, at these versions, speak of one of these people, or may do so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Who is one person (`storage.joining`)."""

    state: str = ""
    """Another whenever people were joined."""
    speaks: Mapping[str, str] = field(default_factory=dict[str, str])
    """By an id that no longer speaks for its person, the one that does."""


class Folds:
    """Owns what was folded from committed events. Shared by all threads of a database."""

    def __init__(self, room: int = ROOM, rooms: int = ROOMS) -> None:
        self._room, self._most_rooms = room, rooms
        self._lock = Lock()
        self._kept: OrderedDict[int, Incident] = OrderedDict()
        self._rooms: OrderedDict[int, tuple[int, tuple[Room, ...]]] = OrderedDict()
        self._joined = Joined()

    def joined(self, state: str, look: Callable[[], Mapping[str, str]], speaking: "Speaking") -> "Joined":
        """Who is one person, in that state of it. Folds that speak of somebody who changed are forgotten."""
        with self._lock:
            if state == self._joined.state:
                return self._joined
            before, kept = self._joined.speaks, {number: fold.version for number, fold in self._kept.items()}
        found = Joined(state=state, speaks=look())
        changed = {one for one, _ in found.speaks.items() ^ before.items()}
        told = speaking(changed, kept) if kept and len(changed) <= FEW else set(kept)
        with self._lock:
            if self._joined.speaks == before:
                looked_at = {number: version for number, version in kept.items() if number not in told}
                for number, fold in tuple(self._kept.items()):
                    if looked_at.get(number) != fold.version:  # it speaks of them, or was written to meanwhile
                        del self._kept[number]
            else:  # somebody else was at it
                self._kept.clear()
            self._joined = found
        return found

    def at_most(self, number: int, version: int, joined: "Joined") -> Incident | None:
        """That incident as it was at `version` or before, read with these people joined.

        None if only a later fold is kept, or one in another state, or none.
        """
        with self._lock:
            found = self._kept.get(number)
            if found is None or found.version > version or joined != self._joined:
                return None
            self._kept.move_to_end(number)
            return found

    def rooms(self, number: int, version: int) -> tuple[Room, ...] | None:
        """The rooms of that incident at that very version, whoever is one person; None if it is not kept."""
        with self._lock:
            found = self._rooms.get(number)
            return found[1] if found is not None and found[0] == version else None

    def keep(self, incident: Incident, joined: "Joined") -> None:
        """Keep a fold of events that are committed, read with these people joined.

        An older one than what is kept is not needed.
        """
        with self._lock:
            if joined != self._joined:
                return
            found = self._kept.get(incident.number)
            if found is not None and found.version >= incident.version:
                return
            self._kept[incident.number] = incident
            self._kept.move_to_end(incident.number)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
            self._rooms[incident.number] = incident.version, incident.rooms
            self._rooms.move_to_end(incident.number)
            while len(self._rooms) > self._most_rooms:
                self._rooms.popitem(last=False)
