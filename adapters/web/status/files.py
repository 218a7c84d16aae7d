"""The whole status page as files, to stand on any web server and stay up when we are not.

Each file is replaced at once, the first page last, so a visitor never meets a half-written page or a link to nothing.
Pages of ours that are no longer there (an incident that became private) are removed.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from adapters.web.status.links import filed
from adapters.web.status.shown import Shown
from adapters.web.status.site import FRONT, Picture, assets, documents, renders, written

OURS = re.compile(r"(incidents|maintenance)/[0-9a-f]{12}\.html|history/\d{4}-\d{2}\.html|targets\.html|logo\.[a-z]+")
"""What an earlier export may have left behind; nothing else is ever removed."""


def export(shown: Shown, logo: Picture | None, folder: Path) -> int:
    """Write it all. How many files there are. Raises OSError where the folder cannot be written."""
    files = made(shown, logo)
    for name, data in files.items():
        _replace(folder / name, data)
    for name in _left_behind(folder, files):
        (folder / name).unlink(missing_ok=True)
    return len(files)


def made(shown: Shown, logo: Picture | None) -> Mapping[str, bytes]:
    """Every file by its path, in the order in which they are to be written."""
    found = {name: data for name, (_, data) in (*assets(logo).items(), *documents(shown).items())}
    for path, render in reversed(renders(shown).items()):
        name = "index" if path == FRONT else path
        found[f"{name}.html"] = written(render, shown, filed(path))
    return found


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _left_behind(folder: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if OURS.fullmatch(name) and name not in files:
            yield name
