"""The pictures of Teams show what the program says."""

import json

from tests.pictures.teams import DRAWN, digests, kept


def test_the_pictures_show_what_teams_is_sent() -> None:
    drawn = json.loads(DRAWN.read_text(encoding="utf-8"))

    assert drawn == digests(), "run `python -m tests.pictures.teams`"
    assert {path.stem for path in kept()} == set(drawn)
