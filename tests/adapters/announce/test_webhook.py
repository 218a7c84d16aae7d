"""Signed webhooks: what a receiver reads, what its answers mean, and that a repeat is known as one."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from adapters.announce.reach import Outside
from adapters.announce.webhook import LONGEST_BODY, Webhook, payload, signature
from adapters.sinks import SendFailed
from bot.cards import line
from config.announce_settings import WebhookSettings
from tests.adapters.announce.rig import FOR_CUSTOMERS, said
from tests.receivers.hook import Hook
from tests.receivers.troubles import Trouble

SECRET = f"whsec_{base64.b64encode(b'a secret of thirty-two bytes here').decode()}"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook(secret=SECRET)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def way(hook: Hook) -> AsyncIterator[Webhook]:
    hosts = (f"127.0.0.1:{hook.port}",)
    made = Webhook(settings=WebhookSettings(secret=SecretStr(SECRET), hosts=hosts), outside=Outside(hosts=hosts))
    yield made
    await made.close()


async def failed(way: Webhook, url: str, **more: object) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await way.tell(said(url, **more))  # type: ignore[arg-type]
    return caught.value


async def test_a_receiver_reads_what_happened_and_can_prove_who_says_so(hook: Hook, way: Webhook) -> None:
    await way.tell(said(f"{hook.url}/in?key=x"))

    (found,) = hook.messages
    assert hook.refused == []
    assert (found["version"], found["type"], found["id"]) == (1, "incident.update", "token-1")
    assert (found["audience"], found["update"], found["final"]) == ("stakeholders", 1, False)
    assert found["next_update_at"] == "2026-11-23T10:50:00Z"
    assert found["incident"]["number"] == 42
    assert found["paragraphs"][0] == "Orders fail for some shoppers."


async def test_another_secret_is_another_signature(hook: Hook, way: Webhook) -> None:
    other = replace(way, settings=replace(way.settings, secret=SecretStr("another")))

    refused = await failed(other, hook.url)

    assert refused.permanent
    assert hook.refused == ["wrongly signed"]
    assert signature("whsec_%", "a", "1", b"") == signature("whsec_%", "a", "1", b"")


async def test_a_repeat_has_the_same_id_and_another_time(hook: Hook, way: Webhook) -> None:
    hook.trouble = Trouble("drop_after")
    refused = await failed(way, hook.url)

    assert await way.find(said(hook.url)) is None
    await way.tell(said(hook.url))

    assert refused.outcome_unknown
    assert (len(hook.messages), hook.repeats) == (1, 1)


@pytest.mark.parametrize(
    ("status", "permanent", "waits", "unknown"),
    [
        ("429", False, True, False),
        ("500", False, False, True),
        ("502", False, False, True),
        ("408", False, False, True),
        ("400", True, False, False),
        ("404", True, False, False),
        ("410", True, False, False),
        ("302", True, False, False),
        ("drop_before", False, False, True),
    ],
)
async def test_what_an_answer_means(
    hook: Hook, way: Webhook, status: str, permanent: bool, waits: bool, unknown: bool
) -> None:
    hook.trouble = Trouble(status, seconds=9)

    refused = await failed(way, f"{hook.url}/secret-path")

    assert (refused.permanent, refused.retry_after is not None, refused.outcome_unknown) == (permanent, waits, unknown)
    assert "secret" not in refused.reason


async def test_a_receiver_that_is_not_there_is_tried_again(hook: Hook, way: Webhook) -> None:
    await hook.stop()

    refused = await failed(way, hook.url)

    assert (refused.permanent, refused.outcome_unknown) == (False, False)


async def test_a_message_beyond_all_measure_is_not_sent(hook: Hook, way: Webhook) -> None:
    refused = await failed(way, hook.url, card=line("x" * LONGEST_BODY))

    assert refused.permanent
    assert hook.seen == 0


def test_customers_message_names_no_number_and_no_priority() -> None:
    found = payload(said("https://a.example", FOR_CUSTOMERS))

    assert (found["incident"]["number"], found["incident"]["priority"]) == (None, None)
    assert "detected_at" in found["incident"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:pw@hooks.example.com/T0/secret?k=v", "The webhook at hooks.example.com"),
        ("https://[::1", "The webhook at …"),
        ("https://", "The webhook at …"),
    ],
)
def test_only_the_host_is_shown(way: Webhook, address: str, shown: str) -> None:
    assert way.shown(address) == shown
