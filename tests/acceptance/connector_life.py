"""Short lives of incidents in Teams, many beside each other in one process: what people do, and what they see of it.

Every life has a channel, a communications officer and a number of its own: a fault strikes its calls alone, and what
became of it is read off what people see.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.reading import until
from tests.teams.faults import Call
from tests.teams.people import Person
from tests.teams.tenant import Conversation, Message, channel_id, channel_of
from tests.teams.world import World

WORDS = "Half of all requests fail"
CARD, FIRST_WORDS = "eported by", "Its card follows"
"""What only an incident's card says; what stands in its place until it is written."""
ANNOUNCEMENT = "Updates follow"
"""What only an announcement says."""
REFUSED_FOR_GOOD = (403, 404, 413)
"""After such an answer nothing more may come of a call."""
NOTICES = ("did not arrive", "did not reach", " is gone: ", "has no room")
"""How people are told that something did not arrive."""


@dataclass(slots=True, kw_only=True)
class Life:
    """One incident: declared, claimed, its communications officer named, one update, one look at it."""

    here: World
    number: int
    _read: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    """What messages of it say, by id and edits; empty for others'. Reading a card takes time."""

    @property
    def place(self) -> str:
        """The channel it is declared in."""
        return channel_id(f"desk{self.number}x")

    @property
    def announced(self) -> str:
        """The channel it is announced in."""
        return self.here.tenant.channel("incidents")

    @property
    def officer(self) -> Person:
        return Person(name=f"pia{self.number}", full_name=f"Pia Number{self.number}", zone="Etc/UTC")

    @property
    def officers_chat(self) -> str:
        return f"a:1{self.officer.object_id.replace('-', '')}"

    @property
    def bens_chat(self) -> str:
        return self.here.tenant.personal("ben")

    def speaks_of_it(self, told: object) -> bool:
        return re.search(rf"\bINC-{self.number}\b", str(told)) is not None

    def said(self, *words: str, without: str = "\0") -> list[Message]:
        """What the bot says of it, anywhere, with all of these words."""
        told = [(one, self._words(one)) for one in self.here.tenant.messages if not one.author and not one.gone]
        return [one for one, said in told if said and all(word in said for word in words) and without not in said]

    def _words(self, message: Message) -> str:
        known = message.id, message.edits
        if known not in self._read:
            said = message.words
            self._read[known] = said if self.speaks_of_it(said) else ""
        return self._read[known]

    def cards(self) -> list[Message]:
        """Its cards, as the outbox keeps them: not what somebody asked for."""
        title = re.compile(rf"\W*INC-{self.number}\b")
        found = [one for one in self.said(CARD) if title.match(one.words)]
        return [one for one in found if one.conversation != self.bens_chat]

    def notices(self) -> list[Message]:
        found = self.said(without=CARD)
        return [one for one in found if any(words in one.words for words in NOTICES)]

    async def begins(self) -> None:
        """It is declared: until it has its number."""
        tenant = self.here.tenant
        tenant.people[self.officer.name] = self.officer
        alone = Conversation(id=self.officers_chat, kind="personal", members={self.officer.name})
        desk = Conversation(id=self.place, kind="channel", name=f"desk {self.number}", members={"ana", "ben"})
        tenant.conversations |= {alone.id: alone, desk.id: desk}
        declared = await self.here.teams.who("ana").says(f"declare critical Trouble {self.number}", self.place)
        assert declared.status == 200, (declared.status, declared.body)

    async def goes_on(self) -> None:
        """Everything else that people do, whether Sitrep can show it or not."""
        tenant, ana = self.here.tenant, self.here.teams.who("ana")
        await self._seen(lambda: any(one.kind == "pagedmembers" for one in self._calls()), within=10)
        tenant.conversations[self.place].members.add(
            self.officer.name
        )  # after the list was read: of them alone Sitrep has to ask
        await self._told()
        room = next((one.conversation for one in self.cards()), self.place)
        for words in ("claim commander", f"role comms @{self.officer.name}", f"update {WORDS} steps:looking next:47m"):
            answer = await ana.says(f"INC-{self.number} {words}", room)
            assert answer.status == 200, (answer.status, answer.body)
        await self.here.teams.who("ben").says(f"status INC-{self.number}")

    async def _told(self) -> None:
        """Its card and its announcement are out: what is said before is part of them, with no edit after."""
        await self._seen(lambda: bool(self.cards()) and bool(self.said(ANNOUNCEMENT)), within=3)
        if not any(
            call.status in REFUSED_FOR_GOOD and self.speaks_of_it(call.body) for call in self.here.connector.calls
        ):
            await self._seen(lambda: bool(self.cards()) and bool(self.said(ANNOUNCEMENT)), within=40)

    def _calls(self) -> list[Call]:
        return [one for one in self.here.connector.calls if one.place == self.place]

    async def _seen(self, look: Callable[[], bool], within: float) -> None:
        """Wait for it, but not for ever: what comes after may be asked for without it."""

        async def found() -> bool:
            return look()

        try:
            await until(found, within=within, what="anything")
        except AssertionError:
            return


