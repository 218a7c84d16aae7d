"""Every card and form as Slack gets it, kept for review. `SITREP_UPDATE_SNAPSHOTS=1` writes them anew."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.mrkdwn import Workspace
from adapters.slack.render import message
from adapters.slack.views import view
from tests.gallery import FORMS, GALLERY, MOMENTS, NAMES
from tests.samples.world import NOW

KEPT = Path(__file__).parent / "snapshots"
WORKSPACE = Workspace(team="T1", groups={"slack:@sre-oncall": "SONCALL"})
CARDS = {name: message(card, MOMENTS[name], NAMES, WORKSPACE) for name, card in GALLERY.items()}
VIEWS = {f"form-{name}": view(form, NOW, NAMES, WORKSPACE) for name, form in FORMS.items()}
MADE: Mapping[str, dict[str, Any]] = CARDS | VIEWS


@pytest.mark.parametrize("name", MADE)
def test_slack_gets_what_was_reviewed(name: str) -> None:
    file = KEPT / f"{name}.json"
    if os.environ.get("SITREP_UPDATE_SNAPSHOTS"):
        KEPT.mkdir(exist_ok=True)
        file.write_text(json.dumps(MADE[name], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    assert MADE[name] == json.loads(file.read_text(encoding="utf-8"))


def test_nothing_is_kept_that_is_not_said() -> None:
    assert {file.stem for file in KEPT.glob("*.json")} == set(MADE)
