"""What is done to a room besides talking in it."""

from dataclasses import replace

import pytest

from adapters.sinks import SendFailed
from adapters.slack.sink import SlackSink
from bot.cards import Names
from bot.ports import Delivery
from bot.posts import Invite, OpenRoom, Pin, SetTopic
from bot.refs import Address, Identity, Person
from tests.adapters.outbox_rig import delivery, news
from tests.adapters.relay_in_memory import START
from tests.adapters.slack.slack_server import BOT, FakeSlack

ANA, BEN, KIM = Person("P-1"), Person("P-2"), Person("P-3")
NAMES = Names(
    identities={
        ANA: (Identity("slack:T1/U1"), Identity("teams:t/1")),
        BEN: (Identity("slack:T1/U2"),),
        KIM: (Identity("slack:T2/U9"), Identity("teams:t/9")),
    }
)
THREAD = Address("slack:T1/C1/1700000000.000100")


def inviting(*people: Person, groups: tuple[str, ...] = ()) -> Delivery:
    return delivery(Invite(people=people, groups=groups), names=NAMES)


@pytest.fixture(autouse=True)
def staff(slack: FakeSlack) -> None:
    slack.users = [{"id": f"U{number}"} for number in range(1, 300)]
    slack.groups = [{"id": "S1", "handle": "sre-oncall", "users": ["U2", "U3", BOT]}]


