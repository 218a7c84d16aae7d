"""The client proves itself: what it sends and shows is what Teams would."""

import re

import pytest

from tests.teams import happenings
from tests.teams.echo import BUTTONS, activities_of, card, message
from tests.teams.forging import FORGERIES
from tests.teams.people import BOT, TENANT
from tests.teams.rig import Rig
from tests.teams.tenant import channel_id, channel_of

INCIDENTS = channel_id("incidents")


async def test_a_mention_in_a_channel_arrives_as_teams_sends_it(rig: Rig) -> None:
    answer = await rig.ana.says("role comms @hana <now>", INCIDENTS)

    [got] = rig.bot.got
    assert answer.status == 200
    assert got["text"] == "<at>Sitrep</at>&nbsp;role comms <at>Hana Lowe</at>&nbsp; &lt;now&gt;\n"
    assert [one["mentioned"]["id"] for one in got["entities"][:2]] == [BOT, rig.tenant.people["hana"].id]
    assert got["entities"][2]["timezone"] == got["localTimezone"] == "Europe/Madrid"
    assert got["conversation"] == {
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": TENANT,
        "id": f"{INCIDENTS};messageid={got['id']}",
    }
    assert got["channelData"]["team"]["id"] == rig.tenant.team
    assert got["serviceUrl"].endswith("/")
    assert rig.tenant.complaints == []


async def test_an_answer_stands_in_the_thread_of_the_post(rig: Rig) -> None:
    answer = await rig.ana.says("hello", INCIDENTS)

    assert await answer.hears("You said: @Sitrep hello", "[Act] [Ask] [Read]")
    [post] = rig.screen.messages(INCIDENTS)
    [reply] = rig.screen.thread(post)
    assert (post.author, reply.author) == ("ana", "")
    assert reply.links == ["https://larkfield.example/read"]


async def test_a_personal_chat_needs_no_mention_and_a_channel_does(rig: Rig) -> None:
    alone = await rig.ana.says("help")
    silent = await rig.ana.says("lunch?", INCIDENTS, mention=False)

    assert alone.status == 200
    assert silent.status == 0
    [got] = rig.bot.got
    assert got["text"] == "help"
    assert got["conversation"]["conversationType"] == "personal"
    assert "isGroup" not in got["conversation"]
    assert [one.words.splitlines()[0] for one in rig.screen.private("ana")] == ["You said: help"]


async def test_a_name_of_two_words_may_come_as_two_mentions(rig: Rig) -> None:
    await rig.ana.says("role comms @hana", INCIDENTS, split=True)

    [got] = rig.bot.got
    assert "<at>Hana</at>&nbsp;<at>Lowe</at>" in got["text"]
    assert [one["text"] for one in got["entities"][1:3]] == ["<at>Hana</at>", "<at>Lowe</at>"]


async def test_a_press_is_an_invoke_and_in_an_old_client_a_message(rig: Rig) -> None:
    offered = (await rig.ana.says("hello", INCIDENTS)).nearby()[0]

    pressed = await rig.ana.presses(offered, "Act")
    old = await rig.ana.presses(offered, "Act", old_client=True)

    assert pressed.told == "Heard {'n': 1}"
    assert pressed.activity["value"]["action"]["verb"] == "act"
    assert pressed.activity["replyToId"] == offered.id
    assert (old.activity["type"], old.activity["value"], "text" in old.activity) == ("message", {"n": 2}, False)
    assert rig.tenant.complaints == []


async def test_a_dialog_opens_is_filled_in_and_sent(rig: Rig) -> None:
    offered = (await rig.ana.says("hello", INCIDENTS)).nearby()[0]

    form = await (await rig.ana.presses(offered, "Ask")).form()
    assert (form.title, form.required, set(form.inputs)) == ("A form", {"words"}, {"words", "pick"})
    with pytest.raises(AssertionError, match="words is empty"):
        await form.submit()
    sent = await form.fill(words="Slow", pick="Two").submit()

    assert sent.told == 'Heard {"n": 4, "pick": "2", "words": "Slow"}'
    assert rig.tenant.complaints == []


async def test_an_action_on_a_message_opens_a_dialog_that_knows_the_message(rig: Rig) -> None:
    said = rig.ana.said(await rig.ana.says("the shop is slow", INCIDENTS, mention=False))

    opened = await rig.teams.who("ben").acts(said, "note")
    sent = await (await opened.form()).fill(words="Slow").submit()

    assert opened.activity["value"]["messagePayload"]["body"]["content"] == "<div>the shop is slow\n</div>".replace(
        "\n", ""
    )
    assert sent.activity["name"] == "composeExtension/submitAction"
    assert (sent.activity["value"]["commandId"], sent.status) == ("note", 200)


