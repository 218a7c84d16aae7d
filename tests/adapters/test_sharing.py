"""One chat's limits, whatever the number of our processes."""

import math
import os
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from adapters.sharing import BEAT, Sharing, replica_name
from adapters.slack.budget import Budget as SlackBudget
from adapters.teams.budget import Budget as TeamsBudget

T = TypeVar("T")

NOW = 1000.0


@dataclass(slots=True)
class Straight:
    """Threads that are none."""

    def write(self, fn: Callable[[], T], /) -> "Future[T]":
        done: Future[T] = Future()
        try:
            done.set_result(fn())
        except OSError as fault:
            done.set_exception(fault)
        return done

    read = write


@dataclass(slots=True)
class Board:
    """A database that all see."""

    alive: dict[str, float] = field(default_factory=dict[str, float])
    paused: dict[str, float] = field(default_factory=dict[str, float])
    now: float = NOW
    away: bool = False

    def beat(self, replica: str, pauses: Mapping[str, float]) -> None:
        self.alive[replica] = self.now
        self.paused |= {name: self.now + seconds for name, seconds in pauses.items()}

    def leave(self, replica: str) -> None:
        del self.alive[replica]

    def replicas(self) -> int:
        if self.away:
            raise OSError
        return sum(self.now - at < 3 * BEAT for at in self.alive.values())

    def pauses(self) -> Mapping[str, float]:
        return {name: until - self.now for name, until in self.paused.items() if until > self.now}


@dataclass(slots=True)
class Process:
    """One of us."""

    board: Board
    name: str
    slack: SlackBudget = field(default_factory=SlackBudget)
    teams: TeamsBudget = field(default_factory=TeamsBudget)
    sharing: Sharing = field(init=False)

    def __post_init__(self) -> None:
        self.sharing = Sharing(
            replica=self.name,
            fleet=self.board,
            threads=Straight(),
            budgets={"slack": self.slack, "teams": self.teams},
            clock=lambda: self.board.now,
        )


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def pair(board: Board) -> tuple[Process, Process]:
    return Process(board, "one"), Process(board, "two")


async def both_look(pair: tuple[Process, Process]) -> None:
    for process in pair:
        await process.sharing.look()


async def test_each_of_two_processes_has_half_of_every_limit(pair: tuple[Process, Process]) -> None:
    await both_look(pair)
    await both_look(pair)

    assert [process.slack.among for process in pair] == [2, 2]
    assert [process.teams.among for process in pair] == [2, 2]


async def test_who_leaves_gives_back_its_share(pair: tuple[Process, Process]) -> None:
    await both_look(pair)
    await both_look(pair)

    await pair[1].sharing.leave()
    await pair[0].sharing.look()

    assert pair[0].slack.among == 1


async def test_who_left_and_still_ends_its_work_does_not_come_back(board: Board, pair: tuple[Process, Process]) -> None:
    await both_look(pair)
    await both_look(pair)

    await pair[1].sharing.leave()
    board.now += BEAT
    await both_look(pair)

    assert set(board.alive) == {"one"}
    assert pair[1].slack.among == 2


async def test_who_is_silent_for_a_while_counts_no_more(board: Board, pair: tuple[Process, Process]) -> None:
    await both_look(pair)
    await pair[0].sharing.look()

    for _ in range(math.ceil(3 * BEAT)):
        board.now += 1
        await pair[0].sharing.look()

    assert pair[0].slack.among == 1


@pytest.mark.parametrize("chat", ["slack", "teams"])
async def test_what_one_was_asked_not_to_call_the_other_does_not_call(
    board: Board, pair: tuple[Process, Process], chat: str
) -> None:
    await both_look(pair)
    if chat == "slack":
        pair[0].slack.close("chat.update", 60, board.now)
    else:
        pair[0].teams.close("send", "19:room@thread.tacv2", 60, board.now)

    await both_look(pair)

    other = pair[1]
    if chat == "slack":
        assert other.slack.ask("chat.update", "", board.now) == pytest.approx(60)
        assert other.slack.ask("chat.postMessage", "C1", board.now) == 0
    else:
        assert other.teams.ask("send", "19:room@thread.tacv2", board.now) == pytest.approx(60)
        assert other.teams.ask("send", "19:other@thread.tacv2", board.now) == 0


async def test_a_pause_is_told_once_and_ends(board: Board, pair: tuple[Process, Process]) -> None:
    pair[0].slack.close("chat.update", 8, board.now)
    for _ in range(9):
        await both_look(pair)
        board.now += 1

    assert board.paused == {"slack chat.update": NOW + 8}
    assert pair[1].slack.ask("chat.update", "", board.now) == 0


async def test_a_process_that_cannot_see_the_others_keeps_its_share(
    board: Board, pair: tuple[Process, Process]
) -> None:
    await both_look(pair)
    await both_look(pair)
    board.away = True

    await pair[0].sharing.look()

    assert pair[0].slack.among == 2


async def test_a_pause_of_a_chat_that_is_not_set_up_here_is_nothing_to_us(board: Board) -> None:
    board.paused["apprise anything"] = board.now + 9
    alone = Process(board, "one")

    await alone.sharing.look()

    assert alone.slack.pauses(board.now) == {}


def test_no_two_processes_have_one_name_even_where_host_and_number_are_the_same() -> None:
    one, other = replica_name(), replica_name()

    assert one != other
    assert one.rpartition("/")[0] == other.rpartition("/")[0] == f"{socket.gethostname()}/{os.getpid()}"
