"""The status page as files: whole, relative, replaced one by one, and without what is no longer public."""

import json
import os
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest

from adapters.web.status.files import export, made
from adapters.web.status.site import Picture
from tests.adapters.reading_html import read
from tests.adapters.status_rig import FULL, HOUSE, OLD, PAYMENTS, SEARCH, shown

LOGO = Picture(name="logo.png", kind="image/png", data=b"a picture")


def there(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_written_and_every_link_leads_to_a_file(tmp_path: Path) -> None:
    house = replace(HOUSE, logo=LOGO)
    what = shown(OLD, SEARCH, PAYMENTS, maintenances=FULL.maintenances, house=house)

    count = export(what, LOGO, tmp_path / "made" / "here")

    folder = tmp_path / "made" / "here"
    assert len(there(folder)) == count
    assert (folder / "logo.png").read_bytes() == b"a picture"
    for page in folder.rglob("*.html"):
        found = read(page.read_bytes())
        policy = next(one["content"] for one in found.all("meta") if one.get("http-equiv"))
        assert str(policy).startswith("default-src 'none'")
        for link in found.links:
            assert link.startswith("#") or (page.parent / link).is_file(), (page, link)
    assert json.loads((folder / "api/v2/incidents.json").read_bytes())["incidents"][0]["name"] == PAYMENTS.headline
    assert len(feedparser.parse((folder / "history.atom").read_bytes()).entries) == 6


def test_the_first_page_is_written_last_and_the_pages_it_leads_to_before() -> None:
    names = list(made(FULL, None))

    assert names[-1] == "index.html"
    assert names.index(f"incidents/{PAYMENTS.id}.html") < names.index("history.html")


def test_what_is_no_longer_public_is_removed_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    export(FULL, LOGO, tmp_path)
    (tmp_path / "robots.txt").write_text("mine")
    (tmp_path / "incidents" / "mine.html").write_text("mine")
    assert (tmp_path / f"incidents/{PAYMENTS.id}.html").exists()

    export(shown(SEARCH), None, tmp_path)

    left = there(tmp_path)
    assert f"incidents/{PAYMENTS.id}.html" not in left
    assert "history/2026-10.html" not in left
    assert "logo.png" not in left
    assert {"robots.txt", "incidents/mine.html", f"incidents/{SEARCH.id}.html", "index.html"} <= left


def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(shown(SEARCH), None, tmp_path)
    before = (tmp_path / "index.html").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        export(shown(PAYMENTS), None, tmp_path)

    assert (tmp_path / "index.html").read_bytes() == before
    assert not [name for name in there(tmp_path) if ".writing-" in name]
