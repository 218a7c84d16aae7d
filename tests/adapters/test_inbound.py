"""One request through the writer thread and back, and what is said where it could not be saved."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.inbound import WITHIN, Inbound, NotSaved, not_saved_words
from adapters.metrics import metrics
from bot.cards import line
from bot.questions import Form
from bot.refs import Identity
from bot.refusals import Unsure
from bot.requests import Answer, Request

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
REQUEST = Request(key="k", identity=Identity("slack:T1/U1"), text="declare The secret project leaks")
FORM = Form(title="Declare", command="declare", submit="Declare", fields=())


class DatabaseAwayError(Exception):
    """What a database raises that does not answer."""


@dataclass
class Writer:
    """One thread, as the database has; `fault` is raised instead of committing."""

    pool: ThreadPoolExecutor
    fault: Exception | None = None
    within: list[float | None] = field(default_factory=list[float | None])

    def write(self, fn: Callable[[], Any], *, within: float | None = None) -> "Future[Any]":
        self.within.append(within)
        return self.pool.submit(self._run, fn)

    def _run(self, fn: Callable[[], Any]) -> Any:
        found = fn()
        if self.fault is not None:
            raise self.fault
        return found


@dataclass
class Decider:
    answer: Answer
    seen: list[tuple[Request, datetime]] = field(default_factory=list[tuple[Request, datetime]])

    def handle(self, request: Request, at: datetime) -> Answer:
        self.seen.append((request, at))
        return self.answer


@dataclass
class Rig:
    inbound: Inbound
    writer: Writer
    decider: Decider
    hints: list[int]

    def count(self, word: str, outcome: str) -> float | None:
        return self.inbound.metrics.registry.get_sample_value(
            "sitrep_commands_total", {"word": word, "outcome": outcome}
        )


async def counted(rig: Rig, request: Request = REQUEST) -> Answer:
    """The answer, once it is counted and logged as well."""
    answer = await rig.inbound.run(request)
    await asyncio.sleep(0)
    return answer


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    with ThreadPoolExecutor(1) as pool:
        writer, decider, hints = Writer(pool), Decider(Answer(word="declare", number=42, to_send=True)), list[int]()
        inbound = Inbound(
            service=decider,
            db=writer,
            now=lambda: AT,
            hint=lambda: hints.append(1),
            metrics=metrics(),
            is_busy=lambda fault: isinstance(fault, DatabaseAwayError),
        )
        yield Rig(inbound, writer, decider, hints)


async def test_a_request_is_decided_at_one_moment_within_two_seconds(rig: Rig) -> None:
    answer = await rig.inbound.run(REQUEST)

    assert answer.number == 42
    assert rig.decider.seen == [(REQUEST, AT)]
    assert rig.writer.within == [WITHIN]


async def test_the_answer_waits_neither_for_its_count_nor_for_its_line(rig: Rig) -> None:
    await rig.inbound.run(REQUEST)

    assert rig.count("declare", "done") is None
    await asyncio.sleep(0)
    assert rig.count("declare", "done") == 1


async def test_the_outbox_is_told_after_the_commit(rig: Rig) -> None:
    await rig.inbound.run(REQUEST)

    assert rig.hints == [1]


async def test_while_requests_queue_up_the_outbox_is_told_once_and_at_the_end(rig: Rig) -> None:
    rig.inbound.clock = lambda: 100.0

    await asyncio.gather(*(rig.inbound.run(REQUEST) for _ in range(20)))

    assert rig.hints == [1, 1]


async def test_a_queue_that_does_not_end_does_not_keep_the_outbox_waiting(rig: Rig) -> None:
    rig.inbound.clock = iter(range(1000)).__next__

    await asyncio.gather(*(rig.inbound.run(REQUEST) for _ in range(20)))

    assert len(rig.hints) > 5


async def test_what_was_not_saved_is_raised_and_nothing_is_sent(rig: Rig) -> None:
    rig.writer.fault = DatabaseAwayError()

    with pytest.raises(NotSaved) as caught:
        await rig.inbound.run(REQUEST)

    assert caught.value.busy
    assert rig.hints == []
    assert rig.count("unknown", "not saved") == 1.0


async def test_what_may_have_been_saved_is_told_apart_from_what_was_not(rig: Rig) -> None:
    rig.writer.fault = Unsure("INC-42")

    with pytest.raises(NotSaved) as caught:
        await rig.inbound.run(REQUEST)

    assert caught.value.unsure
    assert rig.count("unknown", "unsure") == 1.0


async def test_a_fault_of_ours_is_told_apart_from_a_busy_database(rig: Rig) -> None:
    rig.writer.fault = ValueError("The secret project leaks")

    with pytest.raises(NotSaved) as caught:
        await rig.inbound.run(REQUEST)

    assert not caught.value.busy
    assert rig.count("unknown", "fault") == 1.0


@pytest.mark.parametrize(
    ("answer", "submitted", "outcome"),
    [
        (Answer(word="declare", number=42), False, "done"),
        (Answer(word="declare", repeated=True), False, "repeated"),
        (Answer(word="declare", refused=True, card=line("No.")), False, "refused"),
        (Answer(word="declare", form=FORM), False, "form"),
        (Answer(word="declare", form=FORM), True, "findings"),
    ],
)
async def test_every_outcome_is_counted_by_word(rig: Rig, answer: Answer, submitted: bool, outcome: str) -> None:
    rig.decider.answer = answer
    request = Request(key="k", identity=REQUEST.identity, word="declare", submitted=submitted)

    await counted(rig, request)

    assert rig.count("declare", outcome) == 1.0


async def test_a_word_nobody_knows_makes_no_label_of_its_own(rig: Rig) -> None:
    rig.decider.answer = Answer(refused=True, card=line("There is no such word."))

    await counted(rig)

    assert rig.count("unknown", "refused") == 1.0


@pytest.mark.parametrize("fault", [None, DatabaseAwayError("leaks"), ValueError("The secret project leaks")])
async def test_nothing_of_what_was_typed_is_logged(
    rig: Rig, caplog: pytest.LogCaptureFixture, fault: Exception | None
) -> None:
    rig.writer.fault = fault

    with caplog.at_level(logging.INFO), suppress(NotSaved):
        await counted(rig)

    assert caplog.records
    assert all("leaks" not in str(record.__dict__) for record in caplog.records)


def test_the_sentence_names_the_incident_and_what_to_do() -> None:
    of_42 = Request(key="k", identity=REQUEST.identity, word="resolve", incident=42)

    assert not_saved_words(of_42, NotSaved(busy=True)) == (
        "INC-42 was not changed because the database does not answer: send it again in a minute."
    )
    assert not_saved_words(None, NotSaved(busy=True)).startswith("Nothing was saved because the database")
    assert "fault in Sitrep" in not_saved_words(REQUEST, NotSaved(busy=False))
    unsure = NotSaved(busy=True, unsure=True)
    assert not_saved_words(None, unsure) == "It may have been saved: look at the card before you send it again."
    assert not_saved_words(of_42, unsure) == "INC-42 may have been changed: look at its card before you send it again."


async def test_where_nothing_was_written_the_outbox_is_left_alone(rig: Rig) -> None:
    rig.decider.answer = Answer(word="help", card=line("Words."))

    await rig.inbound.run(REQUEST)

    assert rig.hints == []


async def test_nothing_of_a_private_incident_is_logged(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.decider.answer = Answer(word="note", number=42, to_send=True, private=True)

    with caplog.at_level("INFO"):
        await counted(rig)

    assert [record.__dict__["incident"] for record in caplog.records if record.message == "handled"] == [None]
