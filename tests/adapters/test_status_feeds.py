"""Feeds as somebody else's parser reads them."""

from dataclasses import replace
from typing import Any

import feedparser
import pytest

from adapters.web.status.shown import Shown
from adapters.web.status.site import documents
from bot.events import Status
from tests.adapters.reading_html import read
from tests.adapters.status_rig import FULL, PAYLOADS, PAYMENTS, URL, shown, update

FEEDS = ("history.atom", "history.rss")


def parsed(what: Shown, name: str) -> Any:
    found: Any = feedparser.parse(documents(what)[name][1])
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_an_entry_for_each_incident_and_plan_the_last_changed_first(name: str) -> None:
    feed = parsed(FULL, name)

    assert feed.version == {"history.atom": "atom10", "history.rss": "rss20"}[name]
    assert feed.feed.title == "Larkfield status"
    assert [entry.title for entry in feed.entries] == [
        "Planned maintenance: Moving the help centre",
        "Card payments in Europe",
        "Planned maintenance: Renewed certificates",
        "Planned maintenance: A new database for sign-in",
        "Slow search",
        "Sign-in by text message",
    ]
    payments = next(entry for entry in feed.entries if entry.title == "Card payments in Europe")
    assert payments.link == f"{URL}/incidents/{PAYMENTS.id}"
    text = read(payments.summary if name.endswith("rss") else payments.content[0].value).text
    assert text.startswith("Identified , 23 Nov 2026, 09:20 UTC A faulty release is being rolled back.")
    assert "Next update by 23 Nov 2026, 09:40 UTC." in text


@pytest.mark.parametrize("name", FEEDS)
def test_an_entrys_id_stays_while_its_moment_moves(name: str) -> None:
    more = replace(PAYMENTS, updates=(*PAYMENTS.updates, update(7, 5, "Fixed for most.", Status.MONITORING)))

    (before,), (after,) = parsed(shown(PAYMENTS), name).entries, parsed(shown(more), name).entries

    assert before.id == after.id
    assert before.id.startswith("urn:uuid:")
    moved = "updated_parsed" if name.endswith("atom") else "published_parsed"
    assert after[moved] > before[moved]


def test_a_feed_of_nothing_is_one_all_the_same() -> None:
    assert [parsed(shown(), name).entries for name in FEEDS] == [[], []]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", FEEDS)
def test_hostile_text_is_text_in_a_feed(name: str, payload: str) -> None:
    bad = replace(PAYMENTS, headline=payload, updates=(replace(PAYMENTS.updates[0], words=payload),))

    (entry,) = parsed(shown(bad), name).entries

    text = entry.summary if name.endswith("rss") else entry.content[0].value
    assert {element for element, _ in read(text).elements} <= {"p", "strong"}
