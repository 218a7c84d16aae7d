"""The chats that play the scenarios, and scenarios that both play at once: those that mostly wait."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

from tests.acceptance.chat_in_slack import in_slack
from tests.acceptance.chat_in_teams import in_teams
from tests.acceptance.chats import Opens, World

CHATS: dict[str, Callable[..., AbstractAsyncContextManager[World]]] = {"slack": in_slack, "teams": in_teams}


def in_both_at_once(scenario: Callable[[Opens], Awaitable[None]]) -> Callable[[Path], Awaitable[None]]:
    """The scenario in each chat, side by side, so that waiting costs its time once. Each failure says in which."""

    async def in_both(tmp_path: Path) -> None:
        played = await asyncio.gather(*(_in(chat, tmp_path, scenario) for chat in CHATS), return_exceptions=True)
        failures = [one for one in played if isinstance(one, BaseException)]
        if failures:
            raise BaseExceptionGroup(f"{len(failures)} of {len(CHATS)} chats", failures)

    in_both.__name__, in_both.__doc__ = getattr(scenario, "__name__", ""), scenario.__doc__
    return in_both


async def _in(chat: str, folder: Path, scenario: Callable[[Opens], Awaitable[None]]) -> None:
    (folder / chat).mkdir()
    try:
        await scenario(partial(CHATS[chat], folder / chat))
    except BaseException as failure:
        failure.add_note(f"in {chat}")
        raise
