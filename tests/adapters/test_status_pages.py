"""The status page's pages: what they say, where their links lead, and that hostile text stays text."""

import posixpath
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.web.status.links import Links, bare, filed, live
from adapters.web.status.markup import el, feed, page
from adapters.web.status.shown import Shown
from adapters.web.status.site import assets, documents, renders, written
from bot.events import Status
from bot.policy import CUSTOMERS, Standard
from bot.public import Impact
from tests.adapters.reading_html import Read, read
from tests.adapters.status_rig import (
    AT,
    CALM,
    DATABASE,
    DONE,
    FULL,
    HOUSE,
    MINUTE,
    OLD,
    PAGE,
    PAYLOADS,
    PAYMENTS,
    POLICY,
    SEARCH,
    UNDER_WAY,
    shown,
    update,
)


def seen(what: Shown, path: str = "", links: Links | None = None) -> Read:
    render = renders(what).get(path)
    assert render is not None
    return read(written(render, what, links or live(path)))


def test_the_first_page_says_how_everything_is_and_when_the_next_word_comes() -> None:
    text = seen(FULL).text

    assert "Some services are partly down" in text
    assert "Card payments in Europe Identified Affected: Checkout." in text
    assert "Next update by 23 Nov 2026, 09:40 UTC ." in text
    assert "Checkout Paying for what is in the basket. Partly down" in text
    assert "Search Working" in text
    assert "Help centre Under maintenance" in text
    assert "Slow search 20 Nov 2026, 09:30 UTC · lasted 50 minutes" in text
    assert "Sign-in by text message" not in text, "that is longer ago"


def test_updates_stand_newest_first_with_what_was_promised_then() -> None:
    text = seen(shown(PAYMENTS)).text

    assert text.index("A faulty release") < text.index("Card payments in Europe fail")
    assert "Next update by 23 Nov 2026, 09:20 UTC" in text


