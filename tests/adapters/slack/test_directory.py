"""What Sitrep learns of its workspace by itself."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from adapters.sinks import SendFailed
from adapters.slack.client import Client
from adapters.slack.directory import MOST_ROOMS, Directory, directory, soon
from adapters.slack.profiles import MOST, profile_of
from bot.commands.spec import Profile
from bot.refs import Identity
from tests.adapters.outbox_rig import until
from tests.adapters.slack.conftest import Stored
from tests.adapters.slack.slack_server import FakeSlack

HANA = {
    "id": "U7",
    "team_id": "T1",
    "name": "hana",
    "tz": "Europe/Berlin",
    "profile": {"display_name": "Hana", "real_name": "Hana Novak", "email": "hana@example.com"},
}
KNOWN = Profile(name="Hana", zone="Europe/Berlin", email="hana@example.com")


async def test_sitrep_asks_once_who_it_is(book: Directory, slack: FakeSlack) -> None:
    with pytest.raises(SendFailed):
        book.required()

    first, second = await book.connect(), await book.connect()

    assert first == second == book.required()
    assert (first.team, first.user, first.url) == ("T1", "U0BOT", "https://larkfield.slack.com/")
    assert slack.methods() == ["auth.test"]


async def test_channels_sitrep_is_in_are_found_without_the_long_list(book: Directory, slack: FakeSlack) -> None:
    ids = [slack.add_channel(name) for name in ("random", "leadership", "other", "incidents", "more")]

    await book.channels.look_up("T1")

    assert book.channels.id_of("incidents") == ids[3]
    assert book.channels.missing() == ()
    assert set(slack.methods()) == {"users.conversations"}


async def test_public_channels_are_joined(book: Directory, slack: FakeSlack) -> None:
    slack.add_channel("leadership")
    slack.add_channel("incidents", is_member=False)

    await book.channels.look_up("T1")

    assert [one["is_member"] for one in slack.channels.values()] == [True, True]
    assert book.channels.trouble == {}


async def test_what_is_missing_or_cannot_be_joined_is_reported(book: Directory, slack: FakeSlack) -> None:
    slack.add_channel("incidents", is_member=False)
    slack.break_down("conversations.join", "missing_scope", needed="channels:join")

    await book.channels.look_up("T1")

    assert book.channels.missing() == ("incidents", "leadership")
    assert book.channels.trouble == {
        "incidents": "Sitrep cannot join #incidents: the app lacks a scope: channels:join",
        "leadership": "there is no channel #leadership that Sitrep can see: if it is private, invite Sitrep",
    }


async def test_public_channels_that_the_policy_names_by_their_id_are_joined_too(
    client: Client, stored: Stored, slack: FakeSlack
) -> None:
    public, private = slack.add_channel("ops", is_member=False), slack.add_channel("board", is_private=True)
    slack.channels[private]["is_member"] = False
    addresses = (f"slack:{public}", f"slack:T1/{private}", "slack:C404")
    book = directory(client, addresses=addresses, groups=(), memory=stored, unnamed=stored.unnamed, learn=stored.learn)

    await book.channels.look_up("T1")
    await book.channels.look_up("T1")

    assert [one["channel"] for one in slack.called("conversations.join")] == [public]
    assert book.channels.trouble == {
        private: f"Sitrep is not in {private}: invite it there",
        "C404": "there is no channel C404 that Sitrep can see: if it is private, invite Sitrep",
    }


async def test_an_invitation_ends_the_trouble(book: Directory, slack: FakeSlack) -> None:
    await book.channels.look_up("T1")
    channel = slack.add_channel("leadership", is_private=True)

    await book.channels.joined(channel)

    assert book.channels.id_of("leadership") == channel
    assert "leadership" not in book.channels.trouble


async def test_the_id_of_a_channel_is_kept_at_the_next_look_where_it_was_not_at_once(
    book: Directory, stored: Stored, slack: FakeSlack
) -> None:
    incidents = slack.add_channel("incidents")
    stored.down = True
    with pytest.raises(OSError, match="no database"):
        await book.channels.look_up("T1")
    leadership = slack.add_channel("leadership", is_private=True)
    await book.channels.joined(leadership)
    stored.down = False

    await book.channels.look_up("T1")

    assert stored.kept == {
        "slack:#incidents": f"slack:T1/{incidents}",
        "slack:#leadership": f"slack:T1/{leadership}",
    }


async def test_an_invitation_ends_the_trouble_of_a_channel_named_by_its_id(book: Directory, slack: FakeSlack) -> None:
    private = slack.add_channel("board", is_private=True, is_member=False)
    book.channels.names, book.channels.ids = (), (private,)
    await book.channels.look_up("T1")
    assert private in book.channels.trouble

    await book.channels.joined(private)

    assert book.channels.trouble == {}
    assert private in book.channels.entered


async def test_without_the_scope_for_private_channels_the_public_ones_are_found(
    book: Directory, slack: FakeSlack
) -> None:
    for name in ("incidents", "leadership"):
        slack.add_channel(name)
    slack.break_down("users.conversations", "missing_scope", needed="groups:read")

    await book.channels.look_up("T1")

    assert book.channels.missing() == ()


async def test_an_unknown_method_is_no_obstacle(book: Directory, slack: FakeSlack) -> None:
    for name in ("incidents", "leadership"):
        slack.add_channel(name)
    slack.break_down("users.conversations", "unknown_method", times=2)

    await book.channels.look_up("T1")

    assert book.channels.missing() == ()


async def test_a_channel_that_was_renamed_is_found_by_the_id_that_was_kept(
    book: Directory, slack: FakeSlack, stored: Stored
) -> None:
    channel = slack.add_channel("incidents")
    slack.add_channel("leadership")
    await book.channels.look_up("T1")
    slack.channels[channel]["name"] = "big-incidents"
    book.channels.found.clear()

    await book.channels.look_up("T1")

    assert stored.kept["slack:#incidents"] == f"slack:T1/{channel}"
    assert book.channels.id_of("incidents") == channel
    assert book.channels.missing() == ()


async def test_without_the_scope_for_people_they_are_asked_for_again(
    book: Directory, slack: FakeSlack, stored: Stored
) -> None:
    stored.nameless = [Identity("slack:T1/U7")]
    slack.users = [HANA]
    slack.break_down("users.info", "missing_scope", needed="users:read")

    with pytest.raises(SendFailed):
        await book.profiles.name_people("T1")
    await book.profiles.name_people("T1")

    assert stored.learned == {Identity("slack:T1/U7"): KNOWN}


@pytest.mark.parametrize(
    ("user", "known"),
    [
        (HANA, KNOWN),
        (
            {"id": "U1", "name": "ana", "profile": {"display_name": "", "real_name": "Ana Lima"}},
            Profile(name="Ana Lima"),
        ),
        ({"id": "U1", "name": "ana"}, Profile(name="ana")),
        ({"id": "U2", "name": "g", "is_restricted": True}, Profile(name="g", guest=True)),
        ({"id": "U2", "name": "g", "is_ultra_restricted": True}, Profile(name="g", guest=True)),
        ({"id": "U2", "name": "s", "is_stranger": True}, Profile(name="s", guest=True)),
        ({"id": "U2", "name": "o", "team_id": "T2"}, Profile(name="o", guest=True)),
        ({"id": "U2", "name": "e", "team_id": "T2", "enterprise_user": {"id": "E1"}}, Profile(name="e")),
        ({"id": "U3", "name": "b", "is_bot": True}, Profile(name="b", bot=True)),
        ({"id": "USLACKBOT", "name": "slackbot"}, Profile(name="slackbot", bot=True)),
        ({"id": "U4", "name": "x", "deleted": True}, Profile(name="x", gone=True)),
    ],
)
def test_people_are_described_as_slack_describes_them(user: dict[str, object], known: Profile) -> None:
    assert profile_of(user, "T1") == known


async def test_people_without_a_name_are_looked_up_once(book: Directory, slack: FakeSlack, stored: Stored) -> None:
    slack.users = [HANA]
    stored.nameless = [Identity("slack:T1/U7"), Identity("slack:T1/U404"), Identity("teams:t/7")]

    assert await book.profiles.name_people("T1") == 2
    assert await book.profiles.name_people("T1") == 0

    assert stored.learned == {Identity("slack:T1/U7"): KNOWN, Identity("slack:T1/U404"): Profile()}
    assert book.profile("U7") == KNOWN
    assert [asked["user"] for asked in slack.called("users.info")] == ["U7", "U404"]


async def test_who_was_in_the_list_is_not_asked_for_again(book: Directory, slack: FakeSlack, stored: Stored) -> None:
    slack.users = [HANA]
    stored.nameless = [Identity("slack:T1/U7")]
    await book.profiles.read_all("T1")

    await book.profiles.name_people("T1")

    assert stored.learned == {Identity("slack:T1/U7"): KNOWN}
    assert slack.called("users.info") == []


async def test_a_change_of_a_person_is_known_at_once(book: Directory, slack: FakeSlack) -> None:
    await book.connect()

    assert book.changed({**HANA, "deleted": True}) == (
        "slack:T1/U7",
        Profile(name="Hana", zone="Europe/Berlin", email="hana@example.com", gone=True),
    )
    assert book.changed("nonsense") is None
    assert book.profile("U7")


async def test_of_very_many_people_those_told_of_last_are_kept(book: Directory) -> None:
    await book.connect()

    for number in range(MOST + 10):
        book.changed({**HANA, "id": f"U{number}"})

    assert len(book.profiles.known) == MOST
    assert book.profile("U9") is None
    assert book.profile(f"U{MOST + 9}") == KNOWN


def test_of_very_many_private_conversations_those_used_last_are_kept(book: Directory) -> None:
    for number in range(MOST_ROOMS + 10):
        book.found_room(f"U{number}", f"D{number}")

    assert len(book.rooms_of_people) == MOST_ROOMS
    assert book.rooms_of_people[f"U{MOST_ROOMS + 9}"] == f"D{MOST_ROOMS + 9}"


async def test_left_alone_it_learns_everything(book: Directory, slack: FakeSlack, stored: Stored) -> None:
    slack.users = [HANA]
    slack.groups = [{"id": "S1", "handle": "sre-oncall", "users": ["U7"]}]
    slack.add_channel("incidents", is_member=False)
    slack.break_down("auth.test", "500")
    stored.nameless = [Identity("slack:T1/U7")]
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0 if len(waits) == 1 else 60)

    book.sleep = sleep
    running = asyncio.create_task(book.run())
    await until(lambda: bool(stored.learned) and bool(book.groups.ids()) and bool(book.channels.id_of("incidents")))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert book.groups.ids() == {"slack:@sre-oncall": "S1"}
    assert waits[0] == 60.0


async def test_who_is_in_a_group_is_known_without_asking(book: Directory, slack: FakeSlack) -> None:
    slack.groups = [{"id": "S1", "handle": "sre-oncall", "users": ["U7"]}]
    assert book.groups_of("U7") == frozenset()
    await book.connect()
    assert book.groups_of("U7") == frozenset()

    await book.groups.refresh()

    assert book.groups_of("U7") == {"slack:@sre-oncall", "slack:S1", "slack:T1/S1"}
    assert book.groups_of("U8") == frozenset()


async def test_a_hint_names_a_newcomer_at_once(book: Directory, slack: FakeSlack, stored: Stored) -> None:
    slack.users = []
    running = asyncio.create_task(book.run())
    await until(lambda: "users.list" in slack.methods())
    slack.users = [HANA]
    stored.nameless = [Identity("slack:T1/U7")]

    async with asyncio.timeout(2):
        while not stored.learned:
            book.hint()
            await asyncio.sleep(0.01)

    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.mark.parametrize(
    ("method", "learned"),
    [
        ("conversations.list", lambda book: bool(book.channels.id_of("incidents"))),
        ("users.list", lambda book: book.profile("U7") == KNOWN),
        ("usergroups.list", lambda book: bool(book.groups.ids())),
    ],
)
async def test_what_slack_did_not_answer_at_the_start_is_asked_again_within_two_seconds(
    book: Directory, slack: FakeSlack, method: str, learned: Callable[[Directory], bool]
) -> None:
    slack.users = [HANA]
    slack.groups = [{"id": "S1", "handle": "sre-oncall", "users": ["U7"]}]
    slack.add_channel("incidents", is_member=False)
    slack.add_channel("leadership", is_member=False)
    slack.break_down(method, "500")

    running = asyncio.create_task(book.run())
    async with asyncio.timeout(2):
        while not learned(book):  # noqa: ASYNC110 - nobody sets an event for it
            await asyncio.sleep(0.01)

    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_slack_that_refuses_us_is_asked_once_a_minute(book: Directory, slack: FakeSlack) -> None:
    await book.connect()
    for method in ("conversations.list", "usergroups.list", "users.conversations"):
        slack.break_down(method, "token_revoked", times=99)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(60)

    book.sleep = sleep
    running = asyncio.create_task(book.run())
    await until(lambda: len(waits) == 2)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    assert waits == [60.0, 60.0]


def test_tries_in_vain_grow_rare() -> None:
    assert [soon(failures) for failures in (1, 2, 3, 7, 5000)] == [1.0, 2.0, 4.0, 60.0, 60.0]
