"""`sitrep db grants`: rights on PostgreSQL, printed or given."""

from collections.abc import Iterator

import pytest

from adapters.cli import main
from storage import schema
from tests.databases import server_or_skip


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server_or_skip() as running, running.database(running.template(schema.upgrade)) as made:
        running.does("CREATE ROLE app")
        yield made


def test_the_rights_are_printed_for_psql(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SITREP_DATABASE_URL", url)

    assert main(["db", "grants", "app"]) == 0

    printed = capsys.readouterr().out
    assert printed.startswith("BEGIN;\nGRANT USAGE ON SCHEMA public TO app;\n")
    assert printed.endswith(";\nCOMMIT;\n")


def test_the_rights_are_given_when_asked(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SITREP_DATABASE_URL", url)

    assert main(["db", "grants", "app", "--apply"]) == 0
    assert capsys.readouterr().out == "app may do Sitrep's work, and only add to the log.\n"
    assert main(["db", "grants", "nobody", "--apply"]) == 1
    assert 'role "nobody" does not exist' in capsys.readouterr().err


def test_a_file_has_no_such_rights(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SITREP_DATABASE_URL", "sqlite:///sitrep.db")

    assert main(["db", "grants", "app"]) == 1
    assert "Rights are PostgreSQL's" in capsys.readouterr().err
