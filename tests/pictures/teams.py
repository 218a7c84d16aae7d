"""Pictures of every card and form in Teams, drawn by Microsoft's own renderer from the real payloads.

    python -m tests.pictures.teams                              # those whose payload changed, into docs/
    python -m tests.pictures.teams --all                        # every one
    python -m tests.pictures.teams card=card.png --width 360    # some, elsewhere

A name is one of the gallery's cards, or `form-` and one of its forms. Needs Chromium and the packages of
`tests/package.json`.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from adapters.teams.forms import dialog
from adapters.teams.render import message
from adapters.teams.spans import Setting
from tests.adapters.teams.reading import IDENTITIES, TEAMS_NAMES, TENANT
from tests.gallery import FORMS, GALLERY, MOMENTS
from tests.pictures.make import CHROMIUM, FLAGS, HERE, ZONE
from tests.pictures.palette import fewer_colours
from tests.samples.world import NOW

FOLDER = Path("docs") / "pictures" / "teams"
DRAWN = FOLDER / "drawn.json"
"""By picture, a digest of the payload it shows."""
WIDTH = 560
PACKAGES = HERE.parent / "node_modules"
SCRIPTS = (
    PACKAGES / "markdown-it" / "dist" / "markdown-it.min.js",
    PACKAGES / "adaptivecards" / "dist" / "adaptivecards.min.js",
    HERE / "teams.js",
)
STYLE = PACKAGES / "adaptivecards" / "dist" / "adaptivecards.css"
FRAME = """
body { margin: 0; background: #f5f5f5; color: #242424;
  font: 14px/20px "Segoe UI", "DejaVu Sans", "Noto Color Emoji", sans-serif; }
#picture { padding: 16px 20px; box-sizing: border-box; }
.who { font-size: 12px; color: #616161; margin-bottom: 4px; }
.card, .dialog { background: #fff; border: 1px solid #e0e0e0; border-radius: 4px; overflow: hidden; }
.dialog h1 { font-size: 18px; margin: 0; padding: 16px 16px 4px; }
.ac-textBlock p { margin: 0 0 8px; } .ac-textBlock p:last-child { margin: 0; }
.ac-textBlock { white-space: normal; }
.mention, .ac-adaptiveCard a { color: #5b5fc7; text-decoration: none; }
.ac-pushButton { font: inherit; font-weight: 600; background: #fff; border: 1px solid #d1d1d1; border-radius: 4px;
  padding: 5px 12px; margin: 2px 0; color: #242424; }
.ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff; }
.ac-pushButton.style-destructive { color: #c4314b; }
.ac-input { font: inherit; border: 1px solid #d1d1d1; border-radius: 4px; padding: 5px; }
"""

Payload = Mapping[str, Any]


def payload(name: str) -> Payload:
    """What Teams is sent for one card, or for `form-` and a form. Raises KeyError for a name that is none."""
    if name in GALLERY:
        return message(GALLERY[name], MOMENTS[name], TEAMS_NAMES, Setting(tenant=TENANT))
    people = tuple((identity, TEAMS_NAMES.people[person]) for person, identity in IDENTITIES.items())
    return dialog(FORMS[name.removeprefix("form-")], NOW, TEAMS_NAMES, Setting(tenant=TENANT, people=people))


def digests() -> dict[str, str]:
    """By picture, a digest of what Teams is sent."""
    return {name: _digest(payload(name)) for name in (*GALLERY, *(f"form-{form}" for form in FORMS))}


def kept() -> list[Path]:
    """The pictures of this script; others are of `tests.pictures.playground`."""
    return [path for path in FOLDER.glob("*.png") if not path.name.startswith("playground-")]


def pictures(wanted: Mapping[str, Path], width: int = WIDTH, scale: int = 1) -> None:
    """Draw each name into its file, that many CSS pixels wide, each `scale` pixels."""
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as profile:
        browser = driver.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=list(FLAGS),
            viewport={"width": width, "height": 400},
            device_scale_factor=scale,
            timezone_id=ZONE,
            locale="en-GB",
        )
        sheet = browser.new_page()
        for name, path in wanted.items():
            path.write_bytes(fewer_colours(_shoot(sheet, payload(name))))
        browser.close()


def _shoot(sheet: Page, found: Payload) -> bytes:
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style><style>{FRAME}</style>"
    sheet.set_content(
        f'<!doctype html><meta charset="utf-8">{style}<body><div id="picture">{_framed(found)}</div></body>'
    )
    for script in SCRIPTS:
        sheet.add_script_tag(path=script)
    sheet.evaluate("content => window.draw({piece: content})", _content(found))
    return sheet.locator("#picture").screenshot()


def _content(found: Payload) -> Any:
    return found["card"]["content"] if "card" in found else found["attachments"][0]["content"]


def _framed(found: Payload) -> str:
    if "card" in found:
        return f'<div class="dialog"><h1>{escape(found["title"])}</h1><div id="piece"></div></div>'
    return '<div class="who">Sitrep</div><div class="card" id="piece"></div>'


def _digest(found: Payload) -> str:
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def _refresh(*, everything: bool) -> None:
    """Draw what changed, and take away what is no longer said."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    before = json.loads(DRAWN.read_text(encoding="utf-8")) if DRAWN.exists() and not everything else {}
    now = digests()
    changed = [name for name, digest in now.items() if before.get(name) != digest]
    pictures({name: FOLDER / f"{name}.png" for name in changed})
    for path in kept():
        if path.stem not in now:
            path.unlink()
    DRAWN.write_text(f"{json.dumps(now, indent=1)}\n", encoding="utf-8")
    print(f"{len(changed)} pictures drawn")


def main(arguments: list[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tests.pictures.teams", description="Draw what people see in Teams.")
    parser.add_argument("pictures", nargs="*", metavar="NAME=FILE.png")
    parser.add_argument("--all", action="store_true", help="draw every picture anew")
    parser.add_argument("--width", type=int, default=WIDTH, help="in CSS pixels; a phone has 360")
    asked = parser.parse_args(arguments)
    named = dict(one.split("=", 1) for one in asked.pictures)
    if named:
        pictures({name: Path(path) for name, path in named.items()}, asked.width, scale=2)
    else:
        _refresh(everything=asked.all)


if __name__ == "__main__":
    main(sys.argv[1:])
