"""A copy of a database on a server, made by PostgreSQL's own `pg_dump`."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from storage.errors import Unusable
from storage.private_file import begin, partial

PROGRAM = "pg_dump"
ERROR, DETAIL, STATEMENT = "error: ", "detail: ", "Query was"
PASSWORD = "PGPASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """What to run."""

    words: tuple[str, ...]
    """The program and its arguments. They hold no password, for every process on the machine can read them."""
    environment: Mapping[str, str]
    """What it needs beside ours."""


def dump_of(url: URL, path: Path) -> Dump:
    """How that database is copied into that file as of one moment, while others read and write."""
    asked = url.query.get("password", "")
    password = url.password or (asked if isinstance(asked, str) else "")
    plain = url.set(drivername="postgresql").difference_update_query(["password"])
    place = URL.create(
        "postgresql", username=plain.username, host=plain.host, port=plain.port, database=plain.database
    ).update_query_dict(plain.query)
    words = (PROGRAM, "--format=custom", "--no-password", f"--file={path}", place.render_as_string())
    return Dump(words=words, environment={PASSWORD: str(password)} if password else {})


def dump(url: URL, path: Path, find: Callable[[str], str | None] = shutil.which) -> None:
    """Copy the whole database into a new file. `find` gives where a program is.

    Raises Unusable where the file is there already, or it cannot be done; then no file is left behind.
    """
    if path.exists():
        raise Unusable(f"{path} is there already: name a file that is not.")
    found = find(PROGRAM)
    if found is None:
        by_hand = shlex.join(dump_of(url, path).words)
        raise Unusable(
            "This database is a server: back it up with its own tools, such as pg_dump. "
            f"It is not on this machine; on one that has it: {by_hand}"
        )
    part = partial(path)
    made = dump_of(url, part)
    try:
        begin(part)
        done = subprocess.run(  # noqa: S603 - the operator's own database and file
            [found, *made.words[1:]],
            env={**os.environ, **made.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unusable(f"The database was not copied: {reason_in(done.stderr)}.")
        part.rename(path)
    except OSError as fault:
        raise Unusable(f"{path} cannot be written: {fault}.") from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def reason_in(text: str) -> str:
    """Why it failed, out of what it wrote: its last error and the details of it, but not the statement it failed at."""
    lines = [" ".join(line.split()).removeprefix(f"{PROGRAM}: ") for line in text.splitlines() if line.strip()]
    errors = [number for number, line in enumerate(lines) if line.startswith(ERROR)]
    if not errors:
        return (lines or [f"{PROGRAM} failed"])[-1].rstrip(".")
    details = [line.removeprefix(DETAIL) for line in lines[errors[-1] + 1 :] if line.startswith(DETAIL)]
    told = [lines[errors[-1]].removeprefix(ERROR), *(line for line in details if not line.startswith(STATEMENT))]
    return ": ".join(told).rstrip(".")
