"""`sitrep export --all DIR`: everything kept, as files for people and for programs.

Written beside a Sitrep that runs, an incident at a time, into a folder that is new: it appears under its name once all
of it is there, so that an export that was interrupted is never taken for a whole one, and is simply begun again.
Only who made it can read it, for it holds names, e-mail addresses and whatever the policy's addresses hold.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from adapters.cli_read import FORMATS, case_of
from adapters.cli_setup import Setup, opened, setup
from adapters.export import FORMAT
from adapters.version import release
from bot.refs import reference
from config.errors import ConfigError
from config.policy_file import BUILT_IN
from storage import schema
from storage.database import Database


def export_all(folder: Path, *, private: bool) -> int:
    """Write everything into that folder; private incidents too with `private`. Raises ConfigError and StorageError."""
    ready = setup()
    if folder.exists():
        raise ConfigError(f"{folder} is there already: name a folder that is not.")
    try:
        part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.absolute().parent))
    except OSError as fault:
        raise _cannot(folder, fault) from None
    try:
        with closing(opened(ready.settings)) as db:
            count, left_out = _write(db, ready, part, private=private)
        part.rename(folder)
    except OSError as fault:
        raise _cannot(folder, fault) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    print(f"{_incidents(count)} in {folder}.")
    if left_out:
        print(f"{_incidents(left_out)} left out for being private: add --private to write them too.")
    return 0


def _write(db: Database, ready: Setup, part: Path, *, private: bool) -> tuple[int, int]:
    """How many incidents were written, and how many were not."""
    at, found = datetime.now(UTC), db.reads.incidents()
    written = [one.number for one in reversed(found) if private or not one.private]
    (part / "incidents").mkdir()
    count = sum(_incident(db, ready, part, number, at) for number in written)
    _json(part / "people.json", [asdict(one) for one in db.reads.everybody()])
    _json(part / "subscriptions.json", list(_subscriptions(db)))
    _json(part / "maintenances.json", [asdict(one) for one in db.published.maintenances()])
    _policy(ready, part)
    about = {"format": FORMAT, "made_by": f"sitrep {release()}", "exported_at": at.isoformat(), "incidents": count}
    version = schema.current(ready.settings.database_url.get_secret_value())
    _json(part / "about.json", {**about, "schema": version, "private_included": private})
    return count, len(found) - len(written)


def _policy(ready: Setup, part: Path) -> None:
    """The built-in policy, and what the organisation lays over it."""
    (part / "policy-built-in.toml").write_text(files("config").joinpath("policy.toml").read_text("utf-8"), "utf-8")
    if ready.source != BUILT_IN:
        (part / "policy.toml").write_text(Path(ready.source).read_text("utf-8-sig"), "utf-8")


def _incident(db: Database, ready: Setup, part: Path, number: int, at: datetime) -> int:
    """Two files of one incident; none where it was deleted meanwhile."""
    record = db.reads.record(number)
    if record is None:
        return 0
    case = case_of(record, ready.written, at)
    for form in ("md", "json"):
        (part / "incidents" / f"{reference(number)}.{form}").write_text(FORMATS[form](case), encoding="utf-8")
    return 1


def _subscriptions(db: Database) -> Iterator[dict[str, str]]:
    for person, wishes in db.reads.standing().items():
        yield from ({"person": person, "kind": one.kind, "name": one.name} for one in wishes)


def _json(path: Path, found: object) -> None:
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2, default=_moment) + "\n", encoding="utf-8")


def _moment(value: Any) -> str:
    assert isinstance(value, datetime), "nothing else is not JSON"
    return value.isoformat()


def _incidents(count: int) -> str:
    return "1 incident" if count == 1 else f"{count} incidents"


def _cannot(folder: Path, fault: OSError) -> ConfigError:
    reason = (fault.strerror or "unknown reason").lower()
    return ConfigError(f"{folder} cannot be written ({reason}): name another folder.")
