"""The terminal's words: what they print, and the exit code each ends with."""

import asyncio
import io
import json
import logging
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.cli import main
from adapters.cli_check import check
from adapters.cli_read import number_of
from adapters.cli_report import MISSING, OFF, OK, Report, Row
from adapters.cli_setup import check_kinds, secrets_of, setup
from adapters.slack.manifest import SCOPES
from bot.people import Profile
from config.errors import ConfigError
from config.settings import load
from storage import schema
from storage.database import Database
from tests.adapters.house import ANA, ROOM, house
from tests.adapters.signing import SECRET
from tests.adapters.web_api import APP_TOKEN, BOT_TOKEN, WebApi, web_api


@dataclass
class Shell:
    """An operator in a folder of their own."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'sitrep.db'}"

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.monkeypatch.setenv(name, value)

    def says(self, *words: str) -> tuple[int, str, str]:
        code = main(words)
        found = self.capture.readouterr()
        return code, found.out, found.err


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SITREP_POLICY", "SITREP_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SITREP_DATABASE_URL", f"sqlite:///{tmp_path / 'sitrep.db'}")
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield Shell(tmp_path, monkeypatch, capsys)
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    with house(shell.folder) as home:
        home.says("declare critical Checkout is down")
        home.room()
        home.says("declare private high Somebody reads our mail")
        home.db.write(lambda: home.db.reads.save_profile(ANA, Profile(name="Ana Lima"))).result()
        home.says("note First alert", place=ROOM)
    return shell


def test_without_a_word_the_words_are_shown(shell: Shell) -> None:
    code, _, err = shell.says()

    assert code == 2
    assert "check" in err
    assert "export" in err


def test_a_word_that_is_not_there_is_wrong_usage(shell: Shell) -> None:
    with pytest.raises(SystemExit) as ended:
        shell.says("rnu")

    assert ended.value.code == 2


def test_a_try_out_that_others_could_open_needs_a_password(shell: Shell) -> None:
    shell.set(SITREP_HOST="0.0.0.0")

    code, out, err = shell.says("run")

    assert (code, out) == (2, "")
    assert "SITREP_LOCAL_PASSWORD is missing" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("words", [("run",), ("run", "--fresh")])
def test_a_database_of_a_workspace_does_not_open_in_the_try_out_chat(filled: Shell, words: tuple[str, ...]) -> None:
    code, _, err = filled.says(*words)

    assert code == 2
    assert err.splitlines()[-1].startswith("sitrep: This database belongs to an installation in Slack or Teams")


def test_fresh_touches_nothing_where_somebody_listens_already(shell: Shell) -> None:
    url = shell.url
    schema.upgrade(url)
    with closing(Database(url)) as db:
        db.local.make_room(["incidents"], private=False, token="t")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        shell.set(SITREP_PORT=str(taken.getsockname()[1]))

        code, _, err = shell.says("run", "--fresh")

    assert code == 2
    assert "cannot be listened at" in err
    with closing(Database(url)) as db:
        assert len(db.local.rooms()) == 1


def test_fresh_touches_nothing_while_another_process_runs_on_it(shell: Shell) -> None:
    url = shell.url
    schema.upgrade(url)
    with closing(Database(url)) as db:
        db.local.make_room(["incidents"], private=False, token="t")
        stop = threading.Event()

        def run() -> None:
            while not stop.wait(0.5):
                with db.store.begin() as tx:
                    tx.tick(datetime.now(UTC), "another")

        ticking = threading.Thread(target=run)
        ticking.start()
        time.sleep(0.7)
        try:
            code, _, err = shell.says("run", "--fresh")
        finally:
            stop.set()
            ticking.join()
        assert code == 2
        assert "Sitrep runs on this database: stop it first" in err
        assert len(db.local.rooms()) == 1


def test_check_says_what_of_teams_is_not_reached(shell: Shell) -> None:
    nowhere = "https://127.0.0.1:1"
    shell.set(TEAMS_APP_ID="a", TEAMS_TENANT_ID="b", TEAMS_APP_PASSWORD="c")
    shell.set(TEAMS_LOGIN_URL=f"{nowhere}/adfs", TEAMS_OPENID_METADATA_URL=f"{nowhere}/keys")

    code, out, _ = shell.says("check")

    assert code == 1
    assert out.count("missing  teams") == 2
    assert "local" not in out


def test_without_teams_nothing_of_its_sdk_is_loaded() -> None:
    program = "import sys, adapters.app, adapters.app_slack, adapters.cli; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    sdk = ("botbuilder", "botframework", "msal", "msrest", "requests", "jwt", "adapters.app_teams")
    assert "adapters.app_late" in loaded
    assert [name for name in loaded if name.startswith(sdk)] == []


def test_the_package_for_teams_needs_the_bot(shell: Shell, tmp_path: Path) -> None:
    assert "TEAMS_APP_ID is missing" in shell.says("manifest", "teams", "--out", str(tmp_path / "app.zip"))[2]

    shell.set(TEAMS_APP_ID="a", TEAMS_TENANT_ID="b", TEAMS_APP_PASSWORD="c")
    code, _, _ = shell.says("manifest", "teams", "--out", str(tmp_path / "app.zip"))

    assert code == 0
    assert (tmp_path / "app.zip").read_bytes().startswith(b"PK")


def test_fresh_never_empties_the_database_of_a_workspace(filled: Shell) -> None:
    filled.set(SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_SIGNING_SECRET=SECRET)

    code, _, err = filled.says("run", "--fresh")

    assert code == 2
    assert "try-out chat alone" in err
    assert "INC-1" in filled.says("list")[1]


def test_a_run_at_an_address_that_is_not_ours_says_which(shell: Shell) -> None:
    shell.set(SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_SIGNING_SECRET=SECRET, SITREP_HOST="203.0.113.1", SITREP_LOG="text")

    code, _, err = shell.says("run")

    assert code == 2
    assert "sitrep: 203.0.113.1:8080 cannot be listened at" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SECRET}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": BOT_TOKEN}, "SLACK_APP_TOKEN"),
        ({"SITREP_PORT": "eighty"}, "SITREP_PORT"),
        ({"SITREP_POLICY": "nowhere.toml"}, "SITREP_POLICY"),
    ],
)
@pytest.mark.parametrize("word", ["run", "check"])
def test_a_wrong_setting_is_one_sentence_and_2(shell: Shell, settings: dict[str, str], named: str, word: str) -> None:
    shell.set(**settings)

    code, out, err = shell.says(word)

    assert (code, out) == (2, "")
    assert err.startswith("sitrep: ")
    assert named in err
    assert len(err.splitlines()) == 1
    assert BOT_TOKEN not in err


def test_a_database_that_cannot_be_opened_ends_the_start_with_its_setting_and_2(shell: Shell) -> None:
    shell.set(SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_SIGNING_SECRET=SECRET, SITREP_DATABASE_URL="sqlite:////nowhere/x.db")

    code, _, err = shell.says("run")

    assert code == 2
    assert err.splitlines()[-1].startswith("sitrep: The database sqlite:////nowhere/x.db cannot be used (unable")
    assert "see SITREP_DATABASE_URL." in err


def test_what_the_database_refuses_is_told_in_its_own_words(filled: Shell) -> None:
    with closing(sqlite3.connect(filled.folder / "sitrep.db")) as file:
        file.execute("ALTER TABLE incidents RENAME TO elsewhere")

    code, _, err = filled.says("list")

    assert (code, err) == (1, "sitrep: The database cannot be used: no such table: incidents.\n")


def test_a_fault_of_ours_is_a_sentence_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        msg = "the secret project leaks"
        raise ValueError(msg)

    monkeypatch.setattr("adapters.cli.list_incidents", fail)

    code, _, err = shell.says("list")

    assert code == 1
    assert err.startswith("sitrep: A fault in Sitrep ended this (ValueError)")
    assert "leaks" not in err


def test_the_schema_is_made_shown_and_copied(shell: Shell) -> None:
    assert shell.says("db", "current")[0] == 1
    assert shell.says("db", "upgrade")[0] == 0
    code, out, _ = shell.says("db", "current")
    assert (code, out.strip().isdigit()) == (0, True)
    assert shell.says("db", "backup", "copy.db")[0] == 0
    again = shell.says("db", "backup", "copy.db")

    assert again[0] == 1
    assert "is there already" in again[2]


def test_reading_words_need_a_schema(shell: Shell) -> None:
    for words in (("list",), ("show", "INC-1"), ("export", "1")):
        code, out, err = shell.says(*words)

        assert (code, out) == (1, "")
        assert "sitrep db upgrade" in err


def test_an_empty_house_has_no_open_incident(shell: Shell) -> None:
    shell.says("db", "upgrade")

    assert shell.says("list") == (0, "No open incident.\n", "")


def test_the_list_shows_what_is_open_and_nothing_of_what_is_private(filled: Shell) -> None:
    code, out, _ = filled.says("list")

    assert code == 0
    assert out.startswith("2 open incidents\n")
    assert "INC-1" in out
    assert "Checkout is down" in out
    assert "INC-2" in out
    assert "mail" not in out


@pytest.mark.parametrize("ref", ["INC-1", "inc-1", "1"])
def test_one_incident_is_shown_by_its_reference(filled: Shell, ref: str) -> None:
    code, out, _ = filled.says("show", ref)

    assert code == 0
    assert out.startswith("INC-1 Checkout is down\n")
    assert "Note by @Ana Lima: First alert" in out


@pytest.mark.parametrize("word", ["show", "export"])
def test_an_incident_that_is_not_there_is_said_so(filled: Shell, word: str) -> None:
    assert filled.says(word, "INC-99") == (1, "", "sitrep: There is no INC-99: see `sitrep list`.\n")


@pytest.mark.parametrize("ref", ["", "foo", "INC-", "-1", "0", "1.5", "INC-1 x", "9" * 30, "\uff11"])
def test_what_is_no_reference_is_wrong_usage(ref: str) -> None:
    with pytest.raises(ConfigError, match="names no incident"):
        number_of(ref)


@pytest.mark.parametrize(("form", "begins"), [("md", "# INC-1 Checkout"), ("html", "<!doctype html>"), ("json", "{\n")])
def test_an_export_has_the_form_asked_for(filled: Shell, form: str, begins: str) -> None:
    code, out, err = filled.says("export", "INC-1", "--format", form)

    assert (code, err) == (0, "")
    assert out.startswith(begins)


def test_an_export_is_markdown_unless_said_otherwise(filled: Shell) -> None:
    assert filled.says("export", "INC-1")[1].startswith("# INC-1")


def test_whoever_reads_our_output_may_stop_reading(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    monkeypatch.setattr("sys.stderr", io.StringIO())

    assert main(("export", "INC-1")) == 0


@pytest.mark.parametrize(
    ("settings", "by_socket", "url"),
    [
        ({}, True, None),
        ({"SITREP_PUBLIC_URL": "https://sitrep.example"}, False, "https://sitrep.example/slack/events"),
        (
            {
                "SITREP_PUBLIC_URL": "https://sitrep.example",
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
            },
            True,
            None,
        ),
    ],
)
def test_the_manifest_fits_how_slack_will_reach_us(
    shell: Shell, settings: dict[str, str], by_socket: bool, url: str | None
) -> None:
    shell.set(**settings)

    code, out, _ = shell.says("manifest", "slack")

    made = json.loads(out)["settings"]
    assert code == 0
    assert made["socket_mode_enabled"] is by_socket
    assert made["interactivity"].get("request_url") == url


def test_a_manifest_can_be_written_to_a_file(shell: Shell) -> None:
    code, out, _ = shell.says("manifest", "slack", "--out", "manifest.json")
    wrong = shell.says("manifest", "slack", "--out", "nowhere/manifest.json")

    assert (code, out) == (0, "")
    assert json.loads((shell.folder / "manifest.json").read_text())["features"]
    assert (wrong[0], "nowhere/manifest.json cannot be written" in wrong[2]) == (2, True)


def test_a_report_says_how_many_things_are_missing() -> None:
    rows = (Row(OK, "database", "sqlite:///sitrep.db, schema current"), Row(OFF, "teams", "TEAMS_APP_ID is not set"))
    missing = Row(MISSING, "audience", "internal: Sitrep is not in #incidents; type /invite @sitrep there")

    assert list(Report(rows=rows).lines()) == [
        "ok       database   sqlite:///sitrep.db, schema current",
        "off      teams      TEAMS_APP_ID is not set",
        "Ready.",
    ]
    assert list(Report(rows=(missing,)).lines())[-1] == "Not ready: 1 thing is missing."
    assert list(Report(rows=(missing, missing)).lines())[-1] == "Not ready: 2 things are missing."


@pytest.fixture
async def slack(shell: Shell) -> AsyncIterator[WebApi]:
    async with web_api() as api:
        shell.set(SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_SIGNING_SECRET=SECRET, SLACK_API_URL=api.url)
        yield api


async def rows() -> list[str]:
    return list((await check(await asyncio.to_thread(setup))).lines())


async def test_a_good_installation_is_ready(filled: Shell, slack: WebApi) -> None:
    found = await rows()

    assert found[0].startswith("ok       database   sqlite:///")
    assert found[0].endswith(", schema current")
    assert found[1:] == [
        "ok       policy     built in (SITREP_POLICY is not set): 4 priorities, 4 roles",
        "ok       slack      Larkfield as @sitrep, HTTP, all scopes",
        "ok       audience   internal: #incidents",
        "off      audience   stakeholders, customers, leadership: no address",
        "off      teams      TEAMS_APP_ID is not set",
        "off      mail       SMTP_URL is not set",
        "off      statuspage STATUSPAGE_API_KEY is not set",
        "off      webhook    WEBHOOK_SECRET is not set",
        "Ready.",
    ]
    assert slack.calls[0] == "auth.test"


async def test_a_scope_that_lacks_is_named_with_its_reason(shell: Shell, slack: WebApi) -> None:
    slack.scopes = tuple(scope for scope in SCOPES if scope != "pins:write")

    found = await rows()

    assert f"missing  slack      scope pins:write ({SCOPES['pins:write']}): add it and install the app again" in found
    assert found[-1] == "Not ready: 1 thing is missing."
    assert shell.folder


async def test_a_private_channel_without_sitrep_is_named_with_what_to_type(shell: Shell, slack: WebApi) -> None:
    private = {"ok": True, "channels": [{"id": "C1", "name": "incidents", "is_private": True, "is_member": False}]}
    slack.answers |= {"conversations.list": private, "users.conversations": private}

    found = await rows()

    assert "missing  audience   internal: Sitrep is not in #incidents; type /invite @sitrep there" in found
    assert shell.folder


async def test_an_app_token_that_slack_refuses_is_named(shell: Shell, slack: WebApi) -> None:
    shell.set(SLACK_APP_TOKEN=APP_TOKEN)
    slack.answers["apps.connections.open"] = {"ok": False, "error": "not_allowed_token_type"}

    found = await rows()

    assert "missing  slack      SLACK_APP_TOKEN is refused for Socket Mode (not_allowed_token_type)" in found


async def test_a_group_that_is_not_there_is_named(shell: Shell, slack: WebApi) -> None:
    policy = shell.folder / "policy.toml"
    policy.write_text(
        '[[priorities]]\nname = "critical"\ncall = ["slack:@nobody"]\nupdate_every = { internal = "30m" }\n'
        '[organisation]\ndefault_priority = "critical"\n'
    )
    shell.set(SITREP_POLICY=str(policy))

    found = await rows()

    assert any(row.startswith("missing  group      Slack has no user group @nobody") for row in found)
    assert slack.calls


async def test_names_that_open_incidents_use_and_the_policy_no_longer_has_are_listed(
    filled: Shell, slack: WebApi
) -> None:
    policy = filled.folder / "policy.toml"
    policy.write_text(
        '[[priorities]]\nname = "urgent"\nupdate_every = { internal = "30m" }\n'
        '[organisation]\ndefault_priority = "urgent"\n'
    )
    filled.set(SITREP_POLICY=str(policy))

    found = await rows()

    assert "left out incident   INC-1: priority critical is not in the policy and has the times of the highest" in found
    assert slack.calls


async def test_a_database_that_cannot_be_written_is_missing(filled: Shell, slack: WebApi) -> None:
    with sqlite3.connect(filled.folder / "sitrep.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()

    found = await rows()

    assert found[0].startswith("missing  database")
    assert slack.calls


async def test_a_database_that_cannot_be_made_is_missing(shell: Shell, slack: WebApi) -> None:
    shell.set(SITREP_DATABASE_URL=f"sqlite:///{shell.folder}/nowhere/sitrep.db")

    assert (await rows())[0].startswith(f"missing  database   {shell.folder}/nowhere is no folder")
    assert slack.calls


async def test_a_database_that_is_not_there_yet_is_made_at_the_start(shell: Shell, slack: WebApi) -> None:
    assert (await rows())[0].endswith("sitrep.db, made at the next start")
    shell.set(SITREP_MIGRATE="off")
    assert (await rows())[0].endswith("schema not made yet: run `sitrep db upgrade`")
    assert not (shell.folder / "sitrep.db").exists()
    assert slack.calls


def test_every_secret_of_the_settings_is_known_to_the_logs() -> None:
    found = load(
        {
            "SITREP_DATABASE_URL": "postgresql://sitrep:hush-1@db/sitrep",
            "SITREP_METRICS_TOKEN": "hush-2",
            "SITREP_HOOK_TOKENS": "grafana=hush-3",
            "SLACK_BOT_TOKEN": "xoxb-hush-4",
            "SLACK_SIGNING_SECRET": "hush-5,hush-6",
            "SLACK_APP_TOKEN": "xapp-hush-7",
        },
        None,
    )

    known = secrets_of(found)

    assert all(any(f"hush-{number}" in secret for secret in known) for number in range(1, 8))


def test_tokens_of_the_right_kind_are_taken() -> None:
    check_kinds(None)
    check_kinds(load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, None).slack)