async def test_inputs_on_a_message_are_sent_with_its_button(rig: Rig) -> None:
    shown = card("Say it.", inputs=({"type": "Input.Text", "id": "words"},), actions=BUTTONS[:1])
    chat = rig.tenant.personal("ana")
    await rig.bot.call("POST", activities_of(chat), message(holding=shown))

    sent = await rig.ana.form_on(rig.screen.private("ana")[0]).fill(words="Slow").submit()

    assert sent.told == "Heard {'n': 1, 'words': 'Slow'}"


@pytest.mark.parametrize("kind", FORGERIES)
async def test_a_forged_request_is_seen_through_by_a_careful_bot(rig: Rig, kind: str) -> None:
    true = await rig.ana.says("hello", INCIDENTS)
    forged = await rig.teams.forged(kind, true.activity)

    assert (true.status, forged.status) == (200, 401)
    assert len(rig.bot.got) == 1


async def test_keys_rotate(rig: Rig) -> None:
    old = rig.teams.keys.bearer(rig.tenant.service_url)
    true = await rig.ana.says("hello", INCIDENTS)
    rig.teams.keys.rotate()

    assert (await rig.teams.again(true)).status == 200
    assert (await rig.teams.deliver(true.activity, {"Authorization": old})).status == 401
    assert [one["id"] for one in rig.bot.got] == [true.activity["id"]] * 2


async def test_apps_people_and_channels_come_and_go(rig: Rig) -> None:
    await happenings.uninstalled(rig.teams, rig.tenant.team)
    assert (await rig.bot.begin_thread(INCIDENTS, message("One")))[0] == 403
    await happenings.installed(rig.teams, rig.tenant.team)
    await happenings.left(rig.teams, rig.tenant.team, "kim")
    await happenings.renamed(rig.teams, INCIDENTS, "trouble")
    await happenings.deleted(rig.teams, INCIDENTS)

    told = [(one["type"], one["channelData"].get("eventType") or one.get("action")) for one in rig.bot.got]
    assert told == [
        ("conversationUpdate", "teamMemberRemoved"),
        ("installationUpdate", "remove"),
        ("conversationUpdate", "teamMemberAdded"),
        ("installationUpdate", "add"),
        ("conversationUpdate", "teamMemberRemoved"),
        ("conversationUpdate", "channelRenamed"),
        ("conversationUpdate", "channelDeleted"),
    ]
    assert (await rig.bot.begin_thread(INCIDENTS, message("One")))[0] == 404


async def test_reactions_and_edits_are_told(rig: Rig) -> None:
    said = rig.ana.said(await rig.ana.says("hello", INCIDENTS))

    await rig.ana.reacts(said)
    await rig.ana.edits(said, "goodbye")

    assert [one["type"] for one in rig.bot.got[1:]] == ["messageReaction", "messageUpdate"]
    assert rig.bot.got[1]["reactionsAdded"] == [{"type": "like"}]
    assert (said.edits, said.text.strip()) == (1, "@Sitrep goodbye")


async def test_moments_mentions_and_marks_are_shown_as_people_read_them(rig: Rig) -> None:
    hana = rig.tenant.people["hana"]
    text = "**Next by {{TIME(2026-11-23T02:40:00Z)}}** <at>Hana Lowe</at>: 1 \\* 2 &lt; 3 [here](https://x.example)"
    mention = {"type": "mention", "text": "<at>Hana Lowe</at>", "mentioned": {"id": hana.id, "name": "Hana Lowe"}}
    await rig.bot.begin_thread(INCIDENTS, message(holding=card(text) | {"msteams": {"entities": [mention]}}))

    [post] = rig.screen.messages(INCIDENTS)
    assert post.words == "Next by 02:40 @Hana Lowe: 1 * 2 < 3 here"
    assert post.links == ["https://x.example"]
    assert rig.tenant.complaints == []


async def test_ids_look_like_those_of_teams(rig: Rig) -> None:
    assert re.fullmatch(r"19:[0-9a-z]{29}@thread\.tacv2", INCIDENTS)
    assert all(one.id.startswith("29:1") for one in rig.tenant.people.values())
    assert channel_of(f"{INCIDENTS};messageid=1") == INCIDENTS
