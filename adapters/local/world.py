"""The whole chat at one moment: its rooms, and what of their incidents stands around the messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adapters.local.addresses import person
from adapters.local.guide import step
from adapters.local.kept import Chat, Looks, Reads, Room, Store
from bot.cards import Names
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A conversation and the incident it is the room of."""

    room: Room
    private: bool = False
    """Only its members see it: it was made so, or its incident became private."""
    number: int | None = None
    ended: bool = False
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By person, the titles of the roles they hold."""
    due: datetime | None = None
    """When something falls due next in it."""

    def seen_by(self, viewer: str) -> bool:
        """Whether that person sees it."""
        return not self.private or viewer in self.room.members


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything, whoever may see it."""

    places: tuple[Place, ...]
    seq: int
    """The newest change that may be in it."""
    guide: str
    """What a newcomer may try next."""
    guided: Address
    """Where; empty: nowhere in particular."""
    practice: str
    """The priority of a practice incident: the policy's highest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where a world is read from."""

    chat: Chat
    store: Store
    reads: Reads
    policy: Policy

    def world(self) -> World:
        """The chat as it is. Reads."""
        seq = self.chat.last_change()
        rooms = self.chat.rooms()
        due = {row.number: row.next_due_at for row in self.reads.incidents(ended=False)}
        with self.store.reading() as tx:
            incidents = {room.address: one for one in tx.opened(ended=True) for room in one.rooms}
            names = tx.names({held.person for one in incidents.values() for held in one.holdings}, ())
        places = tuple(_place(room, incidents.get(room.address), due, names, self.policy) for room in rooms)
        shown = [found for found in incidents.values() if not found.private]
        next_step, about = step(shown, {role.name for role in self.policy.roles})
        guided = next((where for where, one in incidents.items() if one is about), Address(""))
        practice = self.policy.priorities[0].name
        return World(places=places, seq=seq, guide=next_step, guided=guided, practice=practice)

    def room(self, address: Address, viewer: str) -> Room | None:
        """The conversation, if it is there and that person sees it. Reads."""
        room = next((one for one in self.chat.rooms() if one.address == address), None)
        if room is None or viewer in room.members:
            return room
        with self.store.reading() as tx:
            incident = _incident(tx, room)
        return None if room.private or (incident is not None and incident.private) else room


def _place(
    room: Room, incident: Incident | None, due: Mapping[int, datetime | None], names: Names, policy: Policy
) -> Place:
    if incident is None:
        return Place(room=room, private=room.private)
    return Place(
        room=room,
        private=room.private or incident.private,
        number=incident.number,
        ended=incident.is_ended,
        roles=_roles(incident, names, policy),
        due=due.get(incident.number),
    )


def _incident(tx: Looks, room: Room) -> Incident | None:
    number = tx.at_place(room.address)
    return None if number is None else tx.load(number)


def _roles(incident: Incident, names: Names, policy: Policy) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for held in incident.holdings:
        for who in filter(None, map(person, names.identities.get(held.person, ()))):
            found[who] = (*found.get(who, ()), policy.role(held.role).title)
    return found
