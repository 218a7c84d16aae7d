"""A database that does not answer: who spoke is told so, and what was said to be unsaved stays so."""

from typing import Any

import pytest

from adapters.inbound import NotSaved
from adapters.sinks import SendFailed
from bot.refs import Address
from tests.adapters.teams.chat_rig import Rig
from tests.adapters.teams.saying import POST, activity


async def test_a_database_that_does_not_answer_is_told_to_who_spoke_and_a_repeat_saves_nothing(chat: Rig) -> None:
    sent = activity("declare critical Checkout is down", where=POST)
    service = chat.reception.inbound.service
    chat.reception.inbound.service = Broken()

    said = await chat.hears(sent)
    chat.reception.inbound.service = service

    assert ["Nothing was saved" in one.text for one in said] == [True]
    assert await chat.hears(sent) == []
    assert chat.numbers() == 0  # it was said that nothing is saved


async def test_who_spoke_has_read_that_nothing_was_saved_before_teams_hears_that_we_have_it(chat: Rig) -> None:
    chat.reception.inbound.service = Broken()

    await chat.reception.heard(activity("declare critical Checkout is down", where=POST))

    assert ["Nothing was saved" in one.text for one in chat.book.said] == [True]


async def test_who_speaks_for_the_first_time_just_then_is_told_so_as_well(
    chat: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat.reception.inbound.service = Broken()
    monkeypatch.setattr(chat.desk.contacts, "memory", Forgetful())

    await chat.reception.heard(activity("declare critical Checkout is down", where=POST))

    assert ["Nothing was saved" in one.text for one in chat.book.said] == [True]


async def test_where_it_cannot_be_said_either_teams_is_to_send_the_words_again(
    chat: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = activity("declare critical Checkout is down", where=POST)
    with monkeypatch.context() as broken:
        broken.setattr(chat.reception.inbound, "service", Broken())
        chat.book.refuses = dict.fromkeys([POST, "teams:larkfield/o-ana", "29:ana"], SendFailed("gone", permanent=True))
        with pytest.raises(NotSaved):
            await chat.reception.heard(sent)
    chat.book.refuses.clear()

    await chat.hears(sent)

    assert chat.numbers() == 1


async def test_who_cannot_be_kept_is_heard_all_the_same(chat: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(chat.desk.contacts, "memory", Forgetful())
        await chat.hears(activity("declare critical Checkout is down", where=POST))
    assert chat.numbers() == 1

    await chat.hears(activity("list", where=POST))

    assert chat.house.db.reads.known_address("teams:user:teams:larkfield/o-ana") == "29:ana"


async def test_what_happened_is_not_taken_as_kept_where_it_is_not(chat: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat.desk.contacts, "memory", Forgetful())

    with pytest.raises(OSError, match="no database"):
        await chat.reception.happened(activity(type="installationUpdate", action="add"))


class Broken:
    """A service whose database is gone."""

    def handle(self, request: object, at: object) -> Any:
        raise OSError("no database")


class Forgetful:
    """A memory whose database is gone."""

    async def recall(self, name: str) -> Address | None:
        raise OSError("no database")

    async def keep(self, name: str, address: Address) -> None:
        raise OSError("no database")
