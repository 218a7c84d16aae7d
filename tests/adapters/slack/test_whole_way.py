"""From a declaration to what Slack shows, with a real database, the real core and every kind of fault."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from adapters.carrying import Carrier
from adapters.meter import Silent
from adapters.outbox import Outbox, outbox
from adapters.pauses import Pace
from adapters.remembering import Remembering
from adapters.reports import Reports
from adapters.slack.client import Client
from adapters.slack.desk import Desk
from adapters.slack.directory import directory
from adapters.slack.sink import SlackSink
from bot.events import PersonUnreachable
from bot.policy import Audience, Policy
from bot.refs import Address, Identity
from bot.requests import Request
from bot.service import Service
from config.policy_file import load_policy
from storage.database import Database
from tests.adapters.slack.slack_server import FakeSlack
from tests.databases import copy_of, make_template

PACE = Pace(
    poll=timedelta(milliseconds=10),
    lease=timedelta(milliseconds=400),
    longest=timedelta(milliseconds=350),
    first=(0.01, 0.05),
)
HASTY = replace(PACE, lease=timedelta(milliseconds=60), longest=timedelta(milliseconds=50))
TOLD = ("chat.postMessage", "conversations.create", "conversations.invite", "conversations.setTopic", "pins.add")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class House:
    """Everything between a request and Slack."""

    database: Database
    service: Service
    slack: FakeSlack
    client: Client
    policy: Policy

    def say(self, words: str) -> None:
        request = Request(
            key=f"{words} {now()}",
            identity=Identity("slack:T1/U1"),
            place=Address("slack:T1/C9"),
            text=words,
        )
        self.service.handle(request, now())

    async def relay(self, pace: Pace = PACE, ahead: timedelta = timedelta()) -> Outbox:
        """A relay of its own, as a process just started has it; its clock may be ahead."""
        remembering = Remembering(
            chat="slack", kept=self.database.reads, store=self.database.store, threads=self.database
        )
        book = directory(
            self.client,
            addresses=("slack:#incidents",),
            groups=(),
            memory=remembering,
            unnamed=remembering.unnamed,
            learn=remembering.learn,
        )
        await book.connect()
        book.channels.note(next(iter(self.slack.channels)), "incidents")
        desk = Desk(client=self.client, directory=book, incidents=remembering)
        box: list[Outbox] = []
        reports = Reports(
            service=self.service,
            store=self.database.store,
            people=self.database.reads,
            threads=self.database,
            now=now,
            hint=lambda: box[0].hint(),  # noqa: PLW0108 - there is none yet
        )
        carrier = Carrier(
            relay=self.database.relay,
            threads=self.database,
            on_room=reports.room_opened,
            on_dead=reports.gave_up,
            clock=lambda: now() + ahead,
            now=now,
            chance=Random(7),
            meter=Silent(),
            pace=pace,
        )
        box.append(outbox(carrier, {"slack": SlackSink(desk=desk)}))
        return box[0]

    def shown(self) -> dict[str, list[str]]:
        """By channel's name, the first words of each message there."""
        return {
            self.slack.channels[channel]["name"]: [str(message["text"]) for message in messages]
            for channel, messages in self.slack.messages.items()
        }


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
async def house(template: Path, tmp_path: Path, slack: FakeSlack, client: Client) -> AsyncIterator[House]:
    database = Database(copy_of(template, tmp_path))
    policy = replace(
        load_policy(None).policy, audiences={"internal": Audience(name="internal", addresses=("slack:#incidents",))}
    )
    service = Service(store=database.store, policy=policy, rules="1", replica="one")
    slack.add_channel("incidents")
    slack.users = [{"id": "U1"}]
    slack.clock = now().timestamp()
    yield House(database=database, service=service, slack=slack, client=client, policy=policy)
    database.close()


@asynccontextmanager
async def running(box: Outbox) -> AsyncIterator[Outbox]:
    task = asyncio.create_task(box.run())
    yield box
    await box.stop()
    await task


async def quiet(house: House) -> None:
    """Wait until nothing is left to be sent."""
    async with asyncio.timeout(20):
        while house.database.relay.depth()[0]:  # noqa: ASYNC110 - the database sets no event
            await asyncio.sleep(0.05)


