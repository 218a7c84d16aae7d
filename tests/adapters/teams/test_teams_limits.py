"""The check of finished messages and dialogs names what Teams would refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.teams.forms import dialog
from adapters.teams.limits import violations
from adapters.teams.render import message
from adapters.teams.spans import Setting
from tests.adapters.teams.reading import TEAMS_NAMES, TENANT
from tests.gallery import FORMS, GALLERY, MOMENTS
from tests.samples.world import NOW

SETTING = Setting(tenant=TENANT)

Spoil = Callable[[dict[str, Any]], object]


def sent() -> dict[str, Any]:
    return message(GALLERY["card-identified"], MOMENTS["card-identified"], TEAMS_NAMES, SETTING)


def content(found: dict[str, Any]) -> Any:
    return found["attachments"][0]["content"] if "attachments" in found else found["card"]["content"]


def block(found: dict[str, Any]) -> Any:
    return next(element for element in content(found)["body"] if element["type"] == "TextBlock")


def facts(found: dict[str, Any]) -> Any:
    return next(element["facts"] for element in content(found)["body"] if element["type"] == "FactSet")


def buttons(found: dict[str, Any]) -> Any:
    return next(element["actions"] for element in content(found)["body"] if element["type"] == "ActionSet")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda found: found.update(summary=""), "summary: is empty"),
        (lambda found: found.update(summary="x" * 30_000), "bytes in all"),
        (lambda found: found.update(attachments=[]), "attachments: 0, one allowed"),
        (lambda found: content(found).update(version="1.6"), "1.6 does not belong here"),
        (lambda found: content(found).update(body=[]), "card: is empty"),
        (lambda found: content(found)["body"].append({"type": "Media"}), "Media does not belong here"),
        (lambda found: content(found)["body"][0].update(style="loud"), "style loud does not belong here"),
        (lambda found: block(found).update(text=" "), "is empty"),
        (lambda found: block(found).update(wrap=False), "does not wrap"),
        (lambda found: block(found).update(text="<at>Zoë</at>"), "<at>Zoë</at> mentions nobody"),
        (lambda found: block(found).update(text="{{TIME(soon)}}"), "a moment that Teams shows as it is"),
        (lambda found: facts(found).extend([facts(found)[0]] * 9), "facts, 8 allowed"),
        (lambda found: facts(found)[0].update(value=""), "is empty"),
        (lambda found: facts(found).clear(), "stands nowhere"),
        (lambda found: buttons(found).extend([buttons(found)[0]] * 9), "buttons, 6 allowed"),
        (lambda found: buttons(found)[0].update(title="x" * 61), "61 characters, 60 allowed"),
        (lambda found: buttons(found)[0].update(type="Action.ShowCard"), "Action.ShowCard does not belong here"),
        (lambda found: buttons(found)[1].pop("fallback"), "has no fallback"),
        (lambda found: buttons(found)[0].update(type="Action.OpenUrl", url="file:///x"), "is no page"),
    ],
)
def test_a_message_that_teams_would_refuse_is_named(spoil: Spoil, said: str) -> None:
    found = sent()

    spoil(found)

    assert [one for one in violations(found) if said in one] != []


def asked(found: dict[str, Any], name: str) -> Any:
    return next(element for element in content(found)["body"] if element.get("id") == name)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda found: found.update(title=""), "title: is empty"),
        (lambda found: asked(found, "who").update(id="what"), "two elements have the same id"),
        (lambda found: asked(found, "who").update(label=""), "label: is empty"),
        (lambda found: asked(found, "who").pop("errorMessage"), "says nothing where it is required"),
        (lambda found: asked(found, "next").update(choices=[]), "has no choices"),
        (
            lambda found: asked(found, "next")["choices"].extend([asked(found, "next")["choices"][0]] * 99),
            "100 allowed",
        ),
        (lambda found: asked(found, "next")["choices"][1].update(value="15m"), "two choices have the same value"),
        (lambda found: asked(found, "next")["choices"][1].update(title="x" * 301), "301 characters, 300 allowed"),
    ],
)
def test_a_dialog_that_teams_would_refuse_is_named(spoil: Spoil, said: str) -> None:
    found = dialog(FORMS["update"], NOW, TEAMS_NAMES, SETTING)
    assert violations(found) == []

    spoil(found)

    assert [one for one in violations(found) if said in one] != []
