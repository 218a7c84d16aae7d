"""What Slack would have told while no connection was up is looked up afterwards."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.slack.catching_up import CatchUp
from adapters.slack.directory import Directory
from adapters.slack.profiles import MOST
from bot.people import Profile
from bot.refs import Address, Identity
from tests.adapters.slack.slack_server import FakeSlack


@dataclass
class Told:
    """The core, as the pass sees it."""

    kept: tuple[Address, ...] = ()
    told: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])

    async def rooms(self) -> tuple[Address, ...]:
        return self.kept

    async def room_lost(self, address: Address, reason: str, key: str) -> None:
        self.told.append(("lost", address, reason, key))

    async def room_back(self, address: Address, key: str) -> None:
        self.told.append(("back", address, key))

    async def room_renamed(self, address: Address, name: str, key: str) -> None:
        self.told.append(("named", address, name, key))

    async def person_changed(self, identity: Identity, profile: Profile, key: str) -> None:
        self.told.append(("person", identity, profile.gone, key))


async def no_wait(seconds: float) -> None:
    del seconds


@pytest.fixture
async def catch(book: Directory) -> CatchUp:
    await book.connect()
    return CatchUp(directory=book, reports=Told(), sleep=no_wait)


def told_by(catch: CatchUp) -> Told:
    assert isinstance(catch.reports, Told)
    return catch.reports


async def test_rooms_that_were_archived_lost_or_renamed_are_told_as_their_events_would(
    catch: CatchUp, slack: FakeSlack
) -> None:
    there = slack.add_channel("inc-1-new-name")
    archived = slack.add_channel("inc-2", is_archived=True)
    left = slack.add_channel("inc-3", is_member=False)
    rooms = [f"slack:T1/{channel}" for channel in (there, archived, "C404", left)]
    told_by(catch).kept = tuple(map(Address, rooms))

    await catch.look(7.0)

    assert told_by(catch).told == [
        ("back", rooms[0], f"slack:look:7.0/{there}/back"),
        ("named", rooms[0], "inc-1-new-name", f"slack:look:7.0/{there}/name"),
        ("lost", rooms[1], "it was archived", f"slack:look:7.0/{archived}/lost"),
        ("lost", rooms[2], "Sitrep was removed from it", "slack:look:7.0/C404/lost"),
    ]


async def test_threads_and_rooms_elsewhere_are_not_asked_for(catch: CatchUp, slack: FakeSlack) -> None:
    told_by(catch).kept = (Address("slack:T1/C1/1.0"), Address("slack:T2/C1"), Address("teams:19:x"))

    await catch.look(7.0)

    assert slack.called("conversations.info") == []


async def test_whose_account_was_switched_off_meanwhile_is_told(catch: CatchUp, slack: FakeSlack) -> None:
    known = catch.directory.profiles.known
    known |= {"U7": Profile(name="Hana"), "U8": Profile(name="Dee"), "U9": Profile(name="Zoe", gone=True)}
    slack.users = [{"id": "U7", "deleted": True}, {"id": "U8"}, {"id": "U9", "deleted": True}]

    await catch.look(7.0)

    assert told_by(catch).told == [("person", "slack:T1/U7", True, "slack:look:7.0/U7")]


async def test_who_is_forgotten_while_the_list_is_read_is_no_obstacle(catch: CatchUp, slack: FakeSlack) -> None:
    known = catch.directory.profiles.known
    known |= {f"U{number}": Profile(name="Hana") for number in range(MOST)}
    slack.users = [{"id": "UNEW"}, {"id": "U7", "deleted": True}]

    await catch.look(7.0)

    assert told_by(catch).told == [("person", "slack:T1/U7", True, "slack:look:7.0/U7")]


async def test_a_pass_that_slack_does_not_answer_ends_quietly_and_another_may_begin(
    catch: CatchUp, slack: FakeSlack
) -> None:
    told_by(catch).kept = (Address(f"slack:T1/{slack.add_channel('inc-1')}"),)
    slack.break_down("conversations.info", "token_revoked")

    await catch.look(7.0)
    assert told_by(catch).told == []
    await catch.look(8.0)

    assert told_by(catch).told


async def test_one_pass_at_a_time_and_none_before_we_know_who_we_are(catch: CatchUp, slack: FakeSlack) -> None:
    told_by(catch).kept = (Address(f"slack:T1/{slack.add_channel('inc-1')}"),)

    async def meanwhile(seconds: float) -> None:
        del seconds
        await catch.look(8.0)

    catch.sleep = meanwhile
    await catch.look(7.0)
    assert len(slack.called("conversations.info")) == 1

    catch.directory.me = None
    await catch.look(9.0)
    assert len(slack.called("conversations.info")) == 1
