"""How long it takes until a declaration is seen, and how many calls of the chat an incident costs.

Slack's servers take as long for a call as they are told to: 2 ms, or 200 ms. What must follow one another is the room,
the card in it, and what hangs on the card.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.acceptance.world import World, world
from tests.bench.report import Section, met

AT_ONCE = 20
SLOW = 0.2
QUIET = 1.2
"""Seconds without a call after which all is done."""
HEADS = ("what", "at 2 ms a call", "at 200 ms a call", "wanted at 200 ms", "met")
SAYS = (
    "From the moment the command is sent, over HTTP, until the incident's card stands in its room, and until the last "
    "call was answered. Calls are those of Slack's Web API."
)


async def measure(*, quick: bool = False) -> Section:
    """The section."""
    found: list[dict[str, float]] = []
    for latency in (0.002, SLOW):
        with tempfile.TemporaryDirectory() as folder:
            async with world(Path(folder)) as here:
                await here.slack.who("ana").types("declare low Rehearsed")  # what is asked once is known then
                await _quiet(here)
                here.proxy.latency = latency
                found.append(await _one(here, latency, 3 if quick else 8) | await _burst(here))
    fast, slow = found

    def row(name: str, key: str, most: float, unit: str = " s") -> tuple[str, ...]:
        form = ".2f" if unit else ".0f"
        wanted = f"{most:g}{unit}" if most else ""
        good = met(slow[key] <= most) if most else ""
        return name, f"{fast[key]:{form}}{unit}", f"{slow[key]:{form}}{unit}", wanted, good

    rows = (
        row("declare: acknowledged", "ack", 0),
        row("declare: the card is seen", "seen", 0.45),
        row("declare: all is done", "done", 0.75),
        row("calls of a declaration", "declare", 6, ""),
        row("calls of an update", "update", 0, ""),
        row("calls of a short life (declare, claim, update, resolve)", "life", 0, ""),
        row(f"{AT_ONCE} declarations at once: the last is acknowledged", "burst", 1.0),
    )
    return Section(title="Until it is seen", says=SAYS, heads=HEADS, rows=rows)


async def _one(here: World, latency: float, times: int) -> dict[str, float]:
    """The middle one of several declarations; then one life to its end."""
    seen: list[dict[str, float]] = []
    ana = here.slack.who("ana")
    for turn in range(times):
        told = await ana.types(f"declare critical Measured {turn}")
        began, ack = told.at, told.ack
        await _quiet(here)
        calls = here.proxy.since(began)
        posts = [call.at for call in calls if call.method == "chat.postMessage"]
        pinned = [call.at for call in calls if call.method == "pins.add"]
        card_at = max((at for at in posts if not pinned or at < min(pinned)), default=began)
        seen.append(
            {
                "ack": ack.took,
                "seen": card_at + latency - began,
                "done": max(call.at for call in calls) + latency - began,
                "declare": len(calls),
            }
        )
    middle = {name: sorted(each[name] for each in seen)[times // 2] for name in seen[0]}
    number, began = times + 1, time.time()
    room = str((await here.workspace.room(number))["id"])
    await ana.types("claim commander", room)
    await _quiet(here)
    before = time.time()
    await ana.types("update Card payments fail in Europe. steps:We look into it next:30m", room)
    await _quiet(here)
    middle["update"] = len(here.proxy.since(before))
    await ana.types("resolve Rolled back. verified:Watched for ten minutes.", room)
    await _quiet(here)
    middle["life"] = middle["declare"] + len(here.proxy.since(began))
    return middle


async def _burst(here: World) -> dict[str, float]:
    ana = here.slack.who("ana")
    told = await asyncio.gather(*(ana.types(f"declare high Trouble {line}") for line in range(AT_ONCE)))
    acks = [one.ack for one in told]
    assert {ack.status for ack in acks} == {200}
    return {"burst": max(ack.took for ack in acks)}


async def _quiet(here: World) -> None:
    """Until nothing was called for a while."""
    while True:
        before = len(here.proxy.calls)
        await asyncio.sleep(QUIET)
        if len(here.proxy.calls) == before:
            return