def complete(house: House) -> bool:
    """One room, with its topic, its person and its pinned card, announced once."""
    rooms = [one for one in house.slack.channels.values() if one["name"].startswith("inc-")]
    shown = house.shown()
    return (
        [one["name"] for one in rooms] == ["inc-1-checkout-is-down"]
        and "INC-1" in rooms[0]["topic"]["value"]
        and house.slack.invited == ["U1"]
        and len(shown[rooms[0]["name"]]) == 1
        and len(shown["incidents"]) == 1
        and house.slack.pins
        == [{"channel": rooms[0]["id"], "timestamp": house.slack.messages[rooms[0]["id"]][0]["ts"]}]
    )


async def test_a_declaration_takes_six_calls_and_everything_is_there(house: House) -> None:
    async with running(await house.relay()):
        house.slack.calls.clear()
        house.say("declare critical Checkout is down")
        await quiet(house)

    assert complete(house)
    assert len(house.slack.calls) == 6


@pytest.mark.parametrize("method", TOLD)
@pytest.mark.parametrize("kind", ["500", "html", "drop_before", "drop_after", "fatal_error"])
async def test_whatever_happens_to_one_call_nothing_is_lost_or_doubled(house: House, method: str, kind: str) -> None:
    house.slack.break_down(method, kind, seconds=1)
    async with running(await house.relay()):
        house.say("declare critical Checkout is down")
        await quiet(house)

    assert complete(house)


async def test_being_told_to_wait_delays_and_loses_nothing(house: House) -> None:
    house.slack.break_down("chat.postMessage", "429", seconds=1)
    async with running(await house.relay()):
        house.say("declare critical Checkout is down")
        await quiet(house)

    assert complete(house)


async def test_a_relay_that_dies_at_any_moment_is_continued_by_another(house: House) -> None:
    house.say("declare critical Checkout is down")
    chance = Random(11)
    for _ in range(15):
        box = await house.relay(HASTY)
        task = asyncio.create_task(box.run())
        await asyncio.sleep(chance.uniform(0, 0.08))
        dying = [task, *box._running]
        for one in dying:
            one.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
    async with running(await house.relay()):
        await quiet(house)

    assert complete(house)


async def test_what_changed_before_it_was_sent_is_said_once_as_it_is_now(house: House) -> None:
    house.say("declare low Checkout is down")
    for priority in ("medium", "high", "critical"):
        house.say(f"INC-1 priority {priority}")
    async with running(await house.relay()):
        await quiet(house)

    assert house.shown()["incidents"][0].startswith("INC-1 Checkout is down. Next update")
    assert "Critical" in house.shown()["incidents"][0]
    assert house.slack.called("chat.update") == []


async def test_lines_in_the_room_keep_their_order_whatever_happens(house: House) -> None:
    async with running(await house.relay()) as box:
        house.say("declare critical Checkout is down")
        await quiet(house)
        for kind in ("drop_after", "500", "drop_before"):
            house.slack.break_down("chat.postMessage", kind)
        for words in ("identified", "monitoring", "investigating"):
            house.say(f"INC-1 {words}")
            box.hint()
        await quiet(house)

    lines = house.shown()["inc-1-checkout-is-down"][1:]
    assert [word for line in lines for word in ("identified", "monitoring", "investigating") if word in line] == [
        "identified",
        "monitoring",
        "investigating",
    ]


async def test_where_no_channel_may_be_made_the_room_is_a_thread_under_the_announcement(house: House) -> None:
    house.slack.break_down("conversations.create", "restricted_action", times=9)
    async with running(await house.relay(ahead=timedelta(seconds=11))):
        house.say("declare critical Checkout is down")
        await quiet(house)

    (announced, *replies) = house.slack.messages["C1"]
    assert {reply["thread_ts"] for reply in replies} == {announced["ts"]}
    assert house.slack.topics == []
    assert house.slack.pins == []


async def test_the_only_process_takes_over_at_its_start_without_waiting_for_leases(house: House) -> None:
    house.say("declare critical Checkout is down")
    relay = house.database.relay
    assert relay.claim(now(), 5, timedelta(hours=1))

    relay.recover()
    async with running(await house.relay()):
        await quiet(house)

    assert complete(house)


async def test_a_person_who_cannot_be_reached_is_told_to_the_core(house: House) -> None:
    async with running(await house.relay()):
        house.say("declare critical Checkout is down")
        await quiet(house)
        house.slack.break_down("chat.postMessage", "messages_tab_disabled")
        house.say("INC-1 role comms @{slack:T1/U2|Hana}")
        await quiet(house)

    record = house.database.reads.record(1)
    assert record
    assert any(isinstance(entry.event, PersonUnreachable) for entry in record.entries)
