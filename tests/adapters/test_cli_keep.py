"""`sitrep db check | restored | prune | forget` and a server's backup: what they print, and the exit code of each."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from adapters import cli_keep
from adapters.cli import main
from bot.people import Profile
from config.errors import ConfigError
from storage.dumping import dump, dump_of
from storage.errors import Unusable
from tests.adapters.house import ANA, BEN, ROOM, House, house

Says = tuple[int, str, str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose operator stands in its folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SITREP_POLICY", "SITREP_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SITREP_DATABASE_URL", f"sqlite:///{tmp_path / 'sitrep.db'}")
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with house(tmp_path) as home:
        yield home
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)


@pytest.fixture
def old(home: House) -> House:
    """INC-1 was cancelled three years ago, INC-2 is still open, and private."""
    home.at = datetime.now(UTC) - timedelta(days=3 * 365)
    home.says("declare critical Checkout is down")
    home.room()
    home.says("cancel A probe was set wrongly", place=ROOM)
    home.says("declare private high Somebody reads our mail", who=BEN)
    with home.db.store.begin() as transaction:
        transaction.learn(ANA, home_profile())
    _send_everything(home)
    return home


def home_profile() -> Profile:
    return Profile(name="Ana Lima", email="ana@example.com")


def _send_everything(home: House) -> None:
    while claimed := home.db.relay.claim(home.at, 50, timedelta(seconds=30)):
        for delivery in claimed:
            home.db.relay.sent(delivery, "ref", home.at)


def says(capture: pytest.CaptureFixture[str], *words: str) -> Says:
    code = main(words)
    found = capture.readouterr()
    return code, found.out, found.err


def test_what_waits_in_a_restored_copy_may_have_been_sent(home: House, capsys: pytest.CaptureFixture[str]) -> None:
    home.says("declare critical Checkout is down")
    home.room()

    code, said, _ = says(capsys, "db", "restored")

    waiting = home.db.relay.claim(home.at, 50, timedelta(seconds=30))
    assert (code, bool(waiting), all(one.tried_at for one in waiting)) == (0, True, True)
    assert "messages may have been sent since the copy was made" in said
    assert says(capsys, "db", "restored")[1].startswith("0 messages")


def test_a_record_that_agrees_with_itself_is_good(old: House, capsys: pytest.CaptureFixture[str]) -> None:
    del old

    assert says(capsys, "db", "check") == (0, "Everything stored agrees with itself.\n", "")


def test_what_does_not_agree_is_a_line_each_and_no_title_is_in_it(
    old: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(old.url.removeprefix("sqlite:///"))) as wrong:
        wrong.execute("UPDATE incidents SET priority = 'low' WHERE number = 2")
        wrong.commit()

    code, out, _ = says(capsys, "db", "check")

    assert (code, out) == (1, "INC-2: its row has another priority than its log.\n")


def test_what_would_be_deleted_is_said_and_stays(old: House, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = says(capsys, "db", "prune", "--older", "2y")

    assert code == 0
    assert out.splitlines() == [
        "INC-1 would be deleted.",
        "1 incident ended more than 2y ago found: add --yes to delete.",
    ]
    assert old.db.reads.record(1) is not None


def test_what_ended_long_ago_is_deleted_and_its_number_not_given_again(
    old: House, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = says(capsys, "db", "prune", "--older", "2y", "--yes")

    assert (code, out.splitlines()[0]) == (0, "INC-1 is deleted.")
    assert old.db.reads.record(1) is None
    assert old.says("status INC-1").refused
    assert old.says("declare high Search is slow").number == 3


def test_nothing_ended_before_there_were_dates(old: House, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = says(capsys, "db", "prune", "--older", "99999y")

    assert (code, out) == (0, "0 incidents ended more than 99999y ago found: add --yes to delete.\n")


@pytest.mark.parametrize(("words", "days"), [("90d", 90), ("26w", 182), ("2y", 730), ("2Y", 730)])
def test_an_age_is_days_weeks_or_years(words: str, days: int) -> None:
    assert cli_keep.age_of(words) == timedelta(days=days)


@pytest.mark.parametrize("words", ["", "2", "0d", "-1d", "2m", "two years", "999999y"])
def test_what_is_no_age_is_refused(words: str) -> None:
    with pytest.raises(ConfigError, match="Say how old"):
        cli_keep.age_of(words)


def test_who_left_is_forgotten_and_who_ran_it_and_why_is_logged(old: House, capsys: pytest.CaptureFixture[str]) -> None:
    old.says("note Ana Lima called at 02:10", who=BEN, place=ROOM)

    code, out, err = says(capsys, "db", "forget", "ana@example.com", "--reason", "asked for it, case 7")

    assert code == 0
    assert out.splitlines()[0].startswith("P-1 is a former member from now on")
    assert "asked for it, case 7" in err
    assert "ana@example.com" not in out + err
    code, _, err = says(capsys, "db", "forget", "ana@example.com", "--reason", "again")
    assert (code, err.splitlines()[-1]) == (2, "sitrep: That names nobody.")


def test_forgetting_somebody_needs_a_reason(old: House, capsys: pytest.CaptureFixture[str]) -> None:
    del old

    code, _, err = says(capsys, "db", "forget", "ana@example.com", "--reason", " ")

    assert (code, err) == (2, "sitrep: Say why with --reason: it is logged.\n")


# ------------------------------------------------------------------ a server's backup

SERVER = make_url("postgresql+psycopg://ana:s3cret%40@db.example.com:5433/sitrep?sslmode=require")


def test_a_password_stands_on_no_command_line() -> None:
    made = dump_of(SERVER, Path("/backups/a.dump"))

    assert made.words == (
        "pg_dump",
        "--format=custom",
        "--no-password",
        "--file=/backups/a.dump",
        "postgresql://ana@db.example.com:5433/sitrep?sslmode=require",
    )
    assert made.environment == {"PGPASSWORD": "s3cret@"}


def test_a_password_among_the_options_does_neither() -> None:
    made = dump_of(make_url("postgresql://ana@/sitrep?host=/run/pg&password=s3cret"), Path("a.dump"))

    assert "s3cret" not in " ".join(made.words)
    assert made.environment == {"PGPASSWORD": "s3cret"}
    assert dump_of(make_url("postgresql://ana@db/sitrep"), Path("a.dump")).environment == {}


def test_where_the_program_is_missing_the_command_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as refused:
        dump(SERVER, tmp_path / "a.dump", lambda _: None)

    said = str(refused.value)
    assert said.startswith("This database is a server: back it up with its own tools, such as pg_dump.")
    assert f"pg_dump --format=custom --no-password --file={tmp_path}/a.dump " in said
    assert "s3cret" not in said


def test_a_dump_never_replaces_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.dump"
    path.write_text("mine")

    with pytest.raises(Unusable, match="is there already"):
        dump(SERVER, path)

    assert path.read_text() == "mine"


def test_a_dump_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    program = tmp_path / "pg_dump"
    program.write_text("#!/bin/sh\necho began > \"${3#--file=}\"\necho 'pg_dump: error: no such host.' >&2\nexit 1\n")
    program.chmod(0o700)

    with pytest.raises(Unusable, match=r"^The database was not copied: no such host\.$"):
        dump(SERVER, tmp_path / "a.dump", lambda _: str(program))

    assert sorted(tmp_path.iterdir()) == [program]


def test_a_program_that_cannot_be_run_is_a_sentence_too(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="cannot be written"):
        dump(SERVER, tmp_path / "a.dump", lambda _: str(tmp_path / "nowhere"))
