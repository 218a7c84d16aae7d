"""What is done with what people type, press and send in the try-out chat: translate, hand over, answer who asked.

The effect is committed before the page is answered. What only the asker is to see is a message only they see.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.bounded import put, trim
from adapters.inbound import Inbound, NotSaved, not_saved_words
from adapters.local import render
from adapters.local.across import Across
from adapters.local.addresses import address, identity, place
from adapters.local.intake import Sent
from adapters.local.kept import Chat, Room
from adapters.local.people import BY_ID, profile
from adapters.local.sink import CARD
from adapters.local.wire import WORDS, packed
from adapters.local.words import said, typed
from adapters.local.world import Sources
from bot.cards import Card, Code, Names, line, with_room
from bot.events import RoomOpened
from bot.plain import plain_text
from bot.refs import Address
from bot.requests import Answer, Request

MOST = 500
"""Answers that wait for a room, and rooms remembered; the oldest go first."""

Said = dict[str, Any]
"""What the page is answered."""


class NotThere(Exception):  # noqa: N818 - an outcome
    """There is no such conversation, as far as this person can see."""


class Unsaved(Exception):  # noqa: N818 - an outcome
    """Nothing was saved, or nobody knows; its text is for the person. The same key sent again has one effect."""


@dataclass(slots=True, kw_only=True)
class Reception:
    """Receives what people do."""

    inbound: Inbound
    chat: Chat
    across: Across
    sources: Sources
    now: Callable[[], datetime]
    """The incident's clock, UTC."""
    changed: Callable[[], None]
    """Tells open pages that something is new."""
    _waiting: dict[int, list[tuple[int, Card, Names]]] = field(default_factory=dict[int, list[tuple[int, Card, Names]]])
    """By incident: answers that are written anew when its room exists."""
    _rooms: dict[int, RoomOpened] = field(default_factory=dict[int, RoomOpened])

    async def said(self, sent: Sent) -> Said:
        """A line: words to others, or to Sitrep. Raises BadBody, NotThere, Unsaved."""
        who, room, key = sent.who, await self._room(sent), sent.key()
        heard, thread = typed(sent.text("text")), sent.number("thread")
        if heard.kind == "unknown":
            card = line(f"There is no command {heard.text[:40]} here: type ", Code("/incident"), " and a word.")
            await self._privately(card, Names(), who, room.address, thread, token=f"unknown:{who}:{key}")
            return {"form": None}
        if heard.kind != "command":
            await self._aloud(heard.aloud, who, room, thread, key)
        if heard.kind == "words" and not room.name.startswith("@"):
            return {"form": None}
        return await self._request(self._asked(who, room, key, text=heard.text), thread)

    async def pressed(self, sent: Sent) -> Said:
        """A button. Raises BadBody, NotThere, Unsaved."""
        who, room, key = sent.who, await self._room(sent), sent.key()
        word, values, number = sent.text("word"), sent.strings("values"), sent.number("incident")
        return await self._request(self._asked(who, room, key, word=word, values=values, incident=number))

    async def submitted(self, sent: Sent) -> Said:
        """A form: what is wrong with it is told at its fields, or as a sentence. Raises BadBody, NotThere, Unsaved."""
        who, room, key = sent.who, await self._room(sent), sent.key()
        values = {name: said(value) for name, value in sent.strings("values").items() if value.strip()}
        word, number = sent.text("word"), sent.number("incident")
        request = self._asked(who, room, key, word=word, values=values, incident=number, submitted=True)
        answer = await self._run(request)
        if answer.form is not None:
            return {"form": render.form(answer.form, self.now(), answer.names)}
        if answer.refused and answer.card is not None:
            return {"sentence": plain_text(answer.card, self.now(), answer.names)}
        await self._answered(answer, request)
        return {"done": True}

    async def room_opened(self, number: int, room: RoomOpened) -> None:
        """The incident's room exists: answers that said so without it are written anew."""
        put(self._rooms, number, room, MOST)
        for message, card, names in self._waiting.pop(number, []):
            await self._rewrite(message, card, with_room(names, number, room.name, room.address))

    async def _room(self, sent: Sent) -> Room:
        """The conversation it happens in. Raises NotThere for one this person cannot see."""
        who, wanted = sent.who, address(sent.text("place"))
        found = await self.across.read(lambda: self.sources.room(wanted, who))
        if found is None:
            raise NotThere
        return found

    async def _aloud(self, words: str, who: str, room: Room, thread: int | None, key: str) -> None:
        """Words that everybody in the room reads. Who speaks in a public room is in it."""
        where, token, at = room.address, f"words:{who}:{key}", self.now()
        if not words:
            return

        def say() -> None:
            self.chat.join(where, (who,))
            self.chat.say(where, kind=WORDS, data=packed(words), at=at, author=who, thread=thread, token=token)

        try:
            await self.across.write(say)
        except LookupError:
            raise NotThere from None
        self.changed()

    def _asked(self, who: str, room: Room, key: str, **asked: Any) -> Request:
        return Request(
            key=f"local:{who}:{key}",
            identity=identity(who),
            profile=profile(BY_ID[who]),
            place=room.address,
            **asked,
        )

    async def _request(self, request: Request, thread: int | None = None) -> Said:
        answer = await self._run(request)
        if answer.form is not None:
            return {"form": render.form(answer.form, self.now(), answer.names)}
        await self._answered(answer, request, thread)
        return {"form": None}

    async def _run(self, request: Request) -> Answer:
        try:
            answer = await self.inbound.run(request)
        except NotSaved as fault:
            raise Unsaved(not_saved_words(request, fault)) from fault
        self.changed()
        return answer

    async def _answered(self, answer: Answer, request: Request, thread: int | None = None) -> None:
        if answer.card is None or request.place is None:
            return
        who = place(request.identity)[1:]
        message = await self._privately(answer.card, answer.names, who, request.place, thread)
        if answer.when_room is None or answer.number is None:
            return
        room = self._rooms.get(answer.number)
        if room is not None:
            await self._rewrite(
                message, answer.when_room, with_room(answer.names, answer.number, room.name, room.address)
            )
            return
        self._waiting.setdefault(answer.number, []).append((message, answer.when_room, answer.names))
        trim(self._waiting, MOST)

    async def _privately(
        self, card: Card, names: Names, who: str, where: Address, thread: int | None, token: str | None = None
    ) -> int:
        """A message that only they see, where they asked. With a token it is said once."""
        at = self.now()
        data = packed(render.message(card, at, names))

        def say() -> int:
            return self.chat.say(where, kind=CARD, data=data, at=at, only_for=who, thread=thread, token=token)

        message = await self.across.write(say)
        self.changed()
        return message

    async def _rewrite(self, message: int, card: Card, names: Names) -> None:
        data = packed(render.message(card, self.now(), names))
        await self.across.write(lambda: self.chat.edit(message, data))
        self.changed()
