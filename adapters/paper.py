"""A document of headings, facts and tables, and its three dresses: Markdown, HTML and plain lines.

Words are raw text here; each dress escapes them its own way, once.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")
_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #999; padding: .3rem .6rem; text-align: left; vertical-align: top; }}
td {{ overflow-wrap: anywhere; }}
</style>
</head>
<body>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under column heads; without heads, labels with their values."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table under a heading; without rows, the words said instead."""

    heading: str
    table: Table
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The whole document."""

    title: str
    note: str
    sections: tuple[Section, ...]


def markdown(paper: Paper) -> str:
    """As Markdown, tables included."""
    return "\n".join(_markdown(paper)) + "\n"


def _markdown(paper: Paper) -> Iterator[str]:
    yield f"# {_md(paper.title)}"
    yield ""
    yield _md(paper.note)
    for section in paper.sections:
        yield ""
        yield f"## {_md(section.heading)}"
        yield ""
        if not section.table.rows:
            yield _md(section.empty)
            continue
        width = len(section.table.rows[0])
        yield _row(_md(head) for head in section.table.heads or ("",) * width)
        yield _row(["---"] * width)
        for row in section.table.rows:
            yield _row(_md(cell) for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _md(text: str) -> str:
    """Escaped, on one line: a line break would end the table."""
    return "<br>".join(_SPECIAL.sub(r"\\\1", line) for line in text.strip().splitlines())


def as_html(paper: Paper) -> str:
    """As a page of its own, without scripts and without anything from elsewhere."""
    return "\n".join(_html(paper)) + "\n"


def _html(paper: Paper) -> Iterator[str]:
    yield _HEAD.format(title=_text(paper.title))
    yield f"<h1>{_text(paper.title)}</h1>"
    yield f"<p>{_text(paper.note)}</p>"
    for section in paper.sections:
        yield f"<h2>{_text(section.heading)}</h2>"
        if not section.table.rows:
            yield f"<p>{_text(section.empty)}</p>"
            continue
        yield "<table>"
        if section.table.heads:
            yield f"<tr>{''.join(f'<th>{_text(head)}</th>' for head in section.table.heads)}</tr>"
        for row in section.table.rows:
            yield f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>"
        yield "</table>"
    yield "</body>\n</html>"


def _text(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.strip().splitlines())


def plain(paper: Paper) -> str:
    """As lines for a terminal, columns aligned but for the last."""
    return "\n".join(_plain(paper)) + "\n"


def _plain(paper: Paper) -> Iterator[str]:
    yield _line(paper.title)
    yield _line(paper.note)
    for section in paper.sections:
        yield ""
        yield _line(section.heading)
        if not section.table.rows:
            yield f"  {_line(section.empty)}"
        widths = [max(len(_line(cell)) for cell in column) for column in zip(*section.table.rows, strict=True)]
        for row in section.table.rows:
            cells = [_line(cell).ljust(width) for cell, width in zip(row, widths, strict=True)]
            yield f"  {'  '.join(cells)}".rstrip()


def _line(text: str) -> str:
    """One line without control characters: what was typed must not steer a terminal."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
