"""An incident in the try-out chat, from declare to close, as a program sees it; and what each person does not see."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.local.rig import Chat, running, said, settings, until

ROOM = "inc-1-checkout-is-down"


async def test_an_empty_chat_has_channels_people_and_a_hint(chat: Chat) -> None:
    state = await chat.state("ana")

    kinds = {one["id"]: one["kind"] for one in state["conversations"]}
    assert kinds == {"incidents": "channel", "stakeholders": "channel", "@ana": "direct"}
    assert len(state["people"]) == 12
    assert state["guide"] == {"step": "declare", "place": None, "practice": "critical"}
    assert state["clock"]["offset"] == 0
    assert state["clock"]["next"] is None


async def test_a_declared_incident_has_a_room_a_pinned_card_and_an_announcement(chat: Chat) -> None:
    assert await chat.types("ana", "/incident declare critical Checkout is down") == {"form": None}

    answer = await chat.sees("ana", "incidents", f"INC-1 is open in #{ROOM}")
    await chat.sees("ben", "incidents", "INC-1 Checkout is down", "Next update by")
    card = await chat.sees("ben", ROOM, "Incident commander: nobody yet")

    assert answer["only_you"]

    async def look() -> Any:
        found = next(one for one in (await chat.state("ana"))["conversations"] if one["id"] == ROOM)
        return found if found["pinned"] and found["topic"] else None

    room = await until(look)
    assert (room["kind"], room["joined"], room["pinned"]) == ("room", True, card["id"])
    assert room["topic"] == "INC-1 · Critical · Checkout is down"


async def test_an_answer_is_seen_by_whoever_asked_and_nobody_else(chat: Chat) -> None:
    await chat.types("ana", "/inc help")

    await chat.sees("ana", "incidents", "help WORD")
    assert await chat.reads("ben", "incidents") == []


async def test_roles_are_shown_beside_people(chat: Chat) -> None:
    room = await chat.declares()
    card = await chat.sees("ben", room, "nobody yet")

    await chat.presses("ben", card, "Claim commander")
    await chat.types("ben", "/inc role sme @Hana Nováková @kim", room)
    await chat.sees("ben", room, "Subject matter experts: @Hana Nováková, @김민준")

    async def roles() -> dict[str, list[str]] | None:
        members = next(one for one in (await chat.state("ana"))["conversations"] if one["id"] == room)["members"]
        found = {one["id"]: one["roles"] for one in members if one["roles"]}
        return found if len(found) == 3 else None

    expert = ["Subject matter expert"]
    assert await until(roles) == {"ben": ["Incident commander"], "hana": expert, "kim": expert}


async def test_a_turned_clock_walks_the_ladder_step_by_step(chat: Chat) -> None:
    room = await chat.declares()
    await chat.types("ben", "/inc claim commander", room)
    await chat.types("ben", "/inc role comms @hana", room)

    nudge = None
    for _ in range(4):
        await chat.turns("ana", "next")
    nudge = await chat.sees("hana", "@hana", "due in 5 minutes")
    due = await chat.sees("ana", room, "is due now")

    assert [action["label"] for action in nudge["card"]["actions"]] == ["Post update", "Snooze 5 min", "Move promise"]
    assert nudge["at"] < due["at"]
    assert not any("Sitrep was down" in said(one) for one in await chat.reads("ana", room))


async def test_turning_past_many_deadlines_fires_each_at_its_own_moment(chat: Chat) -> None:
    room = await chat.declares()
    await chat.types("ben", "/inc claim commander", room)

    for _ in range(8):
        await chat.turns("ana", "5m")

    moments = [one["at"] for one in await chat.reads("ben", "@ben") if "Update on INC-1" in said(one)]
    assert len(moments) >= 2
    assert moments == sorted(set(moments))


async def test_a_form_asks_for_what_a_line_lacks_and_keeps_what_is_wrong(chat: Chat) -> None:
    room = await chat.declares()

    form = (await chat.types("ana", "/inc resolve", room))["form"]
    assert form["word"] == "resolve"
    wrong = await chat.sends("ana", form, room, how="Rolled back", verified="")
    assert any(field["finding"] for field in wrong["form"]["fields"])
    done = await chat.sends("ana", wrong["form"], room, how="Rolled back", verified="200 test payments")

    assert done == {"done": True}
    await chat.sees("ben", room, "is resolved", "200 test payments")


async def test_a_private_incident_is_seen_by_its_people_alone(chat: Chat) -> None:
    room = await chat.declares("ana", "private critical Somebody reads our mail")
    await chat.types("ana", "/inc role comms @hana", room)
    await chat.sees("hana", room, "INC-1")
    await chat.turns("ana", "1m")

    assert room == "inc-1"
    assert room not in await chat.places("ben")
    assert (await chat.state("ben"))["clock"]["next"] is None
    for path, query in (("/local/messages", {"place": room}), ("/local/thread", {"message": "1"})):
        status, found = await chat.asks(path, **{"as": "ben"}, **query)
        assert status == 404
        assert "mail" not in str(found)
    status, _ = await chat.acts("/local/say", **{"as": "ben"}, place=room, text="hello", thread=None)
    assert status == 404
    status, _ = await chat.acts("/local/join", **{"as": "ben"}, place=room)
    assert status == 404
    await chat.types("ben", "/inc status INC-1")
    await chat.sees("ben", "incidents", "There is no INC-1 that you can see")
    everything = [said(one) for place in await chat.places("ben") for one in await chat.reads("ben", place)]
    assert not any("mail" in words for words in everything)


async def test_an_incident_that_becomes_private_takes_its_room_from_those_who_are_not_in_it(chat: Chat) -> None:
    room = await chat.declares()
    await chat.types("hana", "on it", room)
    await chat.types("ben", "/inc status INC-1")

    await chat.types("ana", "/inc visibility private", room)
    await chat.sees("ana", room, "(private)")

    assert room in await chat.places("hana")
    assert room not in await chat.places("ben")
    status, _ = await chat.asks("/local/messages", **{"as": "ben"}, place=room)
    assert status == 404


async def test_what_people_say_to_each_other_is_a_message(chat: Chat) -> None:
    await chat.types("ana", "Has anybody seen <b>this</b>?")

    message = await chat.sees("ben", "incidents", "<b>this</b>")
    assert (message["author"], message["kind"], message["card"]) == ("ana", "text", None)


async def test_a_mention_of_sitrep_is_read_by_all_and_answered_to_one(chat: Chat) -> None:
    await chat.types("ana", "@sitrep list")

    await chat.sees("ben", "incidents", "@sitrep list")
    answer = await chat.sees("ana", "incidents", "No open incident")
    assert answer["only_you"]


async def test_in_their_own_conversation_words_need_no_mention(chat: Chat) -> None:
    await chat.types("ana", "list", "@ana")

    await chat.sees("ana", "@ana", "No open incident")
    assert said((await chat.reads("ana", "@ana"))[0]) == "list"


async def test_another_apps_command_is_answered_in_a_sentence(chat: Chat) -> None:
    await chat.types("ana", "/remind me")

    await chat.sees("ana", "incidents", "There is no command /remind here: type /incident and a word.")


async def test_a_path_is_no_command(chat: Chat) -> None:
    await chat.types("ana", "/etc/hosts is wrong on db-3")

    assert said(await chat.sees("ben", "incidents", "/etc/hosts")) == "/etc/hosts is wrong on db-3"


async def test_a_reply_stands_in_its_thread(chat: Chat) -> None:
    await chat.types("ana", "root")
    root = await chat.sees("ana", "incidents", "root")
    await chat.acts("/local/say", **{"as": "ben"}, place="incidents", text="reply", thread=root["id"])

    thread = (await chat.get("/local/thread", **{"as": "ana"}, message=str(root["id"])))["messages"]
    assert [one["text"] for one in thread] == ["root", "reply"]
    assert [one["text"] for one in await chat.reads("ana", "incidents")] == ["root"]


async def test_the_same_act_sent_twice_has_one_effect(chat: Chat) -> None:
    for _ in range(2):
        await chat.types("ana", "/remind me", key="a-third-key")
        await chat.types("ana", "/incident declare low Slow search", key="the-same-key")
        await chat.types("ana", "once", key="another-key")

    await asyncio.sleep(0.3)
    assert [one["text"] for one in await chat.reads("ben", "incidents") if one["kind"] == "text"] == ["once"]
    assert len([place for place in await chat.places("ana") if place.startswith("inc-")]) == 1
    assert sum("There is no command" in said(one) for one in await chat.reads("ana", "incidents")) == 1


async def test_who_leaves_a_room_leaves_their_role(chat: Chat) -> None:
    room = await chat.declares()
    await chat.types("ben", "/inc claim commander", room)
    await chat.sees("ana", room, "Ben Hartmann is incident commander")

    await chat.acts("/local/leave", **{"as": "ben"}, place=room)

    await chat.sees("ana", room, "has no incident commander")
    members = next(one for one in (await chat.state("ana"))["conversations"] if one["id"] == room)["members"]
    assert "ben" not in [one["id"] for one in members]


async def test_an_answer_can_be_taken_away_by_who_asked(chat: Chat) -> None:
    await chat.types("ana", "/inc help")
    answer = await chat.sees("ana", "incidents", "help WORD")

    await chat.acts("/local/dismiss", **{"as": "ben"}, message=answer["id"])
    assert len(await chat.reads("ana", "incidents")) == 1
    await chat.acts("/local/dismiss", **{"as": "ana"}, message=answer["id"])

    assert await chat.reads("ana", "incidents") == []


async def test_unread_marks_go_when_somebody_reads(chat: Chat) -> None:
    await chat.types("ben", "news")
    message = await chat.sees("ana", "incidents", "news")

    async def unread() -> int:
        found = (await chat.state("ana"))["conversations"]
        return int(next(one for one in found if one["id"] == "incidents")["unread"])

    assert await unread() == 1
    await chat.acts("/local/read", **{"as": "ana"}, place="incidents", id=message["id"])
    assert await unread() == 0


async def test_the_guide_names_the_next_thing_and_ends(chat: Chat) -> None:
    async def step() -> str:
        await asyncio.sleep(0.1)
        return str((await chat.state("ana"))["guide"]["step"])

    room = await chat.declares()
    steps = [await step()]
    for words in ("claim commander", "role comms @hana"):
        await chat.types("ana", f"/inc {words}", room)
        steps.append(await step())
    for _ in range(3):
        await chat.turns("ana", "next")
    steps.append(await step())
    await chat.types("ana", "/inc update Half of all cards fail steps:rolling back next:30m", room)
    steps.append(await step())
    await chat.types("ana", "/inc resolve Rolled back verified:200 test payments", room)
    steps.append(await step())
    await chat.types("ana", "/inc waive stakeholders They were told by phone", room)
    await chat.types("ana", "/inc close", room)
    steps.append(await step())

    assert steps == ["commander", "comms", "nudge", "update", "resolve", "close", "done"]


async def test_everything_stands_after_a_restart_the_clock_too(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as chat:
        room = await chat.declares()
        await chat.types("ana", "still here", room)
        await chat.turns("ana", "5m")

    async with running(settings(tmp_path)) as chat:
        assert "still here" in [one["text"] for one in await chat.reads("ana", room)]
        assert (await chat.state("ana"))["clock"]["offset"] == pytest.approx(300, abs=1)
        assert sum(said(one).startswith("INC-1 Checkout is down.") for one in await chat.reads("ana", room)) == 1


async def test_somebody_who_left_a_channel_stays_out_of_it_at_the_next_start(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as chat:
        await chat.acts("/local/leave", **{"as": "ana"}, place="stakeholders")

    async with running(settings(tmp_path)) as chat:
        found = (await chat.state("ana"))["conversations"]
        assert not next(one for one in found if one["id"] == "stakeholders")["joined"]


async def test_who_left_a_private_room_and_is_given_a_role_again_is_let_in_again(chat: Chat) -> None:
    room = await chat.declares("ana", "private critical Somebody reads our mail")
    await chat.types("ana", "/inc role sme @ben", room)
    await chat.sees("ben", room, "INC-1")
    await chat.acts("/local/leave", **{"as": "ben"}, place=room)
    assert room not in await chat.places("ben")

    await chat.types("ana", "/inc role comms @ben", room)

    await chat.sees("ben", room, "Communications officer: @Ben Hartmann")


async def test_the_answer_to_a_command_in_a_thread_stands_there_and_is_no_reply_to_others(chat: Chat) -> None:
    await chat.types("ana", "root")
    root = (await chat.sees("ana", "incidents", "root"))["id"]
    await chat.acts("/local/say", **{"as": "ana"}, place="incidents", text="/inc list", thread=root)

    mine = (await chat.get("/local/thread", **{"as": "ana"}, message=str(root)))["messages"]
    others = (await chat.get("/local/thread", **{"as": "ben"}, message=str(root)))["messages"]

    assert [said(one) for one in mine] == ["root", "No open incident. list all shows earlier ones."]
    assert [(said(one), one["replies"]) for one in others] == [("root", 0)]


async def test_two_turns_at_once_are_both_turned(chat: Chat) -> None:
    await asyncio.gather(chat.turns("ana", "1m"), chat.turns("ben", "1m"))

    assert (await chat.state("ana"))["clock"]["offset"] == pytest.approx(120, abs=1)


async def test_with_many_incidents_every_step_is_sent_at_its_own_moment(chat: Chat) -> None:
    for number in range(15):
        await chat.types("ana", f"/inc declare critical Trouble number {number}")
    await chat.turns("ana", "1m")
    for _ in range(7):
        await chat.turns("ana", "5m")

    spoken = [
        said(one)
        for place in await chat.places("ana")
        if place.startswith("inc-")
        for one in await chat.reads("ana", place)
    ]
    assert sum("is due now" in words for words in spoken) + sum("late" in words for words in spoken) >= 15
    assert [words for words in spoken if "seconds late" in words or "was down" in words] == []


@pytest.mark.parametrize(("place", "why"), [("local:stakeholders", "one room"), ("slack:#payments", "set up to reach")])
async def test_a_second_room_that_cannot_be_made_here_is_told_to_who_leads(chat: Chat, place: str, why: str) -> None:
    room = await chat.declares("ana")

    await chat.types("ana", f"/incident link {place}", room)

    await chat.sees("ana", "@ana", "INC-1 has no second room", why)
    assert [one for one in await chat.places("ana") if one.startswith("inc-")] == [room]
