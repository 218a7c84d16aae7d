"""An answer arrives, for who may read it: later if Teams asks to wait, elsewhere if it may not be said there."""

from typing import Any

import pytest

from adapters.sinks import SendFailed
from adapters.teams import answers
from adapters.teams.answers import AGAIN, ELSEWHERE
from adapters.teams.payloads import scene
from bot.cards import Card, Names, Open, Text, line
from bot.events import RoomOpened
from bot.refs import Address, Identity
from tests.adapters.outbox_rig import Counted
from tests.adapters.teams.chat_rig import Rig, Said
from tests.adapters.teams.saying import CHAT, GROUP, POST, TENANT, activity

ROOM = RoomOpened(address=Address(f"teams:{POST}"), name="inc-1")
SOON = SendFailed("Teams asks to wait", retry_after=2.0)
NOT_THERE = SendFailed("Sitrep is not installed there", permanent=True, gone="room")
WITHOUT_APP = SendFailed("Sitrep is not installed there", permanent=True, gone="person")
OPEN = line("INC-1 is open.")
LATER = Card(body=(Text(("INC-1 is open in its room.",)),), actions=(Open(label="Open room", room=1),))


async def said(chat: Rig) -> list[Said]:
    await chat.tasks.finish(5)
    return chat.book.said


def seen_at(where: str, **more: Any) -> Any:
    return scene(activity("x", where=where, **more), TENANT)


@pytest.mark.parametrize(("where", "arrives"), [(CHAT, CHAT), (GROUP, "a:o-ana"), (POST, "a:o-ana")])
async def test_a_private_answer_goes_where_its_reader_is_alone(chat: Rig, where: str, arrives: str) -> None:
    chat.answers.privately(seen_at(where), OPEN, Names())

    assert [one.conversation for one in await said(chat)] == [arrives]


async def test_who_cannot_be_reached_is_mentioned_in_a_line_that_says_nothing(chat: Rig) -> None:
    chat.book.refuses["o-ana"] = WITHOUT_APP

    chat.answers.privately(seen_at(GROUP), line("INC-57 is resolved."), Names())

    told = await said(chat)
    assert [(one.conversation, ELSEWHERE in one.text, "INC-57" in one.text) for one in told] == [(GROUP, True, False)]
    assert "<at>Ana</at>: the answer is for you alone" in told[0].text


async def test_an_answer_waits_as_long_as_teams_asks(chat: Rig) -> None:
    waits = chat.mended_in_the_first_pause()
    chat.book.refuses[GROUP] = SOON
    chat.answers.here(seen_at(GROUP), OPEN, Names())

    assert [one.conversation for one in await said(chat)] == [GROUP]
    assert waits == [2.0]


@pytest.mark.parametrize(
    ("failed", "doubles"), [(SendFailed("a fault"), 0), (SendFailed("no answer", outcome_unknown=True), 1)]
)
async def test_an_answer_that_failed_is_repeated_soon_and_one_that_may_have_arrived_is_counted(
    chat: Rig, failed: SendFailed, doubles: int
) -> None:
    meter, waits = Counted(), chat.mended_in_the_first_pause()
    chat.answers.meter = meter
    chat.book.refuses[CHAT] = failed

    chat.answers.here(seen_at(CHAT), OPEN, Names())

    assert [one.conversation for one in await said(chat)] == [CHAT]
    assert [waits, meter.doubles] == [[AGAIN[0]], doubles]


@pytest.mark.parametrize(
    "failed", [SendFailed("a fault"), SendFailed("no", permanent=True), SendFailed("no", auth=True)]
)
async def test_an_answer_is_repeated_a_few_times_where_there_is_hope(chat: Rig, failed: SendFailed) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    chat.answers.sleep = sleep
    chat.book.refuses[CHAT] = failed
    chat.answers.here(seen_at(CHAT), OPEN, Names())

    assert await said(chat) == []
    assert waits == ([] if failed.permanent or failed.auth else list(AGAIN))


