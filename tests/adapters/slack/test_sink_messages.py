"""Messages in Slack: said once, edited after, read back where nobody knows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.sinks import SendFailed, Unreadable
from adapters.slack.sink import SlackSink
from bot.cards import line
from bot.posts import Post, ToPerson
from bot.refs import Address, Person
from tests.adapters.outbox_rig import delivery, news, reminder
from tests.adapters.relay_in_memory import START
from tests.adapters.slack.slack_server import FakeSlack

HANA = Post(to=ToPerson(person=Person("P-17")), card=line("Your update is due."), key="nudge")


async def test_a_message_carries_its_words_its_blocks_and_its_token(sink: SlackSink, slack: FakeSlack) -> None:
    done = await sink.deliver(delivery(), START)

    (sent,) = slack.called("chat.postMessage")
    assert done.ref == f"C1/{slack.messages['C1'][0]['ts']}"
    assert sent["text"] == "Checkout is down."
    assert sent["blocks"][0]["text"]["text"] == "Checkout is down."
    assert sent["metadata"] == {"event_type": "sitrep", "event_payload": {"key": "token-1"}}
    assert (sent["unfurl_links"], sent["unfurl_media"]) == (False, False)
    assert "thread_ts" not in sent


async def test_an_address_by_name_goes_to_the_channel_of_that_name(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(delivery(address=Address("slack:#incidents")), START)

    (sent,) = slack.called("chat.postMessage")
    assert slack.channels[sent["channel"]]["name"] == "incidents"


async def test_a_channel_not_known_yet_is_tried_again_with_its_reason(sink: SlackSink, slack: FakeSlack) -> None:
    with pytest.raises(SendFailed) as failed:
        await sink.deliver(delivery(address=Address("slack:#leadership")), START)

    assert not failed.value.permanent
    assert "#leadership" in failed.value.reason
    assert slack.calls == []


async def test_a_channel_that_is_still_being_looked_up_is_waited_for_and_no_failure(sink: SlackSink) -> None:
    channels = sink.desk.directory.channels
    channels.names, channels.found = ("incidents",), {}

    with pytest.raises(SendFailed) as waits:
        await sink.deliver(delivery(address=Address("slack:#incidents")), START)
    channels.trouble["incidents"] = "there is no channel #incidents that Sitrep can see"
    with pytest.raises(SendFailed) as failed:
        await sink.deliver(delivery(address=Address("slack:#incidents")), START)

    assert (waits.value.retry_after, failed.value.retry_after) == (1.0, None)


async def test_another_workspace_is_never_written_to(sink: SlackSink, slack: FakeSlack) -> None:
    with pytest.raises(SendFailed) as failed:
        await sink.deliver(delivery(address=Address("slack:T2/C1")), START)

    assert failed.value.permanent
    assert slack.calls == []


async def test_a_reply_goes_under_its_message_and_only_then_to_the_channel_too(
    sink: SlackSink, slack: FakeSlack
) -> None:
    reply = replace(news("update-1"), thread="card", broadcast=True)
    await sink.deliver(delivery(reply, thread_ref="C1/1700000000.000100"), START)
    await sink.deliver(delivery(reply), START)

    under, alone = slack.called("chat.postMessage")
    assert (under["thread_ts"], under["reply_broadcast"]) == ("1700000000.000100", True)
    assert "thread_ts" not in alone


async def test_a_room_that_is_a_thread_is_written_to_as_one(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(delivery(address=Address("slack:T1/C1/1700000000.000100"), thread_ref="C1/1700000009.0"), START)

    assert slack.called("chat.postMessage")[0]["thread_ts"] == "1700000000.000100"


async def test_a_reply_to_a_thread_that_is_gone_is_said_on_its_own(sink: SlackSink, slack: FakeSlack) -> None:
    slack.break_down("chat.postMessage", "thread_not_found")

    await sink.deliver(delivery(replace(news("late"), thread="card"), thread_ref="C1/1.0"), START)

    assert [("thread_ts" in sent) for sent in slack.called("chat.postMessage")] == [True, False]


async def test_a_message_sent_before_is_edited_in_place(sink: SlackSink, slack: FakeSlack) -> None:
    done = await sink.deliver(delivery(), START)

    again = await sink.deliver(delivery(news(words="Checkout works."), ref=done.ref), START)

    (edit,) = slack.called("chat.update")
    assert again.ref == done.ref
    assert (edit["parse"], edit["link_names"]) == ("none", False)
    assert [message["text"] for message in slack.messages["C1"]] == ["Checkout works."]


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_message_somebody_deleted_is_said_anew(sink: SlackSink, slack: FakeSlack, code: str) -> None:
    slack.break_down("chat.update", code)

    done = await sink.deliver(delivery(ref="C1/1.0"), START)

    assert done.ref == f"C1/{slack.messages['C1'][0]['ts']}"


async def test_a_message_said_anew_is_not_said_a_third_time(sink: SlackSink, slack: FakeSlack) -> None:
    slack.break_down("chat.postMessage", "drop_after")
    with pytest.raises(SendFailed):
        await sink.deliver(delivery(ref="C1/1.0"), START)

    done = await sink.deliver(delivery(ref="C1/1.0", tried_at=START), START)

    assert len(slack.messages["C1"]) == 1
    assert done.ref == f"C1/{slack.messages['C1'][0]['ts']}"


async def test_a_deleted_message_that_may_only_be_edited_stays_away(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(delivery(replace(news(), only_edit=True), ref="C1/1.0"), START)

    assert slack.called("chat.postMessage") == []


async def test_a_person_is_written_to_directly_and_the_place_is_remembered(sink: SlackSink, slack: FakeSlack) -> None:
    done = await sink.deliver(delivery(HANA, address=Address("slack:T1/U7")), START)

    assert slack.methods() == ["chat.postMessage"]
    assert done.ref.startswith("DU7/")
    assert sink.desk.directory.rooms_of_people == {"U7": "DU7"}


@pytest.mark.parametrize("code", ["channel_not_found", "user_not_found", "messages_tab_disabled", "is_archived"])
async def test_a_person_who_cannot_be_reached_is_named_as_one(sink: SlackSink, slack: FakeSlack, code: str) -> None:
    slack.break_down("chat.postMessage", code)

    with pytest.raises(SendFailed) as failed:
        await sink.deliver(delivery(HANA, address=Address("slack:T1/U7")), START)

    assert (failed.value.permanent, failed.value.gone) == (True, "person")


@pytest.mark.parametrize("address", ["slack:T1/C1", "slack:T1/C1/1795400000.000000", "slack:T1/U7"])
async def test_what_arrived_without_an_answer_is_found(sink: SlackSink, slack: FakeSlack, address: str) -> None:
    slack.break_down("chat.postMessage", "drop_after")
    one = delivery(address=Address(address), tried_at=START)
    with pytest.raises(SendFailed):
        await sink.deliver(one, START)

    ((said,),) = slack.messages.values()
    assert await sink.find(one) == f"{said['channel']}/{said['ts']}"


async def test_what_never_arrived_is_not_found(sink: SlackSink, slack: FakeSlack) -> None:
    await sink.deliver(delivery(token="another"), START)

    assert await sink.find(delivery(tried_at=START)) is None


async def test_a_look_goes_back_to_the_attempt_and_as_far_as_clocks_may_differ(
    sink: SlackSink, slack: FakeSlack
) -> None:
    await sink.find(delivery(tried_at=START))

    (look,) = slack.called("conversations.history")
    assert float(look["oldest"]) == (START - timedelta(seconds=300)).timestamp()


@pytest.mark.parametrize("code", ["not_in_channel", "missing_scope", "channel_not_found"])
async def test_a_channel_that_cannot_be_read_says_so(sink: SlackSink, slack: FakeSlack, code: str) -> None:
    slack.break_down("conversations.history", code)

    assert await sink.find(delivery(tried_at=START)) == Unreadable(reason=code)


async def test_a_look_that_slack_does_not_answer_is_no_answer(sink: SlackSink, slack: FakeSlack) -> None:
    slack.break_down("conversations.history", "500")

    with pytest.raises(SendFailed):
        await sink.find(delivery(tried_at=START))


async def test_a_reminder_passes_what_waits_for_the_same_channel(sink: SlackSink, slack: FakeSlack) -> None:
    for number in range(4):
        await sink.deliver(delivery(news(f"note-{number}")), START)

    await sink.deliver(delivery(reminder()), START)

    assert len(slack.messages["C1"]) == 5


async def test_a_channel_named_by_its_id_is_waited_for_until_sitrep_is_in_it(sink: SlackSink, slack: FakeSlack) -> None:
    channel = slack.add_channel("ops", is_member=False)
    sink.desk.directory.channels.ids = (channel,)
    sent = delivery(address=Address(f"slack:{channel}"))

    with pytest.raises(SendFailed) as failed:
        await sink.deliver(sent, START)
    await sink.desk.directory.channels.look_up("T1")
    await sink.deliver(sent, START)

    assert not failed.value.permanent
    assert [one["channel"] for one in slack.called("chat.postMessage")] == [channel]