Look = Callable[[Life], Iterable[Message]]

SHOWN: Mapping[str, tuple[int, Look]] = {
    "answer": (1, lambda life: (one for one in life.said() if re.match(rf"INC-{life.number} is open in", one.words))),
    "room": (1, lambda life: (one for one in [*life.cards(), *life.said(FIRST_WORDS)] if one.root)),
    "card": (1, lambda life: (one for one in life.cards() if WORDS in one.words and "Pia Number" in one.words)),
    "announcement": (1, lambda life: (one for one in life.said(ANNOUNCEMENT) if one.root)),
    "commander": (1, lambda life: life.said("is incident commander of")),
    "officer": (1, lambda life: life.said("ou are communications officer of")),
    "update": (2, lambda life: life.said(f"Update 1 on INC-{life.number} ", WORDS)),
    "look": (1, lambda life: (one for one in life.said(CARD) if one.conversation == life.bens_chat)),
}
"""What people see of a life that no fault meets: how many messages, and which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What becomes of a call that is refused for good."""

    notices: int = 1
    lost: tuple[str, ...] = ()
    """Of `SHOWN`."""
    again: tuple[str, ...] = ()
    """What may be said in another place as well."""


Aim = Callable[[Life, Call], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the calls that Sitrep makes in a life."""

    kind: str
    aim: Aim
    """Which calls of that kind are meant."""
    ends: Mapping[str, End]
    """By status."""
    shows: str = ""
    """What a repeat may show twice; empty: a repeat is not seen."""
    repeated: bool = True
    """Whether it goes again by itself; else when somebody speaks there the next time."""


def _at(where: str, *words: str, without: str = "\0") -> Aim:
    """Calls about a place of the life that say these words and its number."""

    def aim(life: Life, call: Call) -> bool:
        place, body = getattr(life, where), str(call.body)
        known = life.speaks_of_it(body) and all(word in body for word in words) and without not in body
        return channel_of(call.place) == place and known

    return aim


def _ends(refused: End, gone: End | None = None, large: End | None = None) -> dict[str, Any]:
    return {"403": refused, "404": gone or refused, "413": large or refused}


QUIET, NOTICED = End(notices=0), End()
IN_ONE_PLACE = ("announcement", "update")
"""What is said once where the room has to stand in the channel of the announcements."""

PARTS: Mapping[str, Part] = {
    "answer": Part(kind="send", aim=_at("place", "Its room follows"), ends=_ends(QUIET), shows="answer"),
    "answer's link": Part(kind="update", aim=_at("place", "is open in"), ends=_ends(QUIET)),
    "room": Part(
        kind="create_thread",
        aim=_at("place"),
        ends=_ends(End(notices=0, lost=IN_ONE_PLACE), large=End(lost=("answer", "room"))),
        shows="room",
    ),
    "card": Part(
        kind="update",
        aim=_at("place", without="is open in"),
        ends=_ends(End(again=("card",)), gone=End(notices=0, again=("card",)), large=End(lost=("card",))),
    ),
    "announcement": Part(
        kind="create_thread", aim=_at("announced"), ends=_ends(End(lost=("announcement",))), shows="announcement"
    ),
    "announcement's edit": Part(
        kind="update", aim=_at("announced"), ends=_ends(NOTICED, gone=End(notices=0, again=("announcement",)))
    ),
    "news in the room": Part(
        kind="send",
        aim=_at("place", "Update 1 on"),
        ends=_ends(End(lost=("update",), again=("card",)), large=End(lost=("update",))),
        shows="update",
    ),
    "news in the thread": Part(
        kind="send", aim=_at("announced", "Update 1 on"), ends=_ends(End(lost=("update",))), shows="update"
    ),
    "personal chat": Part(
        kind="create_personal",
        aim=lambda life, call: call.place == life.officer.id,
        ends=_ends(End(lost=("officer",))),
    ),
    "personal message": Part(
        kind="send", aim=_at("officers_chat", "ou are comm"), ends=_ends(End(lost=("officer",))), shows="officer"
    ),
    "private answer": Part(
        kind="send", aim=_at("bens_chat", CARD), ends=_ends(End(notices=0, lost=("look",))), shows="look"
    ),
    "people": Part(
        kind="pagedmembers", aim=lambda life, call: call.place == life.place, ends=_ends(QUIET), repeated=False
    ),
    "one person": Part(kind="member", aim=lambda life, call: call.key == life.officer.id, ends=_ends(QUIET)),
}
"""By what people would call them."""
