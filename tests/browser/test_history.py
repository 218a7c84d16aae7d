"""What was said long ago stays where it was said, and can be read; what is unread is counted once."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.rig import ROOM, Sitrep


def order(texts: list[str]) -> list[int]:
    return [int(found[1]) for text in texts if (found := re.fullmatch(r"line (\d+)", text))]


def test_show_earlier_goes_back_to_the_beginning_of_a_room(windows: Open) -> None:
    window = windows()
    window.declares()
    window.lines(ROOM, 1, 120)
    window = windows("dee", ROOM)
    expect(window.pinned).to_contain_text("Incident commander")
    expect(window.log.locator(".typed").last).to_have_text("line 120")

    for count in (100, 120):
        window.presses("Show earlier")
        expect(window.log.locator(".typed")).to_have_count(count)

    expect(window.page.get_by_role("button", name="Show earlier")).to_have_count(0)
    assert order(window.log.locator(".typed").all_inner_texts()) == list(range(1, 121))


def test_an_edit_of_an_old_message_is_no_news(windows: Open) -> None:
    window = windows()
    window.declares()
    window.lines("incidents", 1, 70)
    dee = windows("dee", "incidents")
    expect(dee.log.locator(".typed").last).to_have_text("line 70")

    window.types("/inc title Checkout fails in Europe")
    expect(window.pinned).to_contain_text("Checkout fails in Europe")
    window.goes_to("incidents")
    window.types("line 71")

    expect(dee.log.locator(".typed").last).to_have_text("line 71")
    expect(dee.log).not_to_contain_text("Checkout fails in Europe")
    dee.presses("Show earlier")
    expect(dee.log).to_contain_text("Checkout fails in Europe")
    assert order(dee.log.locator(".typed").all_inner_texts()) == list(range(1, 72))


def test_what_came_while_a_page_was_away_is_counted_once(windows: Open, sitrep: Sitrep) -> None:
    ana, ben = windows("ana"), windows("ben")
    ben.goes_to("stakeholders")
    for window in (ana, ben):
        window.expected += ["ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED", "WebSocket connection"]
    ana.lines("incidents", 1, 2, who="ana")
    expect(ben.sidebar).to_contain_text("2 unread")

    ben.page.context.set_offline(True)
    sitrep.stop()
    sitrep.start()
    ana.lines("incidents", 3, 7, who="ana")
    ben.page.context.set_offline(False)

    expect(ben.sidebar).to_contain_text("7 unread")
    ana.lines("incidents", 8, 8, who="ana")
    expect(ben.sidebar).to_contain_text("8 unread")


def test_a_conversation_that_could_not_be_read_is_read_when_it_can(windows: Open) -> None:
    window = windows()
    window.expected += ["net::ERR_FAILED"]
    window.lines("stakeholders", 1, 3)
    window.page.route("**/local/messages**", lambda route: route.abort())
    window.goes_to("stakeholders")
    window.page.unroute("**/local/messages**")

    window.page.get_by_role("button", name="+1 min").click()

    expect(window.log.locator(".typed")).to_have_count(3)


def test_an_address_that_names_nothing_is_put_right(windows: Open) -> None:
    window = windows("ana", "no-such-room")

    expect(window.page.get_by_role("heading", level=1)).to_contain_text("incidents")
    assert window.page.url.endswith("#incidents")


def test_words_that_did_not_arrive_come_back_before_those_typed_since(windows: Open) -> None:
    window = windows()
    window.expected += ["net::ERR_FAILED"]
    window.page.route("**/local/say", lambda route: route.abort())
    window.box.fill("first")
    window.page.keyboard.press("Enter")
    window.box.fill("second")

    expect(window.box).to_have_value("first\nsecond")


def test_arrow_keys_pass_people_by_and_enter_says_who_one_is(windows: Open) -> None:
    window = windows()
    expect(window.box).to_be_focused()  # the last thing a page does when it begins
    you = window.page.get_by_label("You are")
    you.focus()
    for _ in range(3):
        window.page.keyboard.press("ArrowDown")
    assert "as=ana" in window.page.url

    window.page.keyboard.press("Enter")

    expect(window.page.get_by_label("You are")).to_have_value("dee")
    expect(window.page.get_by_label("You are")).to_be_focused()


def test_behind_a_thread_that_covers_the_page_nothing_can_be_reached(windows: Open) -> None:
    windows().declares()
    window = windows("ben", width=360, height=740)
    window.log.get_by_role("button", name="Reply").first.click()
    thread = window.page.get_by_role("complementary", name="Thread")
    expect(thread).to_be_visible()

    for _ in range(12):
        window.page.keyboard.press("Tab")
        assert window.page.evaluate(
            "document.activeElement === document.body || !document.activeElement.closest('.top, .sidebar, .main')"
        )
    window.page.keyboard.press("Escape")
    window.page.get_by_role("button", name="Close thread").click() if thread.is_visible() else None
    expect(window.box).to_be_visible()
    window.box.fill("reachable again")


def test_the_message_box_can_be_reached_at_any_zoom(windows: Open) -> None:
    window = windows()
    window.declares()
    for width, height in ((640, 400), (320, 256)):
        window.page.set_viewport_size({"width": width, "height": height})
        window.box.scroll_into_view_if_needed()
        box = window.box.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width


def test_leaving_a_private_room_asks_first(windows: Open) -> None:
    window = windows()
    window.types("/incident declare private critical Somebody reads our mail")
    window.goes_to("inc-1")

    window.presses("Leave")
    window.presses("Stay", window.dialog)
    expect(window.page.get_by_role("heading", level=1)).to_contain_text("inc-1")
    window.presses("Leave")
    window.presses("Leave the room", window.dialog)

    expect(window.sidebar).not_to_contain_text("inc-1")
    assert window.page.url.endswith("#incidents")
