"""The keys Microsoft signs with: had ahead of time, found when they are new, and never waited for by anybody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from adapters.calling import open_session
from adapters.teams.keys import DAY, PAUSE, Keys, Unfit, keys_in, place_of_keys
from tests.adapters.teams.wire_server import KeyServer, jwk, key_server, private_key, short_key


@dataclass
class Clock:
    """Turned by hand."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Pauses:
    """Sleeps that are over at once, and end it all after so many."""

    most: int
    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) >= self.most:
            raise asyncio.CancelledError


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with key_server() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as made:
        yield made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(server: KeyServer, session: aiohttp.ClientSession, clock: Clock) -> Keys:
    return Keys(server.url, session, clock)


async def test_a_key_is_found_with_the_channels_it_may_speak_for(keys: Keys) -> None:
    found = await keys.find("k1")

    assert found is not None
    assert found.public.public_numbers() == private_key("k1").public_key().public_numbers()
    assert found.endorsements == {"msteams", "webchat"}


async def test_a_key_that_is_known_is_not_asked_for_again(keys: Keys, server: KeyServer) -> None:
    assert await keys.look() == ""

    assert [await keys.find("k1") for _ in range(3)] == [keys.known["k1"]] * 3
    assert server.fetched == 1


async def test_a_new_key_is_found_when_a_request_first_names_it(keys: Keys, server: KeyServer) -> None:
    await keys.look()
    server.keys = [jwk("k2")]

    assert await keys.find("k2") is not None
    assert server.fetched == 2


async def test_keys_nobody_knows_are_looked_for_once_a_minute(keys: Keys, server: KeyServer, clock: Clock) -> None:
    for number in range(50):
        assert await keys.find(f"made up {number}") is None
    clock.at += PAUSE - 1
    assert await keys.find("made up") is None
    assert server.fetched == 1

    clock.at += 1
    assert await keys.find("made up") is None
    assert server.fetched == 2


async def test_a_minutes_pause_holds_after_a_failure_too(keys: Keys, server: KeyServer) -> None:
    server.status = 503

    assert [await keys.find("k1"), await keys.find("k1")] == [None, None]
    assert server.fetched == 1


async def test_those_who_ask_at_once_share_one_fetch(keys: Keys, server: KeyServer) -> None:
    server.hangs = True
    asking = [asyncio.create_task(keys.find("k1")) for _ in range(20)]
    await server.asked.wait()
    server.go_on.set()

    assert all(await asyncio.gather(*asking))
    assert server.fetched == 1


async def test_one_who_gives_up_takes_no_key_from_the_others(keys: Keys, server: KeyServer) -> None:
    server.hangs = True
    hasty, patient = asyncio.create_task(keys.find("k1")), asyncio.create_task(keys.find("k1"))
    await server.asked.wait()
    hasty.cancel()
    server.go_on.set()

    assert await patient is not None


async def test_a_server_that_hangs_holds_up_nobody_whose_key_is_known(keys: Keys, server: KeyServer) -> None:
    await keys.look()
    server.hangs, server.asked = True, asyncio.Event()
    waiting = asyncio.create_task(keys.find("k2"))
    await server.asked.wait()

    assert await keys.find("k1") is not None
    assert not waiting.done()
    server.go_on.set()
    await waiting


async def test_a_server_that_hangs_is_given_up(server: KeyServer, session: aiohttp.ClientSession) -> None:
    server.hangs = True
    keys = Keys(server.url, session, limit=0.01)

    assert await keys.find("k1") is None
    assert await keys.look() == "TimeoutError"


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[]", b"{}", b'{"keys": []}', b'{"keys": 7}', b"[" * 100_000, b'{"keys": [{"kty": "RSA"}]}'],
)
async def test_what_is_no_set_of_keys_takes_none_away(keys: Keys, server: KeyServer, body: bytes) -> None:
    await keys.look()
    server.body = body

    assert await keys.look()
    assert await keys.find("k1") is not None


@pytest.mark.parametrize("document", [{}, {"jwks_uri": 7}, {"jwks_uri": "file:///etc/keys"}])
async def test_a_document_that_leads_nowhere_is_refused(
    keys: Keys, server: KeyServer, document: dict[str, object]
) -> None:
    server.document = document

    assert await keys.look()
    assert not keys.known


def test_a_secure_address_never_leads_to_an_insecure_one() -> None:
    document = {"jwks_uri": "http://login.example/keys"}

    assert place_of_keys(document, told_by="http://127.0.0.1/openid") == "http://login.example/keys"
    with pytest.raises(Unfit):
        place_of_keys(document, told_by="https://login.example/openid")


async def test_no_redirect_is_followed(keys: Keys, server: KeyServer) -> None:
    server.status = 302

    assert await keys.look() == "status 302"


async def test_they_are_renewed_every_day_and_sooner_while_that_fails(
    server: KeyServer, session: aiohttp.ClientSession
) -> None:
    pauses = Pauses(most=5)
    keys = Keys(server.url, session, sleep=pauses)
    server.status = 503
    pauses_of_failures = [2.0, 4.0, 8.0, 16.0, 32.0]

    with pytest.raises(asyncio.CancelledError):
        await keys.run()
    assert pauses.slept == pauses_of_failures

    server.status = 200
    with pytest.raises(asyncio.CancelledError):
        await keys.run()
    assert pauses.slept == [*pauses_of_failures, DAY]


def test_one_odd_key_spoils_no_other() -> None:
    odd = [
        7,
        {},
        {"kid": "a", "kty": "EC"},
        {"kid": "b", "kty": "RSA"},
        {"kid": "c", "kty": "RSA", "n": "", "e": ""},
        {"kid": "d", "kty": "RSA", "n": 7, "e": []},
        {**jwk("e"), "kid": 7},
        {**jwk("f"), "use": "enc"},
        jwk("short", short_key()),
    ]
    unendorsed = json.loads(json.dumps({**jwk("k2"), "endorsements": None}))

    found = dict(keys_in({"keys": [*odd, jwk("k1"), unendorsed]}))

    assert list(found) == ["k1", "k2"]
    assert found["k2"].endorsements == frozenset()