@pytest.mark.parametrize(
    ("incidents", "work", "sentence"),
    [
        ((), (), "All services are working"),
        ((replace(PAYMENTS, impact=Impact.MINOR),), (), "Some services are degraded"),
        ((PAYMENTS,), (UNDER_WAY,), "Some services are partly down"),
        ((replace(PAYMENTS, impact=Impact.CRITICAL), PAYMENTS), (), "There is a major outage"),
        ((SEARCH,), (UNDER_WAY,), "Planned maintenance is under way"),
        ((SEARCH,), (DATABASE, DONE), "All services are working"),
    ],
)
def test_the_worst_that_is_open_is_how_everything_is(incidents: tuple, work: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    assert seen(shown(*incidents, maintenances=work)).text.startswith(sentence)


def test_a_page_without_services_says_whether_an_incident_is_open() -> None:
    house = replace(HOUSE, policy=replace(POLICY, status=replace(PAGE, services=(), publish_targets=())))

    found = seen(shown(house=house))

    assert found.text.startswith("No incident is open")
    assert "Services" not in found.text
    assert "targets" not in renders(shown(house=house))
    assert not any("targets" in link for link in found.links)


def test_an_update_that_is_late_is_said_to_be_so_only_if_the_policy_says_so() -> None:
    late = AT + 11 * MINUTE
    honest = seen(shown(PAYMENTS, at=late)).text
    policy = replace(POLICY, status=replace(PAGE, show_overdue=False))
    quiet = seen(shown(PAYMENTS, at=late, house=replace(HOUSE, policy=policy))).text

    assert "Update overdue since 23 Nov 2026, 09:40 UTC" in honest
    assert "overdue" not in quiet
    assert "Next update by 23 Nov 2026, 09:40 UTC" in quiet


def test_what_is_shown_changes_by_itself_when_a_promise_passes_or_work_begins() -> None:
    assert shown(PAYMENTS).changes_at() == AT + 10 * MINUTE + timedelta(microseconds=1)
    assert shown(maintenances=(DATABASE,), at=DATABASE.starts_at - MINUTE).changes_at() == DATABASE.starts_at
    assert shown(SEARCH).changes_at() == AT + timedelta(hours=1)


def test_an_incident_that_promises_nothing_says_what_was_said_of_it() -> None:
    told = update(9, -5, "It returns on Monday.", none="the supplier opens on Monday")
    none = replace(PAYMENTS, updates=(told,), next_at=None)

    assert "No further update is expected: the supplier opens on Monday." in seen(shown(none)).text
    silent = replace(none, updates=(replace(told, none_because=""),))
    assert "update" not in seen(shown(silent)).text.split("It returns on Monday.")[0].split("Began")[1]


def test_an_incident_has_a_page_with_its_whole_story() -> None:
    found = seen(FULL, f"incidents/{SEARCH.id}")

    assert "Slow search Resolved Affected: Search." in found.text
    assert "Began 20 Nov 2026, 09:30 UTC . Over since 20 Nov 2026, 10:20 UTC . Lasted 50 minutes." in found.text
    assert "No further update is expected: watched for half an hour." in found.text
    assert [one.get("id") for one in found.all("li") if one.get("id")] == ["000000000004", "000000000003"]


def test_history_goes_month_by_month() -> None:
    this, before = seen(FULL, "history"), seen(FULL, "history/2026-10")

    assert "History of November 2026" in this.text
    assert "Card payments in Europe 23 Nov 2026, 08:50 UTC · Identified" in this.text
    assert "Renewed certificates Done" in this.text
    assert "Sign-in by text message" in before.text
    assert "Slow search" not in before.text
    assert "../history/2026-11" in before.links
    assert "No incident in November 2026." in seen(shown(OLD), "history").text
    assert "history/2026-09" not in renders(FULL)


def test_planned_maintenance_has_a_page_and_stands_on_the_first() -> None:
    path = f"maintenance/{FULL.work_id(DATABASE)}"

    assert path in seen(FULL).links
    assert "A new database for sign-in Planned Affected: Sign-in." in seen(FULL, path).text
    assert "25 Nov 2026, 09:30 UTC to 25 Nov 2026, 11:30 UTC" in seen(FULL, path).text
    assert "Renewed certificates" not in seen(FULL).text


def test_targets_are_those_the_organisation_publishes() -> None:
    found = seen(FULL, "targets").text

    assert (
        "Critical Severe disruption or degradation. You hear from us Within 30 minutes, then every 30 minutes" in found
    )
    assert "We begin to work on it Within 15 minutes We aim to have it solved Within 2 h" in found
    assert "Low Little to no effect on the ability to do one's job. You hear from us When there is news" in found
    policy = replace(POLICY, status=replace(PAGE, publish_targets=("resolve",)))
    some = seen(shown(house=replace(HOUSE, policy=policy)), "targets").text
    assert "We aim to have it solved" in some
    assert "You hear from us" not in some
    bare_row = replace(POLICY.priorities[0], means="", respond_within=None, resolve_within=None)
    without = replace(POLICY, priorities=(bare_row,))
    assert (
        "No target We aim to have it solved No target"
        in seen(shown(house=replace(HOUSE, policy=without)), "targets").text
    )


def test_times_are_of_the_organisations_zone_with_utc_beside_them() -> None:
    house = replace(HOUSE, policy=replace(POLICY, time_zone="Asia/Tokyo"))
    late = replace(PAYMENTS, next_at=AT.replace(hour=16))

    text = seen(shown(late, house=house)).text

    assert "24 Nov 2026, 01:30 JST (23 Nov 16:30 UTC)" in text
    assert "23 Nov 2026, 17:50 JST (08:50 UTC)" in text
    assert "Times are of Asia/Tokyo, with UTC beside them." in text


@pytest.mark.parametrize("dress", ["live", "files"])
def test_every_link_of_every_page_leads_to_something(dress: str) -> None:
    paths = renders(FULL)
    there = {*documents(FULL), *assets(None)}
    ending = ".html" if dress == "files" else ""
    there |= {f"{path or 'index'}{ending}" if dress == "files" else path for path in paths}
    for path in paths:
        links = filed(path) if dress == "files" else live(path)
        for link in seen(FULL, path, links).links:
            if link == "#main":
                continue
            assert not link.startswith(("/", "http")), "all are relative"
            folder = posixpath.dirname(path)
            target = posixpath.normpath(posixpath.join(folder, link))
            assert ("" if target == "." else target) in there, (path, link)


def test_the_first_page_without_a_slash_links_from_where_it_stands() -> None:
    links = seen(FULL, "", bare("status")).links

    assert all(link.startswith("status") or link == "#main" for link in links)


def test_no_page_has_a_script_or_style_of_its_own_or_anything_from_elsewhere() -> None:
    for path in renders(FULL):
        found = seen(FULL, path)
        names = {name for name, _ in found.elements}
        assert not names & {"script", "style", "iframe", "object", "form", "base"}
        assert not [
            key for _, attributes in found.elements for key in attributes if key == "style" or key.startswith("on")
        ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_text_in_every_page_and_feed(payload: str) -> None:
    hostile = replace(
        PAYMENTS, headline=payload, services=(payload,), updates=(replace(PAYMENTS.updates[0], words=payload),)
    )
    over = replace(hostile, id="00000000000d", status=Status.RESOLVED, resolved_at=AT)
    service = replace(PAGE.services[0], name=payload, group=payload, description=payload)
    page_of = replace(PAGE, name=payload, services=(service,))
    work = replace(DATABASE, title=payload, services=(payload,))
    first = replace(POLICY.priorities[0], name=payload, means=payload)
    policy = replace(POLICY, organisation=payload, status=page_of, priorities=(first,))
    bad = shown(hostile, over, maintenances=(work,), house=replace(HOUSE, policy=policy))
    plain = shown(PAYMENTS, SEARCH, maintenances=(DATABASE,))

    for path in renders(bad):
        found = seen(bad, path)
        allowed = {name for one in renders(plain) for name, _ in seen(plain, one).elements}
        assert {name for name, _ in found.elements} <= allowed
        assert all(not str(link).lower().lstrip().startswith("javascript") for link in found.links)
    fit = re.sub("[\x00\x0b\ufffe\ud800]", "\ufffd", payload)
    assert " ".join(fit.split()) in seen(bad).text


def test_what_xml_cannot_hold_is_replaced() -> None:
    made = feed(el("a", "x\x00\x0b\ufffe<y>"))

    assert made.decode().endswith("<a>x\ufffd\ufffd\ufffd&lt;y&gt;</a>")
    assert feed(el("a", None, b="1")).decode().endswith('<a b="1"/>')
    assert page(el("br")) == b"<!doctype html>\n<br>"


@pytest.mark.parametrize("support", ["https://help.example.com", "help@example.com", "javascript:alert(1)", ""])
def test_customers_read_whom_to_ask_and_only_an_address_is_a_link(support: str) -> None:
    standards = {**POLICY.standards, CUSTOMERS: Standard(support=support)}

    found = seen(shown(house=replace(HOUSE, policy=replace(POLICY, standards=standards))))

    assert ("Questions?" in found.text) == bool(support)
    assert support in found.text
    assert (support in found.links) == support.startswith("https")
    assert "Questions?" not in seen(shown(house=replace(HOUSE, policy=replace(POLICY, standards={})))).text


def test_a_calm_page_is_calm() -> None:
    text = seen(CALM).text

    assert "All services are working" in text
    assert "Planned maintenance" not in text
    assert "No incident in the last 14 days." in seen(shown(OLD)).text
