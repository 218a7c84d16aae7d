"""The one way in: a request of any chat, decided and committed, then answered.

Nothing is acknowledged before its effect is committed (docs/architecture.md, invariant 3), so whoever calls `run`
acknowledges only after it came back. Logs name the word, the outcome and the incident's number; no title, no person.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from adapters.metrics import Metrics
from bot.cards import Card, line
from bot.refs import reference
from bot.refusals import Unsure
from bot.requests import Answer, Request

WITHIN = 2.0
"""Seconds a command has to commit. Past that it is rolled back for certain; nothing is saved after that was said."""

PATIENT = 0.2
"""Seconds the outbox goes without a hint at most while requests queue up: people wait for those."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Decides(Protocol):
    """The service, as inbound sees it."""

    def handle(self, request: Request, at: datetime) -> Answer:
        """Decide and write, in one transaction."""


class Writes(Protocol):
    """The database's writer thread."""

    def write(self, fn: Callable[[], T], *, within: float | None = None) -> "Future[T]":
        """Run `fn` there; it has `within` seconds from now to commit, waiting included."""


class NotSaved(Exception):  # noqa: N818 - an outcome
    """The request had no effect and none will come of it: everything was rolled back.

    `busy`: the database did not answer in time; else a fault of ours. `unsure`: it may have been saved all the same,
    for the database was lost within the commit; sent again with the same key it has no second effect.
    """

    def __init__(self, *, busy: bool, unsure: bool = False) -> None:
        super().__init__("not saved")
        self.busy = busy
        self.unsure = unsure


@dataclass(slots=True, kw_only=True)
class Inbound:
    """Carries requests across to the writer thread and back."""

    service: Decides
    db: Writes
    now: Callable[[], datetime]
    """The incident's clock, UTC."""
    hint: Callable[[], None]
    """Tells the outbox that there may be something to send."""
    metrics: Metrics
    is_busy: Callable[[BaseException], bool]
    """Whether what the database raised means: not now."""
    clock: Callable[[], float] = time.monotonic
    _under_way: int = 0
    _hinted_at: float = 0.0

    async def run(self, request: Request) -> Answer:
        """Decide and commit; counted and logged once the caller has gone on to answer.

        Raises NotSaved where it could not be committed within its time.
        """
        moment = self.now()
        self._under_way += 1
        try:
            answer = await asyncio.wrap_future(
                self.db.write(lambda: self.service.handle(request, moment), within=WITHIN)
            )
        except Exception as fault:
            raise self._not_saved(fault) from fault
        finally:
            self._under_way -= 1
        if answer.to_send:
            self._hint()
        asyncio.get_running_loop().call_soon(self._note, request, answer)  # nobody waits for a line of the log
        return answer

    def _note(self, request: Request, answer: Answer) -> None:
        word, outcome = answer.word or "unknown", outcome_of(request, answer)
        self.metrics.commands.labels(word, outcome).inc()
        number = None if answer.private else answer.number
        log.info("handled", extra={"word": word, "outcome": outcome, "incident": number})

    def _hint(self) -> None:
        """Tell the outbox; while others wait for the writer only now and then, for the outbox writes there too."""
        if self._under_way and self.clock() - self._hinted_at < PATIENT:
            return
        self._hinted_at = self.clock()
        self.hint()

    def _not_saved(self, fault: Exception) -> NotSaved:
        busy, unsure = self.is_busy(fault), isinstance(fault, Unsure)
        outcome = "unsure" if unsure else "not saved" if busy else "fault"
        self.metrics.commands.labels("unknown", outcome).inc()
        log.error(
            "a request was not saved", extra={"outcome": outcome, "kind": type(fault).__name__, "where": where(fault)}
        )
        log.debug("its fault", exc_info=fault)  # a message may quote what somebody typed: never at info
        return NotSaved(busy=busy, unsure=unsure)


def where(fault: BaseException) -> str:
    """Where it was raised, and nothing of what it says: `service.py:88 handle`."""
    frames = traceback.extract_tb(fault.__traceback__)
    return " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in reversed(frames[-4:]))


def outcome_of(request: Request, answer: Answer) -> str:
    """One word for what came of a request, for counting."""
    if answer.repeated:
        return "repeated"
    if answer.refused:
        return "refused"
    if answer.form is not None:
        return "findings" if request.submitted else "form"
    return "done"


def not_saved_words(request: Request | None, fault: NotSaved) -> str:
    """The sentence for somebody whose command had no effect, or perhaps had one (docs/words.md 3.7)."""
    named = reference(request.incident) if request is not None and request.incident is not None else ""
    if fault.unsure:
        what = f"{named} may have been changed: look at its" if named else "It may have been saved: look at the"
        return f"{what} card before you send it again."
    what = f"{named} was not changed" if named else "Nothing was saved"
    if fault.busy:
        return f"{what} because the database does not answer: send it again in a minute."
    return f"{what} because of a fault in Sitrep: send it again, and tell whoever runs Sitrep if it stays."


def not_saved_card(request: Request | None, fault: NotSaved) -> Card:
    """The same as a card."""
    return line(not_saved_words(request, fault))
