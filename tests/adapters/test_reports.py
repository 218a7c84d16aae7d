"""What chats report reaches the right incidents, once, in the core's words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.reports import Reports, gave_up
from adapters.sinks import SendFailed
from bot.cards import Names, line
from bot.commands.record import RecordRoom
from bot.events import DeliveryFailed, PersonUnreachable, RoleReleased, RoomLost, RoomOpened
from bot.people import Profile
from bot.ports import Delivery
from bot.posts import OpenRoom, Order, Post, SetTopic, ToAudience, ToPerson, ToRoom
from bot.refs import Address, Identity, Person
from tests.adapters.house import ANA, AT, BEN, CHANNEL, ROOM, House, house

ELSEWHERE = Address("slack:T1/C9")
SECOND = RoomOpened(address=ELSEWHERE, name="inc-1")


@dataclass
class Rig:
    house: House
    reports: Reports
    hints: list[int]

    def kinds(self, number: int = 1) -> list[str]:
        record = self.house.db.reads.record(number)
        assert record is not None
        return [type(entry.event).__name__ for entry in record.entries]

    def events(self, kind: type, number: int = 1) -> list[object]:
        record = self.house.db.reads.record(number)
        assert record is not None
        return [entry.event for entry in record.entries if isinstance(entry.event, kind)]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.says("declare critical Checkout is down")
        made.room()
        yield made


@pytest.fixture
def rig(home: House) -> Rig:
    hints: list[int] = []
    reports = Reports(
        service=home.service,
        store=home.db.store,
        people=home.db.reads,
        threads=home.db,
        now=home.now,
        hint=lambda: hints.append(1),
    )
    return Rig(home, reports, hints)


def unmarked() -> None:
    """No row is marked."""


def delivery(order: Order, address: Address = ROOM, number: int = 1) -> Delivery:
    return Delivery(
        id=7,
        incident=number,
        private=False,
        address=address,
        order=order,
        attempt=1,
        revision=1,
        ref="",
        thread_ref="",
        failures=0,
        failing_since=None,
        tried_at=None,
        token="t",
        queued_at=AT,
        names=Names(),
    )


async def test_a_room_is_recorded_once_and_whoever_asks_is_heard_each_time(rig: Rig) -> None:
    order = OpenRoom(name="inc-1", private=False)
    marked: list[str] = []

    for _ in range(2):
        await rig.reports.room_opened(delivery(order), SECOND, lambda: marked.append(rig.kinds()[-1]))

    assert marked == ["RoomOpened", "RoomOpened"]
    assert len(rig.events(RoomOpened)) == 2


async def test_a_lost_room_is_told_to_its_incident_once(rig: Rig) -> None:
    await rig.reports.room_lost(ROOM, "it was archived", "slack:event:1")
    await rig.reports.room_lost(ROOM, "it was archived", "slack:event:1")
    await rig.reports.room_lost(ROOM, "it was deleted", "slack:event:2")

    assert rig.events(RoomLost) == [RoomLost(address=ROOM, reason="it was archived")]
    assert rig.hints


async def test_a_channel_that_is_no_room_concerns_nobody(rig: Rig) -> None:
    before = rig.kinds()

    await rig.reports.room_lost(ELSEWHERE, "it was archived", "k1")
    await rig.reports.room_renamed(ELSEWHERE, "other", "k2")
    await rig.reports.room_back(ELSEWHERE, "k3")
    await rig.reports.room_moved(ELSEWHERE, Address("slack:T1/C10"), "k4")
    await rig.reports.left_room(ELSEWHERE, ANA, "k5")

    assert rig.kinds() == before
    assert rig.hints == []


async def test_every_room_of_an_incident_not_yet_ended_is_known_lost_ones_too(rig: Rig) -> None:
    await rig.reports.room_lost(ROOM, "it was archived", "k")

    assert ROOM in await rig.reports.rooms()


async def test_the_rooms_in_a_conversation_are_itself_and_the_threads_in_it(rig: Rig) -> None:
    channel, thread = Address("teams:19:a@thread.tacv2"), Address("teams:19:a@thread.tacv2;messageid=1")
    other = Address("teams:19:a@thread.tacv2x;messageid=1")
    for number, (words, address) in enumerate((("Mail is slow", thread), ("Wiki is down", other)), start=2):
        rig.house.says(f"declare low {words}")
        rig.house.room(number, address)

    assert await rig.reports.rooms_in(channel) == (thread,)
    assert await rig.reports.rooms_in(ROOM) == (ROOM,)
    assert await rig.reports.rooms_in(Address("teams:19:a")) == ()
    assert await rig.reports.rooms_in(Address("teams:")) == ()


async def test_lost_rooms_are_asked_for_by_themselves_and_those_of_ended_incidents_not_at_all(rig: Rig) -> None:
    await rig.reports.room_lost(ROOM, "it was archived", "k")

    assert await rig.reports.rooms_in(ROOM) == ()
    assert await rig.reports.rooms_in(ROOM, lost=True) == (ROOM,)

    rig.house.says("INC-1 cancel a false alarm")
    assert await rig.reports.rooms_in(ROOM, lost=True) == ()


async def test_a_renamed_room_has_its_new_name(rig: Rig) -> None:
    await rig.reports.room_renamed(ROOM, "war-room", "k")

    room = rig.house.incident().room
    assert room is not None
    assert room.name == "war-room"


async def test_a_room_that_is_back_is_the_room_again(rig: Rig) -> None:
    await rig.reports.room_lost(ROOM, "it was archived", "k1")
    await rig.reports.room_back(ROOM, "k2")

    room = rig.house.incident().room
    assert room is not None
    assert room.address == ROOM


async def test_a_room_that_was_never_lost_is_not_opened_anew(rig: Rig) -> None:
    before = rig.kinds()

    await rig.reports.room_back(ROOM, "k")

    assert rig.kinds() == before


async def test_a_moved_room_is_there_under_its_new_address_alone(rig: Rig) -> None:
    await rig.reports.room_moved(ROOM, ELSEWHERE, "k")

    standing = [room.address for room in rig.house.incident().rooms if not room.lost]
    assert standing == [ELSEWHERE]


async def test_who_leaves_the_room_gives_up_their_roles_there(rig: Rig) -> None:
    rig.house.says("claim commander", BEN, ROOM)

    await rig.reports.left_room(ROOM, BEN, "k")
    await rig.reports.left_room(ROOM, Identity("slack:T1/U9"), "k2")

    assert [type(event) for event in rig.events(RoleReleased)] == [RoleReleased]


async def test_who_leaves_one_of_two_rooms_and_reads_the_other_in_another_chat_keeps_their_roles(rig: Rig) -> None:
    in_teams, thread = Identity("teams:T9/ben"), Address("teams:19:a@thread.tacv2;messageid=1")
    rig.house.says("claim commander", BEN, ROOM)
    await rig.reports.tell(RecordRoom(address=thread, name="a"), 1, "second")
    rig.house.db.reads.same_person(BEN, in_teams)

    await rig.reports.left_room(thread, in_teams, "k1")
    assert rig.house.incident().holder("incident_commander")
    await rig.reports.room_lost(thread, "it was deleted", "k2")
    await rig.reports.left_room(ROOM, BEN, "k3")

    assert rig.house.incident().holder("incident_commander") is None


async def test_who_is_gone_from_one_chat_and_there_in_the_other_keeps_their_roles(rig: Rig) -> None:
    in_teams = Identity("teams:T9/ben")
    rig.house.says("claim commander", BEN, ROOM)
    rig.house.db.reads.same_person(BEN, in_teams)
    rig.house.db.reads.save_profile(in_teams, Profile(name="Ben"))

    await rig.reports.person_changed(BEN, Profile(name="Ben", gone=True), "slack:event:5")

    assert rig.house.incident().holder("incident_commander")


async def test_what_concerns_no_incident_and_never_arrives_is_told_to_nobody(rig: Rig) -> None:
    before = rig.kinds()
    lost = delivery(Post(to=ToPerson(person=Person("P-1")), card=line("You are one."), key="me-1"), number=0)

    await rig.reports.gave_up(lost, SendFailed("they blocked us", permanent=True, gone="person"))

    assert rig.kinds() == before


async def test_who_is_switched_off_gives_up_their_roles_everywhere(rig: Rig) -> None:
    rig.house.says("declare high Search is slow", BEN)
    rig.house.room(2, Address("slack:T1/C43"))
    for number, room in ((1, ROOM), (2, Address("slack:T1/C43"))):
        rig.house.says("claim commander", BEN, room)
        assert rig.house.incident(number).holder("incident_commander")

    await rig.reports.person_changed(BEN, Profile(name="Ben", gone=True), "slack:event:5")

    for number in (1, 2):
        assert rig.house.incident(number).holder("incident_commander") is None
        assert len(rig.events(PersonUnreachable, number)) == 1


async def test_a_new_name_is_kept_and_changes_no_incident(rig: Rig) -> None:
    before = rig.kinds()
    person = rig.house.db.reads.person_of(ANA)
    assert person is not None

    await rig.reports.person_changed(ANA, Profile(name="Ana Lima", zone="Europe/Berlin"), "k")
    await rig.reports.person_changed(Identity("slack:T1/U9"), Profile(name="Nobody", gone=True), "k2")

    assert rig.house.db.reads.names((person,)).people == {person: "Ana Lima"}
    assert rig.kinds() == before


async def test_a_room_that_was_made_is_recorded_once_however_often_it_is_told(rig: Rig) -> None:
    rig.house.says("declare high Search is slow")
    opened = RoomOpened(address=Address("slack:T1/C43"), name="inc-2-search-is-slow")
    order = delivery(OpenRoom(name="inc-2", private=False), Address("slack:T1"), 2)

    await rig.reports.room_opened(order, opened, unmarked)
    await rig.reports.room_opened(order, opened, unmarked)

    assert rig.events(RoomOpened, 2) == [opened]


async def test_a_message_given_up_because_its_room_is_gone_is_told_as_the_room(rig: Rig) -> None:
    post = Post(to=ToRoom(), card=line("x"), key="update-2")
    failed = SendFailed("the channel is archived", permanent=True, gone="room")

    for number in range(3):
        await rig.reports.gave_up(replace(delivery(post), id=number), failed)

    assert len(rig.events(RoomLost)) == 1
    assert rig.events(DeliveryFailed) == []


async def test_a_message_given_up_elsewhere_is_told_with_its_audience(rig: Rig) -> None:
    post = Post(to=ToAudience(name="customers"), card=line("x"), key="update-2")
    failed = SendFailed("the channel is archived", permanent=True, gone="room")

    await rig.reports.gave_up(delivery(post, CHANNEL), failed)
    await rig.reports.gave_up(delivery(post, CHANNEL), failed)

    assert rig.events(DeliveryFailed) == [
        DeliveryFailed(what="update 2", to="customers", reason="the channel is archived")
    ]


@pytest.mark.parametrize(
    ("order", "gone", "what", "to", "person"),
    [
        (OpenRoom(name="inc-1", private=False), "", "room", "the room", None),
        (SetTopic(text="x"), "", "topic", "the room", None),
        (
            Post(to=ToPerson(person=Person("P-3")), card=line("x"), key="role-scribe"),
            "person",
            "role scribe",
            "P-3",
            "P-3",
        ),
        (Post(to=ToPerson(person=Person("P-3")), card=line("x"), key="role-scribe"), "", "role scribe", "P-3", None),
    ],
)
def test_what_was_given_up_is_named_in_our_words(
    order: Order, gone: str, what: str, to: str, person: str | None
) -> None:
    found = gave_up(delivery(order), SendFailed("no", permanent=True, gone=gone))  # type: ignore[arg-type]

    assert (found.what, found.to, found.person) == (what, to, person)


@pytest.mark.parametrize("gone", ["person", ""])
def test_what_somebody_subscribed_to_names_them_and_concerns_nobody_else(gone: str) -> None:
    post = Post(to=ToPerson(person=Person("P-3")), card=line("x"), key="subscribed:update-1")

    found = gave_up(delivery(post), SendFailed("blocked", permanent=True, gone=gone))  # type: ignore[arg-type]

    assert found.subscriber == "P-3"


async def test_a_report_that_could_not_be_written_down_is_raised(rig: Rig) -> None:
    with pytest.raises(LookupError):
        await rig.reports.room_opened(
            delivery(OpenRoom(name="inc-99", private=False), number=99),
            RoomOpened(address=ELSEWHERE, name="inc-99"),
            unmarked,
        )
