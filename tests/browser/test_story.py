"""The first minute, and the two hours after it, as people have them in the browser."""

import re
import time

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.rig import ROOM, Sitrep, Window

ANNOUNCED = "INC-1 Checkout is down"


def assign_comms(window: Window) -> None:
    window.presses("Assign role", window.pinned)
    window.dialog.get_by_label("Communications officer").check()
    window.dialog.get_by_label("Hana Nováková").check()
    window.presses("Assign", window.dialog)
    expect(window.pinned).to_contain_text("@Hana Nováková")


def publish(window: Window) -> None:
    window.fills(
        What_is_happening="About 4 in 10 card payments fail.",
        What_is_being_done="Release 5.8 is rolled back.",
        Who_is_affected="Customers in Europe",
        What_can_people="Bank transfer works meanwhile.",
    )
    window.presses("Publish", window.dialog)
    expect(window.dialog).to_have_count(0)


def test_an_incident_from_declare_to_close_by_two_people_in_two_windows(windows: Open) -> None:
    ana, hana = windows("ana"), windows("hana")
    ana.declares()
    expect(hana.log).to_contain_text(ANNOUNCED)
    hana.sees_not("Only you can see this")
    ana.presses("Claim commander", ana.pinned)
    expect(ana.log).to_contain_text("@Ana Souza is incident commander of INC-1.")

    assign_comms(ana)
    hana.goes_to("Sitrep")
    hana.sees("You are communications officer of INC-1")

    for _ in range(2):
        ana.page.get_by_role("button", name="To the next deadline").click()
        expect(ana.page.locator("#clock-next")).to_be_enabled()
    hana.sees("Update on INC-1 is due in 5 minutes")
    ana.sees_not("is due in 5 minutes")
    expect(ana.page.locator("#clock-ahead")).to_contain_text("turned ahead by 25 min")
    expect(hana.page.locator("#clock-ahead")).to_contain_text("turned ahead by 25 min")

    hana.presses("Post update on INC-1")
    publish(hana)
    expect(ana.log).to_contain_text("Update 1 on INC-1 Checkout is down")
    expect(ana.pinned).to_contain_text("Last update")
    hana.sees("Update 1 came at")
    hana.sees_not("is due in 5 minutes")

    ana.chooses_more("Resolve on INC-1")
    ana.fills(How_was_it_resolved="Release 5.8 was rolled back.")
    ana.presses("Resolve", ana.dialog)
    expect(ana.dialog).to_contain_text("Say how")
    ana.fills(How_was_it_verified="200 test payments went through.")
    final = ana.dialog.get_by_label(re.compile("^Words for", re.IGNORECASE))
    for number in range(final.count()):
        final.nth(number).fill("Card payments work again. 200 test payments went through.")
    ana.presses("Resolve", ana.dialog)
    expect(ana.dialog).to_have_count(0)
    expect(ana.pinned).to_contain_text("Resolved at")

    ana.presses("Close on INC-1", ana.pinned)
    expect(ana.pinned).to_contain_text("Closed at")
    expect(ana.sidebar).to_contain_text("Ended (1)")
    expect(ana.page.locator("#guide")).to_be_hidden()


def test_the_role_of_who_speaks_stands_beside_their_name(windows: Open) -> None:
    ana = windows("ana")
    ana.declares()
    ana.types("who leads?")
    expect(ana.log.get_by_role("article", name=re.compile("Ana Souza"))).not_to_contain_text("Incident commander")

    ana.presses("Claim commander", ana.pinned)

    expect(ana.log.get_by_role("article", name=re.compile("Ana Souza"))).to_contain_text("Incident commander")


