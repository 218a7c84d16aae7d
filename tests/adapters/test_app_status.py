"""Whose page it is: its logo, read at the start, and where the public finds it."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.app_status import LARGEST, house_of
from bot.policy import Policy
from config.errors import ConfigError
from config.policy_file import load_policy
from config.settings import Settings, load
from storage import schema
from storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path / 'sitrep.db'}"
    schema.upgrade(url)
    return Database(url)


def settings(tmp_path: Path, public_url: str = "") -> Settings:
    return replace(load({}), policy=tmp_path / "policy.toml", public_url=public_url)


def policy(**page: str) -> Policy:
    found = load_policy(None).policy
    return replace(found, status=replace(found.status, **page))  # type: ignore[arg-type]


def test_a_logo_beside_the_policy_is_read_once(tmp_path: Path, database: Database) -> None:
    (tmp_path / "leaf.SVG").write_bytes(b"<svg/>")

    house = house_of(settings(tmp_path), policy(logo="leaf.SVG"), database)
    database.close()

    assert house.logo is not None
    assert (house.logo.name, house.logo.kind, house.logo.data) == ("logo.svg", "image/svg+xml", b"<svg/>")


@pytest.mark.parametrize(("size", "reason"), [(None, "no such file"), (LARGEST + 1, "more than 500,000 bytes")])
def test_a_logo_that_cannot_be_shown_ends_the_start(
    tmp_path: Path, database: Database, size: int | None, reason: str
) -> None:
    if size is not None:
        (tmp_path / "leaf.png").write_bytes(b"x" * size)

    with pytest.raises(ConfigError) as refused:
        house_of(settings(tmp_path), policy(logo="leaf.png"), database)
    database.close()

    assert reason in refused.value.sentence


def test_the_public_finds_it_where_the_policy_says_else_where_we_are_served(tmp_path: Path, database: Database) -> None:
    known = settings(tmp_path, "https://sitrep.example.com/")

    named = house_of(known, policy(url="https://status.example.com/"), database)
    served = house_of(known, policy(), database)
    nowhere = house_of(settings(tmp_path), policy(), database)
    database.close()

    assert (named.url, served.url, nowhere.url) == (
        "https://status.example.com",
        "https://sitrep.example.com/status",
        "",
    )
    assert named.logo is None
    assert named.key == served.key
