"""Open pages: each hears what its person may see, at once, once, and after a while away what it has missed."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.local.hub import BACKLOG, Stream
from tests.adapters.local.rig import Chat, running, said, session, settings


def is_message(*words: str) -> Any:
    return lambda kind, data: kind == "message" and all(word in said(data) for word in words)


def messages(heard: list[tuple[str, Any]]) -> list[Any]:
    return [data for kind, data in heard if kind == "message"]


async def test_a_page_gets_the_state_first_and_then_what_is_said(chat: Chat) -> None:
    listening = asyncio.create_task(chat.follows("ben", 0, is_message("hello")))
    await asyncio.sleep(0.2)
    began = time.monotonic()
    await chat.types("ana", "hello")

    heard = await listening

    assert heard[0][0] == "state"
    assert heard[0][1]["me"] == "ben"
    assert time.monotonic() - began < 2


async def test_a_page_that_comes_back_gets_what_it_missed_once_and_in_order(chat: Chat) -> None:
    await chat.types("ana", "before")
    seen = (await chat.state("ben"))["seq"]
    for number in range(3):
        await chat.types("ana", f"missed {number}")

    heard = messages(await chat.follows("ben", seen, is_message("missed 2")))

    assert [said(one) for one in heard] == ["missed 0", "missed 1", "missed 2"]
    assert [one["seq"] for one in heard] == sorted({one["seq"] for one in heard})


async def test_an_edit_comes_as_the_same_message_with_a_higher_number(chat: Chat) -> None:
    room = await chat.declares()
    first = await chat.sees("ben", room, "Incident commander: nobody yet")
    listening = asyncio.create_task(chat.follows("ben", first["seq"], is_message("Incident commander: @Ben")))
    await chat.types("ben", "/inc claim commander", room)

    edit = messages(await listening)[-1]

    assert edit["id"] == first["id"]
    assert edit["seq"] > first["seq"]
    assert edit["edited"]


async def test_what_others_may_not_see_never_comes(chat: Chat) -> None:
    listening = asyncio.create_task(chat.follows("ben", 0, is_message("the end")))
    await asyncio.sleep(0.1)
    room = await chat.declares("ana", "private critical Somebody reads our mail")
    await chat.types("ana", "between us", room)
    await chat.types("ana", "/inc help")
    await chat.types("ana", "the end")

    heard = await listening

    assert [said(one) for one in messages(heard)] == ["the end"]
    assert "mail" not in str(heard)
    assert room not in [one["id"] for kind, data in heard if kind == "state" for one in data["conversations"]]


async def test_who_is_invited_hears_of_the_room(chat: Chat) -> None:
    room = await chat.declares("ana", "private critical Somebody reads our mail")

    def invited(kind: str, data: Any) -> bool:
        return kind == "state" and room in [one["id"] for one in data["conversations"]]

    listening = asyncio.create_task(chat.follows("hana", 0, invited))
    await asyncio.sleep(0.1)
    await chat.types("ana", "/inc role comms @hana", room)

    assert invited(*(await listening)[-1])


async def test_a_turned_clock_is_told_to_every_page(chat: Chat) -> None:
    listening = asyncio.create_task(
        chat.follows("ben", 0, lambda kind, data: kind == "state" and data["clock"]["offset"] >= 299)
    )
    await asyncio.sleep(0.1)
    await chat.turns("ana", "5m")

    assert (await listening)[-1][1]["clock"]["offset"] == pytest.approx(300, abs=1)


async def test_a_page_of_a_database_that_was_emptied_begins_anew(chat: Chat) -> None:
    heard = await chat.follows("ben", 4_000, lambda kind, _: kind == "reset")

    assert heard[-1][0] == "reset"


async def test_the_stream_ends_when_sitrep_stops_and_misses_nothing_after_a_restart(tmp_path: Path) -> None:
    found = settings(tmp_path)
    async with session() as ours:
        async with running(found) as chat:
            page = Chat(chat.url, ours)
            seen = (await chat.state("ben"))["seq"]
            listening = asyncio.create_task(page.follows("ben", seen, is_message("never said")))
            await chat.types("ana", "one")
            await asyncio.sleep(0.3)
        heard = messages(await listening)

    async with running(found) as chat:
        await chat.types("ana", "two")
        again = messages(await chat.follows("ben", heard[-1]["seq"], is_message("two")))

    assert [said(one) for one in (*heard, *again)] == ["one", "two"]


async def test_a_page_that_cannot_keep_up_is_let_go() -> None:
    stream = Stream(viewer="ana")
    for number in range(BACKLOG):
        assert stream.put(number + 1, "x")

    assert not stream.put(BACKLOG + 1, "x")
    stream.end()

    assert stream.queue.get_nowait() is None
    assert stream.queue.empty()


async def test_fifty_pages_get_every_message_once_and_in_order(chat: Chat) -> None:
    people = [one["id"] for one in (await chat.state("ana"))["people"]]
    pages = [
        asyncio.create_task(chat.follows(people[number % len(people)], 0, is_message("message 59")))
        for number in range(50)
    ]
    await asyncio.sleep(0.5)
    for number in range(60):
        await chat.types("ana", f"message {number}")

    for page in await asyncio.gather(*pages):
        assert [said(one) for one in messages(page)] == [f"message {number}" for number in range(60)]


async def test_a_page_that_comes_back_is_told_of_what_was_so_before(chat: Chat) -> None:
    def people(count: int) -> Any:
        def look(kind: str, data: Any) -> bool:
            rooms = data["conversations"] if kind == "state" else []
            return any(one["id"] == "stakeholders" and len(one["members"]) == count for one in rooms)

        return look

    await chat.follows("ana", 0, people(12))
    await chat.acts("/local/leave", **{"as": "zoe"}, place="stakeholders")
    listening = asyncio.create_task(chat.follows("ana", 0, people(12)))
    await asyncio.sleep(0.5)
    await chat.acts("/local/join", **{"as": "zoe"}, place="stakeholders")

    heard = await listening

    assert people(12)(*heard[-1])


async def test_the_unread_marks_of_a_state_say_up_to_which_message_they_count(chat: Chat) -> None:
    await chat.types("ben", "one")
    await chat.types("ben", "two")
    state = await chat.state("ana")

    newest = max(one["id"] for one in await chat.reads("ana", "incidents"))
    assert state["newest"] == newest
    assert next(one for one in state["conversations"] if one["id"] == "incidents")["unread"] == 2


async def test_what_somebody_read_in_one_page_is_read_in_their_other(chat: Chat) -> None:
    await chat.types("ben", "news")
    newest = (await chat.sees("ana", "incidents", "news"))["id"]

    def is_read(kind: str, data: Any) -> bool:
        return kind == "state" and all(one["unread"] == 0 for one in data["conversations"])

    listening = asyncio.create_task(chat.follows("ana", 0, is_read))
    await asyncio.sleep(0.5)
    await chat.acts("/local/read", **{"as": "ana"}, place="incidents", id=newest)

    assert is_read(*(await listening)[-1])


async def test_while_the_database_does_not_answer_the_page_is_told_to_come_back(tmp_path: Path) -> None:
    async with running(settings(tmp_path)) as chat:
        with closing(sqlite3.connect(tmp_path / "sitrep.db")) as beside:
            beside.execute("ALTER TABLE local_rooms RENAME TO away")
            beside.commit()
            read = await chat.asks("/local/state", **{"as": "ana"})
            said = await chat.acts("/local/say", **{"as": "ana", "place": "incidents", "text": "hello"})
            beside.execute("ALTER TABLE away RENAME TO local_rooms")
            beside.commit()

        away = (503, {"error": "The database does not answer: try again in a minute."})
        assert (read, said) == (away, away)
        assert (await chat.asks("/local/state", **{"as": "ana"}))[0] == 200
