"""Everything else by the apprise library: loaded late, its addresses secret, its refusals heard of."""

import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from adapters.announce.apprise_library import AppriseLibrary
from adapters.announce.other import APART, APART_UNSEEN, TRIES, Other, join, others
from adapters.announce.telling import Announcer
from adapters.sinks import SendFailed, Unreadable
from bot.policy import Audience, Policy, Priority
from tests.adapters.announce.rig import AT, delivery, said
from tests.receivers.hook import Hook
from tests.receivers.troubles import Trouble


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    await made.start()
    yield made
    await made.stop()


@dataclass
class Fake:
    """A library that answers as it is told."""

    answers: list[bool | Exception | None] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    until: threading.Event | None = None
    """It answers once this is set."""

    def understands(self, address: str) -> bool:
        return True

    def targets(self, address: str) -> int:
        return address.count("/") - 2

    def notify(self, address: str, title: str, body: str) -> bool | None:
        self.told.append(address)
        if self.until:
            self.until.wait(30)
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer


def url(hook: Hook) -> str:
    return f"json://user:hidden-word@127.0.0.1:{hook.port}/path"


async def test_a_service_of_the_library_is_told_title_and_words(hook: Hook) -> None:
    await Other(load=AppriseLibrary).tell(said(url(hook)))

    (found,) = hook.messages
    assert found["title"] == "INC-42 Checkout is down: update 1"
    assert "Next update by 10:50 UTC." in found["message"]


async def test_an_address_of_ours_by_name_goes_to_the_library_after_a_word(hook: Hook) -> None:
    way = Other(load=AppriseLibrary)

    await way.tell(said(f"apprise:{url(hook)}"))

    assert len(hook.messages) == 1
    assert way.shown(f"apprise:{url(hook)}") == way.shown(url(hook)) == "`json:`"


async def test_no_address_is_written_anywhere(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    hook.trouble = Trouble("500")
    with caplog.at_level(logging.DEBUG), pytest.raises(SendFailed) as caught:
        await Announcer(way=Other(load=AppriseLibrary)).deliver(delivery(url(hook)), AT)

    assert caught.value.reason == "`json:`: it was refused"
    assert "hidden-word" not in caplog.text


async def test_what_the_library_does_not_understand_is_never_tried_again() -> None:
    with pytest.raises(SendFailed) as caught:
        await Other(load=AppriseLibrary).tell(said("nonsense://x"))

    assert caught.value.permanent


async def test_a_refusal_may_have_told_some_of_its_targets_so_it_is_repeated_once() -> None:
    library = Fake(answers=[False] * 12)
    way = Other(load=lambda: library)

    ends = []
    for _ in range(TRIES):
        with pytest.raises(SendFailed) as caught:
            await way.tell(said("ntfy://x/one/two"))
        ends.append(caught.value)

    assert [(one.permanent, one.outcome_unknown, one.retry_after) for one in ends] == [
        (False, True, APART),
        (True, True, None),
    ]
    assert ends[-1].reason == "it was refused, 2 times: it may have arrived"
    assert len(library.told) == 2


async def test_the_only_target_that_refuses_is_tried_as_long_as_any_chat() -> None:
    way = Other(load=lambda: Fake(answers=[False] * 9))

    for number in range(9):
        with pytest.raises(SendFailed) as caught:
            await way.tell(said("pagerduty://key", token=f"t{number % 2}"))
        assert (caught.value.permanent, caught.value.outcome_unknown) == (False, False)

    assert await way.tell(said("pagerduty://key", token="t0"))


async def test_the_library_says_how_many_an_address_tells() -> None:
    found = [AppriseLibrary().targets(one) for one in ("json://h/x", "ntfy://host/one/two", "nonsense://x")]

    assert found == [1, 2, 0]


async def test_a_service_that_is_slow_is_told_once() -> None:
    let = threading.Event()
    library = Fake(until=let)
    way = Other(load=lambda: library)
    way.kept.wait = 0.05

    with pytest.raises(SendFailed) as late:
        await way.tell(said("ntfy://x"))
    looked = await way.find(said("ntfy://x"))
    let.set()
    way.kept.wait = 30
    ref = await way.tell(said("ntfy://x"))

    assert (late.value.permanent, late.value.retry_after) == (False, 10.0)
    assert (looked, ref, len(library.told)) == (None, "token-1", 1)


async def test_the_library_is_loaded_once_and_not_before_it_is_needed() -> None:
    loaded: list[Fake] = []

    def load() -> Fake:
        loaded.append(Fake())
        return loaded[-1]

    way = Other(load=load)
    assert loaded == []
    await way.tell(said("ntfy://x"))
    await way.tell(said("ntfy://x"))

    assert [fake.told for fake in loaded] == [["ntfy://x", "ntfy://x"]]
    assert isinstance(await way.find(said("ntfy://x")), Unreadable)
    await way.close()


async def test_a_fault_of_the_library_is_its_own() -> None:
    with pytest.raises(RuntimeError):
        await Other(load=lambda: Fake(answers=[RuntimeError("inside")])).tell(said("ntfy://x"))


def test_each_scheme_of_the_policy_is_a_way_of_its_own() -> None:
    policy = Policy(
        audiences={"a": Audience(name="a", addresses=("ntfy://x", "apprise:slack://y", "slack:#a", "mailto:a@b.c"))},
        priorities=(Priority(name="high", pages=("pagerduty://z", "https://h.example")),),
    )

    assert others(policy) == ("ntfy://x", "apprise:slack://y", "pagerduty://z")
    assert callable(join)


@pytest.mark.parametrize(
    "call",
    ["@everyone", "@here", "@channel", "@room", "<@123>", "<@&9>", "<!channel>", "<#C1>", "<users/all>", "(@all)"],
)
async def test_nobody_is_called_by_what_somebody_typed(hook: Hook, call: str) -> None:
    words = replace(said(url(hook)), title=f"{call} Mail is down", paragraphs=(f"Hello {call}", "Ask help@example.com"))

    await Other(load=AppriseLibrary).tell(words)

    (found,) = hook.messages
    heard = f"{found['title']} {found['message']}"
    assert call not in heard
    assert heard.replace(APART_UNSEEN, "").count(call) == 2
    assert "help@example.com" in heard
