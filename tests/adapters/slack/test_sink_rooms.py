"""Rooms in Slack: made, adopted only if ours, numbered where taken, a thread where none may be made."""

import pytest

from adapters.sinks import SendFailed
from adapters.slack.rooms import proposals
from adapters.slack.sink import SlackSink
from bot.events import RoomOpened
from bot.ports import Delivery
from bot.posts import OpenRoom
from bot.refs import Address
from tests.adapters.outbox_rig import delivery
from tests.adapters.relay_in_memory import START
from tests.adapters.slack.conftest import Known
from tests.adapters.slack.slack_server import FakeSlack

NAME = "inc-42-checkout-is-down"
ORDER = OpenRoom(name=NAME, private=False)


def opening(order: OpenRoom = ORDER, **changed: object) -> Delivery:
    return delivery(order, address=Address("slack:T1"), **changed)


@pytest.fixture(autouse=True)
def clocks_agree(slack: FakeSlack) -> None:
    slack.clock = START.timestamp()


async def test_a_room_is_made_with_one_call(sink: SlackSink, slack: FakeSlack) -> None:
    done = await sink.deliver(opening(), START)

    assert slack.methods() == ["conversations.create"]
    assert done.room == RoomOpened(
        address=Address("slack:T1/C2"), name=NAME, url="https://larkfield.slack.com/archives/C2"
    )
    assert slack.channels["C2"]["is_private"] is False


async def test_a_private_room_has_the_number_and_nothing_of_the_title(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(opening(OpenRoom(name="inc-42-breach", private=True)), START)

    assert slack.called("conversations.create") == [{"name": "inc-42", "is_private": True}]


async def test_a_room_whose_answer_was_lost_is_adopted(sink: SlackSink, slack: FakeSlack) -> None:
    slack.break_down("conversations.create", "drop_after")
    with pytest.raises(SendFailed) as failed:
        await sink.deliver(opening(), START)
    assert failed.value.outcome_unknown

    done = await sink.deliver(opening(tried_at=START), START)

    assert done.room
    assert done.room.address == "slack:T1/C2"
    assert [one["name"] for one in slack.channels.values()] == ["incidents", NAME]


async def test_a_room_recorded_already_is_adopted_again(sink: SlackSink, slack: FakeSlack, known: Known) -> None:
    channel = slack.add_channel(NAME)
    known.owners[Address(f"slack:T1/{channel}")] = 42

    done = await sink.deliver(opening(tried_at=START), START)

    assert done.ref == channel


@pytest.mark.parametrize(
    "other", [{"creator": "U9"}, {"created": int(START.timestamp()) - 3600}, {"is_member": False, "is_private": True}]
)
async def test_a_room_that_is_not_ours_is_left_alone(
    sink: SlackSink, slack: FakeSlack, other: dict[str, object]
) -> None:
    slack.add_channel(NAME, **other)

    done = await sink.deliver(opening(), START)

    assert done.room
    assert done.room.name == f"{NAME}-2"


async def test_another_incidents_room_is_left_alone(sink: SlackSink, slack: FakeSlack, known: Known) -> None:
    known.owners[Address(f"slack:T1/{slack.add_channel(NAME)}")] = 41

    done = await sink.deliver(opening(), START)

    assert done.room
    assert done.room.name == f"{NAME}-2"


async def test_names_that_nobody_shows_us_are_passed_over(sink: SlackSink, slack: FakeSlack) -> None:
    slack.hidden = {NAME, f"{NAME}-2"}

    done = await sink.deliver(opening(), START)

    assert done.room
    assert done.room.name == f"{NAME}-3"


async def test_a_numbered_room_whose_answer_was_lost_is_adopted_too(sink: SlackSink, slack: FakeSlack) -> None:
    slack.hidden = {NAME}
    mine = slack.add_channel(f"{NAME}-2")

    done = await sink.deliver(opening(tried_at=START), START)

    assert done.ref == mine


def test_names_fit_into_eighty_characters_with_their_suffix() -> None:
    names = proposals(OpenRoom(name="inc-42-" + "very-long-" * 20, private=False))

    assert max(map(len, names)) <= 80
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", ["restricted_action", "missing_scope", "cannot_create_channel"])
async def test_where_no_channel_may_be_made_the_room_is_a_thread(
    sink: SlackSink, slack: FakeSlack, known: Known, code: str
) -> None:
    slack.break_down("conversations.create", code)
    known.announced = (Address("slack:#incidents"), "C1/1700000000.000100")

    done = await sink.deliver(opening(), START)

    assert done.room == RoomOpened(
        address=Address("slack:T1/C1/1700000000.000100"),
        name="incidents",
        url="https://larkfield.slack.com/archives/C1/p1700000000000100",
        own=False,
    )


async def test_a_room_that_is_to_be_a_thread_waits_for_its_announcement(
    sink: SlackSink, slack: FakeSlack, known: Known
) -> None:
    slack.break_down("conversations.create", "restricted_action")
    known.announced = (Address("slack:#incidents"), "")

    with pytest.raises(SendFailed) as failed:
        await sink.deliver(opening(), START)

    assert failed.value.retry_after
    assert not failed.value.permanent


async def test_without_an_announcement_there_is_no_room_and_that_is_said(sink: SlackSink, slack: FakeSlack) -> None:
    slack.break_down("conversations.create", "restricted_action")

    with pytest.raises(SendFailed) as failed:
        await sink.deliver(opening(), START)

    assert failed.value.permanent


async def test_another_workspaces_room_is_not_made_here(sink: SlackSink, slack: FakeSlack) -> None:
    with pytest.raises(SendFailed) as failed:
        await sink.deliver(delivery(ORDER, address=Address("slack:T2")), START)

    assert failed.value.permanent
