"""What `/gallery` shows: every card and form as the try-out chat draws it, and pictures of the same in Slack.

    python -m tests.pictures.gallery            # writes the cards anew, and draws those pictures whose payload changed
    python -m tests.pictures.gallery --all      # draws every picture anew

`tests/test_gallery.py` says when they are no longer what the program says.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adapters.local.render import form, message, stamp
from adapters.local.wire import packed
from tests.gallery import FORMS, GALLERY, MOMENTS, NAMES
from tests.pictures.make import ZONE, pictures, shown_payload
from tests.pictures.palette import fewer_colours
from tests.samples.world import LOCAL, NOW, PROFILES

CARDS = Path("adapters") / "local" / "page" / "gallery.json"
FOLDER = Path("docs") / "pictures" / "slack"
DRAWN = FOLDER / "drawn.json"
"""By picture, a digest of the payload it shows."""
WIDTH = 560


def cards() -> str:
    """The gallery's own file."""
    found: Mapping[str, Any] = {
        "zone": ZONE,
        "people": [
            {"id": LOCAL[person].partition("@")[2], "name": profile.name, "zone": profile.zone}
            for person, profile in PROFILES.items()
        ],
        "cards": [
            {"name": name, "at": stamp(MOMENTS[name]), "card": message(card, MOMENTS[name], NAMES)}
            for name, card in GALLERY.items()
        ],
        "forms": [{"name": name, "form": form(asked, NOW, NAMES)} for name, asked in FORMS.items()],
    }
    return f"{packed(found)}\n"


def digests() -> dict[str, str]:
    """By picture, a digest of what Slack is sent."""
    names = {**{name: name for name in GALLERY}, **{f"form-{name}": f"form:{name}" for name in FORMS}}
    return {picture: _digest(shown_payload(name)) for picture, name in names.items()}


def _digest(payload: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:16]


def main(arguments: list[str]) -> None:
    """The command line."""
    CARDS.write_text(cards(), encoding="utf-8")
    FOLDER.mkdir(parents=True, exist_ok=True)
    before = json.loads(DRAWN.read_text(encoding="utf-8")) if DRAWN.exists() and "--all" not in arguments else {}
    now = digests()
    changed = [name for name, digest in now.items() if before.get(name) != digest]
    pictures({_source(name): FOLDER / f"{name}.png" for name in changed}, WIDTH, scale=1)
    for name in changed:
        path = FOLDER / f"{name}.png"
        path.write_bytes(fewer_colours(path.read_bytes()))
    for path in FOLDER.glob("*.png"):
        if path.stem not in now:
            path.unlink()
    DRAWN.write_text(f"{json.dumps(now, indent=1)}\n", encoding="utf-8")
    print(f"{len(changed)} pictures drawn")


def _source(picture: str) -> str:
    return picture.replace("form-", "form:", 1) if picture.startswith("form-") else picture


if __name__ == "__main__":
    main(sys.argv[1:])