def test_times_stand_in_each_persons_own_zone(windows: Open) -> None:
    ana, tui = windows("ana"), windows("tui")
    ana.declares()
    ana.goes_to("incidents")

    def promised(window: Window) -> tuple[str, str]:
        words = window.log.get_by_text("Next update by").last
        expect(words).to_be_visible()
        found = re.search(r"Next update by (\d\d:\d\d) \((\d\d:\d\d) UTC\)", words.inner_text())
        assert found, words.inner_text()
        return found[1], found[2]

    (here, utc), (there, same) = promised(ana), promised(tui)

    assert utc == same
    minutes = [int(one[:2]) * 60 + int(one[3:]) for one in (here, there, utc)]
    assert (minutes[2] - minutes[0]) % 1440 == 180
    assert (minutes[1] - minutes[2]) % 1440 in {765, 825}


def test_a_private_incident_is_nowhere_for_others(windows: Open) -> None:
    ana, ben = windows("ana"), windows("ben")
    ana.types("/incident declare private critical Somebody reads our mail")
    expect(ana.sidebar).to_contain_text("inc-1")
    ana.goes_to("inc-1")
    ana.types("between us")
    expect(ana.log).to_contain_text("between us")

    ben.types("/inc status INC-1")

    ben.sees("There is no INC-1 that you can see")
    ben.sees_not("reads our mail", "between us")
    expect(ben.sidebar.get_by_role("link", name=re.compile("inc-1"))).to_have_count(0)
    ben.page.goto(f"{ben.url}/?as=ben#inc-1")
    expect(ben.page.get_by_role("heading", level=1)).to_contain_text("incidents")

    ana.types("/inc role comms @ben")
    expect(ben.sidebar.get_by_role("link", name=re.compile("inc-1"))).to_have_count(1)


def test_being_somebody_else_is_one_choice(windows: Open) -> None:
    window = windows("ana")
    window.types("/inc help")
    expect(window.log).to_contain_text("help WORD")

    window.page.get_by_label("You are").select_option("layla")

    expect(window.page.get_by_label("You are")).to_have_value("layla")
    expect(window.page.get_by_role("button", name="Send")).to_be_visible()
    window.sees_not("help WORD")
    assert "as=layla" in window.page.url


def test_words_are_offered_as_one_types(windows: Open) -> None:
    window = windows()
    window.box.press_sequentially("/in")
    expect(window.page.locator("#offers [role=option]")).to_have_count(1)
    window.page.keyboard.press("Tab")
    expect(window.page.locator("#offers").get_by_text("Declares an incident")).to_be_visible()
    window.box.press_sequentially("decla")
    expect(window.page.locator("#offers [role=option]")).to_have_count(1)
    window.page.keyboard.press("Enter")
    window.box.press_sequentially("critical Checkout is down, says @ha")
    window.page.keyboard.press("Tab")

    expect(window.box).to_have_value("/incident declare critical Checkout is down, says @hana ")


def test_by_keyboard_alone(windows: Open) -> None:
    window = windows()
    press, type_ = window.page.keyboard.press, window.page.keyboard.type

    expect(window.box).to_be_focused()
    type_("/incident declare critical Checkout is down")
    press("Enter")
    expect(window.sidebar).to_contain_text(ROOM)
    for _ in range(60):
        press("Shift+Tab")
        if window.page.evaluate("document.activeElement.getAttribute('href')") == f"#{ROOM}":
            break
    press("Enter")
    expect(window.page.get_by_role("heading", level=1)).to_contain_text(ROOM)
    expect(window.pinned).to_contain_text("Incident commander")

    def tab_to(label: str) -> None:
        for _ in range(60):
            press("Tab")
            if label == window.page.evaluate(
                "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
            ):
                return
        raise AssertionError(f"{label} cannot be reached")

    window.box.focus()
    for _ in range(30):
        press("Shift+Tab")
    tab_to("Claim commander on INC-1")
    press("Enter")
    expect(window.pinned).to_contain_text("@Ana Souza")

    tab_to("More ▾")
    window.page.wait_for_timeout(2000)  # an edit of the card that is still on its way would close the menu
    press("Enter")
    expect(window.page.get_by_role("menuitem").first).to_be_focused()
    for _ in range(10):
        if window.page.evaluate("document.activeElement.textContent") == "Resolve":
            break
        press("ArrowDown")
    press("Enter")
    expect(window.dialog).to_be_visible()
    type_("Rolled back.")
    press("Tab")
    type_("200 test payments went through.")
    tab_to("Resolve")
    press("Enter")
    expect(window.dialog).to_have_count(0)
    expect(window.pinned).to_contain_text("Resolved at")


