"""Where the campaign's processes are born: everything is loaded once, and each life is a fork that runs `sitrep run`.

Orders come as lines of JSON on standard input, `{"id": 1, "environment": {}, "folder": "", "point": "", "lease": 5}`;
what became of them goes out as such lines: `{"id": 1, "pid": 7}` and `{"pid": 7, "code": -9}`. It ends with its input,
and so do all its children.
"""

import contextlib
import ctypes
import gc
import json
import os
import random
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from adapters import app_teams, cli
from tests.crashing import pace, seams

DIE_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG`."""

with contextlib.suppress(ImportError):
    import psycopg

    assert psycopg
assert app_teams
assert seams


def main() -> int:
    """Take orders until there are no more."""
    wakes, woken = os.pipe()
    for end in (wakes, woken):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken)
    assert threading.active_count() == 1, "a fork takes one thread with it"
    gc.collect()
    gc.freeze()
    heard = b""
    _say({"ready": True})
    while True:
        ready, _, _ = select.select([0, wakes], [], [])
        if wakes in ready:
            os.read(wakes, 4096)
            _bury()
        if 0 in ready:
            piece = os.read(0, 65536)
            if not piece:
                return 0
            *lines, heard = (heard + piece).split(b"\n")
            for line in lines:
                _bear(json.loads(line), (wakes, woken))


def _say(fact: dict[str, Any]) -> None:
    os.write(1, json.dumps(fact).encode() + b"\n")


def _bear(order: dict[str, Any], pipes: tuple[int, int]) -> None:
    pid = os.fork()
    if pid:
        _say({"id": order["id"], "pid": pid})
        return
    code = 70
    try:
        code = _live(order, pipes)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _live(order: dict[str, Any], pipes: tuple[int, int]) -> int:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = Path(order["folder"])
    log, nothing = os.open(folder / "sitrep.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND), os.open(os.devnull, 0)
    for source, goal in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, goal)
    for end in (*pipes, log, nothing):
        os.close(end)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(order["environment"])
    random.seed()
    pace.hurry(order["lease"])
    pace.mark()
    if order.get("blind"):
        pace.blind()
    if order.get("clock"):
        pace.unsettle()
    if order.get("point"):
        seams.arm(order["point"])
    return cli.main(["run"])


def _bury() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            _say({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    sys.exit(main())
