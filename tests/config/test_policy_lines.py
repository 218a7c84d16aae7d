"""Where each key of a TOML text stands."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy_lines import Path, line_of, locate

TEXT = '''# a comment with [brackets] and "quotes"
top = 1
dotted.key . "a b" = "x"   # [not.a.table]

[table]
text = """
[no.table]
no = "key"
"""
literal = \'\'\'it's = [\'\'\'
list = [
  "one",  # , ]
  { at = 1, to = ["a", "b"] },
]
when = 2026-11-23 09:00:00

[[rows]]
name = "first"
[rows.inner]
deep = true
[[rows.steps]]
at = "1m"
[[rows]]
name = "second"
inline = { a = 1, b.c = { d = "}" } }
[[rows.steps]]
at = "2m"
[[rows.steps]]
at = "3m"
'''

PLACES: dict[Path, int] = {
    ("top",): 2,
    ("dotted",): 3,
    ("dotted", "key"): 3,
    ("dotted", "key", "a b"): 3,
    ("table",): 5,
    ("table", "text"): 6,
    ("table", "literal"): 10,
    ("table", "list"): 11,
    ("table", "list", 0): 12,
    ("table", "list", 1): 13,
    ("table", "list", 1, "to"): 13,
    ("table", "list", 1, "to", 1): 13,
    ("table", "when"): 15,
    ("rows",): 17,
    ("rows", 0): 17,
    ("rows", 0, "name"): 18,
    ("rows", 0, "inner"): 19,
    ("rows", 0, "inner", "deep"): 20,
    ("rows", 0, "steps", 0, "at"): 22,
    ("rows", 1): 23,
    ("rows", 1, "name"): 24,
    ("rows", 1, "inline", "b", "c", "d"): 25,
    ("rows", 1, "steps", 0, "at"): 27,
    ("rows", 1, "steps", 1): 28,
    ("rows", 1, "steps", 1, "at"): 29,
}


@pytest.mark.parametrize(("path", "line"), PLACES.items(), ids=str)
def test_each_key_has_the_line_it_stands_in(path: Path, line: int) -> None:
    assert locate(TEXT)[path] == line


def test_lines_are_counted_alike_with_the_line_ends_of_windows() -> None:
    assert locate(TEXT.replace("\n", "\r\n")) == locate(TEXT)


def test_a_text_without_a_last_line_end_is_read_to_its_end() -> None:
    assert locate("[a]\nb = [1,\n 2]") == {("a",): 1, ("a", "b"): 2, ("a", "b", 0): 2, ("a", "b", 1): 3}


def test_what_is_not_there_has_the_line_of_what_is_around_it() -> None:
    lines = locate(TEXT)

    assert line_of(lines, ("rows", 1, "missing")) == 23
    assert line_of(lines, ("nowhere", "at", "all")) == 1


def test_every_key_of_the_built_in_policy_stands_in_its_line() -> None:
    text = files("config").joinpath("policy.toml").read_text("utf-8")
    lines = locate(text)

    astray = [
        path
        for path in _paths(tomllib.loads(text))
        if isinstance(path[-1], str) and path[-1] not in text.splitlines()[lines[path] - 1]
    ]

    assert astray == []


KEYS = st.text("abc-_1", min_size=1, max_size=3) | st.sampled_from(['"x.y"', "'q r'", '"\\u0061]"', '""'])
SCALARS = st.sampled_from(
    ["1", "-0.5e3", "true", '"a]b"', "'{'", '"\\"#"', '"""\n[x]\n"""', "'''\n'a'\n'''", '""', '"""q"""""', "07:32:00"]
)
GAPS = st.sampled_from(["", " ", "\n", " # ]}\n", "\n\n\t"])


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    kind = draw(st.sampled_from(["scalar", "list", "table"])) if depth else "scalar"
    if kind == "list":
        items = [draw(GAPS) + draw(values(depth=depth - 1)) + draw(GAPS) for _ in range(draw(st.integers(0, 3)))]
        return f"[{','.join(items)}{draw(st.sampled_from(['', ','])) if items else ''}{draw(GAPS)}]"
    if kind == "table":
        keys = draw(st.lists(KEYS, unique_by=_decoded, max_size=3))
        return f"{{ {', '.join(f'{key} = {draw(values(depth=depth - 1))}' for key in keys)} }}"
    return draw(SCALARS)


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = []
    for number in range(draw(st.integers(0, 4))):
        header = draw(st.sampled_from([f"[t{number}]", "[[rows]]", f"[ 'q' . t{number} ]"]))
        keys = draw(st.lists(KEYS, unique_by=_decoded, max_size=3))
        pairs = [f"{draw(st.sampled_from(['', '  ']))}{key} = {draw(values())}" for key in keys]
        parts.append("\n".join([header, *pairs]))
    return draw(GAPS) + "\n".join(parts)


@given(texts())
def test_every_path_of_any_toml_is_found(text: str) -> None:
    data = tomllib.loads(text)
    lines = locate(text)

    assert set(lines) == set(_paths(data))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


def _decoded(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 1")))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _paths(item, (*path, key))
