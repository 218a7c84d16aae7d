"""One delivery, one attempt: what is recorded, and what is never done twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from adapters.carrying import MOST_FAULTY
from adapters.pauses import Pace, pause
from adapters.sinks import Delivered, SendFailed, Unreadable
from bot.events import RoomOpened
from bot.ports import Delivery
from bot.posts import OpenRoom, Pin
from tests.adapters.outbox_rig import Rig, carried, delivery, news, reminder
from tests.adapters.relay_in_memory import START

UNKNOWN = SendFailed("no answer", outcome_unknown=True)


async def hangs(one: Delivery) -> Delivered:
    raise TimeoutError


async def test_what_arrived_is_marked_with_its_reference() -> None:
    rig = Rig()
    row = rig.relay.put(delivery())

    await rig.carry_next(rig.carrier())

    assert (row.state, row.sent) == ("sent", ["C1/1"])


async def test_a_card_is_worded_by_the_incidents_clock() -> None:
    rig = Rig(shift=timedelta(hours=3))
    rig.relay.put(delivery())

    await rig.carry_next(rig.carrier())

    assert rig.sink.moments == [START + timedelta(hours=3)]


async def test_the_first_repeat_of_a_failed_call_comes_within_two_seconds() -> None:
    rig = Rig()
    rig.sink.script = [SendFailed("not reached")]
    row = rig.relay.put(delivery())

    await rig.carry_next(rig.carrier())

    assert row.state == "waiting"
    assert timedelta(seconds=0.5) <= row.not_before - START <= timedelta(seconds=1.5)
    assert row.delivery.tried_at is None


@given(some.integers(0, 60), some.booleans(), some.randoms(use_true_random=False))
def test_pauses_stay_between_half_a_second_and_their_ceiling(failures: int, urgent: bool, chance: Random) -> None:
    pace = Pace()

    wait = pause(failures, urgent=urgent, pace=pace, chance=chance)

    assert timedelta(seconds=0.5) <= wait <= (pace.ceiling_urgent if urgent else pace.ceiling)


async def test_being_told_to_wait_is_no_failure() -> None:
    rig = Rig()
    rig.sink.script = [SendFailed("limit", retry_after=30)]
    row = rig.relay.put(delivery())

    await rig.carry_next(rig.carrier())

    assert row.not_before == START + timedelta(seconds=30)
    assert row.delivery.failures == 0


@pytest.mark.parametrize("step", [UNKNOWN, hangs, TypeError("odd body")])
async def test_an_unknown_outcome_is_looked_for_before_it_is_said_again(step: object) -> None:
    rig = Rig()
    rig.sink.script = [step]  # type: ignore[list-item]
    row = rig.relay.put(delivery())
    carrier = rig.carrier()
    await rig.carry_next(carrier)
    rig.clock.advance(5)

    await rig.carry_next(carrier)

    assert [one.tried_at for one in rig.sink.looked] == [START]
    assert row.state == "sent"


async def test_what_is_found_is_edited_and_not_said_again() -> None:
    rig = Rig()
    rig.sink.there = "C1/7"
    row = rig.relay.put(delivery(tried_at=START))

    await rig.carry_next(rig.carrier())

    assert [one.ref for one in rig.sink.tried] == ["C1/7"]
    assert row.sent == ["C1/7"]
    assert rig.meter.doubles == 0


async def test_what_cannot_be_read_back_is_said_again_and_counted() -> None:
    rig = Rig()
    rig.sink.there = Unreadable(reason="missing_scope")
    row = rig.relay.put(delivery(tried_at=START))

    await rig.carry_next(rig.carrier())

    assert [one.ref for one in rig.sink.tried] == [""]
    assert row.state == "sent"
    assert rig.meter.doubles == 1


@pytest.mark.parametrize(("step", "doubles"), [(SendFailed("limit", retry_after=1), 0), (UNKNOWN, 1), (hangs, 1)])
async def test_a_repeat_that_did_not_go_out_is_counted_as_no_double(step: object, doubles: int) -> None:
    rig = Rig()
    rig.sink.there = Unreadable(reason="missing_scope")
    rig.sink.script = [step]  # type: ignore[list-item]
    rig.relay.put(delivery(tried_at=START))

    await rig.carry_next(rig.carrier())

    assert rig.meter.doubles == doubles


async def test_a_look_that_fails_keeps_the_doubt() -> None:
    rig = Rig()
    rig.sink.there = SendFailed("limit", retry_after=3)
    row = rig.relay.put(delivery(tried_at=START))
    rig.clock.advance(60)

    await rig.carry_next(rig.carrier())

    assert rig.sink.tried == []
    assert row.delivery.tried_at == START


@pytest.mark.parametrize("order", [OpenRoom(name="inc-42", private=False), Pin(of="card")])
async def test_what_may_be_repeated_is_not_looked_for(order: OpenRoom | Pin) -> None:
    rig = Rig()
    rig.relay.put(delivery(order, tried_at=START))

    await rig.carry_next(rig.carrier())

    assert rig.sink.looked == []


async def test_a_withdrawn_message_that_had_not_arrived_is_not_said() -> None:
    rig = Rig()
    row = rig.relay.put(delivery(reminder(), tried_at=START, withdrawn=True))

    await rig.carry_next(rig.carrier())

    assert rig.sink.tried == []
    assert row.state == "withheld"


async def test_a_withdrawn_message_that_had_arrived_is_edited() -> None:
    rig = Rig()
    rig.sink.there = "C1/7"
    row = rig.relay.put(delivery(reminder(), tried_at=START, withdrawn=True))

    await rig.carry_next(rig.carrier())

    assert [one.ref for one in rig.sink.tried] == ["C1/7"]
    assert row.state == "sent"


async def test_a_permanent_failure_is_told_to_the_core_and_not_tried_again() -> None:
    rig = Rig()
    rig.sink.script = [SendFailed("the channel is archived", permanent=True, gone="room")]
    row = rig.relay.put(delivery())

    await rig.carry_next(rig.carrier())

    assert (row.state, row.error) == ("dead", "the channel is archived")
    assert [failed.gone for failed in rig.told.dead] == ["room"]
    assert rig.meter.lost == 1


async def test_a_room_is_recorded_before_its_row_is_marked() -> None:
    rig = Rig()
    rig.told.deaf = 1
    row = rig.relay.put(delivery(OpenRoom(name="inc-42", private=False)))
    carrier = rig.carrier()

    await rig.carry_next(carrier)
    assert row.state == "waiting"
    rig.clock.advance(2)
    await rig.carry_next(carrier)

    assert [room.name for room in rig.told.rooms] == ["inc-42"]
    assert row.state == "sent"


async def test_a_room_that_could_not_be_recorded_is_recorded_later_and_not_made_again() -> None:
    rig = Rig()
    rig.told.deaf = 3
    row = rig.relay.put(delivery(OpenRoom(name="inc-42", private=False)))
    carrier = rig.carrier()

    for _ in range(4):
        await rig.carry_next(carrier)
        rig.clock.advance(20)

    assert (row.state, len(rig.sink.tried), carrier.unwritten) == ("sent", 1, {})


async def test_a_message_whose_arrival_could_not_be_written_down_is_known_by_whoever_sent_it() -> None:
    rig = Rig()
    rig.sink.there = Unreadable(reason="a bot cannot read that")
    row = rig.relay.put(delivery())
    carrier = rig.carrier()
    rig.relay.stuck = 2 + len(rig.pace.mark_again)  # once with others

    with pytest.raises(OSError, match="locked"):
        await rig.carry_next(carrier)
    rig.clock.advance(rig.pace.lease.total_seconds() + 1)
    await rig.carry_next(carrier)

    assert [one.ref for one in rig.sink.tried] == ["", "C1/1"]
    assert (row.state, rig.meter.doubles, carrier.unwritten) == ("sent", 0, {})


async def test_a_room_that_was_recorded_is_marked_in_the_same_turn() -> None:
    rig = Rig()
    row = rig.relay.put(delivery(OpenRoom(name="inc-42", private=False)))
    rig.database.down = 1

    await rig.carry_next(rig.carrier())

    assert (row.state, row.sent, rig.database.down) == ("sent", ["C9"], 1)


async def test_a_room_that_was_recorded_and_could_not_be_marked_is_marked_later() -> None:
    rig = Rig()
    row = rig.relay.put(delivery(OpenRoom(name="inc-42", private=False)))
    rig.relay.stuck = 1

    await rig.carry_next(rig.carrier())

    assert (row.state, row.sent, len(rig.told.rooms)) == ("sent", ["C9"], 1)


async def test_a_room_that_was_marked_in_a_commit_that_failed_is_marked_later() -> None:
    rig = Rig()
    row = rig.relay.put(delivery(OpenRoom(name="inc-42", private=False)))
    carrier = rig.carrier()

    async def on_room(one: Delivery, room: RoomOpened, mark: Callable[[], object]) -> None:
        mark()
        row.state, row.sent = "sending", []  # undone, and done again alone
        rig.relay.stuck = 1
        mark()

    await rig.carry_next(replace(carrier, on_room=on_room))

    assert (row.state, row.sent) == ("sent", ["C9"])


async def test_a_room_that_another_incident_took_in_the_same_moment_is_asked_for_again_and_is_no_doubt() -> None:
    rig = Rig()
    rig.told.taken = 1
    row = rig.relay.put(delivery(OpenRoom(name="inc-42", private=False)))
    carrier = rig.carrier()

    await rig.carry_next(carrier)
    assert (row.state, row.delivery.tried_at, carrier.faults) == ("waiting", None, {})
    rig.clock.advance(2)
    await rig.carry_next(carrier)

    assert row.state == "sent"


async def test_rows_that_made_us_stumble_and_were_withdrawn_since_do_not_pile_up() -> None:
    rig = Rig()
    carrier = rig.carrier()

    for number in range(MOST_FAULTY + 10):
        rig.sink.script = [TypeError("odd body")]
        await carrier.attempt(delivery(id=number), rig.sink)

    assert len(carrier.faults) == MOST_FAULTY
    assert carrier.faults[number] == 1


async def test_a_failure_the_core_cannot_be_told_of_yet_is_not_buried() -> None:
    rig = Rig()
    rig.told.deaf = 1
    rig.sink.script = [SendFailed("gone", permanent=True), SendFailed("gone", permanent=True)]
    row = rig.relay.put(delivery())
    carrier = rig.carrier()

    await rig.carry_next(carrier)
    assert row.state == "waiting"
    rig.clock.advance(2)
    await rig.carry_next(carrier)

    assert row.state == "dead"
    assert len(rig.told.dead) == 1


async def test_a_row_that_makes_us_stumble_five_times_is_given_up() -> None:
    rig = Rig()
    rig.sink.script = [KeyError("a"), KeyError("b"), KeyError("c"), KeyError("d"), KeyError("e")]
    row = rig.relay.put(delivery())
    carrier = rig.carrier()

    for _ in range(5):
        assert row.state == "waiting"
        await rig.carry_next(carrier)
        rig.clock.advance(300)

    assert row.state == "dead"
    assert row.error == "Sitrep itself failed on it (KeyError)"


async def test_a_delivery_that_failed_for_a_day_is_given_up() -> None:
    rig = Rig()
    rig.sink.script = [SendFailed("not reached")]
    row = rig.relay.put(delivery(failures=40, failing_since=START - timedelta(hours=24)))

    await rig.carry_next(rig.carrier())

    assert row.state == "dead"


async def test_a_chat_that_refuses_us_altogether_never_ends_a_delivery() -> None:
    rig = Rig()
    rig.sink.script = [SendFailed("token revoked", auth=True)]
    row = rig.relay.put(delivery(failures=40, failing_since=START - timedelta(hours=24)))

    await rig.carry_next(rig.carrier())

    assert row.state == "waiting"
    assert row.delivery.failures == 40


async def test_an_outcome_is_written_down_though_the_database_stumbles() -> None:
    rig = Rig()
    row = rig.relay.put(delivery())
    (one,) = rig.relay.claim(START, 1, rig.pace.lease)
    rig.database.down = 1

    await carried(rig.carrier(), one, rig.sink)

    assert row.sent == ["C1/1"]
    assert len(rig.sink.tried) == 1


async def test_a_reminders_lateness_counts_from_its_moment() -> None:
    rig = Rig(shift=timedelta(hours=1))
    rig.relay.put(delivery(reminder(due=START + timedelta(hours=1, seconds=-2))))

    await rig.carry_next(rig.carrier())

    assert rig.meter.lateness == [("reminder", 2.0)]


async def test_edits_count_for_no_lateness() -> None:
    rig = Rig()
    rig.relay.put(delivery(news(), ref="C1/7"))

    await rig.carry_next(rig.carrier())

    assert rig.meter.lateness == []
