"""Ways of looking that many stories share."""

import asyncio
import time

from tests.acceptance.reading import until
from tests.teams.connector import Connector
from tests.teams.tenant import Message, channel_of
from tests.teams.world import World


async def card(here: World, number: int, *words: str, within: float = 5) -> Message:
    """The card of an incident once it says all of these words."""

    async def look() -> Message | None:
        return _saying(here.screen.cards(number), words)

    try:
        found = await until(look, within=within, what=f"the card of INC-{number} saying {words}")
    except AssertionError:
        now = [message.words for message in here.screen.cards(number)]
        raise AssertionError(f"the card of INC-{number} never said {words}; it says {now}") from None
    assert found is not None
    return found


async def in_room(here: World, number: int, *words: str, within: float = 5) -> Message:
    """A message of the bot in an incident's room that says all of these words."""
    return await somewhere(here, await here.screen.room(number, within), *words, within=within)


async def somewhere(here: World, place: str, *words: str, within: float = 5) -> Message:
    """A message of the bot that says all of these words: in a thread, in a chat, in a channel with its threads."""

    def told() -> list[Message]:
        found = here.screen.everything(place) if channel_of(place) == place else here.screen.messages(place)
        return [message for message in found if not message.author]

    async def look() -> Message | None:
        return _saying(told(), words)

    try:
        found = await until(look, within=within, what=f"{words}")
    except AssertionError:
        raise AssertionError(f"nobody said {words}, but: {[message.words for message in told()]}") from None
    assert found is not None
    return found


async def to_person(here: World, name: str, *words: str, within: float = 5) -> Message:
    """A personal message to somebody that says all of these words."""

    async def look() -> Message | None:
        return _saying(here.screen.private(name), words)

    try:
        found = await until(look, within=within, what=f"{words}")
    except AssertionError:
        now = [message.words for message in here.screen.private(name)]
        raise AssertionError(f"{name} was not told {words}, but: {now}") from None
    assert found is not None
    return found


async def settled(connector: Connector, *, quiet: float = 1.5, within: float = 20) -> None:
    """Until no call has come for a while: longer than a bot waits that keeps to Teams' limits."""
    start, end = time.time(), time.monotonic() + within
    while time.time() - max([start, *(call.at for call in connector.calls[-1:])]) < quiet:
        assert time.monotonic() < end, "calls kept coming"
        await asyncio.sleep(0.05)


def _saying(messages: list[Message], words: tuple[str, ...]) -> Message | None:
    return next((message for message in messages if all(word in message.words for word in words)), None)