async def test_a_personal_chat_that_cannot_be_had_at_once_is_asked_for_again(chat: Rig) -> None:
    chat.mended_in_the_first_pause()
    chat.book.refuses["o-ana"] = SendFailed("a fault")

    chat.answers.privately(seen_at(GROUP), OPEN, Names())

    assert [one.conversation for one in await said(chat)] == ["a:o-ana"]


async def test_a_room_is_told_though_the_first_try_fails(chat: Rig) -> None:
    chat.answers.here(seen_at(POST), OPEN, Names(), 1, LATER)
    await chat.tasks.finish(5)
    chat.mended_in_the_first_pause()
    chat.book.refuses[POST] = SendFailed("a fault")

    await chat.answers.room_opened(1, ROOM)

    assert [one.edit for one in await said(chat)] == [False, True]


@pytest.mark.parametrize("way", ["deleted", "refused"])
async def test_who_cannot_be_told_of_the_room_where_they_asked_is_told_in_private(chat: Rig, way: str) -> None:
    chat.answers.here(seen_at(POST), OPEN, Names(), 1, LATER)
    [answer] = await said(chat)
    if way == "deleted":
        chat.book.gone.add(answer.activity)
    else:
        chat.book.refuses[POST] = NOT_THERE

    await chat.answers.room_opened(1, ROOM)

    told = (await said(chat))[-1]
    assert (told.conversation, told.edit, "in its room" in told.text) == ("a:o-ana", False, True)


async def test_what_cannot_be_said_where_it_was_asked_is_said_in_private(chat: Rig) -> None:
    chat.book.refuses[GROUP] = NOT_THERE

    chat.answers.here(seen_at(GROUP), OPEN, Names(), 1, LATER)
    await chat.tasks.finish(5)
    await chat.answers.room_opened(1, ROOM)

    told = await said(chat)
    assert [(one.conversation, one.edit) for one in told] == [("a:o-ana", False), ("a:o-ana", True)]


@pytest.mark.parametrize("first", ["answer", "room"])
async def test_an_answer_is_written_anew_when_the_room_exists_whichever_comes_first(chat: Rig, first: str) -> None:
    if first == "room":
        await chat.answers.room_opened(1, ROOM)
    chat.answers.here(seen_at(POST), OPEN, Names(), 1, LATER)
    await chat.tasks.finish(5)
    if first == "answer":
        await chat.answers.room_opened(1, ROOM)

    told = await said(chat)
    assert [(one.activity, one.edit) for one in told] == [(told[0].activity, False), (told[0].activity, True)]
    assert "1700000000000" in str(told[1].words)


async def test_a_room_is_told_once(chat: Rig) -> None:
    chat.answers.here(seen_at(POST), OPEN, Names(), 1, LATER)
    await chat.tasks.finish(5)

    await chat.answers.room_opened(1, ROOM)
    await chat.answers.room_opened(1, ROOM)

    assert len(await said(chat)) == 2


async def test_what_waits_for_rooms_that_never_come_does_not_grow_for_ever(
    chat: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST", 3)
    for number in range(1, 6):
        chat.answers.here(seen_at(POST), OPEN, Names(), number, LATER)
        await chat.tasks.finish(5)

    for number in range(1, 6):
        await chat.answers.room_opened(number, ROOM)

    assert sum(one.edit for one in await said(chat)) == 3


async def test_a_message_without_an_id_takes_no_place(chat: Rig) -> None:
    chat.answers.replaced(seen_at(CHAT, replyToId=None), OPEN)

    assert await said(chat) == []


async def test_a_database_that_is_gone_is_no_reason_to_say_nothing(chat: Rig) -> None:
    chat.desk.contacts.memory = Gone()
    seen = seen_at(GROUP)
    chat.desk.contacts.notice(seen.met)
    words = "Nothing was saved because the database does not answer: send it again in a minute."

    chat.answers.privately(seen, line(words), Names(), otherwise=words)

    assert [(one.conversation, words in one.text) for one in await said(chat)] == [(GROUP, True)]


class Gone:
    """A memory that cannot be written, and knows nothing."""

    async def recall(self, name: str) -> Address | None:
        return None

    async def keep(self, name: str, address: Address) -> None:
        raise OSError("no database")

    async def same(self, identity: Identity, other: Identity) -> None:
        raise OSError("no database")
