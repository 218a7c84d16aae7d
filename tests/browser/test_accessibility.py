"""Nobody is kept out: axe-core's rules hold for the chat, a dialog and the gallery, in light and in dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.rig import ROOM, Window


@pytest.mark.parametrize("dark", [False, True])
def test_the_chat_and_a_dialog_break_no_rule(windows: Open, dark: bool) -> None:
    window = windows(dark=dark)
    assert window.violations() == []

    window.declares()
    window.types("/inc help")
    expect(window.log).to_contain_text("help WORD")
    window.types("ok, looking")
    expect(window.log).to_contain_text("ok, looking")
    assert window.violations() == []

    window.presses("Assign role", window.pinned)
    expect(window.dialog).to_be_visible()
    assert window.violations() == []
    window.presses("Back")

    window.box.fill("/inc ")
    expect(window.page.get_by_role("listbox", name="Suggestions").get_by_role("option").first).to_be_visible()
    assert window.violations() == []
    window.page.keyboard.press("Escape")

    window.pinned.get_by_role("button", name="More").click()
    expect(window.page.get_by_role("menuitem").first).to_be_visible()
    assert window.violations() == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_thread_and_a_phone_break_no_rule(windows: Open, dark: bool) -> None:
    windows().declares()
    window = windows("layla", dark=dark, width=360, height=740)
    window.log.get_by_role("button", name="Reply").first.click()
    expect(window.page.get_by_role("complementary", name="Thread")).to_be_visible()

    assert window.violations() == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_gallery_breaks_no_rule_and_shows_every_card(windows: Open, dark: bool) -> None:
    window: Window = windows(dark=dark)
    window.page.goto(f"{window.url}/gallery")
    expect(window.page.get_by_role("heading", name="card identified")).to_be_visible()

    assert window.page.get_by_role("heading", level=2).count() > 100
    assert window.violations() == []


def test_focus_goes_back_to_where_it_was_after_a_dialog(windows: Open) -> None:
    window = windows()
    window.declares()
    button = window.pinned.get_by_role("button", name="Assign role")
    button.focus()
    window.page.keyboard.press("Enter")
    expect(window.dialog).to_be_visible()

    window.page.keyboard.press("Escape")

    expect(window.dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_what_happens_meanwhile_takes_focus_from_nobody(windows: Open) -> None:
    window = windows()
    window.declares()
    places = [
        window.page.get_by_role("button", name="Leave"),
        window.page.get_by_text("1 person"),
        window.sidebar.get_by_role("link", name="stakeholders"),
    ]
    other = windows("ben", ROOM)
    for number, place in enumerate(places):
        place.focus()
        other.types(f"/inc note Line {number}")
        other.page.get_by_role("button", name="+1 min").click()
        expect(window.page.locator("#clock-ahead")).to_contain_text(f"{number + 1} min")
        expect(place).to_be_focused()


def test_an_edit_of_the_card_leaves_focus_on_its_button(windows: Open) -> None:
    window, other = windows(), None
    window.declares()
    window.pinned.get_by_role("button", name="Post update").focus()

    other = windows("ben", ROOM)
    other.presses("Claim commander", other.pinned)

    expect(window.pinned).to_contain_text("@Ben Hartmann")
    expect(window.pinned.get_by_role("button", name="Post update")).to_be_focused()
