"""Whether a command costs more when a timeline is long or incidents are many, in time and in memory."""

import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.events import NoteAdded
from bot.requests import Request
from bot.saving import Decided, save
from config.policy_file import load_policy
from tests.bench.filled import WHO, Filled, Filling, room_of
from tests.bench.report import Section, met, p50

NOTES = 150
LENGTHS = (10, 1_000, 10_000)
BATCH = 500
HEADS = ("what", "ms of the processor", "of the smallest", "wanted", "met")
SAYS = (
    "A `note` decided and committed, measured by the time of the processor, without HTTP: the middle of "
    f"{NOTES} in a row. Memory is what the process held at most."
)


async def measure(*, quick: bool = False) -> Section:
    """The section."""
    lengths = LENGTHS[:2] if quick else LENGTHS
    crowd = 5_000 if quick else 100_000
    by_length, memory = _by_length(lengths)
    few, many = _by_number(100), _by_number(crowd)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        (f"a timeline of {length:,}", f"{took:.2f}", f"{took / by_length[0]:.2f}", *_judged(took / by_length[0]))
        for length, took in zip(lengths, by_length, strict=True)
    ]
    rows += [
        ("100 open incidents", f"{few:.2f}", "1.00", "", ""),
        (f"{crowd:,} open incidents", f"{many:.2f}", f"{many / few:.2f}", *_judged(many / few)),
        (
            "memory, longest timeline",
            f"{memory[-1]:.0f} MB",
            f"{memory[-1] / memory[0]:.2f}",
            *_judged(memory[-1] / memory[0]),
        ),
        ("memory, most incidents", f"{held:.0f} MB", f"{held / memory[0]:.2f}", *_judged(held / memory[0])),
    ]
    return Section(title="As it grows", says=SAYS, heads=HEADS, rows=tuple(rows))


def _judged(ratio: float) -> tuple[str, str]:
    return "1.5", met(ratio <= 1.5)


def _by_length(lengths: tuple[int, ...]) -> tuple[list[float], list[float]]:
    now, took, memory = datetime.now(UTC), list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        filled = Filled(f"sqlite:///{folder}/sitrep.db", load_policy(None).policy, Filling(open=1), now)
        for length in lengths:
            _lengthen(filled, length, now)
            took.append(_note(filled, now))
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        filled.close()
    return took, memory


def _by_number(many: int) -> float:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        filled = Filled(f"sqlite:///{folder}/sitrep.db", load_policy(None).policy, Filling(open=many), now)
        took = _note(filled, now)
        filled.close()
    return took


def _lengthen(filled: Filled, length: int, now: datetime) -> None:
    """The newest incident gets a log of that length."""
    while True:
        with filled.db.store.begin() as tx:
            incident = tx.load(filled.last)
            assert incident is not None
            missing = min(BATCH, length - incident.version)
            if missing <= 0:
                return
            events = tuple(NoteAdded(text=f"Line {line}") for line in range(missing))
            save(tx, incident, Decided(events=events, by=None, at=now), filled.policy, filled.rules)


def _note(filled: Filled, now: datetime) -> float:
    """Milliseconds of the processor."""
    took, numbers = list[float](), count(1)
    place = room_of(filled.last)
    for turn in range(NOTES + 10):
        words = Request(key=f"{time.monotonic_ns()}", identity=WHO, place=place, text=f"note Line {next(numbers)}")
        began = time.process_time()
        answer = filled.service.handle(words, now + timedelta(seconds=1))
        if turn >= 10:
            took.append(time.process_time() - began)
        assert answer.changed, answer
    return p50(took)
