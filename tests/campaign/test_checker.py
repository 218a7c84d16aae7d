"""The checker finds what it is there to find."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.campaign.checker import Verdict, judged, token_of
from tests.campaign.records import Records
from tests.campaign.senders import Intent
from tests.campaign.spans import merged, without
from tests.campaign.workspace import Received

NOON = 1_795_694_400.0
AT_NOON = "2026-11-26 12:00:00.000000"
SALT = "pepper"
NOTE = Intent(kind="note", words="note words 1x", incident=1, began=NOON, acked=NOON, tries=1)
ARRIVED = Received(token=token_of(SALT, 1), channel="C1", thread="", ts="1.1", text="Noted", at=NOON + 1)
UP = [(NOON - 60, NOON + 60)]
RUNG = {"subject": "update:internal", "generation": 1, "step": 0.0, "repeat": 0}
TO = {"person": "P-1", "room": False, "audience": ""}
PROMISE = ("PromiseMade", {"audience": "internal", "due": "2026-11-26T12:00:05+00:00"})
STEPS: Sequence[tuple[str, dict[str, Any]]] = [
    ("Reminded", {"rungs": [{**RUNG, "step": step}], "to": TO}) for step in (-2.0, 0.0, 2.0, 4.0)
]
"""Every reminder that the promise owes."""

Log = Sequence[tuple[str, dict[str, Any]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_what_was_done_once_and_arrived_once_is_sound(folder: Path) -> None:
    found = _judged(folder, log=[("NoteAdded", {"text": "note words 1x"}), PROMISE, *STEPS])

    assert found.sound
    assert (found.asked, found.due, found.messages["slack"], found.doubled, found.late) == (1, 4, 1, [], [])


def test_an_acknowledged_command_that_is_nowhere_is_lost(folder: Path) -> None:
    found = _judged(folder, log=[("NoteAdded", {"text": "another"})])

    assert [what[:44] for what in found.lost] == ["note of INC-1 (note words 1x, 1 tries) was a"]


def test_a_command_in_the_log_twice_is_found(folder: Path) -> None:
    found = _judged(folder, log=2 * [("NoteAdded", {"text": "note words 1x"})])

    assert found.changed == ["note of INC-1 (note words 1x, 1 tries) was done 2 times"]


def test_a_command_done_though_its_sender_was_told_otherwise_is_found(folder: Path) -> None:
    told = replace(NOTE, answer="Nothing was saved because the database does not answer.")

    found = _judged(folder, intents=[told])

    assert len(found.changed) == 1


def test_a_command_whose_sender_was_sent_to_look_may_be_there_or_not(folder: Path) -> None:
    told = replace(NOTE, answer="INC-1 may have been changed: look at its card before you send it again.")

    assert _judged(folder / "1", intents=[told]).sound
    assert _judged(folder / "2", intents=[told], log=[("NoteAdded", {"text": "another"})]).sound


def test_a_command_that_was_never_acknowledged_may_be_there_or_not(folder: Path) -> None:
    unheard = replace(NOTE, acked=0.0)

    assert _judged(folder / "1", intents=[unheard]).sound
    assert _judged(folder / "2", intents=[unheard], log=[("NoteAdded", {"text": "another"})]).sound


def test_a_message_that_counts_as_sent_and_never_arrived_is_lost(folder: Path) -> None:
    found = _judged(folder, received=[])

    assert found.lost == ["slack: post update-1 of INC-1 to slack:T1/C1 counts as sent and never arrived"]


def test_a_message_that_still_waits_at_the_end_is_lost(folder: Path) -> None:
    found = _judged(folder, received=[], state="waiting")

    assert len(found.lost) == 1


def test_a_message_that_was_given_up_is_seen_and_not_lost(folder: Path) -> None:
    found = _judged(folder, received=[], state="dead")

    assert (len(found.dead), found.lost) == (1, [])


def test_a_message_that_arrived_three_times_is_two_doubles(folder: Path) -> None:
    found = _judged(folder, received=3 * [ARRIVED])

    assert (len(found.doubled), found.sound) == (2, True)


def test_messages_of_each_chat_are_counted_apart(folder: Path) -> None:
    found = _judged(folder, received=2 * [ARRIVED], address="teams:19:x@thread.tacv2")

    assert found.messages == {"teams": 1}
    assert [what[:26] for what in found.doubled] == ["teams: post update-1 of IN"]


def test_an_edit_is_an_arrival_and_never_a_double(folder: Path) -> None:
    found = _judged(folder, received=2 * [replace(ARRIVED, edit=True)], address="teams:19:x@thread.tacv2")

    assert (found.sound, found.doubled) == (True, [])


def test_a_room_that_is_a_post_may_be_a_double(folder: Path) -> None:
    found = _judged(folder, received=2 * [ARRIVED], address="teams:19:x@thread.tacv2", lane="room")

    assert (found.sound, len(found.doubled)) == (True, 1)


def test_a_message_of_no_row_is_found(folder: Path) -> None:
    found = _judged(folder, received=[ARRIVED, replace(ARRIVED, token="strange")])

    assert len(found.broken) == 1


def test_a_message_is_late_by_the_time_somebody_was_there_to_send_it(folder: Path) -> None:
    late = [replace(ARRIVED, at=NOON + 30)]

    there = _judged(folder / "1", received=late)
    dead_meanwhile = _judged(folder / "2", received=late, up=[(NOON - 60, NOON + 1), (NOON + 29, NOON + 60)])

    assert (len(there.late), round(there.worst)) == (1, 30)
    assert (dead_meanwhile.late, round(dead_meanwhile.worst)) == ([], 1)


def test_a_step_of_a_promise_that_was_never_said_is_lost(folder: Path) -> None:
    found = _judged(folder, log=[("NoteAdded", {"text": "note words 1x"}), PROMISE, *STEPS[1:]])

    assert found.lost == ["step -2 s of promise 1 of INC-1 was never said"]


def test_a_step_that_fell_due_while_nobody_was_there_is_not_owed(folder: Path) -> None:
    found = _judged(folder, log=[("NoteAdded", {"text": "note words 1x"}), PROMISE], up=[(NOON - 60, NOON + 1)])

    assert (found.lost, found.due) == ([], 0)


def test_a_step_that_was_said_twice_to_the_same_person_is_found(folder: Path) -> None:
    found = _judged(folder, log=[("NoteAdded", {"text": "note words 1x"}), PROMISE, *STEPS, STEPS[0]])

    assert len(found.changed) == 1


def test_a_gap_in_a_log_and_an_index_that_is_behind_are_found(folder: Path) -> None:
    gap = _judged(folder / "1", skipped=1)
    behind = _judged(folder / "2", index=7)

    assert len(gap.broken) == 2
    assert len(behind.broken) == 1


def test_a_room_that_was_made_twice_is_a_double(folder: Path) -> None:
    found = _judged(folder, rooms=[{"name": "inc-1-checkout"}, {"name": "inc-1-checkout-2"}, {"name": "inc-2-x"}])

    assert found.doubled == ["slack: room inc-1 was made again"]


def test_spans_are_joined_and_cut() -> None:
    assert merged([(5, 7), (1, 3), (2, 4), (0, 9)]) == [(1, 4), (5, 7)]
    assert without([(1, 4), (5, 9)], [(3, 6), (7, 8)]) == [(1, 3), (6, 7), (8, 9)]


def _judged(
    folder: Path,
    *,
    intents: Sequence[Intent] = (NOTE,),
    log: Log = (("NoteAdded", {"text": "note words 1x"}),),
    received: Sequence[Received] = (ARRIVED,),
    address: str = "slack:T1/C1",
    lane: str = "post",
    state: str = "sent",
    up: Sequence[tuple[float, float]] = UP,
    skipped: int = 0,
    index: int = 0,
    rooms: Sequence[dict[str, object]] = (),
) -> Verdict:
    """The verdict over a database with one incident and one message."""
    folder.mkdir(exist_ok=True)
    path = folder / "small.db"
    events = [
        (1, number + skipped, kind, AT_NOON, json.dumps(data)) for number, (kind, data) in enumerate(log, start=1)
    ]
    row = (1, 1, address, lane, "update-1", state, 0, "", AT_NOON)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE events (incident, version, kind, at, data);"
            "CREATE TABLE incidents (number, version);"
            "CREATE TABLE meta (name, value);"
            "CREATE TABLE deliveries (id, incident, address, lane, key, state, failures, error, queued_at);"
        )
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", events)
        connection.execute("INSERT INTO incidents VALUES (1, ?)", (index or len(log),))
        connection.execute("INSERT INTO meta VALUES ('token salt', ?)", (SALT,))
        connection.execute("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.commit()
    return judged(Records(f"sqlite:///{path}"), intents, received, up=up, lease=4.0, rooms=rooms)
