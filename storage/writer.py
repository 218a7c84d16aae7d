"""The one writer of a SQLite database: what waits for it shares a commit, for a commit waits for the disk.

Each job runs within a savepoint of its own, as it would run alone: one that fails leaves nothing behind and disturbs
nobody. No result is given before the commit. Where that fails, or somebody's time is over by then, nothing is saved and
each job runs again by itself; so whoever has hardly any time left runs before the others and shares with nobody.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from storage.errors import StorageError
from storage.patience import Patience
from storage.sessions import Sessions

T = TypeVar("T")

TOGETHER = 8
"""Jobs that share a commit at most: the first of them waits for the others."""

HURRIED = 0.1
"""Seconds left in which a commit that is shared may be too slow."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """Something to be written, and who waits for it."""

    work: Callable[[], Any]
    until: float | None
    """The moment by which it must have committed; None: whenever.

    Those share no commit with the others, for whom people wait.
    """
    future: Future[Any] = field(default_factory=Future[Any])


@dataclass(slots=True)
class Outcome:
    """What came of a job, if its commit comes."""

    result: Any = None
    fault: BaseException | None = None


class Writers:
    """Owns the threads that write to a server, each job for itself."""

    def __init__(self, patience: Patience, threads: int) -> None:
        self._patience = patience
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="writer")

    def submit(self, until: float | None, work: Callable[[], T]) -> "Future[T]":
        """Run the work beside others. Raises RuntimeError after `shutdown`."""
        return self._threads.submit(self._patience.run, until, work)

    def shutdown(self) -> None:
        """Finish what was handed over."""
        self._threads.shutdown()


class Writer:
    """Owns the thread. Jobs run one after the other in the order in which they were handed over."""

    def __init__(self, sessions: Sessions, patience: Patience) -> None:
        self._sessions = sessions
        self._patience = patience
        self._waiting: deque[Job] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    def submit(self, until: float | None, work: Callable[[], T]) -> "Future[T]":
        """Run the work in its turn. Raises RuntimeError after `shutdown`."""
        job = Job(work=work, until=until)
        self._waiting.append(job)
        try:
            self._thread.submit(self._next)
        except RuntimeError:
            if job.future.cancel():  # else one that was handed over before has taken it along
                raise
        return job.future

    def shutdown(self) -> None:
        """Finish what was handed over."""
        self._thread.shutdown()

    def _next(self) -> None:
        """Run what is next. It is called once for each job, and finds nothing where another call took that along."""
        jobs = self._taken()
        hurried = [job for job in jobs if self._patience.over(job.until, HURRIED)]
        others = [job for job in jobs if job not in hurried]
        self._alone(hurried)
        if len(others) < 2 or not self._together(others):
            self._alone(others)

    def _alone(self, jobs: list[Job]) -> None:
        for job in jobs:
            _tell(job, self._outcome(job))

    def _taken(self) -> list[Job]:
        taken: list[Job] = []
        while self._waiting and len(taken) < TOGETHER:
            if taken and (self._waiting[0].until is None) != (taken[0].until is None):
                break
            job = self._waiting.popleft()
            if job.future.set_running_or_notify_cancel():
                taken.append(job)
        return taken

    def _together(self, jobs: list[Job]) -> bool:
        """Run them with one commit. False: nothing was saved, and nobody was told anything."""
        first = min((job.until for job in jobs if job.until is not None), default=None)
        try:
            outcomes = self._patience.run(first, lambda: self._shared(jobs))
        except (SQLAlchemyError, StorageError):
            return False
        for job, outcome in zip(jobs, outcomes, strict=True):
            _tell(job, outcome)
        return True

    def _shared(self, jobs: list[Job]) -> list[Outcome]:
        with self._sessions.shared():
            outcomes = []
            for job in jobs:
                outcomes.append(self._outcome(job))
                self._sessions.check_shared()
            self._patience.check()
        return outcomes

    def _outcome(self, job: Job) -> Outcome:
        try:
            return Outcome(result=self._patience.run(job.until, job.work))
        except BaseException as fault:  # noqa: BLE001 - it goes to whoever waits for the result, as an executor does
            return Outcome(fault=fault)


def _tell(job: Job, outcome: Outcome) -> None:
    if outcome.fault is not None:
        job.future.set_exception(outcome.fault)
    else:
        job.future.set_result(outcome.result)
