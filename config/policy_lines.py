"""Where each key of a TOML text stands, which Python's own TOML reader does not tell.

Reads only text that the TOML reader has accepted, so nothing is checked here twice.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys and the numbers of rows, from the top: `("priorities", 0, "roles", 2)`."""

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # a text that ends in quotes has up to five in a row
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def locate(text: str) -> dict[Path, int]:
    """The line, counted from 1, of each key, row and element. For a table it is the line of its first mention."""
    newlines = [found.start() for found in re.finditer("\n", text)]
    return {path: bisect_left(newlines, offset) + 1 for path, offset in _offsets(text).items()}


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of what is at `path`, or of the nearest thing around it; 1 where nothing is."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _offsets(text: str) -> dict[Path, int]:
    found: dict[Path, int] = {}
    rows: dict[Path, int] = {}
    table: Path = ()
    at = _end(_SPACE, text, 0)
    while at < len(text):
        if text[at] == "[":
            table, after = _header(text, at, rows)
            _note(found, table, 0, at)
            at = after
        else:
            at = _pair(text, at, table, found)
        at = _end(_SPACE, text, at)
    return found


def _header(text: str, at: int, rows: dict[Path, int]) -> tuple[Path, int]:
    """The table that `[a.b]` or `[[a.b]]` opens, and the offset after it. `rows`: the latest of each list of tables."""
    is_row = text.startswith("[[", at)
    keys, at = _keys(text, at + (2 if is_row else 1))
    if not is_row:
        return _resolved(keys, rows), at + 1
    listed = (*_resolved(keys[:-1], rows), keys[-1])
    rows[listed] = rows.get(listed, -1) + 1
    return (*listed, rows[listed]), at + 2


def _resolved(keys: tuple[str, ...], rows: Mapping[Path, int]) -> Path:
    path: Path = ()
    for key in keys:
        path = (*path, key)
        if path in rows:
            path = (*path, rows[path])
    return path


def _pair(text: str, at: int, table: Path, found: dict[Path, int]) -> int:
    keys, after = _keys(text, at)
    path = (*table, *keys)
    _note(found, path, len(table), at)
    return _value(text, _end(_BLANK, text, after + 1), path, found)


def _value(text: str, at: int, path: Path, found: dict[Path, int]) -> int:
    """Notes what is inside the value, and gives the offset after it."""
    match text[at]:
        case "[":
            return _array(text, at, path, found)
        case "{":
            return _inline_table(text, at, path, found)
        case '"' | "'":
            return _end(_STRING, text, at)
        case _:
            return _end(_SCALAR, text, at)


def _array(text: str, at: int, path: Path, found: dict[Path, int]) -> int:
    at = _end(_SPACE, text, at + 1)
    number = 0
    while text[at] != "]":
        found[(*path, number)] = at
        at = _next(text, _value(text, at, (*path, number), found))
        number += 1
    return at + 1


def _inline_table(text: str, at: int, path: Path, found: dict[Path, int]) -> int:
    at = _end(_SPACE, text, at + 1)
    while text[at] != "}":
        at = _next(text, _pair(text, at, path, found))
    return at + 1


def _next(text: str, at: int) -> int:
    at = _end(_SPACE, text, at)
    return _end(_SPACE, text, at + 1) if text[at] == "," else at


def _keys(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """The parts of a key that may be dotted and quoted, and the offset of what follows it."""
    keys: list[str] = []
    while True:
        start = _end(_BLANK, text, at)
        quoted = text[start] in "\"'"
        end = _end(_STRING if quoted else _BARE, text, start)
        raw = text[start:end]
        keys.append(str(tomllib.loads(f"key = {raw}")["key"]) if quoted else raw)
        at = _end(_BLANK, text, end)
        if text[at] != ".":
            return tuple(keys), at
        at += 1


def _note(found: dict[Path, int], path: Path, known: int, at: int) -> None:
    """Note `path` and what is around it, down to its first `known` parts, unless it stood earlier."""
    for length in range(known + 1, len(path) + 1):
        found.setdefault(path[:length], at)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    assert match, "the TOML reader accepted this text"
    return match.end()
