"""What one transaction knows of people: asked once, and again after it wrote of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from bot.people import Profile
from bot.refs import Identity, Person, chat_of
from storage import people, presence, profiles


class Acquaintance:
    """Owns what was read. Whoever writes of people by another way calls `forget`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._met: dict[Identity, Row[Any]] = {}
        self._families: dict[Person, list[Row[Any]]] = {}
        self._profiles: dict[Person, Profile] = {}
        self.joins: str | None = None
        """Another value whenever people were joined; None: nobody has looked yet."""

    def person(self, identity: Identity, name: str) -> Person:
        """Whose identity that is, a new person's at first sight. `name` is kept if that chat has given none."""
        known = self._known(identity)
        if known is not None and (known.name or not name):
            return people.person_at(known.first)
        self.forget()
        return people.person_for(self._connection, identity, name)

    def learn(self, identity: Identity, profile: Profile) -> None:
        """Keep what a chat says of one of its people; it says the same with every request."""
        known = self._known(identity)
        if known is None or profiles.is_news(known, profile):
            self.forget()
            profiles.learn(self._connection, identity, profile)

    def was_seen(self, identity: Identity) -> None:
        """That person uses that chat now: what is for them alone goes there from now on."""
        known, chat = self._known(identity), chat_of(identity)
        if known is not None and known.last_chat != chat:
            self.forget()
            people.was_seen(self._connection, known.first, chat)

    def missed_in(self, identity: Identity) -> tuple[int, ...]:
        """Incidents not ended in which that person is out of reach, or was."""
        known = self._known(identity)
        return presence.missed_in(self._connection, known.first) if known is not None and known.missed else ()

    def profiles(self, wanted: Iterable[Person]) -> Mapping[Person, Profile]:
        """What is known of these people."""
        asked = tuple(wanted)
        new = [person for person in asked if person not in self._profiles]
        if new:
            self._profiles |= {person: profiles.profile_of(family) for person, family in self._of(new).items()}
        return {person: found for person in asked if (found := self._profiles.get(person))}

    def identities(self, person: Person) -> tuple[Identity, ...]:
        """Everything chats know that person by."""
        return people.known_by(self._of((person,)).get(person, ()))

    def forget(self) -> None:
        """Something about people was written."""
        self._met.clear()
        self._families.clear()
        self._profiles.clear()
        self.joins = None

    def _known(self, identity: Identity) -> Row[Any] | None:
        known = self._met.get(identity) or people.met(self._connection, identity)
        if known is not None:
            self._met[identity], self.joins = known, known.joins or ""
        return known

    def _of(self, wanted: Iterable[Person]) -> Mapping[Person, list[Row[Any]]]:
        asked = tuple(dict.fromkeys(wanted))
        new = [person for person in asked if person not in self._families]
        if new:
            self._families |= {**{person: [] for person in new}, **people.families(self._connection, new)}
        return {person: family for person in asked if (family := self._families[person])}
