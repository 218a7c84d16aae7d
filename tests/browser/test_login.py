"""With a password the chat opens to whoever knows it, in a real browser, which says more of where it comes from."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.rig import Sitrep, Window

PASSWORD = "correct horse"


def test_the_password_opens_the_chat_and_a_wrong_one_does_not(browser: Browser, tmp_path: Path) -> None:
    sitrep = Sitrep(tmp_path, settings={"SITREP_LOCAL_PASSWORD": PASSWORD})
    sitrep.start()
    context = browser.new_context()
    window = Window(context.new_page(), sitrep.url)
    window.expected.append("403")
    page = window.page
    try:
        page.goto(sitrep.url)
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("alert")).to_have_text("That is not the password.")

        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()

        expect(page.get_by_role("button", name="Declare a practice incident")).to_be_visible()
        window.declares()
        assert window.faults == []
    finally:
        context.close()
        sitrep.stop()
