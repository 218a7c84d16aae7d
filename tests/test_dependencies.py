"""No dependency is older than the version that mended its known weaknesses; each is pinned by its hashes.

Why each floor is where it is: docs/security.md, "Dependencies".
"""

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "aiohttp": "3.14.5",
    "cryptography": "50.0.2",
    "jsonpickle": "3.4",
    "msal": "1.39",
    "pyjwt": "2.15.1",
    "requests": "2.33",
    "sqlalchemy": "2.1.9",
    "urllib3": "2.8.0",
}
CEILINGS = {"apscheduler": "4", "jsonpickle": "4"}
"""Version 4 of the scheduler brings another store; the Teams SDK takes no newer jsonpickle."""
PINNED = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[\w.]+)", re.MULTILINE)
FILES = ("requirements.txt", "tests/requirements.txt")
READS_BACK = re.compile(r"jsonpickle\.decode|Unpickler|pickle\.loads?\(|yaml\.(unsafe_)?load\(")


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {found["name"].lower().replace("_", "-"): found["version"] for found in PINNED.finditer(text)}


@pytest.mark.parametrize("file", FILES)
def test_what_is_pinned_is_no_older_than_its_floor_and_below_its_ceiling(file: str) -> None:
    pinned = pins(file)
    low = {name: pinned[name] for name, floor in FLOORS.items() if version(pinned[name]) < version(floor)}
    high = {name: pinned[name] for name, top in CEILINGS.items() if version(pinned[name]) >= version(top)}

    assert (low, high) == ({}, {})


def test_what_we_ask_for_leaves_no_room_below_a_floor() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    found = (re.fullmatch(r"([\w.-]+)(?:\[[\w,]+\])?[>=]=([\w.]+).*", line) for line in asked)
    known = {one[1]: one[2] for one in found if one}

    assert {name: known.get(name) for name, floor in FLOORS.items() if version(known[name]) < version(floor)} == {}


@pytest.mark.parametrize("file", FILES)
def test_everything_is_pinned_by_hash(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

    assert [line[:60] for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("package", ["botbuilder.core", "botbuilder.schema", "botframework.connector"])
def test_the_teams_sdk_reads_nothing_back_as_code(package: str) -> None:
    """It brings jsonpickle, and only ever writes with it."""
    found = find_spec(package)
    assert found is not None
    assert found.origin is not None
    files = list(Path(found.origin).parent.rglob("*.py"))

    assert len(files) > 5
    assert [file.name for file in files if READS_BACK.search(file.read_text(encoding="utf-8"))] == []
