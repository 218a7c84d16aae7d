"""Hostile words through every way that is no chat: mail, webhook, Statuspage, services, status page, feeds, export."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from itertools import islice

import feedparser
import pytest

from adapters.announce.mail import message as mail_of
from adapters.announce.other import defused
from adapters.announce.telling import Said, said_of
from adapters.announce.webhook import payload
from adapters.paper import Paper, Section, Table, as_html, markdown, plain
from adapters.web.status.site import documents, renders
from tests.adapters.announce.rig import AT, FOR_CUSTOMERS, delivery, mail_settings
from tests.adapters.reading_html import read
from tests.adapters.status_rig import HOUSE, PAYMENTS, shown
from tests.adapters.test_status_pages import seen
from tests.contracts import hostile

COUNT = int(os.environ.get("SITREP_STRINGS", "2000"))
"""`make fuzz` tries 100,000."""
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
CALLS = re.compile(r"(?<!\w)@(everyone|here|channel|Ben)\b|<[@!#]|<users/")
DRESS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "br", "table", "tr", "th", "td"}
MAIL = {"html", "head", "meta", "title", "body", "h1", "p", "b", "br", "ul", "li", "a", "hr"}
HEADS = 11
"""Lines of a mail's head that are ours."""


def words() -> Iterator[list[str]]:
    drawn = hostile.strings()
    for _ in range(0, COUNT, hostile.HOLDS):
        yield list(islice(drawn, hostile.HOLDS))


def told(found: list[str]) -> Said:
    notice = replace(FOR_CUSTOMERS, headline=found[0], services=(found[1],), none_because=found[2])
    made = said_of(delivery("mailto:press@example.com", notice, card=hostile.card(found)), AT)
    assert made is not None
    return made


def test_a_mail_has_its_own_head_and_no_markup_of_theirs() -> None:
    for found in words():
        mail = message_from_bytes(mail_of(told(found), mail_settings(25), AT).as_bytes(), policy=default)
        html = mail.get_body(("html",))
        assert html is not None, found
        page = read(html.get_content())

        assert len(mail.keys()) == HEADS, found
        assert {name for name, _ in page.elements} <= MAIL, found
        assert all(link.startswith(("http://", "https://")) for link in page.links), found
        assert not UNSEEN.search(page.text), found


def test_a_program_reads_the_very_words() -> None:
    for found in words():
        written = payload(told(found))
        sent = json.dumps(written, ensure_ascii=False).encode("utf-8", "replace")

        assert isinstance(json.loads(sent), dict), found
        assert not UNSEEN.search("".join((written["title"], *written["paragraphs"]))), found


def test_a_service_calls_nobody() -> None:
    for found in words():
        said = told(found)

        assert not CALLS.search(defused(said.title)), found
        assert not CALLS.search(defused("\n\n".join(said.paragraphs))), found


def test_a_page_and_a_feed_have_no_elements_of_theirs() -> None:
    usual = {name for path in renders(shown(PAYMENTS)) for name, _ in seen(shown(PAYMENTS), path).elements}
    for found in islice(words(), COUNT // hostile.HOLDS // 4 + 1):
        update = replace(PAYMENTS.updates[0], words=found[3])
        page = shown(replace(PAYMENTS, headline=found[0], services=(found[1],), updates=(update,)), house=HOUSE)

        for path in renders(page):
            read_ = seen(page, path)
            assert {name for name, _ in read_.elements} <= usual, found
            assert not any("javascript:" in link.lower() for link in read_.links), found
        for name in ("history.atom", "history.rss"):
            feed = feedparser.parse(documents(page)[name][1])
            assert not feed.bozo, (found, feed.bozo)
            assert len(feed.entries) == 1, found


@pytest.mark.parametrize("columns", [1, 2])
def test_a_written_incident_has_no_markup_of_theirs(columns: int) -> None:
    for found in words():
        rows = tuple(tuple(found[index : index + columns]) for index in range(4, 12, columns))
        heads = tuple(found[12 : 12 + columns])
        section = Section(heading=found[2], table=Table(heads=heads, rows=rows))
        paper = Paper(title=found[0], note=found[1], sections=(section, replace(section, empty=found[3])))

        page = read(as_html(paper).encode("utf-8", "replace"))
        assert {name for name, _ in page.elements} <= DRESS, found
        assert len(page.all("tr")) == 2 * (len(rows) + 1), found

        lines = markdown(paper).split("\n")
        table = [line for line in lines if line.startswith("| ")]
        bars = {len(re.sub(r"\\.", "", line)) - len(re.sub(r"\\.|\|", "", line)) for line in table}
        assert len(table) == 2 * (len(rows) + 2), found
        assert bars == {columns + 1}, found
        assert not re.search(r"(?<!\\)<(?!br>)", "\n".join(lines)), found

        assert plain(paper).replace("\n", "").isprintable(), found
