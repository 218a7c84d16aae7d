"""A second room in Slack: a thread in a channel that is there already."""

import pytest

from adapters.sinks import SendFailed
from adapters.slack.sink import SlackSink
from bot.ports import Delivery
from bot.posts import OpenRoom
from bot.refs import Address
from tests.adapters.outbox_rig import delivery
from tests.adapters.relay_in_memory import START
from tests.adapters.slack.slack_server import FakeSlack


def opening(at: str, *, private: bool = False) -> Delivery:
    return delivery(OpenRoom(name="inc-42-checkout-is-down", private=private, at=at), address=Address(at))


async def test_it_is_a_thread_of_its_own_and_the_channel_stays_as_it_is(sink: SlackSink, slack: FakeSlack) -> None:
    channel = slack.add_channel("payments")

    done = await sink.deliver(opening("slack:#payments"), START)

    assert done.room is not None
    assert done.room.address.startswith(f"slack:T1/{channel}/")
    assert not done.room.own
    assert done.room.name == "payments"
    assert not {"conversations.create", "conversations.setTopic", "conversations.invite"} & set(slack.methods())


async def test_a_channel_is_found_by_its_id_too_and_joined(sink: SlackSink, slack: FakeSlack) -> None:
    channel = slack.add_channel("payments", is_member=False)

    done = await sink.deliver(opening(f"slack:{channel}"), START)

    assert done.room is not None
    assert "conversations.join" in slack.methods()


@pytest.mark.parametrize("at", ["slack:#nowhere", "slack:C404", "slack:T9/C2", "slack:U1", "slack:"])
async def test_a_place_that_is_not_there_is_said_once(sink: SlackSink, at: str) -> None:
    with pytest.raises(SendFailed) as failed:
        await sink.deliver(opening(at), START)

    assert failed.value.permanent


async def test_a_private_incident_gets_none_where_others_read(sink: SlackSink, slack: FakeSlack) -> None:
    slack.add_channel("payments")

    with pytest.raises(SendFailed) as failed:
        await sink.deliver(opening("slack:#payments", private=True), START)

    assert failed.value.permanent
    assert "chat.postMessage" not in slack.methods()


async def test_a_private_incident_may_have_one_in_a_private_channel_with_sitrep_in_it(
    sink: SlackSink, slack: FakeSlack
) -> None:
    slack.add_channel("board", is_private=True)
    slack.add_channel("closed", is_private=True, is_member=False)

    assert (await sink.deliver(opening("slack:#board", private=True), START)).room is not None
    with pytest.raises(SendFailed):
        await sink.deliver(opening("slack:#closed", private=True), START)
