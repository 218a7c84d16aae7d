"""What hands do: press twice, press what is far down, jump, follow a broken address, put things away."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.rig import ROOM

ON_TOP = """entries => entries.map(entry => {
    const at = entry.getBoundingClientRect();
    return entry.contains(document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2));
})"""
"""Whether a pointer would hit each of them as they stand now, without any scrolling."""


def test_every_entry_of_the_menu_can_be_pressed_wherever_the_card_is(windows: Open) -> None:
    window = windows()
    window.declares()
    for width, height in ((1280, 800), (1000, 500), (360, 740)):
        window.page.set_viewport_size({"width": width, "height": height})
        if not window.pinned.get_by_role("button", name="More").is_visible():
            window.page.get_by_text("Pinned card").click()
        window.pinned.get_by_role("button", name="More").click()
        entries = window.page.get_by_role("menuitem")
        assert entries.count() > 3
        assert entries.evaluate_all(ON_TOP) == [True] * entries.count()
        window.page.keyboard.press("Escape")


def test_a_card_that_is_edited_while_its_menu_is_open_keeps_focus_on_the_menus_button(windows: Open) -> None:
    window = windows()
    window.declares()
    window.pinned.get_by_role("button", name="More").click()
    expect(window.page.get_by_role("menuitem").first).to_be_focused()

    other = windows("ben", ROOM)
    other.types("/inc claim commander")

    expect(window.pinned).to_contain_text("@Ben Hartmann")
    expect(window.pinned.get_by_role("button", name="More")).to_be_focused()


def test_the_skip_link_leads_to_the_message_box_and_leaves_the_conversation(windows: Open) -> None:
    window = windows()
    window.goes_to("stakeholders")
    window.page.get_by_role("link", name="Skip to the message box").focus()

    window.page.keyboard.press("Enter")

    expect(window.box).to_be_focused()
    expect(window.page.get_by_role("heading", level=1)).to_contain_text("stakeholders")


def test_two_presses_at_once_are_one(windows: Open) -> None:
    window = windows()
    window.declares()

    window.pinned.get_by_role("button", name="Post update").dblclick()

    expect(window.dialog).to_have_count(1)
    window.page.keyboard.press("Escape")
    expect(window.dialog).to_have_count(0)


def test_an_address_that_is_broken_opens_the_chat_all_the_same(windows: Open) -> None:
    window = windows()

    window.page.goto(f"{window.url}/gallery")
    window.page.goto(f"{window.url}/?as=ana#%E0%A4%A")

    expect(window.page.get_by_role("heading", level=1)).to_contain_text("incidents")


def test_focus_goes_on_after_an_answer_is_put_away(windows: Open) -> None:
    window = windows()
    window.types("/inc help")
    window.log.get_by_role("button", name="Dismiss").focus()

    window.page.keyboard.press("Enter")

    expect(window.log).not_to_contain_text("help WORD")
    expect(window.box).to_be_focused()


def test_escape_puts_people_and_threads_away(windows: Open) -> None:
    window = windows()
    window.types("root")
    window.page.get_by_text("12 people").click()
    expect(window.page.locator(".members li").first).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.locator(".members li").first).to_be_hidden()

    window.log.get_by_role("button", name="Reply").click()
    window.page.get_by_role("button", name="Close thread").focus()
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("complementary", name="Thread")).to_be_hidden()


def test_all_words_are_offered(windows: Open) -> None:
    window = windows()

    window.box.press_sequentially("/incident ")

    expect(window.page.locator("#offers [role=option]").get_by_text(re.compile("^waive"))).to_have_count(1)


def test_a_new_message_is_heard_once_and_an_edit_not_at_all(windows: Open) -> None:
    window = windows()
    window.declares()
    other = windows("ben", ROOM)
    news = window.page.locator("#news")

    other.types("looking")
    expect(news).to_contain_text("Ben Hartmann: looking")
    other.types("/inc services checkout")
    expect(window.pinned).to_contain_text("Affected: checkout")

    expect(news).not_to_contain_text("Affected")


def test_a_tap_beside_the_drawer_closes_it(windows: Open) -> None:
    window = windows(width=360, height=740)
    window.page.get_by_role("button", name="Channels").click()
    expect(window.page.get_by_role("button", name="Channels")).to_have_attribute("aria-expanded", "true")

    window.page.mouse.click(345, 400)

    expect(window.page.get_by_role("button", name="Channels")).to_have_attribute("aria-expanded", "false")
