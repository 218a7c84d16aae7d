"""Two incidents declared in one chat in the same moment: the chat is the room of one, the other gets the next best."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from adapters.carrying import Carrier
from adapters.meter import Silent
from adapters.teams.sink import TeamsSink
from bot.ports import Delivery
from bot.posts import OpenRoom
from bot.refs import Address, Identity
from tests.adapters.outbox_rig import carried
from tests.adapters.teams.chat_rig import Rig
from tests.adapters.teams.saying import CHANNEL, GROUP, TENANT

ANA = Identity(f"teams:{TENANT}/o-ana")
LEASE = timedelta(seconds=30)


def carrier(chat: Rig) -> Carrier:
    return Carrier(
        relay=chat.house.db.relay,
        threads=chat.house.db,
        on_room=chat.reports.room_opened,
        on_dead=chat.reports.gave_up,
        clock=chat.house.now,
        now=chat.house.now,
        chance=Random(1),
        meter=Silent(),
    )


def rooms_to_open(chat: Rig) -> list[Delivery]:
    """Claimed; what else waits is of no concern here."""
    claimed = chat.house.db.relay.claim(chat.house.now(), 50, LEASE)
    return [one for one in claimed if isinstance(one.order, OpenRoom)]


async def outcomes(chat: Rig) -> list[str]:
    """Every room that is to be opened, at once; what went wrong."""
    sink, orders = TeamsSink(desk=chat.desk), rooms_to_open(chat)
    done = await asyncio.gather(*(carried(carrier(chat), one, sink) for one in orders))
    chat.house.at += timedelta(minutes=1)
    return [failed.reason for failed in done if failed is not None]


def addresses(chat: Rig) -> list[list[Address]]:
    return [[room.address for room in chat.house.incident(number).rooms] for number in (1, 2)]


@pytest.mark.parametrize("private", ["", "private "])
async def test_one_chat_is_the_room_of_one_incident(chat: Rig, private: str) -> None:
    for title in ("Checkout is down", "Mail is slow"):
        chat.house.says(f"declare {private}critical {title}", ANA, Address(f"teams:{GROUP}"))

    assert await outcomes(chat) == ["another incident has that room already"]
    taken = [rooms for rooms in addresses(chat) if rooms]
    assert taken == [[f"teams:{GROUP}"]]


async def test_the_other_is_a_post_in_a_channel(chat: Rig) -> None:
    for title in ("Checkout is down", "Mail is slow"):
        chat.house.says(f"declare critical {title}", ANA, Address(f"teams:{GROUP}"))
    await outcomes(chat)

    assert await outcomes(chat) == []
    (posted,) = (rooms for rooms in addresses(chat) if rooms != [f"teams:{GROUP}"])
    assert [room.partition(";")[0] for room in posted] == [f"teams:{CHANNEL}"]


async def test_one_that_finds_its_chat_taken_at_the_last_moment_is_tried_again_elsewhere(
    chat: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Checkout is down", "Mail is slow"):
        chat.house.says(f"declare critical {title}", ANA, Address(f"teams:{GROUP}"))
    first, second = rooms_to_open(chat)
    await carried(carrier(chat), first, TeamsSink(desk=chat.desk))
    looks = iter([None, first.incident])

    async def owner(address: Address) -> int | None:
        del address
        return next(looks)

    with monkeypatch.context() as late:
        late.setattr(type(chat.desk.incidents), "owner", lambda _, address: owner(address))
        failed = await carried(carrier(chat), second, TeamsSink(desk=chat.desk))
    chat.house.at += timedelta(minutes=1)

    assert failed is not None
    assert not failed.permanent
    assert await outcomes(chat) == []
    assert addresses(chat)[second.incident - 1][0].startswith(f"teams:{CHANNEL};")


async def test_where_no_channel_is_known_one_whose_chat_is_taken_says_so_at_once(chat: Rig) -> None:
    for title in ("Checkout is down", "Mail is slow"):
        chat.house.says(f"declare critical {title}", ANA, Address(f"teams:{GROUP}"))
    sink = TeamsSink(desk=replace(chat.desk, channel=""))

    first, second = [await carried(carrier(chat), one, sink) for one in rooms_to_open(chat)]

    assert first is None
    assert second is not None
    assert second.permanent
    assert "link another group chat" in second.reason


async def test_a_private_one_goes_nowhere_else_and_says_why(chat: Rig) -> None:
    for title in ("Checkout is down", "Mail is slow"):
        chat.house.says(f"declare private critical {title}", ANA, Address(f"teams:{GROUP}"))
    await outcomes(chat)

    assert await outcomes(chat) == ["this chat is another incident's room already: link another group chat"]
    assert chat.book.said == []
