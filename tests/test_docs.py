"""The documents say what is true: tables of permissions and events, settings, metrics, pictures, links.

`python -m tests.test_docs` writes the tables of docs/slack.md anew, `python -m tests.pictures.make docs` the pictures.
"""

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from adapters.metrics import metrics
from adapters.slack.manifest import EVENTS, SCOPES
from config.environment import Environment
from tests.acceptance.chats import Ways
from tests.permissions import PAGE as PERMISSIONS
from tests.permissions import page as permissions
from tests.pictures.make import DOCUMENTED
from tests.pictures.status import PICTURE
from tests.pictures.story import STEPS, picture

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "slack.md"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
LARGEST = 150_000
"""Bytes of a picture."""


def table(head: str, rows: Mapping[str, str]) -> str:
    lines = [f"| `{name}` | {reason} |" for name, reason in rows.items()]
    return "\n".join([f"| {head} | for |", "|---|---|", *lines, ""])


def rewritten(text: str) -> str:
    for name, made in (("scopes", table("permission", SCOPES)), ("events", table("event", EVENTS))):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = pattern.sub(lambda found, made=made: f"{found[1]}{made}{found[2]}", text)  # type: ignore[misc]
    return text


def test_the_tables_of_permissions_and_events_are_the_manifests() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "<!-- scopes -->" in text
    assert "<!-- events -->" in text
    assert rewritten(text) == text


def test_the_page_of_permissions_is_the_table_that_is_tested() -> None:
    """`python -m tests.permissions` writes it anew."""
    assert PERMISSIONS.read_text(encoding="utf-8") == permissions()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_picture_and_heading_that_a_document_links_to_is_there(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)]+)\)", text)
    assert [link for link in linked if not _there(DOCS / name, link)] == []


def _there(page: Path, link: str) -> bool:
    name, _, heading = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not heading or heading in _headings(target))


def _headings(page: Path) -> set[str]:
    """As a link names them."""
    lines = page.read_text(encoding="utf-8").splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w -]", "", title).replace(" ", "-") for title in titles}


def test_every_setting_and_metric_that_the_page_on_slack_names_exists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    settings = set(re.findall(r"`((?:SLACK|SITREP)_[A-Z_]+)", text))
    figures = set(re.findall(r"`(sitrep_[a-z_]+)`", text))
    assert settings
    assert figures
    assert sorted(settings - set(Environment.model_fields)) == []
    shown = {family.name + end for family in metrics().registry.collect() for end in ("", "_total")}
    assert sorted(figures - shown) == []


def test_what_the_page_on_operating_finds_in_the_log_is_written_there() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    rows = text.partition("<!-- log -->")[2].partition("<!-- /log -->")[0]
    sources = "".join(path.read_text(encoding="utf-8") for path in (DOCS.parent / "adapters").rglob("*.py"))
    lines = [line for line in re.findall(r"`([^`]+)`", rows) if " " in line]
    assert len(lines) > 5
    assert [line for line in lines if f'"{line}"' not in sources] == []


def test_the_page_on_teams_lists_the_differences_that_the_acceptance_tests_ask_for_and_no_others() -> None:
    text = (DOCS / "teams.md").read_text(encoding="utf-8")
    listed = re.findall(
        r"^- \*\*(.+?)\.\*\* \S", text.partition("<!-- ways -->")[2].partition("<!-- /ways -->")[0], re.MULTILINE
    )
    assert [name.lower().replace(" ", "_") for name in listed] == [field.name for field in fields(Ways)]


def test_the_documents_show_each_picture_that_is_drawn_and_no_other() -> None:
    root = DOCS.parent
    kept = {path.relative_to(root) for path in (DOCS / "pictures").iterdir() if path.is_file()}
    pages = [root / "README.md", *(DOCS / name for name in PAGES)]
    shown = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert kept == {*DOCUMENTED.values(), *map(picture, STEPS), PICTURE}
    assert [path.name for path in sorted(kept) if f"pictures/{path.name})" not in shown] == []


def test_pictures_are_small() -> None:
    assert [path.name for path in (DOCS / "pictures").iterdir() if path.stat().st_size > LARGEST] == []


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