def test_on_a_phone(windows: Open) -> None:
    window = windows("ben", width=360, height=740)
    page = window.page

    def fits() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        box = window.box.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740

    fits()
    window.declares()
    fits()
    window.presses("Claim commander", window.pinned)
    page.get_by_text("Pinned card").click()
    fits()
    page.get_by_text("Pinned card").click()
    expect(window.pinned).to_contain_text("@Ben Hartmann")
    window.presses("Post update", window.pinned)
    expect(window.dialog).to_be_visible()
    publish(window)
    fits()
    page.get_by_role("button", name="Channels").click()
    window.sidebar.get_by_role("link", name=re.compile("incidents")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("incidents")
    window.log.get_by_role("button", name=re.compile("1 reply")).click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Update 1")
    page.get_by_role("button", name="Close thread").click()
    fits()


def test_a_restart_under_an_open_page_shows_what_happened_meanwhile_once(windows: Open, sitrep: Sitrep) -> None:
    ana, ben = windows("ana"), windows("ben")
    for window in (ana, ben):
        window.expected += ["ERR_CONNECTION_REFUSED", "WebSocket connection"]
    ana.types("before")
    expect(ben.log).to_contain_text("before")

    sitrep.stop()
    expect(ben.page.locator("#status")).to_contain_text("Reconnecting")
    sitrep.start()
    back = time.monotonic()
    ana.types("after")

    expect(ben.log).to_contain_text("after", timeout=5_000)
    print(f"shown {time.monotonic() - back:.1f} s after Sitrep was back")
    expect(ben.page.locator("#status")).to_have_text("")
    expect(ben.log.get_by_text("before", exact=True)).to_have_count(1)
    expect(ben.log.get_by_text("after", exact=True)).to_have_count(1)


def test_unread_marks_threads_and_leaving(windows: Open) -> None:
    ana, ben = windows("ana"), windows("ben")
    ben.goes_to("stakeholders")
    ana.types("anybody here?")
    expect(ben.sidebar.get_by_role("link", name=re.compile("incidents.*1 unread"))).to_be_visible()

    ben.goes_to("incidents")
    expect(ben.sidebar.get_by_role("link", name=re.compile("unread"))).to_have_count(0)
    ben.log.get_by_role("button", name="Reply").click()
    reply = ben.page.get_by_role("textbox", name="Reply")
    reply.fill("here")
    reply.press("Enter")
    expect(ben.page.get_by_role("log", name="Replies")).to_contain_text("here")
    expect(ana.log.get_by_role("button", name="1 reply")).to_be_visible()

    ben.page.get_by_role("button", name="Leave").click()
    expect(ben.page.get_by_role("button", name="Join")).to_be_visible()


def test_what_was_typed_waits_for_whoever_comes_back(windows: Open) -> None:
    window = windows()
    window.box.fill("half a thought")
    window.goes_to("stakeholders")
    expect(window.box).to_have_value("")
    window.goes_to("incidents")

    expect(window.box).to_have_value("half a thought")


def test_a_fresh_start_has_nothing_in_it(windows: Open, sitrep: Sitrep) -> None:
    window = windows()
    for part in ("ERR_CONNECTION_REFUSED", "WebSocket connection"):
        window.expected.append(part)
    window.declares()
    window.page.get_by_role("button", name="+5 min").click()
    expect(window.page.locator("#clock-ahead")).to_contain_text("5 min")

    sitrep.stop()
    sitrep.start("--fresh")

    expect(window.page.get_by_role("button", name="Declare a practice incident")).to_be_visible()
    expect(window.page.locator("#clock-ahead")).to_have_text("")
