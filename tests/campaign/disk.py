"""A disk without room: a small file system of its own where one may be made, else a limit on the size of files.

To make one takes a root that may mount. The limit is the nearest thing without one: whatever would make a file grow
fails, with another number for the reason.
"""

import os
import resource
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FILLER = "filler"


@contextmanager
def small(folder: Path, megabytes: int = 10) -> Iterator[None]:
    """Make the folder a file system of that size, if that is allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mounting = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    made = os.geteuid() == 0 and subprocess.run(mounting, check=False, capture_output=True).returncode == 0
    try:
        yield
    finally:
        if made:
            subprocess.run(("umount", "--lazy", str(folder)), check=False)


@contextmanager
def full(folder: Path, pid: int) -> Iterator[None]:
    """Until it ends, nothing can be written there; or, where the folder is no file system, no file of that process."""
    if not folder.is_mount():
        yield from _no_growth([pid, *_children(pid)])
        return
    filler = folder / FILLER
    try:
        _fill(filler)
        yield
    finally:
        filler.unlink()


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text(encoding="utf-8").split()]


def _no_growth(pids: Iterable[int]) -> Iterator[None]:
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, limits in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        yield
    finally:
        for pid, limits in before.items():
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
