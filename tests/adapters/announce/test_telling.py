"""What every way that is no chat has in common: what it tells, what it never tells, and how it says that it failed."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from adapters.announce import telling
from adapters.announce.telling import NEVER_SAID, Announcer, Said, retry_after
from adapters.sinks import SendFailed, Unreadable
from bot.cards import Press, line
from bot.notices import Kind
from bot.ports import Delivery
from bot.posts import Post, SetTopic, ToRoom
from tests.adapters.announce.rig import AT, NOTICE, delivery, said


@dataclass
class Heard:
    """A way that keeps what it is told."""

    told: list[Said] = field(default_factory=list)
    fault: BaseException | None = None
    hang: bool = False

    def shown(self, address: str) -> str:
        return f"Way to {address[:4]}"

    async def tell(self, one: Said) -> str:
        if self.hang:
            await asyncio.sleep(60)
        if self.fault:
            raise self.fault
        self.told.append(one)
        return one.token

    async def find(self, one: Said) -> str | Unreadable | None:
        return f"found {one.token}"

    async def close(self) -> None:
        """Nothing."""


async def test_what_has_a_notice_is_told_in_plain_words() -> None:
    way = Heard()

    done = await Announcer(way=way).deliver(delivery("ring:1"), AT)

    assert done.ref == "token-1"
    assert [(one.title, one.paragraphs) for one in way.told] == [
        (
            "INC-42 Checkout is down: update 1",
            ("Orders fail for some shoppers.", "Next update by 10:50 UTC."),
        )
    ]
    assert way.told[0].text.count("\n\n") == 2


def test_without_a_title_a_message_is_headed_by_what_the_incident_is_called() -> None:
    assert said("ring:1", card=line("The next update comes later.")).title == NOTICE.headline


def test_buttons_are_for_chats() -> None:
    card = line("Go.", actions=(Press(label="Resolve", command="resolve"),))

    assert said("ring:1", card=card).paragraphs == ("Go.",)


@pytest.mark.parametrize(
    "silent",
    [
        delivery("ring:1", None),
        delivery("ring:1", private=True),
        replace(delivery("ring:1"), order=SetTopic(text="INC-42")),
        replace(delivery("ring:1"), order=Post(to=ToRoom(), card=line("x"), key="x", notice=NOTICE)),
        delivery("ring:1", ref="told before"),
    ],
)
async def test_what_stands_is_private_or_was_said_before_is_told_to_nobody(silent: Delivery) -> None:
    way = Heard()

    done = await Announcer(way=way).deliver(silent, AT)

    assert way.told == []
    assert done.ref == (silent.ref or NEVER_SAID)
    assert await Announcer(way=way).find(silent) is None


async def test_a_repeated_reminder_is_told_again_as_another_message() -> None:
    way = Heard()
    again = delivery("ring:1", replace(NOTICE, about=Kind.REMINDER), ref="told before", revision=3)

    await Announcer(way=way).deliver(again, AT)

    assert [one.token for one in way.told] == ["token-1.3"]


async def test_what_was_held_back_is_told_once_it_may_be() -> None:
    way = Heard()

    await Announcer(way=way).deliver(delivery("ring:1", ref=NEVER_SAID), AT)

    assert [one.token for one in way.told] == ["token-1"]


async def test_a_failure_names_the_way_and_keeps_its_kind() -> None:
    way = Heard(fault=SendFailed("it refuses", permanent=True))

    with pytest.raises(SendFailed) as caught:
        await Announcer(way=way).deliver(delivery("ring:secret"), AT)

    assert (caught.value.reason, caught.value.permanent) == ("Way to ring: it refuses", True)


async def test_a_way_that_hangs_is_left_and_may_have_told_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "LONGEST", 0.01)

    with pytest.raises(SendFailed) as caught:
        await Announcer(way=Heard(hang=True)).deliver(delivery("ring:1"), AT)

    assert (caught.value.reason, caught.value.outcome_unknown) == ("Way to ring: no answer came in time", True)


async def test_an_earlier_attempt_is_looked_for_by_the_way() -> None:
    assert await Announcer(way=Heard()).find(delivery("ring:1")) == "found token-1"


@pytest.mark.parametrize(("named", "seconds"), [("7", 7.0), ("0", 1.0), ("999999", 3600.0), ("soon", 30.0), ("", 30.0)])
def test_a_server_that_asks_to_wait_is_waited_for_within_reason(named: str, seconds: float) -> None:
    assert retry_after({"Retry-After": named} if named else {}, 30.0) == seconds
