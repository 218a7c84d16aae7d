"""Microsoft Teams plays the scenarios: over Microsoft's servers as these tests have them, and signed activities."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from tests.acceptance.chats import POLICY, Broken, Heard, Said, Sent, Told, Trouble, Ways
from tests.acceptance.people import PEOPLE, Profile
from tests.acceptance.process import Sitrep
from tests.acceptance.told_in_teams import TeamsTold
from tests.teams import activities, cards, story
from tests.teams.faults import Call
from tests.teams.people import APP_PASSWORD, person
from tests.teams.tenant import Message, channel_id, channel_of
from tests.teams.world import World, world

WAYS = Ways(
    invites_people=False,
    opens_forms_from_words=False,
    answers_in_place=False,
    declares_in_private_anywhere=False,
    replies_within_a_room=False,
    asks_back_in_the_button=False,
    reads_back=False,
)
TROUBLE = Trouble(
    kinds=("429", "412", "500", "html", "drop_before", "drop_after"),
    of_a_declaration=("create_thread in watercooler", "create_thread in incidents"),
    of_an_update=("send in incidents", "update in watercooler"),
)
UNSEEN = "\u200b"
"""A space of no width."""
NEW = {"create_thread", "send"}
"""Calls that say something new."""


@dataclass(slots=True)
class InTeams:
    """One tenant."""

    here: World
    name: str = "teams"
    ways: Ways = WAYS
    counted: tuple[str, ...] = ("create thread",)

    @property
    def sitrep(self) -> Sitrep:
        return self.here.sitrep

    def secrets(self, told: Told) -> tuple[str, ...]:
        assert told.status == 200
        return APP_PASSWORD, *self.here.microsoft.login.tokens, "eyJ"

    async def place(self, name: str) -> str:
        return self.here.tenant.channel(name)

    async def confidential(self) -> str:
        return self.here.tenant.group("payments")

    async def room(self, number: int, within: float = 5) -> str:
        return await self.here.screen.room(number, within)

    async def rooms(self) -> set[int]:
        said = "\n".join(one.words for one in self.here.tenant.messages if not one.author)
        return {number for number in map(int, re.findall(r"INC-(\d+)", said)) if self.here.screen.cards(number)}

    async def members(self, number: int) -> set[str]:
        conversation = self.here.tenant.at(await self.room(number))
        return conversation.members if conversation else set()

    def mention(self, name: str) -> str:
        return self.here.screen.mention(name)

    async def types(self, name: str, text: str, place: str = "") -> TeamsTold:
        said = await self.here.teams.who(name).says(text, place or await self.place("watercooler"))
        assert said.status == 200, (said.status, said.body)
        return TeamsTold(said)

    async def again(self, told: Told) -> TeamsTold:
        return TeamsTold(await self.here.teams.again(cast("TeamsTold", told).answer))

    async def twice(self, name: str, text: str, place: str) -> Sequence[TeamsTold]:
        tenant = self.here.tenant
        typed = activities.spoken(tenant, tenant.people[name], place, text, mention=True)
        message = tenant.post(place, name, typed)
        typed |= {"id": message.id, "conversation": tenant.described(message.conversation)}
        answers = await asyncio.gather(*(self.here.teams.deliver(typed) for _ in range(2)))
        return [TeamsTold(answer) for answer in answers]

    async def presses(self, name: str, message: Said, label: str) -> TeamsTold:
        old = cast("Message", message)
        card = old.views.get(name) or old.card or {}
        pressed = await self.here.teams.who(name).press_on(card, self._live(old), label, typed={})
        assert pressed.status == 200, (pressed.status, pressed.body)
        return TeamsTold(pressed)

    async def now(self, message: Said) -> Said:
        return _as_it_is(self._live(cast("Message", message)))

    def seen(self, message: Said) -> str:
        return message.words.replace(UNSEEN, "")

    async def card(self, number: int, *words: str, within: float = 5) -> Said:
        return _as_it_is(await story.card(self.here, number, *words, within=within))

    async def cards(self, number: int) -> Sequence[Said]:
        return [_as_it_is(one) for one in self.here.screen.cards(number)]

    async def in_room(self, number: int, *words: str, within: float = 5) -> Said:
        return _as_it_is(await story.in_room(self.here, number, *words, within=within))

    async def somewhere(self, place: str, *words: str, within: float = 5) -> Said:
        return _as_it_is(await story.somewhere(self.here, place, *words, within=within))

    async def to_person(self, name: str, *words: str, within: float = 5) -> Said:
        return _as_it_is(await story.to_person(self.here, name, *words, within=within))

    async def everything(self, place: str) -> Sequence[Said]:
        screen = self.here.screen
        found = screen.everything(place) if channel_of(place) == place else screen.messages(place)
        return [_as_it_is(one) for one in found if not one.author]

    async def messages(self, place: str) -> Sequence[Said]:
        return [_as_it_is(one) for one in self.here.screen.messages(place) if not one.author]

    async def private(self, name: str) -> Sequence[Said]:
        return [_as_it_is(one) for one in self.here.screen.private(name)]

    async def under_announcement(self, said: Said) -> bool:
        reply = cast("Message", said)
        first = self.here.screen.messages(channel_of(reply.conversation))[0]
        return reply.conversation == first.conversation and not reply.root

    async def complete(self, number: int, *words: str, within: float = 12) -> None:
        await self.card(number, f"INC-{number}", *words, within=within)
        await self.somewhere(await self.place("incidents"), f"INC-{number}", *words, within=within)

    async def everywhere_but(self, room: str) -> str:
        ours = [one for one in self.here.tenant.messages if not one.author and one.conversation != room]
        return str([one.activity for one in ours])

    async def sent(self, number: int, words: str) -> list[Sent]:
        made = [call for call in self.here.connector.calls if call.kind in NEW and call.acted]
        told = [(call, _words(call)) for call in made]
        return [Sent(at=call.at, to=self._to(call, number), words=said) for call, said in told if words in said]

    async def heard(self, number: int, name: str) -> Heard:
        incidents, room = await self.place("incidents"), await self.room(number)
        announced = [one for one in self.here.screen.messages(incidents) if f"INC-{number} " in one.words]
        replies = [reply for one in announced for reply in self.here.screen.thread(one)]
        return Heard(
            room=len(await self.everything(room)),
            thread=len(announced) + len(replies),
            private=len(await self.private(name)),
        )

    async def settled(self, *, quiet: float = 1.5) -> None:
        await story.settled(self.here.connector, quiet=quiet)

    def fail(self, call: str, kind: str, *, seconds: float = 1.0) -> Broken:
        name, _, where = call.partition(" in ")
        waits = {"Retry-After": str(int(seconds))} if kind == "429" else {}
        place = self.here.tenant.channel(where)
        return self.here.connector.fail(
            name, kind, seconds=seconds, headers=waits, when=lambda one: channel_of(one.place) == place
        )

    def repeated_after(self, call: str, since: float) -> float | None:
        calls = self.here.connector.since(since, call.partition(" in ")[0])
        failed = next(one for one in calls if one.fault)
        same = [one for one in calls if one.at > failed.at and (one.place, one.key) == (failed.place, failed.key)]
        return same[0].at - failed.at if same else None

    def lose(self, words: str) -> None:
        self.here.connector.fail("*", "500", times=-1, when=lambda call: words in _words(call))

    def go_away(self) -> None:
        self.here.connector.fail("*", "drop_before", times=-1)

    def turn_away(self) -> None:
        self.here.microsoft.login.refuse()
        self.here.microsoft.login.revoke()

    def slow_down(self, seconds: float) -> None:
        self.here.connector.fail("*", "delay", seconds=seconds, times=-1)

    def mend(self) -> None:
        self.here.connector.mend()

    def _live(self, message: Message) -> Message:
        found = self.here.tenant.find(message.conversation, message.id)
        assert found is not None, f"it is gone: {message.words}"
        return found

    def _to(self, call: Call, number: int) -> str:
        tenant = self.here.tenant
        if call.place in {one.conversation for one in self.here.screen.cards(number)}:
            return "room"
        people = {tenant.personal(name): name for name in tenant.people}
        conversation = tenant.at(call.place)
        assert conversation is not None
        return people.get(call.place, conversation.name)


@asynccontextmanager
async def in_teams(
    folder: Path,
    *,
    policy: str = POLICY,
    people: tuple[Profile, ...] = PEOPLE,
    settings: dict[str, str] | None = None,
) -> AsyncIterator[InTeams]:
    """A tenant and Sitrep."""
    written = re.sub(r"chat:(\w+)", lambda found: f"teams:{channel_id(found[1])}", policy)
    async with world(folder, policy=written, people=tuple(map(person, people)), settings=settings) as here:
        yield InTeams(here)


def _as_it_is(message: Message) -> Message:
    """Kept, while the message itself may be edited."""
    return replace(message, views=dict(message.views))


def _words(call: Call) -> str:
    body: dict[str, Any] = call.body.get("activity") or call.body
    card = cards.card_of(body)
    return "\n".join(
        [cards.words(card) if card else "", cards.shown(str(body.get("text") or body.get("summary") or ""))]
    )
