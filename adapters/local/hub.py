"""Open pages, live: what is new is read once, written once, and handed to every page whose person may see it.

A page that was away says up to which change it has seen, gets what came after, and then what is new; a page that cannot
keep up is let go, comes back by itself and does the same.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from adapters.local import wire
from adapters.local.across import Across
from adapters.local.kept import Chat, Message
from adapters.local.wire import packed
from adapters.local.world import Sources, World
from bot.refs import Address

GATHER = 0.03
"""Seconds in which what is new is gathered before it goes out."""
STATES = 0.25
"""Seconds between two states sent to the same pages, at least."""
BATCH = 500
"""Changes read at once."""
BACKLOG = 1_000
"""Pieces that a page may be behind."""
LOOK = 5.0
"""Seconds after which a look is taken though nobody said that something is new: deadlines pass by themselves."""
AGAIN = 1.0
"""Seconds until a look that failed is made again."""

log = logging.getLogger(__name__)

FLEETING = ("seq", "newest", "clock", "conversations")
"""What of a state changes all the time; of these a part is compared."""

State = dict[str, Any]
States = Callable[[World, str], Awaitable[State]]


@dataclass(eq=False, slots=True, kw_only=True)
class Stream:
    """One open page."""

    viewer: str
    sent: int = 0
    """The newest change it has."""
    queue: "asyncio.Queue[tuple[int, str] | None]" = field(default_factory=lambda: asyncio.Queue(maxsize=BACKLOG))
    """Changes with their numbers; 0: no change, always sent. None: the end."""

    def put(self, seq: int, piece: str) -> bool:
        """Hand it over; whether there was room."""
        try:
            self.queue.put_nowait((seq, piece))
        except asyncio.QueueFull:
            return False
        return True

    def end(self) -> None:
        """Let the page go, with nothing more: whatever it has not got it asks for when it comes back."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass(slots=True, kw_only=True)
class Hub:
    """Everybody who looks at the chat just now."""

    chat: Chat
    across: Across
    sources: Sources
    state: States
    """The state as one person sees it."""
    _streams: set[Stream] = field(default_factory=set[Stream])
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: int = 0
    _told: dict[str, State] = field(default_factory=dict[str, State])
    """By person, what of the state was sent last and lasts."""
    _at: float = 0.0

    def changed(self) -> None:
        """Something is new. Call it on the event loop's thread."""
        self._wake.set()

    def recount(self, viewer: str) -> None:
        """Somebody has read: their other pages are told."""
        self._told.pop(viewer, None)
        self._wake.set()

    async def open(self, viewer: str, after: int) -> tuple[Stream, list[str]]:
        """A page opens: its stream, and what it gets first: the state, and what it has missed since `after`."""
        stream = Stream(viewer=viewer, sent=after)
        self._streams.add(stream)
        try:
            if after > await self.across.read(self.chat.last_change):  # of a database that was emptied since
                return stream, [event("reset", {})]
            found: list[Message] = []
            while more := await self._changes(stream.sent):
                found += more
                stream.sent = more[-1].changed
            world = await self.across.read(self.sources.world)  # after them, so that it has every room they are in
            self._told.pop(viewer, None)
            pieces = [event("state", await self.state(world, viewer))]
            pieces += [_message(one) for one in _visible(world, found, viewer)]
        except BaseException:
            self._streams.discard(stream)
            raise
        return stream, pieces

    def close(self, stream: Stream) -> None:
        """The page is gone."""
        self._streams.discard(stream)

    def close_all(self) -> None:
        """Let every page go: Sitrep stops."""
        for stream in tuple(self._streams):
            stream.end()

    async def run(self) -> None:
        """Tell pages what is new, until cancelled."""
        self._seen = await self.across.read(self.chat.last_change)
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._wake.wait()
            await asyncio.sleep(GATHER)
            self._wake.clear()
            try:
                await self._tell()
            except Exception as fault:  # noqa: BLE001 - whatever the database raises: it may answer again
                log.error("open pages could not be told", extra={"kind": type(fault).__name__})  # noqa: TRY400 - its text may quote what somebody typed
                self._wake.set()
                await asyncio.sleep(AGAIN)

    async def _tell(self) -> None:
        found = await self._changes(self._seen)
        if not self._streams:
            self._seen = found[-1].changed if found else self._seen
            return
        world = await self.across.read(self.sources.world)
        pieces = {one.changed: _message(one) for one in found}
        for stream in tuple(self._streams):
            for one in _visible(world, found, stream.viewer):
                if one.changed > stream.sent:
                    self._hand(stream, one.changed, pieces[one.changed])
        self._seen = found[-1].changed if found else self._seen
        if len(found) == BATCH:
            self._wake.set()
        await self._tell_states(world)

    async def _tell_states(self, world: World) -> None:
        """Everything but messages, to those for whom it is no longer what they were told. Unread marks pages count."""
        wait = self._at + STATES - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
            world = await self.across.read(self.sources.world)
        self._at = time.monotonic()
        for viewer in {stream.viewer for stream in self._streams}:
            state = await self.state(world, viewer)
            if self._told.get(viewer) == _lasting(state):
                continue
            self._told[viewer] = _lasting(state)
            piece = event("state", state)
            for stream in tuple(self._streams):
                if stream.viewer == viewer:
                    self._hand(stream, 0, piece)

    def _hand(self, stream: Stream, seq: int, piece: str) -> None:
        if not stream.put(seq, piece):
            self._streams.discard(stream)
            stream.end()

    async def _changes(self, after: int) -> tuple[Message, ...]:
        return await self.across.read(lambda: self.chat.changes(after, BATCH))


def event(kind: str, data: object) -> str:
    """A piece of a page's stream."""
    return packed({"event": kind, "data": data})


def _message(found: Message) -> str:
    return event("message", wire.message(found))


def _lasting(state: State) -> State:
    """The part that, once it is another, pages are told of."""
    kept = {name: value for name, value in state.items() if name not in FLEETING}
    clock = {name: value for name, value in state["clock"].items() if name != "now"}
    rooms = [{name: value for name, value in room.items() if name != "unread"} for room in state["conversations"]]
    return {**kept, "clock": clock, "conversations": rooms}


def _visible(world: World, found: Iterable[Message], viewer: str) -> list[Message]:
    rooms: dict[Address, bool] = {one.room.address: one.seen_by(viewer) for one in world.places}
    return [one for one in found if rooms.get(one.address, False) and one.only_for in ("", viewer)]
