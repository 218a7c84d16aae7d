"""Atom and RSS: an entry for each incident and each piece of planned work, the last changed first.

An entry's id never changes; its `updated` moves with every update, and its text then holds them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from adapters.web.status.markup import Element, Node, el, fragment
from adapters.web.status.phrases import STATUS_WORDS, maintenance_words, moment_words, stamp, told_words
from adapters.web.status.shown import Shown, moved_at
from bot.maintenance import Maintenance
from bot.public import PublicIncident, opaque

MOST = 50
"""Entries of a feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a reader of feeds shows as one thing."""

    uuid: UUID
    title: str
    link: str
    began: datetime
    updated: datetime
    text: str
    """HTML, as text."""


def atom(shown: Shown) -> Element:
    """The Atom feed."""
    return el(
        "feed",
        el("id", _uuid(shown, "feed").urn),
        el("title", f"{shown.name} status"),
        el("updated", stamp(shown.updated_at)),
        el("author", el("name", shown.name)),
        el("link", rel="self", type="application/atom+xml", href=f"{shown.url}/history.atom"),
        el("link", rel="alternate", type="text/html", href=f"{shown.url}/"),
        [_atom_entry(each) for each in _entries(shown)],
        xmlns="http://www.w3.org/2005/Atom",
    )


def _atom_entry(entry: Entry) -> Element:
    return el(
        "entry",
        el("id", entry.uuid.urn),
        el("title", entry.title),
        el("link", rel="alternate", type="text/html", href=entry.link),
        el("published", stamp(entry.began)),
        el("updated", stamp(entry.updated)),
        el("content", entry.text, type="html"),
    )


def rss(shown: Shown) -> Element:
    """The RSS 2.0 feed."""
    channel = el(
        "channel",
        el("title", f"{shown.name} status"),
        el("link", f"{shown.url}/"),
        el("description", f"Incidents and planned maintenance of {shown.name}."),
        Element("atom:link", {"rel": "self", "type": "application/rss+xml", "href": f"{shown.url}/history.rss"}),
        el("lastBuildDate", format_datetime(shown.updated_at, usegmt=True)),
        el("ttl", "5"),
        [_rss_item(each) for each in _entries(shown)],
    )
    return Element("rss", {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"}, (channel,))


def _rss_item(entry: Entry) -> Element:
    return el(
        "item",
        el("title", entry.title),
        el("link", entry.link),
        Element("guid", {"isPermaLink": "false"}, (entry.uuid.urn,)),
        el("pubDate", format_datetime(entry.updated, usegmt=True)),
        el("description", entry.text),
    )


def _uuid(shown: Shown, *names: int | str) -> UUID:
    """What readers of feeds know something by, for ever."""
    return UUID(hex=opaque(shown.key, "feed", *names, digits=32), version=4)


def _entries(shown: Shown) -> list[Entry]:
    latest = sorted(shown.incidents, key=lambda each: each.updated_at, reverse=True)[:MOST]
    found = [*(_of_incident(each, shown) for each in latest), *(_of_work(each, shown) for each in shown.maintenances)]
    return sorted(found, key=lambda entry: entry.updated, reverse=True)[:MOST]


def _of_work(each: Maintenance, shown: Shown) -> Entry:
    return Entry(
        uuid=_uuid(shown, "maintenance", each.number),
        title=f"Planned maintenance: {each.title}",
        link=f"{shown.url}/maintenance/{shown.work_id(each)}",
        began=each.planned_at,
        updated=moved_at(each, shown.at),
        text=fragment([el("p", maintenance_words(each, shown.policy.time_zone))]),
    )


def _of_incident(incident: PublicIncident, shown: Shown) -> Entry:
    return Entry(
        uuid=_uuid(shown, "incident", incident.id),
        title=incident.headline,
        link=f"{shown.url}/incidents/{incident.id}",
        began=incident.told_at,
        updated=incident.updated_at,
        text=fragment(_told(incident, shown)),
    )


def _told(incident: PublicIncident, shown: Shown) -> Iterator[Node]:
    """Every update, the newest first."""
    zone = shown.policy.time_zone
    for each in reversed(incident.updates):
        head = el("strong", STATUS_WORDS[each.status])
        lines = [line for line in told_words(each, zone).splitlines() if line]
        yield el("p", head, f", {moment_words(each.at, zone)}")
        for line in lines:
            yield el("p", line)
