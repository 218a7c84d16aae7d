"""What Teams sends again is neither done nor answered a second time; a repeated invoke gets the answer of the first.

The core does nothing twice. Known here, as long as Teams repeats, is what the core never sees: what was answered, and
the answers that are ours alone. So somebody who reads "not saved" can rely on it, and a dialog whose first opening was
lost opens all the same. A restart forgets it: then an answer may be lost or come twice, never an effect.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

MOST = 300
"""Activities remembered; the oldest go first."""

Body = dict[str, Any]


@dataclass(slots=True)
class Repeats:
    """What was begun lately, by what names it."""

    _begun: OrderedDict[str, "asyncio.Task[Body | None]"] = field(
        default_factory=OrderedDict[str, "asyncio.Task[Body | None]"]
    )

    async def once(self, key: str, work: Callable[[], Coroutine[Any, Any, Body | None]]) -> Body | None:
        """Do it, or wait for the one that is doing it or did; its answer. What was raised may be tried again.

        `key` empty: nobody can tell a repeat of it.
        """
        if not key:
            return await work()
        begun = self._begun.get(key)
        if begun is None:
            begun = self._begun[key] = asyncio.create_task(work())
            while len(self._begun) > MOST:
                self._begun.popitem(last=False)
        try:
            return await asyncio.shield(begun)
        except Exception:
            self._begun.pop(key, None)
            raise
