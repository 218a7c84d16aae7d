"""Ways of looking that many stories share."""

import re

from tests.acceptance.reading import Message, until
from tests.acceptance.world import World


async def card(here: World, number: int, *words: str, within: float = 5) -> Message:
    """The pinned card of an incident once it says all of these words."""
    room = await here.workspace.room(number, within)

    async def look() -> Message | None:
        pinned = await here.workspace.pinned(room["id"])
        return next((message for message in pinned if all(word in message.words for word in words)), None)

    try:
        found = await until(look, within=within, what=f"the card of INC-{number} saying {words}")
    except AssertionError:
        now = [message.words for message in await here.workspace.pinned(room["id"])]
        raise AssertionError(f"the card of INC-{number} never said {words}; it says {now}") from None
    assert found is not None
    return found


async def in_room(here: World, number: int, *words: str, within: float = 5) -> Message:
    """A message or a reply in an incident's room that says all of these words."""
    room = await here.workspace.room(number, within)
    return await somewhere(here, room["id"], *words, within=within)


async def somewhere(here: World, channel: str, *words: str, within: float = 5) -> Message:
    """A message or a reply in a channel that says all of these words."""

    async def look() -> Message | None:
        found = await here.workspace.everything(channel)
        return next((message for message in found if all(word in message.words for word in words)), None)

    try:
        found = await until(look, within=within, what=f"{words}")
    except AssertionError:
        now = [message.words for message in await here.workspace.everything(channel)]
        raise AssertionError(f"nobody said {words}, but: {now}") from None
    assert found is not None
    return found


async def to_person(here: World, name: str, *words: str, within: float = 5) -> Message:
    """A direct message to somebody that says all of these words."""

    async def look() -> Message | None:
        found = await here.workspace.private(name)
        return next((message for message in found if all(word in message.words for word in words)), None)

    try:
        found = await until(look, within=within, what=f"{words}")
    except AssertionError:
        now = [message.words for message in await here.workspace.private(name)]
        raise AssertionError(f"{name} was not told {words}, but: {now}") from None
    assert found is not None
    return found


def plain(text: str) -> str:
    """Without markup: bold marks, and dates by their fallback."""
    return re.sub(r"<!date\^\d+\^[^|>]*\|([^>]*)>", r"\1", text).replace("*", "")
