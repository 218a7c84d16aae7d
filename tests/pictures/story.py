"""Pictures of an incident in the try-out chat, step by step, for the documentation.

    python -m tests.pictures.story

Starts Sitrep without a chat account, plays Ana and Hana in two windows, and draws `docs/pictures/try-*.png`.
"""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM, Open
from tests.browser.rig import FLAGS, Sitrep, Window
from tests.browser.test_story import assign_comms
from tests.pictures.make import PICTURES
from tests.pictures.palette import fewer_colours

WIDE, HIGH = 1180, 740
STEPS = (
    "1-start",
    "2-declared",
    "3-assign",
    "4-nudged",
    "5-update",
    "6-updated",
    "7-resolve",
    "8-closed",
    "9-phone",
)


def picture(step: str) -> Path:
    """The file of a step."""
    assert step in STEPS
    return PICTURES / f"try-{step}.png"


def main() -> None:
    """Play and draw."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        sitrep = Sitrep(Path(folder))
        sitrep.start()
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            _play(Open(browser, sitrep))
        finally:
            browser.close()
            sitrep.stop()


def _play(windows: Open) -> None:
    ana, hana = windows("ana", width=WIDE, height=HIGH), windows("hana", width=WIDE, height=HIGH)
    _draw(ana, "1-start")
    ana.declares()
    ana.presses("Claim commander", ana.pinned)
    expect(ana.log).to_contain_text("is incident commander of INC-1.")
    _draw(ana, "2-declared")
    ana.presses("Assign role", ana.pinned)
    ana.dialog.get_by_label("Communications officer").check()
    ana.dialog.get_by_label("Hana Nováková").check()
    _draw(ana, "3-assign")
    ana.presses("Back", ana.dialog)
    assign_comms(ana)
    hana.goes_to("Sitrep")
    for _ in range(2):
        ana.page.locator("#clock-next").click()
        expect(ana.page.locator("#clock-next")).to_be_enabled()
    hana.sees("Update on INC-1 is due in 5 minutes")
    _draw(hana, "4-nudged")
    hana.presses("Post update on INC-1")
    hana.fills(
        What_is_happening="About 4 in 10 card payments in Europe do not go through.",
        What_is_being_done="Release 5.8 is rolled back.",
        Who_is_affected="Customers who pay by card",
        What_can_people="Bank transfer works meanwhile.",
    )
    _draw(hana, "5-update")
    hana.presses("Publish", hana.dialog)
    expect(ana.log).to_contain_text("Update 1 on INC-1")
    _draw(ana, "6-updated")
    ana.chooses_more("Resolve on INC-1")
    ana.fills(How_was_it_resolved="Release 5.8 was rolled back.", How_was_it_verified="200 test payments went through.")
    final = ana.dialog.get_by_label(re.compile("^Words for", re.IGNORECASE))
    for number in range(final.count()):
        final.nth(number).fill("Card payments work again. 200 test payments went through.")
    _draw(ana, "7-resolve")
    ana.presses("Resolve", ana.dialog)
    expect(ana.pinned).to_contain_text("Resolved at")
    ana.presses("Close on INC-1", ana.pinned)
    expect(ana.pinned).to_contain_text("Closed at")
    ana.types("/inc timeline")
    expect(ana.log).to_contain_text("Only you can see this")
    _draw(ana, "8-closed")
    phone = windows("ben", width=360, height=740)
    _draw(phone, "9-phone")


def _draw(window: Window, name: str) -> None:
    window.page.wait_for_timeout(400)
    picture(name).write_bytes(fewer_colours(window.page.screenshot()))


if __name__ == "__main__":
    main()
