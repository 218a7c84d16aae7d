"""From a signed request to its acknowledgement and its private answer, over HTTP, with the real Bolt in between."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from threading import Event
from typing import Any
from urllib.parse import parse_qsl

import pytest

from adapters.sinks import SendFailed
from adapters.slack.answers import Way
from adapters.slack.front import Verdict
from adapters.slack.groups import UserGroup
from bot.cards import Card, Names, RoomLink, Text, line
from bot.events import RoomOpened
from bot.people import Profile
from bot.questions import Ask, Field, Form
from bot.refs import Address
from bot.requests import Answer
from tests.adapters.signing import TEAM, command, event, interaction, press, submission
from tests.adapters.slack_rig import AwayError, Rig, rig

FORM = Form(
    title="Resolve INC-42",
    command="resolve",
    submit="Resolve",
    fields=(
        Field(name="how", label="How was it resolved?", ask=Ask.LONG_TEXT, value="rolled back"),
        Field(name="verified", label="How was that verified?", ask=Ask.LONG_TEXT),
    ),
    incident=42,
    values={"services": "checkout"},
)
OPEN = Answer(
    word="declare",
    number=42,
    card=line("INC-42 is open. Its room follows."),
    when_room=Card(body=(Text(("INC-42 is open in ", RoomLink(42), ".")),)),
)
ROOM = RoomOpened(address=Address("slack:T1/C42"), name="inc-42-checkout-is-down")
MENTION = {"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT> resolve rolled back", "ts": "1.1"}


@pytest.fixture
async def slack() -> AsyncIterator[Rig]:
    async with rig() as made:
        yield made


def view_of(rig: Rig) -> dict[str, Any]:
    (opened,) = rig.api.of("views.open")
    view = opened["view"]
    assert isinstance(view, dict)
    return view


async def test_a_command_is_answered_in_its_acknowledgement_to_the_asker_alone(slack: Rig) -> None:
    slack.core.answer = Answer(word="note", card=line("Noted at <02:14>."))

    reply = await slack.post(command("note first alert"))

    assert reply.status == 200
    assert reply.body["response_type"] == "ephemeral"
    assert reply.body["text"] == "Noted at &lt;02:14&gt;."
    assert slack.core.seen[0].text == "note first alert"
    assert slack.api.calls == []


@pytest.mark.parametrize("word", ["/incident", "/inc", "/incident-test"])
async def test_every_name_of_the_command_means_the_same(slack: Rig, word: str) -> None:
    assert (await slack.post(command("help", command=word))).status == 200
    assert slack.core.seen[0].text == "help"


async def test_a_command_that_only_others_see_the_effect_of_gets_an_empty_acknowledgement(slack: Rig) -> None:
    reply = await slack.post(command("identified"))

    assert (reply.status, reply.body) == (200, {})


async def test_the_acknowledgement_comes_after_the_commit(slack: Rig) -> None:
    committed = Event()
    slack.core.gate = lambda: committed.wait(5)

    waiting = asyncio.create_task(slack.post(command("note x")))
    await asyncio.sleep(0.05)
    early = waiting.done()
    committed.set()

    assert not early
    assert (await waiting).status == 200


async def test_what_is_known_of_a_person_goes_along(slack: Rig) -> None:
    slack.directory.profiles.known["U1"] = Profile(name="Ana", guest=True)

    await slack.post(command("list"))

    assert slack.core.seen[0].profile == Profile(name="Ana", guest=True)


async def test_what_is_known_of_the_people_they_speak_of_goes_along(slack: Rig) -> None:
    slack.directory.profiles.known["U2"] = Profile(name="Ben", gone=True)

    await slack.post(command("role ic <@U2|ben> <@U3|zoe> <@UBOT|sitrep> <@USLACKBOT>"))

    others = slack.core.seen[0].others
    assert {name: (known.name, known.gone, known.bot) for name, known in others.items()} == {
        "slack:T1/U2": ("Ben", True, False),
        "slack:T1/UBOT": ("sitrep", False, True),
        "slack:T1/USLACKBOT": ("Slackbot", False, True),
    }


async def test_the_groups_a_person_is_known_to_be_in_go_along(slack: Rig) -> None:
    slack.directory.groups.known = {"sre-oncall": UserGroup(id="S1", people=("U1",))}

    await slack.post(command("close"))

    assert "slack:@sre-oncall" in slack.core.seen[0].groups


async def test_a_command_that_was_not_saved_says_so(slack: Rig) -> None:
    slack.core.fault = AwayError()

    reply = await slack.post(command("note x"))

    assert reply.status == 200
    assert reply.body["text"] == ("Nothing was saved because the database does not answer: send it again in a minute.")


async def test_a_command_that_lacks_values_opens_its_form_without_being_held_up(slack: Rig) -> None:
    slack.core.answer = Answer(word="resolve", form=FORM)
    slack.api.slow = 0.3

    async with asyncio.timeout(0.25):
        reply = await slack.post(command("resolve", trigger_id="tr-9"))
    await slack.settle()

    assert (reply.status, reply.body) == (200, {})
    assert slack.api.of("views.open")[0]["trigger_id"] == "tr-9"
    assert view_of(slack)["callback_id"] == "resolve"


async def test_a_form_that_does_not_open_gives_way_to_the_words_to_type(slack: Rig) -> None:
    slack.core.answer = Answer(word="resolve", form=FORM)
    slack.api.failures["views.open"] = SendFailed("expired_trigger_id", permanent=True)

    await slack.post(command("resolve", response_url=slack.way("a")))
    await slack.settle()

    ((name, said),) = slack.posted
    assert name == "a"
    assert said["response_type"] == "ephemeral"
    assert said["text"].startswith("The form did not open: type /incident INC-42 resolve")


async def test_an_answer_is_replaced_when_the_room_exists(slack: Rig) -> None:
    slack.core.answer = OPEN

    reply = await slack.post(command("declare Checkout is down", response_url=slack.way("a")))
    await slack.answers.room_opened(42, ROOM)

    assert reply.body["text"] == "INC-42 is open. Its room follows."
    ((_, said),) = slack.posted
    assert said["replace_original"] is True
    assert said["text"] == "INC-42 is open in #inc-42-checkout-is-down."
    assert "<#C42>" in str(said["blocks"])


async def test_a_room_that_is_quicker_than_the_answer_is_told_too(slack: Rig) -> None:
    slack.core.answer = OPEN
    await slack.answers.room_opened(42, ROOM)

    await slack.post(command("declare Checkout is down", response_url=slack.way("a")))
    await slack.settle()

    assert [said["text"] for _, said in slack.posted] == ["INC-42 is open in #inc-42-checkout-is-down."]


async def test_a_room_is_told_once(slack: Rig) -> None:
    slack.core.answer = OPEN
    await slack.post(command("declare Checkout is down", response_url=slack.way("a")))

    await slack.answers.room_opened(42, ROOM)
    await slack.answers.room_opened(42, ROOM)

    assert len(slack.posted) == 1


async def test_a_press_is_a_word_with_values(slack: Rig) -> None:
    action = {"action_id": "claim#2", "type": "button", "value": '{"i":42,"v":{"role":"scribe"}}', "action_ts": "1"}

    reply = await slack.post(interaction(press(actions=[action])))

    assert (reply.status, reply.body) == (200, {})
    (seen,) = slack.core.seen
    assert (seen.word, seen.values, seen.incident) == ("claim", {"role": "scribe"}, 42)


async def test_a_press_is_answered_beside_the_message_it_was_on(slack: Rig) -> None:
    slack.core.answer = Answer(word="claim", card=line("INC-42 has a scribe already."))

    await slack.post(interaction(press(response_url=slack.way("b"))))
    await slack.settle()

    ((_, said),) = slack.posted
    assert said["replace_original"] is False
    assert said["response_type"] == "ephemeral"


async def test_a_press_on_a_private_answer_puts_the_new_one_in_its_place(slack: Rig) -> None:
    slack.core.answer = Answer(word="timeline", card=line("Earlier lines."))
    container = {"type": "message", "is_ephemeral": True, "channel_id": "C1"}

    await slack.post(interaction(press(response_url=slack.way("b"), container=container)))
    await slack.settle()

    assert slack.posted[0][1]["replace_original"] is True


async def test_the_room_of_something_declared_by_a_press_never_replaces_others_messages(slack: Rig) -> None:
    slack.core.answer = OPEN
    await slack.post(interaction(press("declare", response_url=slack.way("b"))))
    await slack.settle()

    await slack.answers.room_opened(42, ROOM)

    assert [said["replace_original"] for _, said in slack.posted] == [False, False]


async def test_a_press_that_was_not_saved_is_told_so(slack: Rig) -> None:
    slack.core.fault = AwayError()
    action = {"action_id": "claim", "type": "button", "value": '{"i":42}', "action_ts": "1"}

    reply = await slack.post(interaction(press(actions=[action], response_url=slack.way("b"))))
    await slack.settle()

    assert reply.status == 200
    assert slack.posted[0][1]["text"].startswith("INC-42 was not changed because the database")


async def test_a_press_that_asks_for_more_opens_a_form(slack: Rig) -> None:
    slack.core.answer = Answer(word="resolve", form=FORM)

    await slack.post(interaction(press("resolve", trigger_id="tr-3")))
    await slack.settle()

    assert slack.api.of("views.open")[0]["trigger_id"] == "tr-3"


async def test_a_button_that_only_opened_a_page_is_acknowledged_and_no_more(slack: Rig) -> None:
    assert (await slack.post(interaction(press("_open")))).status == 200
    assert slack.core.seen == []


async def test_findings_are_shown_at_their_fields(slack: Rig) -> None:
    fields = (FORM.fields[0], replace(FORM.fields[1], finding="Say how it was checked."))
    slack.core.answer = Answer(word="resolve", form=replace(FORM, fields=fields))
    sent = submission()
    sent["view"]["blocks"] = [{"type": "input", "block_id": "how"}, {"type": "input", "block_id": "verified"}]

    reply = await slack.post(interaction(sent))

    assert reply.body == {"response_action": "errors", "errors": {"verified": "Say how it was checked."}}


async def test_a_form_that_was_not_saved_stays_open_with_what_was_typed(slack: Rig) -> None:
    slack.core.fault = AwayError()
    sent = submission()
    sent["view"]["blocks"] = [{"type": "input", "block_id": "how"}]

    reply = await slack.post(interaction(sent))

    assert reply.body["response_action"] == "errors"
    assert "does not answer" in reply.body["errors"]["how"]


async def test_a_refused_form_stays_open_and_says_why(slack: Rig) -> None:
    slack.core.answer = Answer(word="resolve", refused=True, card=line("Resolving INC-42 is for others: ask @Ben."))
    sent = submission()
    sent["view"]["blocks"] = [{"type": "input", "block_id": "how"}]

    reply = await slack.post(interaction(sent))

    assert reply.body["errors"] == {"how": "Resolving INC-42 is for others: ask @Ben."}


async def test_a_good_form_closes_and_its_answer_goes_the_way_it_was_opened(slack: Rig) -> None:
    slack.core.answer = Answer(word="declare", form=FORM)
    await slack.post(command("", response_url=slack.way("a")))
    await slack.settle()
    slack.core.answer = OPEN

    reply = await slack.post(interaction(submission("declare")))
    await slack.settle()
    await slack.answers.room_opened(42, ROOM)

    assert reply.body == {"response_action": "clear"}
    assert [said["text"] for _, said in slack.posted] == [
        "INC-42 is open. Its room follows.",
        "INC-42 is open in #inc-42-checkout-is-down.",
    ]


async def test_a_form_opened_before_a_restart_is_answered_where_it_was_asked_for(slack: Rig) -> None:
    slack.core.answer = Answer(word="resolve", card=line("Done."))
    sent = submission()
    sent["view"]["private_metadata"] = '{"c":{"place":"slack:T1/C7"}}'

    await slack.post(interaction(sent))
    await slack.settle()

    (said,) = slack.api.of("chat.postEphemeral")
    assert (said["channel"], said["user"], said["text"]) == ("C7", "U1", "Done.")


async def test_a_mention_says_the_same_words(slack: Rig) -> None:
    slack.core.answer = Answer(word="status", card=line("INC-42 is fine."))

    reply = await slack.post(event(MENTION | {"text": "<@UBOT> status INC-42", "thread_ts": "1.0"}))
    await slack.settle()

    assert reply.status == 200
    assert slack.core.seen[0].text == "status INC-42"
    (said,) = slack.api.of("chat.postEphemeral")
    assert (said["channel"], said["user"], said["thread_ts"]) == ("C1", "U1", "1.0")


async def test_a_mention_that_lacks_values_gets_a_button_that_opens_the_form(slack: Rig) -> None:
    slack.core.answer = Answer(word="resolve", form=FORM)
    await slack.post(event(MENTION))
    await slack.settle()

    (said,) = slack.api.of("chat.postEphemeral")
    (button,) = said["blocks"][-1]["elements"]
    await slack.post(interaction(press(actions=[button | {"action_ts": "1"}])))

    assert button["text"]["text"] == "Open the form"
    pressed = slack.core.seen[-1]
    assert (pressed.word, pressed.incident) == ("resolve", 42)
    assert pressed.values == {"how": "rolled back", "services": "checkout"}


async def test_a_mention_that_was_not_saved_comes_again(slack: Rig) -> None:
    slack.core.fault = AwayError()

    assert (await slack.post(event(MENTION))).status == 503


async def test_what_a_bot_says_is_not_acted_on(slack: Rig) -> None:
    assert (await slack.post(event(MENTION | {"bot_id": "B9"}))).status == 200
    assert (await slack.post(event(MENTION | {"user": "UBOT"}))).status == 200
    assert slack.core.seen == []


@pytest.mark.parametrize(
    "signed",
    [
        command(trigger_id=""),
        command(user_id="<@U1>"),
        command(channel_id="../C1"),
        interaction(press(actions=[{"action_id": "claim", "value": "[]"}])),
        interaction(press(actions=[{"action_id": "claim", "value": '{"i":"42"}'}])),
        interaction(press(user={"id": "nobody"})),
        interaction(press(authorizations=5, channel=7, message="x", container="y")),
        interaction(submission(response_urls=5)),
        interaction(submission(response_urls=[5])),
        interaction(submission(view={"id": "V", "callback_id": "c", "state": {"values": {}}})),
        event({"type": "member_left_channel", "channel": "C42", "user": 7}),
        event({"type": "app_mention", "user": 5, "channel": "C1", "text": "x"}),
        event({"type": "app_mention", "channel": "C1"}),
        event({"type": "message", "subtype": 5, "user": []}, authorizations=7),
    ],
)
async def test_a_signed_request_whose_parts_make_no_sense_is_no_fault_of_ours(slack: Rig, signed: Any) -> None:
    reply = await slack.post(signed)

    assert reply.status < 500
    assert slack.core.seen == []


async def test_a_person_of_another_workspace_is_refused(slack: Rig) -> None:
    assert (await slack.post(interaction(press(user={"id": "U9", "team_id": "T9"})))).status == 403
    assert slack.core.seen == []
    assert slack.metrics.registry.get_sample_value("sitrep_foreign_requests_total", {"chat": "slack"}) == 1.0


async def test_acknowledgements_are_timed_by_their_way(slack: Rig) -> None:
    await slack.post(command("help"))
    await slack.post(interaction(press()))

    for way in ("command", "action"):
        assert slack.metrics.registry.get_sample_value("sitrep_ack_seconds_count", {"way": way}) == 1.0


async def test_nothing_that_was_typed_and_no_way_back_is_logged(slack: Rig, caplog: pytest.LogCaptureFixture) -> None:
    slack.core.answer = Answer(word="resolve", form=FORM)
    slack.api.failures["views.open"] = SendFailed("expired_trigger_id", permanent=True)

    with caplog.at_level(logging.DEBUG):
        await slack.post(command("note the secret project leaks", response_url=slack.way("hush")))
        await slack.post(event({"type": "unheard_of", "text": "the secret project leaks"}))
        await slack.settle()

    said = [record for record in caplog.records if not record.name.startswith(("asyncio", "aiohttp"))]
    assert said
    assert all("leaks" not in str(record.__dict__) and "hush" not in str(record.__dict__) for record in said)


async def test_a_way_back_takes_five_posts_and_no_more(slack: Rig) -> None:
    way = Way(url=slack.way("a"))

    taken = [await slack.answers.say(way, line("Again."), Names()) for _ in range(7)]

    assert taken == [True] * 5 + [False] * 2
    assert len(slack.posted) == 5


async def test_a_way_back_is_closed_after_half_an_hour(slack: Rig) -> None:
    way = Way(url=slack.way("a"), until=time.monotonic() - 1)

    assert not await slack.answers.say(way, line("Late."), Names())


async def test_a_way_back_that_is_used_up_is_left_alone(slack: Rig) -> None:
    slack.core.answer = OPEN
    await slack.post(command("declare x", response_url=slack.way("a")))
    (promised,) = slack.answers._waiting[42]
    promised.way.left = 0

    await slack.answers.room_opened(42, ROOM)

    assert slack.posted == []


async def test_a_way_back_that_is_refused_is_not_tried_again() -> None:
    async with rig(refuse_posts=404) as slack:
        slack.core.answer = Answer(word="claim", card=line("Done."))

        await slack.post(interaction(press(response_url=slack.way("b"))))
        await slack.settle()

        assert len(slack.posted) == 1


def test_a_way_back_shows_nowhere() -> None:
    assert "secret" not in repr(Way(url="https://hooks.slack.com/secret"))


EVENTS: tuple[tuple[dict[str, Any], tuple[Any, ...]], ...] = (
    ({"type": "channel_archive", "channel": "C42", "user": "U1"}, ("lost", "slack:T1/C42", "it was archived")),
    ({"type": "group_archive", "channel": "G42", "user": "U1"}, ("lost", "slack:T1/G42", "it was archived")),
    ({"type": "channel_deleted", "channel": "C42"}, ("lost", "slack:T1/C42", "it was deleted")),
    ({"type": "channel_left", "channel": "C42"}, ("lost", "slack:T1/C42", "Sitrep was removed from it")),
    ({"type": "group_left", "channel": "G42"}, ("lost", "slack:T1/G42", "Sitrep was removed from it")),
    (
        {"type": "member_left_channel", "channel": "C42", "user": "UBOT"},
        ("lost", "slack:T1/C42", "Sitrep was removed from it"),
    ),
    ({"type": "member_left_channel", "channel": "C42", "user": "U2"}, ("left", "slack:T1/C42", "slack:T1/U2")),
    ({"type": "channel_rename", "channel": {"id": "C42", "name": "new"}}, ("renamed", "slack:T1/C42", "new")),
    (
        {"type": "channel_id_changed", "old_channel_id": "C42", "new_channel_id": "C43"},
        ("moved", "slack:T1/C42", "slack:T1/C43"),
    ),
    ({"type": "user_change", "user": {"id": "U2", "deleted": True}}, ("person", "slack:T1/U2", True)),
    ({"type": "team_join", "user": {"id": "U2", "is_restricted": True}}, ("person", "slack:T1/U2", False)),
    ({"type": "channel_unarchive", "channel": "C42", "user": "U1"}, ("back", "slack:T1/C42")),
    ({"type": "member_joined_channel", "channel": "G42", "user": "UBOT"}, ("back", "slack:T1/G42")),
)


@pytest.mark.parametrize(("inner", "told"), EVENTS)
async def test_what_happens_in_the_workspace_is_told_once_by_its_event(
    slack: Rig, inner: dict[str, Any], told: tuple[Any, ...]
) -> None:
    reply = await slack.post(event(inner, event_id="Ev7"))
    await slack.settle()

    assert reply.status == 200
    assert slack.told.told == [(*told, "slack:event:Ev7")]


async def test_a_happening_that_could_not_be_written_down_comes_again(slack: Rig) -> None:
    slack.told.fault = AwayError()

    assert (await slack.post(event({"type": "channel_archive", "channel": "C42"}))).status == 503


@pytest.mark.parametrize(
    ("inner", "reasons"),
    [
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["UBOT"]}}, ["the bot token was revoked"]),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, []),
        ({"type": "app_uninstalled"}, ["the app was removed from the workspace"]),
    ],
)
async def test_access_that_is_gone_shows_as_degraded(slack: Rig, inner: dict[str, Any], reasons: list[str]) -> None:
    assert (await slack.post(event(inner))).status == 200
    assert slack.degraded == reasons


@pytest.mark.parametrize(
    "inner",
    [
        {"type": "channel_rename", "channel": "C42"},
        {"type": "channel_archive", "channel": {"id": "C42"}},
        {"type": "member_left_channel", "channel": "general", "user": "U1"},
        {"type": "member_joined_channel", "channel": "C42", "user": "U1"},
        {"type": "member_joined_channel", "channel": "general", "user": "UBOT"},
        {"type": "user_change", "user": "U1"},
        {"type": "user_change", "user": {}},
        {"type": "tokens_revoked"},
        {"type": "something_new", "channel": "C42"},
    ],
)
async def test_an_event_that_means_nothing_to_us_is_acknowledged(slack: Rig, inner: dict[str, Any]) -> None:
    assert (await slack.post(event(inner))).status == 200
    assert slack.told.told == []


@pytest.mark.parametrize("fault", [None, SendFailed("ratelimited")])
async def test_let_into_a_channel_it_looks_whether_the_policy_names_it(slack: Rig, fault: SendFailed | None) -> None:
    slack.directory.channels.names = ("leadership",)
    if fault:
        slack.api.failures["conversations.info"] = fault

    reply = await slack.post(event({"type": "member_joined_channel", "channel": "C7", "user": "UBOT"}))
    await slack.settle()

    assert reply.status == 200
    assert [one["channel"] for one in slack.api.of("conversations.info")] == ["C7"]


async def test_a_room_that_is_open_again_is_entered_once_slack_is_well_again(slack: Rig) -> None:
    slack.api.failures["conversations.join"] = SendFailed("internal_error")

    await slack.post(event({"type": "channel_unarchive", "channel": "C42"}))
    await slack.settle()

    assert len(slack.api.of("conversations.join")) == 3
    assert [what for what, *_ in slack.told.told] == ["back"]


async def test_a_room_that_cannot_be_entered_again_stays_lost(slack: Rig) -> None:
    slack.api.failures["conversations.join"] = SendFailed("method_not_supported", permanent=True)

    await slack.post(event({"type": "group_unarchive", "channel": "G42"}))
    await slack.settle()

    assert slack.told.told == []


async def test_nobody_else_than_our_own_workspace_is_asked_who_we_are(slack: Rig) -> None:
    for signed in (command("help"), interaction(press()), event(MENTION)):
        await slack.post(signed)
    await slack.settle()

    assert slack.api.of("auth.test") == []
    assert slack.directory.required().team == TEAM


async def test_over_a_socket_the_same_request_gets_the_same_answer(slack: Rig) -> None:
    slack.core.answer = Answer(word="note", card=line("Noted."))
    body = dict(parse_qsl(command("note x")[0].decode()))

    verdict = await slack.front.judge(body)

    assert verdict.ok
    assert verdict.payload is not None
    assert verdict.payload["text"] == "Noted."


async def test_over_a_socket_what_was_not_saved_comes_again_and_what_makes_no_sense_does_not(slack: Rig) -> None:
    slack.core.fault = AwayError()
    mention = json.loads(event(MENTION)[0])

    assert await slack.front.judge(mention) == Verdict(ok=False)
    assert await slack.front.judge(mention | {"team_id": "T2"}) == Verdict(ok=True)
    assert await slack.front.judge({"type": "nonsense"}) == Verdict(ok=True)
    assert await slack.front.judge({}) == Verdict(ok=True)
