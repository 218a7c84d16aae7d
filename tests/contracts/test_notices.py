"""Notices in the outbox: kept with the order, of no account to chats, and tokens by which ways find their thread."""

import json
from dataclasses import replace

from bot.notices import Kind, Notice
from bot.posts import Post, ToAudience
from storage.codec import decode_order, encode_order
from storage.database import Database
from tests.contracts.given import AT, an_incident, claim, post, say, send_all

NOTICE = Notice(about=Kind.UPDATE, headline="INC-42", status="identified", number=42, next_at=AT, services=("shop",))


def told(key: str, notice: Notice | None = NOTICE, audience: str = "stakeholders", text: str = "It is down.") -> Post:
    return replace(post(key, text, ToAudience(name=audience)), notice=notice)


def test_a_notice_is_kept_with_its_order() -> None:
    assert decode_order(encode_order(told("update-1"))) == told("update-1")


def test_an_order_of_an_earlier_release_has_none() -> None:
    data = json.loads(encode_order(told("update-1")))
    del data["notice"]

    assert decode_order(json.dumps(data)) == told("update-1", None)


def test_another_notice_alone_edits_nothing_that_was_sent(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, told("announcement"))
    send_all(database)

    say(database, incident, told("announcement", replace(NOTICE, status="monitoring")))
    assert claim(database) == ()

    say(database, incident, told("announcement", text="It is up."))
    assert {delivery.ref for delivery in claim(database)} == {"ref-announcement"}


def test_what_waits_takes_the_newer_notice(database: Database) -> None:
    incident = an_incident(database)
    say(database, incident, told("announcement"))

    newer = replace(NOTICE, status="monitoring")
    say(database, incident, told("announcement", newer))

    orders = [delivery.order for delivery in claim(database)]
    assert [order.notice for order in orders if isinstance(order, Post)] == [newer, newer]


def test_all_that_one_audience_is_told_of_one_incident_has_one_thread_token(database: Database) -> None:
    first, second = an_incident(database, 42), an_incident(database, 43)
    say(database, first, told("update-1"), told("update-2"), told("card", audience="internal"))
    say(database, second, told("update-1"))

    found = send_all(database)

    threads: dict[tuple[int, str], set[str]] = {}
    for one in found:
        assert isinstance(one.order, Post)
        assert isinstance(one.order.to, ToAudience)
        threads.setdefault((one.incident, one.order.to.name), set()).add(one.thread_token)
    assert [len(tokens) for tokens in threads.values()] == [1, 1, 1]
    assert len({token for tokens in threads.values() for token in tokens}) == 3
    assert len({one.token for one in found}) == len(found)
    assert not {one.token for one in found} & {one.thread_token for one in found}
