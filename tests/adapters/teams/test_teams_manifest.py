"""The app's package is one that Teams takes, and says of itself what is true."""

import json
from io import BytesIO
from zipfile import ZipFile

from adapters.teams.extensions import ACTIONS as SERVED
from adapters.teams.manifest import ACTIONS, PERMISSIONS, manifest, package
from bot.catalog import find

APP = "00000000-0000-4000-8000-000000000001"


def test_the_package_holds_a_manifest_and_two_icons_of_the_sizes_teams_wants() -> None:
    found = ZipFile(BytesIO(package(APP, "1.0.0", "https://sitrep.example.com")))

    assert set(found.namelist()) == {"manifest.json", "color.png", "outline.png"}
    assert json.loads(found.read("manifest.json"))["id"] == APP
    for name, side in (("color.png", 192), ("outline.png", 32)):
        header = found.read(name)[16:24]
        assert header == side.to_bytes(4, "big") * 2


def test_the_same_settings_give_the_same_bytes() -> None:
    assert package(APP, "1.0.0", "") == package(APP, "1.0.0", "")


def test_the_words_shown_are_words_and_fit() -> None:
    (bot,) = manifest(APP, "1.0.0", "")["bots"]
    (shown,) = bot["commandLists"]

    assert 0 < len(shown["commands"]) <= 10
    for command in shown["commands"]:
        assert find(command["title"]) is not None
        assert len(command["title"]) <= 32
        assert len(command["description"]) <= 128


def test_every_action_on_a_message_is_served() -> None:
    assert {word for word, _, _ in ACTIONS} == set(SERVED)


def test_it_does_not_ask_to_read_everything() -> None:
    asked = manifest(APP, "1.0.0", "")["authorization"]["permissions"]["resourceSpecific"]

    assert {one["name"] for one in asked} == set(PERMISSIONS)
    assert not any("Message.Read" in one["name"] for one in asked)
