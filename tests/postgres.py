"""A PostgreSQL server of the tests' own: made in a temporary folder, on loopback, gone afterwards.

It is no root's: PostgreSQL refuses to run as root, so that a root's tests run it as somebody else.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

USER = "sitrep"
FOUND = ("/usr/lib/postgresql", "/usr/pgsql")
"""Where distributions keep what is not on the PATH."""

CARELESS = {"fsync": "off", "full_page_writes": "off"}
"""Fast; what is lost in a power cut matters to nobody."""

ORDERED_LIKE_PEOPLE = ("--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8", "--encoding=UTF8")
"""No order of bytes, so that nothing relies on one."""

_names = count(1)


def programs() -> Path | None:
    """The folder of a server's programs; None: there is no PostgreSQL here."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    kept = [path for folder in FOUND for path in Path(folder).glob("*/bin") if (path / "initdb").exists()]
    return max(kept, key=lambda path: int(path.parent.name), default=None)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Server:
    """A server that may be stopped and started again."""

    folder: Path
    programs: Path
    settings: Mapping[str, str] = field(default_factory=lambda: CARELESS)
    port: int = field(default_factory=_free_port)
    process: "subprocess.Popen[bytes] | None" = None
    templates: dict[str, str] = field(default_factory=dict[str, str])

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"

    def make(self) -> None:
        """Make the data folder."""
        data = self.folder / "data"
        words = ["-D", str(data), "-U", USER, "--auth=trust", "--no-sync", *ORDERED_LIKE_PEOPLE]
        subprocess.run([self.programs / "initdb", *words], check=True, capture_output=True, **_somebody())

    def start(self) -> None:
        """Until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            **self.settings,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        words = [str(self.programs / "postgres"), "-D", str(self.folder / "data"), *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, **_somebody())
        if not self.answers():
            raise AssertionError(f"PostgreSQL does not start:\n{(self.folder / 'log').read_text()[-3000:]}")

    def answers(self) -> bool:
        """Until it answers; or it has ended, or takes too long."""
        for _ in range(600):
            if self.process is None or self.process.poll() is not None:
                return False
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: fast, whoever is connected is sent away. SIGQUIT: at once, as in a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            self.process = None

    def does(self, *statements: str) -> None:
        """Run statements on the server itself."""
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def template(self, fill: Callable[[str], object], name: str = "newest") -> str:
        """The name of a database that `fill` filled, given its address; once for each server."""
        if name not in self.templates:
            made = f"template_{name}"
            self.does(f"CREATE DATABASE {made}")
            fill(self.url(made))
            self.templates[name] = made
        return self.templates[name]

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, a copy of that one."""
        name = f"t{next(_names)}"
        self.does(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url(name)
        self.does(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def server(
    found: Path, on: Callable[[Path], AbstractContextManager[None]] = lambda _: nullcontext(), **settings: str
) -> Iterator[Server]:
    """A running server with these programs. `on`: what its folder is made. `settings` replace the careless ones."""
    with tempfile.TemporaryDirectory(prefix="sitrep-pg-", ignore_cleanup_errors=True) as name, on(Path(name)):
        folder = Path(name)
        if os.getuid() == 0:
            os.chown(folder, _other().pw_uid, _other().pw_gid)
        made = Server(folder, found, settings or CARELESS)
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop(signal.SIGQUIT)


def _somebody() -> dict[str, Any]:
    """Run as somebody who is not root."""
    if os.getuid() != 0:
        return {}
    return {"user": _other().pw_uid, "group": _other().pw_gid, "extra_groups": [], "cwd": "/"}


def _other() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("root needs a user `postgres` or `nobody` to run PostgreSQL as")
