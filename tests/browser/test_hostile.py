"""Whatever is typed is text: nothing of it runs, nothing of it becomes a mention, a link or markup, nothing is lost."""

import re
import unicodedata

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.rig import ROOM, Window

RUNS = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "\"><iframe srcdoc='<script>parent.ran=1</script>'>",
    "<a href=javascript:window.ran=1>x</a> javascript:window.ran=1",
    "<style>*{display:none}</style><b>bold</b>",
    "{{constructor.constructor('window.ran=1')()}} ${window.ran=1} `+window.ran=1+`",
    "<!channel> <!here> <@U1> <https://evil.example|https://good.example> <at>Ben</at>",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "</textarea></dialog></main><h1>gone</h1>",
)
LOOKS = (
    "שלום עולם, قاعدة البيانات متوقفة mixed with English",
    "e\u0301\u0323\u0302 combining \u0300" + "\u0301" * 40,
    "\u202egnp.exe\u202c and \u2066isolated\u2069",
    "zero\u200bwidth\u200djoiner 👩‍👩‍👧 🇩🇪 👍🏽",
    "\ufdfa ﷽ 日本語 한국어 हिन्दी",
)
LONG = "word " * 799 + "end"


def seen(text: str) -> str:
    """As it is kept: composed, without what turns the direction of writing, blanks at the ends gone."""
    kept = re.sub("[\u202a-\u202e\u2066-\u2069]", "", unicodedata.normalize("NFC", text))
    return kept.strip()


def nothing_ran(window: Window) -> None:
    assert window.page.evaluate("window.ran") is None
    assert window.page.evaluate("document.querySelectorAll('iframe, script:not([src]), style, b, svg').length") == 0
    assert window.page.evaluate("[...document.links].every(one => one.protocol.startsWith('http'))")


def test_a_message_is_shown_as_it_was_typed(windows: Open) -> None:
    window = windows()
    for number, text in enumerate((*RUNS, *LOOKS, LONG), start=1):
        window.types(text)

        shown = window.log.locator(".typed")
        expect(shown).to_have_count(number)
        assert unicodedata.normalize("NFC", shown.last.inner_text()).strip() == seen(text)
    nothing_ran(window)


def test_every_field_takes_hostile_words_as_words(windows: Open) -> None:
    everything = " ".join((*RUNS, *LOOKS))
    window = windows("ana")
    window.declares()
    window.goes_to("incidents")
    for number, text in enumerate((*RUNS, *LOOKS), start=2):
        window.types(f"/incident declare high {text}"[:110])
        expect(window.log).to_contain_text(f"INC-{number} is open")
    window.goes_to(ROOM)
    window.types("/inc claim commander")
    expect(window.pinned).to_contain_text("@Ana Souza")
    window.types(f"/inc note {everything}"[:3900])
    window.types(f"/inc services {everything}"[:900])

    window.presses("Post update", window.pinned)
    for box in window.dialog.get_by_role("textbox").all():
        box.fill(everything[: int(box.get_attribute("maxlength") or 3000)])
    window.presses("Publish", window.dialog)
    if window.dialog.count():
        for box in window.dialog.get_by_role("textbox").all():
            box.fill("x" if "next" in (box.get_attribute("name") or "") else everything[:900])
    nothing_ran(window)
    window.page.keyboard.press("Escape")
    window.types("/inc timeline")
    expect(window.log).to_contain_text("window.ran=1")
    window.goes_to("incidents")
    window.types("/inc list all")
    expect(window.log).to_contain_text("onerror")
    nothing_ran(window)
    nothing_ran(windows("layla"))
