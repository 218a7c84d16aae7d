"""What open pages of the try-out chat cost: a command's answer with none and with fifty, while twenty messages a second
are said. Figures are ratios to the same run without pages.

    python -m tests.bench.live
"""

import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.adapters.local.rig import Chat, running, said, session, settings

PAGES = 50
A_SECOND = 20
SECONDS = 8


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(settings(Path(folder))) as chat:
            alone, _ = await _measured(chat, 0)
            beside, late = await _measured(chat, PAGES)
    print(f"{'':24}{'p50':>9}{'p99':>9}   milliseconds")
    print(f"{'command, no page':24}{_line(alone)}")
    print(f"{f'command, {PAGES} pages':24}{_line(beside)}")
    print(f"{'shown on a page after':24}{_line(late)}")
    print(f"ratio of the medians: {statistics.median(beside) / statistics.median(alone):.2f}")


async def _measured(chat: Chat, pages: int) -> tuple[list[float], list[float]]:
    late: list[float] = []
    async with AsyncExitStack() as stack:
        tasks = []
        for number in range(pages):
            ours = await stack.enter_async_context(session())
            tasks.append(asyncio.create_task(_watch(Chat(chat.url, ours), ("ana", "ben", "hana")[number % 3], late)))
        await asyncio.sleep(0.5)
        talking = asyncio.create_task(_talk(chat))
        took = []
        while not talking.done():
            began = time.monotonic()
            await chat.types("ben", "/inc list")
            took.append(time.monotonic() - began)
            await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return took, late or [0.0]


async def _talk(chat: Chat) -> None:
    began = time.monotonic()
    for number in range(A_SECOND * SECONDS):
        await chat.types("ana", f"at {time.monotonic()}")
        await asyncio.sleep(max(0.0, began + (number + 1) / A_SECOND - time.monotonic()))


async def _watch(page: Chat, who: str, late: list[float]) -> None:
    after = (await page.state(who))["seq"]

    def heard(kind: str, data: object) -> bool:
        if kind == "message" and isinstance(data, dict) and said(data).startswith("at "):
            late.append(time.monotonic() - float(said(data)[3:]))
        return False

    while True:
        await page.follows(who, after, heard, within=SECONDS * 4)


def _line(found: list[float]) -> str:
    ordered = sorted(found)
    return f"{1000 * statistics.median(ordered):9.1f}{1000 * ordered[int(len(ordered) * 0.99)]:9.1f}"


if __name__ == "__main__":
    asyncio.run(main())
