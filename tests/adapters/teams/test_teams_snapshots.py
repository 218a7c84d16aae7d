"""Every card and form as Teams gets it, kept for review. `SITREP_UPDATE_SNAPSHOTS=1` writes them anew."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.carried import of_press, read
from adapters.teams.forms import dialog, form_message, question_dialog, question_message
from adapters.teams.render import message
from adapters.teams.spans import Setting
from bot.cards import Press
from tests.adapters.teams.reading import IDENTITIES, TEAMS_NAMES, TENANT
from tests.gallery import FORMS, GALLERY, MOMENTS
from tests.samples.world import NOW

KEPT = Path(__file__).parent / "snapshots"
PEOPLE = tuple((identity, TEAMS_NAMES.people[person]) for person, identity in IDENTITIES.items())
CHANNEL = Setting(tenant=TENANT, people=PEOPLE)
ALONE = Setting(tenant=TENANT, people=PEOPLE, personal=True)
CARRIED = {"fields": "as the listener says"}
ASKING = next(
    action
    for action in GALLERY["answer-declare-like"].actions
    if isinstance(action, Press) and action.confirm is not None
)
TOLD = read(of_press(ASKING))
assert TOLD is not None

CARDS = {name: message(card, MOMENTS[name], TEAMS_NAMES, CHANNEL) for name, card in GALLERY.items()}
DIALOGS = {f"form-{name}": dialog(form, NOW, TEAMS_NAMES, CHANNEL, CARRIED) for name, form in FORMS.items()}
MESSAGES = {
    f"message-{name}": form_message(FORMS[name], NOW, TEAMS_NAMES, ALONE, CARRIED) for name in ("role", "resolve")
}
QUESTIONS = {"question": question_dialog(TOLD, CHANNEL), "message-question": question_message(TOLD, ALONE)}
MADE: Mapping[str, dict[str, Any]] = CARDS | DIALOGS | MESSAGES | QUESTIONS


@pytest.mark.parametrize("name", MADE)
def test_teams_gets_what_was_reviewed(name: str) -> None:
    file = KEPT / f"{name}.json"
    if os.environ.get("SITREP_UPDATE_SNAPSHOTS"):
        KEPT.mkdir(exist_ok=True)
        file.write_text(json.dumps(MADE[name], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    assert MADE[name] == json.loads(file.read_text(encoding="utf-8"))


def test_nothing_is_kept_that_is_not_said() -> None:
    assert {file.stem for file in KEPT.glob("*.json")} == set(MADE)
