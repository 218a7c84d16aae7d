"""Pictures of an incident in Microsoft's Agents Playground, step by step, for the documentation.

    python -m tests.pictures.playground

Starts the Playground and Sitrep, plays Ana with presses on rendered cards, and draws
`docs/pictures/teams/playground-*.png`.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.rig import FLAGS
from tests.pictures.make import PICTURES
from tests.pictures.palette import fewer_colours
from tests.playground.rig import ANNOUNCED, GENERAL, Ana, Playground, opened

WIDE, HIGH = 1280, 860
STEPS = ("1-declare", "2-card", "3-nudge", "4-update", "5-resolve", "6-announced", "7-post")
TITLE = "INC-1 Checkout is down"


def picture(step: str) -> Path:
    """The file of a step."""
    assert step in STEPS
    return PICTURES / "teams" / f"playground-{step}.png"


def main() -> None:
    """Play and draw."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        playground = Playground(Path(folder))
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            playground.start()
            _play(opened(browser, playground, WIDE, HIGH))
        finally:
            browser.close()
            playground.stop()


def _play(ana: Ana) -> None:
    ana.types("declare")
    form = ana.sees("Declare incident")
    ana.fills(form, What_is_wrong="Checkout is down", Affected_services="checkout, payments")
    ana.chooses(form, "Critical")
    _draw(ana, "1-declare")
    ana.presses("Declare", form)
    ana.sees("INC-1 is open in")
    ana.types("status INC-1")
    card = ana.sees(TITLE, "nobody yet")
    ana.presses("Claim commander", card)
    expect(card).to_contain_text("Incident commanderAna Souza")
    _draw(ana, "2-card")
    nudge = ana.sees("Update on INC-1 is due in 30 minutes", within=15)
    _draw(ana, "3-nudge")
    ana.presses("Post update", nudge)
    composer = ana.sees("Post update: INC-1")
    ana.fills(
        composer,
        What_is_happening="About 4 in 10 card payments in Europe do not go through.",
        What_is_being_done="Release 5.8 is rolled back.",
        Who_is_affected="Customers who pay by card",
    )
    ana.chooses(composer, "1 h")  # the next reminder would redraw the page, and empty what is being filled in
    composer.evaluate("card => card.scrollIntoView({block: 'start'})")
    _draw(ana, "4-update")
    ana.presses("Publish", composer)
    ana.sees("Update 1 is out to internal")
    ana.types("status INC-1")
    ana.chooses_more("Resolve", ana.sees(TITLE, "Last update"))
    ending = ana.sees("Resolve INC-1")
    ana.fills(ending, How_was_it_resolved="Release 5.8 was rolled back.")
    ana.presses("Resolve", ending)
    expect(ending).to_contain_text("Say how it was checked")
    _draw(ana, "5-resolve")
    ana.fills(ending, How_was_it_verified="200 test payments went through.")
    ana.presses("Resolve", ending)
    ana.sees("Done: the card of INC-1 shows it.")
    ana.goes_to(ANNOUNCED)
    ana.sees("INC-1 Checkout is down is resolved")
    _draw(ana, "6-announced")
    ana.goes_to(GENERAL)
    ana.posts("declare high Search is slow")
    ana.presses("Claim commander", ana.sees("INC-2 Search is slow", "nobody yet"))
    ana.sees("Ana Souza is incident commander of INC-2.")
    _draw(ana, "7-post")


def _draw(ana: Ana, name: str) -> None:
    ana.page.mouse.move(0, 0)
    ana.page.wait_for_timeout(400)
    picture(name).write_bytes(fewer_colours(ana.page.screenshot()))


if __name__ == "__main__":
    main()
