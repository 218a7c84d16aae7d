"""What the clock owed, worked out anew from the log: each step of each promise, while somebody was there to say it."""

import json
from collections.abc import Sequence

from tests.campaign.records import Row, seconds
from tests.campaign.stories import STEPS

AT_ONCE = 3.0
"""Seconds that some replica must have been there without a break for a step to be owed: no tick is later than that."""
SPEAKING = ("Reminded", "ReminderHeld", "ReminderWithheld", "StepPassed")

Span = tuple[float, float]


def unfired(events: Sequence[Row], up: Sequence[Span], *, whole: bool = False) -> tuple[list[str], int]:
    """Steps that were owed and are in the log nowhere; and how many fell due.

    `whole`: only of incidents that lived within one of the spans, for the clock was turned between them.
    """
    fired = {step for event in events for step in _steps(event)}
    missing = list[str]()
    for number in sorted({event["incident"] for event in events}):
        log = sorted(
            (event for event in events if event["incident"] == number), key=lambda event: int(event["version"])
        )
        if whole and not _within_one(up, seconds(log[0]["at"]), seconds(log[-1]["at"])):
            continue
        for generation, made, due, until in _promises(log):
            for step in STEPS:
                moment = due + step
                if moment <= made or not _there(up, moment, until):
                    continue
                if (number, "update:internal", generation, step) not in fired:
                    missing.append(f"step {step:+g} s of promise {generation} of INC-{number} was never said")
    return missing, len(fired) + len(missing)


def _steps(event: Row) -> list[tuple[int, str, int, float]]:
    if event["kind"] not in SPEAKING:
        return []
    data = json.loads(event["data"])
    rungs = data.get("rungs") or [data["rung"]]
    return [(event["incident"], rung["subject"], rung["generation"], rung["step"]) for rung in rungs]


def _promises(log: Sequence[Row]) -> list[tuple[int, float, float, float]]:
    """Generation, when it was made, when it is due, and until when it stood."""
    found, standing, generation = list[tuple[int, float, float, float]](), (0.0, 0.0), 0
    for event in log:
        data, at = json.loads(event["data"]), seconds(event["at"])
        if data.get("audience") == "internal" and event["kind"] in ("PromiseMade", "PromiseEnded"):
            if standing[1]:
                found.append((generation, *standing, at))
            standing = (0.0, 0.0)
        if event["kind"] in ("Resolved", "Closed", "Cancelled", "MarkedDuplicate") and standing[1]:
            found.append((generation, *standing, at))
            standing = (0.0, 0.0)
        if event["kind"] == "PromiseMade" and data["audience"] == "internal":
            generation += 1
            standing = (at, seconds(data["due"]))
    if standing[1]:
        found.append((generation, *standing, float("inf")))
    return found


def _there(up: Sequence[Span], moment: float, until: float) -> bool:
    return any(min(end, until) - max(begin, moment) >= AT_ONCE for begin, end in up)


def _within_one(spans: Sequence[Span], first: float, last: float) -> bool:
    return any(begin <= first and last <= end for begin, end in spans)
