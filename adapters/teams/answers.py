"""Answers to who asked: where they asked if only they read there, else in their personal chat with Sitrep.

Where that chat cannot be had, one line in the conversation says so, and says nothing of what was asked (it may be about
a private incident). What a crash loses here is an answer, never an effect.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from adapters.bounded import put, trim
from adapters.inbound import NotSaved
from adapters.meter import Meter, Silent
from adapters.sinks import SendFailed
from adapters.tasks import Tasks
from adapters.teams.addresses import CHAT, message_ref, without_thread
from adapters.teams.desk import Desk
from adapters.teams.payloads import Kind, Scene
from adapters.teams.render import message
from adapters.teams.spans import Setting
from bot.cards import Card, Mention, Names, line, with_room
from bot.events import RoomOpened
from bot.refs import Person

LIMIT = 15.0
"""Seconds for an answer to arrive."""
HEARD = 5.0
"""Seconds that Teams waits at most, while somebody is told that nothing came of their words; it waits fifteen."""
AGAIN = (1.0, 2.0, 4.0)
"""Seconds between tries of an answer that failed, where Teams names no time."""
MOST = 500
"""Answers that wait for a room, rooms and shown incidents remembered; the oldest go first."""
ASKER = Person("asker")
ELSEWHERE = "the answer is for you alone: add Sitrep to your apps in Teams, then ask again."

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What replaces somebody's answer when the room exists."""

    seen: Scene
    """What it answers."""
    conversation: str
    activity: str
    personal: bool
    card: Card
    names: Names


