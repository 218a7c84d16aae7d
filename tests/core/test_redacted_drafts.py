"""An update that waits for approval, and words in it that are redacted."""

from dataclasses import replace

from bot.cards import Names
from bot.events import UpdateDrafted
from bot.plain import plain_text
from bot.posts import Post
from tests.core.drafting import CAREFUL
from tests.core.reading_along import Desk
from tests.scenario import at


def desk_of(words: str = "critical Checkout is down") -> Desk:
    """An incident whose updates to customers wait for its commander."""
    desk = Desk(policy=replace(CAREFUL, required={}))
    desk.declare("10:00", words)
    desk.say("10:01", "hana", "claim comms", number=1)
    return desk


def said(desk: Desk) -> str:
    posts = [row.order.card for row in desk.store.data.rows if isinstance(row.order, Post)]
    return " ".join(plain_text(card, at("10:20"), Names()) for card in posts)


def test_a_draft_whose_words_are_redacted_waits_no_more_and_its_promise_stands() -> None:
    desk = desk_of()
    desk.submit("10:05", "hana", "update", to="customers", what="Cards fail.", words="Mr Kent cannot pay", next="30m")
    entry = next(one.version for one in desk.store.data.logs[1] if isinstance(one.event, UpdateDrafted))
    promises = desk.incident().promises

    desk.say("10:10", "ben", f"redact {entry} a name", number=1)

    after = desk.incident()
    assert (after.drafts, after.unsaid, after.promises) == ((), {}, promises)
    assert "Mr Kent" not in said(desk) + str(desk.store.data.logs)
    assert "Update 1 to customers on INC-1 waits no more: its words were redacted." in said(desk)


def test_a_draft_that_says_something_else_waits_on() -> None:
    desk = desk_of("critical Mr Kent cannot pay")
    desk.submit("10:05", "hana", "update", to="customers", what="Cards fail.", words="Some fail.", next="30m")
    waiting = desk.incident().drafts

    desk.say("10:10", "ben", "redact 1 a name", number=1)

    assert desk.incident().drafts == waiting != ()
