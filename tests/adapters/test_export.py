"""An incident written out: whole, by name, in two zones, escaped for every dress, and readable by a program again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.cli_read import stored
from adapters.export import Case, as_html_text, as_json_text, as_markdown_text, paper
from adapters.paper import plain
from bot.commands.spec import Sent
from bot.events import Entry
from bot.evolve import fold
from bot.people import Profile
from bot.refs import Person
from storage.codec import Stored, decode_event
from tests.adapters.house import ANA, AT, BEN, ROOM, House, house

NASTY = "Pay | <script>alert(1)</script> [x](http://y) `code` *now* & \\ end"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.says(f"declare critical {NASTY}")
        made.room()
        made.says("claim commander", BEN, ROOM)
        made.says("note First alert\nat two", ANA, ROOM)
        made.db.write(lambda: made.db.reads.save_profile(ANA, Profile(name="Ana Lima"))).result()
        yield made


def case(home: House, zone: str = "Europe/Berlin") -> Case:
    record = home.db.reads.record(1)
    assert record is not None
    return Case(
        incident=record.incident,
        entries=record.entries,
        sent=record.sent,
        names=record.names,
        policy=replace(home.policy, time_zone=zone),
        at=home.at,
        release="1.0.0",
    )


def test_markdown_has_every_line_with_both_zones_and_names(home: House) -> None:
    found = case(home)

    text = as_markdown_text(found)

    rows = [row for row in text.splitlines() if row.startswith("| ")]
    assert all(any(row.startswith(f"| {entry.version} | 2026-11-23 02:0") for row in rows) for entry in found.entries)
    assert "| 1 | 2026-11-23 02:01:00 | 2026-11-23 03:01:00 | Declared by @Ana Lima: Pay" in text
    assert "Note by @Ana Lima: First alert" in text
    assert "P-1" not in text


def test_markdown_cannot_be_broken_by_what_people_typed(home: House) -> None:
    text = as_markdown_text(case(home))

    assert "<script>" not in text
    assert r"Pay \| \<script\>alert(1)\</script\> \[x\](http://y) \`code\` \*now\* & \\ end" in text
    widths = {
        row.replace(r"\|", "").count("|") for row in text.partition("## Timeline")[2].split("##")[0].split("\n") if row
    }
    assert len(widths) == 1


def test_what_was_sent_where_and_when_is_in_it(home: House) -> None:
    sent = Sent(
        key="update-1",
        to="internal",
        address="slack:#incidents",
        state="sent",
        at=AT,
        text="Update 1 on INC-1",
    )
    dead = replace(sent, key="update-2", state="dead", at=None, error="the channel is archived")

    text = as_markdown_text(replace(case(home), sent=(sent, dead)))

    assert "| 2026-11-23 02:00:00 | 2026-11-23 03:00:00 | update-1 | internal | slack:#incidents | sent |" in text
    assert "|  |  | update-2 | internal | slack:#incidents | did not arrive: the channel is archived |" in text


def test_an_organisation_on_utc_reads_each_time_once(home: House) -> None:
    text = as_markdown_text(case(home, "Etc/UTC"))

    assert "| # | UTC | What happened |" in text


def test_a_moment_within_a_line_has_its_day(home: House) -> None:
    assert "2026-11-23 02:31:00 UTC (03:31:00 Europe/Berlin)" in as_markdown_text(case(home))


class Tags(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_holds_no_tag_that_somebody_typed(home: House) -> None:
    page = Tags()
    page.feed(as_html_text(case(home)))

    assert "script" not in page.tags
    assert set(page.tags) <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "th", "td", "br",
    }  # fmt: skip
    assert NASTY in page.text


def test_json_gives_the_incident_again(home: House) -> None:
    found = json.loads(as_json_text(case(home), stored))

    entries = [
        Entry(
            version=one["version"],
            at=AT.fromisoformat(one["at"]),
            by=Person(one["by"]) if one["by"] else None,
            event=decode_event(Stored(kind=one["kind"], v=one["v"], data=json.dumps(one["data"]))),
        )
        for one in found["entries"]
    ]
    assert fold(entries, number=found["incident"]) == home.incident()
    assert found["people"]["P-1"] == {"name": "Ana Lima", "identities": [ANA]}
    assert found["format"] == 1


def test_a_terminal_is_not_steered_by_what_people_typed(home: House) -> None:
    home.says("title \x1b[31mred\x07", ANA, ROOM)
    found = case(home)

    lines = plain(paper(replace(found, incident=replace(found.incident, title="\x1b[31mred\x07 \u202etxt"))))

    assert all(mark.isprintable() or mark == "\n" for mark in lines)


def test_the_short_form_has_the_newest_lines_and_nothing_of_what_was_sent(home: House) -> None:
    found = case(home)

    shown = paper(found, last=2)

    assert [section.heading for section in shown.sections][-1] == f"Last 2 of {len(found.entries)} lines"
    assert [row[0] for row in shown.sections[-1].table.rows] == [str(entry.version) for entry in found.entries[-2:]]


def test_whether_each_audience_was_told_in_time_is_in_it(home: House) -> None:
    home.says("update Payments fail. steps:Comparing next:30m", BEN, ROOM)
    found = case(home)

    text = as_markdown_text(found)
    data = json.loads(as_json_text(found, stored))

    table = text.partition("## Communication")[2].partition("## Timeline")[0]
    assert "| Internal | first word after " in table
    assert "| 1 of 1 | 0 |" in table
    (internal,) = [one for one in data["communication"] if one["audience"] == "internal"]
    assert (internal["kept"], internal["promises"], internal["last_late"]) == (1, 1, 0.0)
    assert internal["first_word_after"] > 0