async def test_a_topic_is_set_escaped_and_within_its_length(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(delivery(SetTopic(text="INC-42 · Critical · <!channel> & co " + "x" * 300)), START)

    (topic,) = slack.topics
    assert topic.startswith("INC-42 · Critical · &lt;!channel&gt; &amp; co")
    assert len(topic) <= 250


@pytest.mark.parametrize("taken", [False, True])
async def test_a_room_is_renamed_with_its_topic_if_the_name_is_free(
    sink: SlackSink, slack: FakeSlack, taken: bool
) -> None:
    slack.hidden = {"inc-42"} if taken else set()
    before = slack.channels["C1"]["name"]

    await sink.deliver(delivery(SetTopic(text="INC-42 · Critical", name="inc-42")), START)

    assert slack.channels["C1"]["name"] == (before if taken else "inc-42")
    assert slack.topics == ["INC-42 · Critical"]


async def test_a_topic_that_may_stand_already_is_compared_first(sink: SlackSink, slack: FakeSlack) -> None:
    one = delivery(SetTopic(text="INC-42 · a < b"))
    slack.break_down("conversations.setTopic", "drop_after")
    with pytest.raises(SendFailed):
        await sink.deliver(one, START)

    await sink.deliver(replace(one, tried_at=START), START)

    assert slack.topics == ["INC-42 · a &lt; b"]


async def test_a_topic_that_does_not_stand_is_set_again(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(delivery(SetTopic(text="new"), tried_at=START), START)

    assert slack.topics == ["new"]


async def test_people_are_invited_as_this_workspace_knows_them(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(inviting(ANA, BEN, KIM), START)

    assert slack.called("conversations.invite") == [{"channel": "C1", "users": "U1,U2", "force": True}]


async def test_a_group_is_invited_with_its_people_once_each_and_without_us(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(inviting(ANA, BEN, groups=("slack:@sre-oncall", "teams:ops")), START)

    assert slack.invited == ["U1", "U2", "U3"]


async def test_a_group_may_be_named_by_its_id(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(inviting(groups=("slack:S1",)), START)

    assert slack.invited == ["U2", "U3"]


async def test_a_group_is_read_once_an_hour(sink: SlackSink, slack: FakeSlack) -> None:
    now = [1000.0]
    sink.desk.directory.groups.clock = lambda: now[0]
    for _ in range(3):
        await sink.deliver(inviting(groups=("slack:@sre-oncall",)), START)
    assert slack.methods().count("usergroups.list") == 1
    now[0] += 3601

    await sink.deliver(inviting(groups=("slack:@sre-oncall",)), START)

    assert slack.methods().count("usergroups.list") == 2


async def test_a_group_that_cannot_be_read_keeps_nobody_else_out(sink: SlackSink, slack: FakeSlack) -> None:
    slack.break_down("usergroups.list", "missing_scope", needed="usergroups:read")

    with pytest.raises(SendFailed) as failed:
        await sink.deliver(inviting(ANA, groups=("slack:@sre-oncall",)), START)

    assert failed.value.permanent
    assert slack.invited == ["U1"]


async def test_a_group_nobody_knows_is_named(sink: SlackSink) -> None:
    with pytest.raises(SendFailed, match="@nobody"):
        await sink.deliver(inviting(groups=("slack:@nobody",)), START)


async def test_an_old_list_serves_while_slack_does_not_answer(sink: SlackSink, slack: FakeSlack) -> None:
    now = [1000.0]
    sink.desk.directory.groups.clock = lambda: now[0]
    await sink.desk.directory.groups.refresh()
    now[0] += 4000
    slack.break_down("usergroups.list", "500")

    await sink.deliver(inviting(groups=("slack:@sre-oncall",)), START)

    assert slack.invited == ["U2", "U3"]


async def test_who_is_in_already_is_no_trouble(sink: SlackSink, slack: FakeSlack) -> None:
    slack.invited = ["U1"]

    await sink.deliver(inviting(ANA), START)
    await sink.deliver(inviting(ANA, BEN), START)

    assert slack.invited == ["U1", "U2"]


async def test_one_unknown_person_keeps_nobody_else_out(sink: SlackSink, slack: FakeSlack) -> None:
    slack.users = [{"id": "U2"}]

    await sink.deliver(inviting(ANA, BEN), START)

    assert slack.invited == ["U2"]


async def test_a_single_person_who_is_not_let_in_is_reported(sink: SlackSink, slack: FakeSlack) -> None:
    slack.users = []

    with pytest.raises(SendFailed) as failed:
        await sink.deliver(inviting(ANA), START)

    assert (failed.value.permanent, failed.value.gone) == (True, "person")


async def test_no_more_than_a_hundred_are_invited_at_once(sink: SlackSink, slack: FakeSlack) -> None:
    slack.groups = [{"id": "S1", "handle": "everyone", "users": [f"U{number}" for number in range(1, 251)]}]

    await sink.deliver(inviting(groups=("slack:@everyone",)), START)

    assert [len(one["users"].split(",")) for one in slack.called("conversations.invite")] == [100, 100, 50]


async def test_nobody_to_invite_is_no_call(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(inviting(KIM), START)

    assert slack.calls == []


async def test_a_pin_may_be_repeated(sink: SlackSink, slack: FakeSlack) -> None:
    one = delivery(Pin(of="card"), thread_ref="C1/1700000000.000100")

    await sink.deliver(one, START)
    await sink.deliver(one, START)

    assert slack.pins == [{"channel": "C1", "timestamp": "1700000000.000100"}]


@pytest.mark.parametrize("order", [SetTopic(text="t"), Invite(people=(ANA,)), Pin(of="card")])
async def test_a_room_that_is_a_thread_has_no_topic_people_or_pin(
    sink: SlackSink, slack: FakeSlack, order: SetTopic | Invite | Pin
) -> None:
    await sink.deliver(delivery(order, address=THREAD, thread_ref="C1/1.0", names=NAMES), START)

    assert slack.calls == []


async def test_a_whole_declare_takes_six_calls(sink: SlackSink, slack: FakeSlack) -> None:
    room = await sink.deliver(delivery(OpenRoom(name="inc-42", private=False), address=Address("slack:T1")), START)
    assert room.room
    there = room.room.address
    card = await sink.deliver(delivery(news(), address=there), START)
    for order in (SetTopic(text="INC-42"), Invite(people=(ANA,)), Pin(of="card")):
        await sink.deliver(delivery(order, address=there, thread_ref=card.ref, names=NAMES), START)
    await sink.deliver(delivery(news("announcement"), address=Address("slack:#incidents")), START)

    assert sorted(slack.methods()) == [
        "chat.postMessage",
        "chat.postMessage",
        "conversations.create",
        "conversations.invite",
        "conversations.setTopic",
        "pins.add",
    ]
