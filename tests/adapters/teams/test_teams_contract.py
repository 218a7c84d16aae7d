"""Teams keeps the contract of every chat."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from adapters.teams.carried import read
from adapters.teams.forms import dialog
from adapters.teams.limits import violations
from adapters.teams.render import message
from adapters.teams.spans import Setting
from tests.adapters.teams.reading import TEAMS_NAMES, TENANT, actions, card, mentioned, shown
from tests.contracts.chat import *  # noqa: F403 - the contract is all of it
from tests.contracts.chat import Chat, Pressed

SETTING = Setting(tenant=TENANT)


@pytest.fixture(scope="module")
def chat() -> Chat:
    return Chat(
        name=f"teams:{TENANT}/",
        message=lambda made, at, names: message(made, at, names, SETTING),
        form=lambda form, at, names: dialog(form, at, names, SETTING),
        violations=violations,
        shown=shown,
        spoken=lambda found: str(found["summary"]),
        mentioned=lambda found: frozenset(mentioned(found, TEAMS_NAMES)),
        presses=lambda found: tuple(_presses(found)),
        fields=lambda found: tuple(element["id"] for element in card(found)["body"] if "id" in element),
        names=TEAMS_NAMES,
    )


def _presses(found: Mapping[str, Any]) -> Iterator[Pressed]:
    """As Teams would send them."""
    for action in actions(found):
        if "data" in action:
            told = read(json.loads(json.dumps(action["data"])))
            assert told is not None
            yield Pressed(word=told.word, incident=told.incident, values=told.values)
