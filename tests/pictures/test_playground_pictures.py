"""The pictures of the Playground are those that its story draws, small, and some of them are shown."""

from pathlib import Path

from tests.pictures.playground import STEPS, picture
from tests.pictures.teams import FOLDER

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 150_000
"""Bytes of a picture."""


def test_the_pictures_of_the_playground_are_those_of_its_story() -> None:
    found = {path.relative_to(ROOT) for path in (ROOT / FOLDER).glob("playground-*.png")}

    assert found == set(map(picture, STEPS)), "run `python -m tests.pictures.playground`"
    assert [path.name for path in found if (ROOT / path).stat().st_size > LARGEST] == []


def test_the_page_on_teams_shows_three_of_them() -> None:
    page = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")

    assert sum(picture(step).name in page for step in STEPS) >= 3
