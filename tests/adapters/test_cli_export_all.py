"""`sitrep export --all`: everything kept, in a folder that is whole or not there."""

import json
from pathlib import Path

import pytest

from adapters import cli_export_all
from adapters.cli import main
from adapters.cli_export_all import export_all
from bot.people import Profile
from config.errors import ConfigError
from tests.adapters.house import ANA, BEN, ROOM, house

HIDDEN = "Somebody reads our mail"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the export goes; beside it a database with two incidents, one of them private."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SITREP_POLICY", "SITREP_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SITREP_DATABASE_URL", f"sqlite:///{tmp_path / 'sitrep.db'}")
    with house(tmp_path) as home:
        home.says("declare critical Checkout is down")
        home.room()
        home.says(f"declare private high {HIDDEN}")
        home.db.write(lambda: home.db.reads.save_profile(ANA, Profile(name="Ana Lima", email="ana@ex.com"))).result()
        home.says("note First alert", place=ROOM)
        home.says("subscribe service:mail", who=BEN)
    return tmp_path / "export"


def written(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


def test_everything_is_there_for_people_and_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export_all(folder, private=True) == 0

    files = written(folder)
    assert set(files) == {
        "about.json",
        "incidents/INC-1.json",
        "incidents/INC-1.md",
        "incidents/INC-2.json",
        "incidents/INC-2.md",
        "maintenances.json",
        "people.json",
        "policy-built-in.toml",
        "subscriptions.json",
    }
    assert "First alert" in files["incidents/INC-1.md"]
    ana, ben = json.loads(files["people.json"])
    assert (ana["name"], ana["email"], ana["identities"], ben["same_as"]) == ("Ana Lima", "ana@ex.com", [ANA], None)
    assert json.loads(files["subscriptions.json"]) == [{"person": ben["id"], "kind": "service", "name": "mail"}]
    assert json.loads(files["about.json"])["incidents"] == 2
    assert capsys.readouterr().out == f"2 incidents in {folder}.\n"


def test_private_incidents_are_written_only_where_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export_all(folder, private=False)

    files = written(folder)
    assert {name for name in files if "INC" in name} == {"incidents/INC-1.json", "incidents/INC-1.md"}
    assert not [name for name, text in files.items() if HIDDEN in text]
    assert capsys.readouterr().out.endswith("1 incident left out for being private: add --private to write them too.\n")


def test_an_organisations_own_policy_is_there_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder.parent / "own.toml"
    own.write_text('[organisation]\nname = "Larkfield"\n')
    monkeypatch.setenv("SITREP_POLICY", str(own))

    export_all(folder, private=False)

    assert written(folder)["policy.toml"] == '[organisation]\nname = "Larkfield"\n'


def test_nobody_else_reads_it(folder: Path) -> None:
    export_all(folder, private=False)

    assert folder.stat().st_mode & 0o077 == 0


def test_what_is_there_is_never_written_over(folder: Path) -> None:
    folder.mkdir()

    with pytest.raises(ConfigError, match="is there already"):
        export_all(folder, private=False)


def test_a_folder_that_cannot_be_made_is_named(folder: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        export_all(folder / "in" / "nowhere", private=False)


def test_what_was_interrupted_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, found: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli_export_all, "_json", full)

    with pytest.raises(ConfigError, match="no space left on device"):
        export_all(folder, private=False)

    assert not [path.name for path in folder.parent.iterdir() if path.name.startswith("export")]


def test_the_terminal_takes_one_incident_or_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("export", "--all", str(folder), "--private")) == 0
    assert len(list((folder / "incidents").iterdir())) == 4
    for words in (("export",), ("export", "INC-1", "--all", str(folder))):
        with pytest.raises(SystemExit, match="2"):
            main(words)
    assert "REF" in capsys.readouterr().err