@dataclass(slots=True, kw_only=True)
class Answers:
    """Says what is for one person, and rewrites it when the room exists."""

    desk: Desk
    tasks: Tasks
    now: Callable[[], datetime]
    """The incident's clock, UTC."""
    meter: Meter = field(default_factory=Silent)
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _waiting: dict[int, list[Promised]] = field(default_factory=dict[int, list[Promised]])
    _rooms: dict[int, RoomOpened] = field(default_factory=dict[int, RoomOpened])
    _shown: dict[str, int] = field(default_factory=dict[str, int])
    """By reference, messages that show an incident to who asked for it. They are no rows: nobody else edits them."""

    def privately(
        self, seen: Scene, card: Card, names: Names, otherwise: str = ELSEWHERE, shows: int | None = None
    ) -> asyncio.Task[None]:
        """Say it to them alone, without making anybody wait. `otherwise`: said where they asked, if that cannot be.

        `shows`: it is the card of that incident. Gives the task, which raises nothing.
        """
        telling = self._privately(seen, card, names, otherwise, shows)
        return self.tasks.start(telling, name="private answer", within=LIMIT)

    async def in_vain(self, seen: Scene, words: str) -> None:
        """Say that nothing came of it, before Teams hears that we have it.

        What Teams knows to be received nobody sends again, and what we only mean to say is lost if we die. Raises
        NotSaved where it cannot be said: Teams is to send the words again.
        """
        heard: list[bool] = []

        async def say() -> None:
            heard.append(await self._privately(seen, line(words), Names(), words, None))

        saying = self.tasks.start(say(), name="private answer", within=LIMIT, needed=True)
        await asyncio.wait([saying], timeout=HEARD)
        if saying.done() and not any(heard):
            raise NotSaved(busy=True)

    def shown(self, seen: Scene) -> int | None:
        """The incident whose card they asked for, where that is what they pressed."""
        return self._shown.get(message_ref(seen.conversation, seen.reply_to))

    def here(self, seen: Scene, card: Card, names: Names, number: int | None = None, later: Card | None = None) -> None:
        """Say it where they asked. `later` takes its place when the incident's room exists."""
        self.tasks.start(self._here(seen, card, names, number, later), name="answer", within=LIMIT)

    def instead(self, seen: Scene, words: Mapping[str, Any]) -> None:
        """Put something in the place of the message whose button or form it was."""
        if seen.reply_to:
            self.tasks.start(self._instead(seen, words), name="answer in place", within=LIMIT)

    def replaced(self, seen: Scene, card: Card, names: Names | None = None) -> None:
        """Put a card in the place of the message whose button or form it was."""
        self.tasks.start(self._replaced(seen, card, names or Names()), name="answer in place", within=LIMIT)

    def as_is(self, seen: Scene, words: Mapping[str, Any]) -> None:
        """Say something that is rendered already, where they asked."""
        self.tasks.start(self._said(seen, words), name="form", within=LIMIT)

    async def room_opened(self, number: int, room: RoomOpened) -> None:
        """The room exists: answers that wait for it are written anew."""
        put(self._rooms, number, room, MOST)
        for promised in self._waiting.pop(number, []):
            await self._rewrite(number, promised, room)

    async def _here(self, seen: Scene, card: Card, names: Names, number: int | None, later: Card | None) -> None:
        personal, place = seen.kind is Kind.PERSONAL, seen.conversation
        activity = await self._said(seen, await self._written(card, names, personal=personal))
        if not activity and not personal:  # actions on messages come from where Sitrep may not write, too
            personal = True
            place, activity = await self._in_their_chat(seen, card, names, ELSEWHERE)
        if later is None or number is None or not (place and activity):
            return
        promised = Promised(
            seen=seen,
            conversation=place,
            activity=activity,
            personal=personal,
            card=later,
            names=names,
        )
        room = self._rooms.get(number)
        if room is not None:
            await self._rewrite(number, promised, room)
            return
        self._waiting.setdefault(number, []).append(promised)
        trim(self._waiting, MOST)

    async def _rewrite(self, number: int, promised: Promised, room: RoomOpened) -> None:
        names = with_room(promised.names, number, room.name, room.address)
        words = await self._written(promised.card, names, personal=promised.personal)
        try:
            service = await self.desk.contacts.service(without_thread(promised.conversation))
            there = await self._patient(
                lambda: self.desk.connector.update(service, promised.conversation, promised.activity, words)
            )
        except SendFailed as failed:
            log.warning("an answer with a room did not arrive", extra={"why": failed.reason})
            there = False
        if not there and not promised.personal:
            await self._in_their_chat(promised.seen, promised.card, names, ELSEWHERE)

    async def _privately(self, seen: Scene, card: Card, names: Names, otherwise: str, shows: int | None) -> bool:
        """Whether it arrived anywhere."""
        if seen.kind is Kind.PERSONAL:
            chat, activity = seen.conversation, await self._said(seen, await self._written(card, names, personal=True))
        else:
            chat, activity = await self._in_their_chat(seen, card, names, otherwise)
        if chat and activity and shows is not None:
            put(self._shown, message_ref(chat, activity), shows, MOST)
        return bool(activity)

    async def _in_their_chat(self, seen: Scene, card: Card, names: Names, otherwise: str) -> tuple[str, str]:
        """The chat and the activity's id; no chat where they cannot be reached there: `otherwise` is said instead."""
        try:
            chat = await self._patient(lambda: self.desk.personal_chat(seen.met.identity))
            words = await self._written(card, names, personal=True)
            service = await self.desk.contacts.service(chat)
            return chat, await self._patient(lambda: self.desk.connector.send(service, chat, words, to="person"))
        except Exception as fault:  # noqa: BLE001 - Teams', or the database's: that is no reason to say nothing
            why = fault.reason if isinstance(fault, SendFailed) else type(fault).__name__
            log.info("somebody cannot be answered in private", extra={"why": why})
            return "", await self._say_so(seen, otherwise)

    async def _say_so(self, seen: Scene, otherwise: str) -> str:
        """It asks no database, which may be what fails."""
        asker = Names(people={ASKER: seen.profile.name}, identities={ASKER: (seen.met.identity,)})
        card = line(Mention(ASKER), ": ", otherwise)
        setting = Setting(tenant=self.desk.contacts.tenant, users={seen.met.identity: seen.met.user})
        return await self._said(seen, message(card, self.now(), asker, setting))

    async def _said(self, seen: Scene, words: Mapping[str, Any]) -> str:
        """The activity's id; empty where it did not arrive."""
        try:
            return await self._patient(lambda: self.desk.connector.send(seen.met.service, seen.conversation, words))
        except SendFailed as failed:
            log.warning("an answer did not arrive", extra={"why": failed.reason})
            return ""

    async def _replaced(self, seen: Scene, card: Card, names: Names) -> None:
        if seen.reply_to:
            await self._instead(seen, await self._written(card, names, personal=seen.kind is Kind.PERSONAL))

    async def _instead(self, seen: Scene, words: Mapping[str, Any]) -> None:
        try:
            await self._patient(
                lambda: self.desk.connector.update(seen.met.service, seen.conversation, seen.reply_to, words)
            )
        except SendFailed as failed:
            log.warning("a message was not changed", extra={"why": failed.reason})

    async def _patient(self, call: Callable[[], Awaitable[T]]) -> T:
        """Again, as long as Teams names a moment from which it may work, and a few times where it does not.

        It may have arrived already: then it is there twice, which is counted. Tasks have their end.
        """
        pauses = iter(AGAIN)
        while True:
            try:
                return await call()
            except SendFailed as failed:
                wait = next(pauses, None) if failed.retry_after is None else failed.retry_after
                if failed.permanent or failed.auth or wait is None:
                    raise
                if failed.outcome_unknown:
                    self.meter.perhaps_double(CHAT)
                await self.sleep(wait)

    async def _written(self, card: Card, names: Names, *, personal: bool) -> dict[str, Any]:
        return message(card, self.now(), names, await self.desk.setting(names, personal=personal))
