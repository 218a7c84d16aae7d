"""Work of libraries that block, on threads of their own: one that hangs holds up neither the loop nor a stop."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def aside(work: Callable[[], T], *, name: str) -> T:
    """What `work` gives, or raises. Cancelled, it goes on by itself and nobody hears of it."""
    return await begin(work, name=name)


def begin(work: Callable[[], T], *, name: str) -> "asyncio.Future[T]":
    """Begin it, and give what will hold its outcome. Call it on the running loop."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()
    done.add_done_callback(_seen)

    def settle(result: T | None, fault: BaseException | None) -> None:
        if done.done():
            return
        if fault is not None:
            done.set_exception(fault)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # without a fault there is a result

    def run() -> None:
        result, fault = None, None
        try:
            result = work()
        except BaseException as raised:  # noqa: BLE001 - handed over to who waits
            fault = raised
        with suppress(RuntimeError):  # the loop is closed: nobody wants it any more
            loop.call_soon_threadsafe(settle, result, fault)

    threading.Thread(target=run, name=name, daemon=True).start()
    return done


def _seen(done: "asyncio.Future[T]") -> None:
    """A fault that nobody asks for is no news for the log: it may quote an address."""
    if not done.cancelled():
        done.exception()
