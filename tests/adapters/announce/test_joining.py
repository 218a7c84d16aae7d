"""All ways joined up; and a new one as an exercise: one file (here: one class), one line."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters import app_announce
from adapters.announce.ground import Ground
from adapters.announce.telling import NEVER_SAID, Said, Way
from adapters.app_announce import announcing
from adapters.sinks import Unreadable
from bot.policy import Audience, Policy, Priority
from config.addressing import OTHER, is_place, usable
from config.settings import Settings, load
from tests.adapters.announce.rig import AT, delivery

ALL = {
    "SMTP_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "a@example.com",
    "STATUSPAGE_API_KEY": "key",
    "STATUSPAGE_PAGE_ID": "abc",
    "WEBHOOK_SECRET": "secret",
}


def settings(**env: str) -> Settings:
    return load(env, env_file=None)


def policy(*addresses: str) -> Policy:
    return Policy(audiences={"a": Audience(name="a", addresses=addresses)}, priorities=(Priority(name="high"),))


async def test_what_is_not_set_up_has_nobody_to_carry_it() -> None:
    none = announcing(settings(), policy(), lambda: None)
    every = announcing(settings(**ALL), policy("ntfy://x", "apprise:slack://y"), lambda: None)

    assert set(none.sinks) == {"status"}
    assert set(every.sinks) == {"status", "mailto", "statuspage", "https", "http", "ntfy", "apprise"}
    await none.close()
    await every.close()


async def test_our_own_page_is_told_to_look() -> None:
    looked: list[str] = []
    ways = announcing(settings(), policy(), lambda: looked.append("looked"))

    done = await ways.sinks["status"].deliver(delivery("status:"), AT)

    assert (looked, done.ref) == (["looked"], "status")
    assert await ways.sinks["status"].find(delivery("status:")) is None
    await ways.close()


@pytest.mark.parametrize("silent", [{"private": True}, {"notice": None}], ids=["private", "drill"])
async def test_no_way_at_all_tells_of_a_private_incident_or_a_drill(silent: dict[str, object]) -> None:

    def looked() -> None:
        raise AssertionError("our own page was told to look")

    ways = announcing(settings(**ALL), policy("ntfy://x", "apprise:slack://y"), looked)

    for name, sink in ways.sinks.items():
        one = delivery(f"{name}:nowhere", audience="customers", **silent)  # type: ignore[arg-type]
        assert (await sink.deliver(one, AT)).ref == NEVER_SAID, name
        assert await sink.find(one) is None, name
    await ways.close()


async def test_the_library_is_not_loaded_by_joining() -> None:
    before = "apprise" in sys.modules
    ways = announcing(settings(), policy("ntfy://x"), lambda: None)

    assert ("apprise" in sys.modules) is before
    await ways.close()


class Bell:
    """A new channel: `bell://anywhere` writes into a list."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def shown(self, address: str) -> str:
        return "The bell"

    async def tell(self, said: Said) -> str:
        self.rung.append(said.text)
        return said.token

    async def find(self, said: Said) -> str | Unreadable | None:
        return None

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_new_channel_takes_one_file_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    bell = Bell()

    def join(ground: Ground) -> Mapping[str, Way]:
        return {"bell": bell}

    monkeypatch.setattr(app_announce, "WAYS", (*app_announce.WAYS, join))
    found, dropped = usable(policy("bell://tower"), frozenset({OTHER}))
    ways = announcing(settings(), found, lambda: None)

    done = await ways.sinks["bell"].deliver(delivery(found.addresses("a")[0]), AT)

    assert (is_place("bell://tower"), dropped, done.ref) == (True, (), "token-1")
    assert bell.rung[0].startswith("INC-42 Checkout is down: update 1")
    await ways.close()


def test_each_way_is_one_file_that_the_composition_root_names_once() -> None:
    root = Path(app_announce.__file__)
    line = root.read_text(encoding="utf-8")
    shared = {"__init__", "aside", "apprise_library", "ground", "kept", "reach", "telling", "words"}
    ways = {path.stem for path in (root.parent / "announce").glob("*.py")} - shared

    assert {name for name in ways if line.count(f"{name}.join") == 1} == ways
