"""Everything kept of one incident, written out: its whole timeline, who held what, and what was sent where and when."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from adapters.paper import Paper, Section, Table, as_html, markdown
from bot.cards import Names, Span, Spans, Strong, When
from bot.commands.spec import Sent
from bot.events import Entry, Event
from bot.figures import Figure, figures
from bot.incident import Incident
from bot.messages.figures import first_words
from bot.messages.phrases import priority_word, role_title
from bot.messages.timeline import entry_words
from bot.plain import plain_spans, span_words
from bot.policy import Policy
from bot.refs import Person, reference
from config.addressing import shown

FORMAT = 1
"""Of the JSON; a newer one is a higher number."""
SAME = frozenset({"UTC", "Etc/UTC", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT", "Universal", "Etc/Universal"})
"""Names of UTC."""
STATES = {"waiting": "waiting", "sent": "sent", "dead": "did not arrive", "withheld": "held back"}

Encode = Callable[[Event], tuple[str, int, str]]
"""An event as it is stored: kind, version, data as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An incident with everything that is kept of it."""

    incident: Incident
    entries: tuple[Entry, ...]
    """Oldest first."""
    sent: tuple[Sent, ...]
    names: Names
    policy: Policy
    at: datetime
    """When it is written out."""
    release: str

    @property
    def zone(self) -> tzinfo:
        """The organisation's own."""
        return ZoneInfo(self.policy.time_zone)

    @property
    def zones(self) -> Mapping[str, tzinfo]:
        """Those that times are written in, by name: UTC, and the organisation's own where it is another."""
        known = self.policy.time_zone in SAME
        return {"UTC": UTC} if known else {"UTC": UTC, self.policy.time_zone: self.zone}


def as_markdown_text(case: Case) -> str:
    """The case for people, as Markdown."""
    return markdown(paper(case))


def as_html_text(case: Case) -> str:
    """The case for people, as a page."""
    return as_html(paper(case))


def as_json_text(case: Case, encode: Encode) -> str:
    """The case for programs: entries as they are stored, so that folding them gives the incident again."""
    found = {
        "format": FORMAT,
        "made_by": f"sitrep {case.release}",
        "exported_at": case.at.isoformat(),
        "incident": case.incident.number,
        "people": {
            person: {"name": name, "identities": list(case.names.identities.get(person, ()))}
            for person, name in case.names.people.items()
        },
        "communication": [_figure(one) for one in figures(case.incident)],
        "entries": [_stored(entry, encode) for entry in case.entries],
        "sent": [_sent(one) for one in case.sent],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _stored(entry: Entry, encode: Encode) -> dict[str, object]:
    kind, version, data = encode(entry.event)
    return {
        "version": entry.version,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "kind": kind,
        "v": version,
        "data": json.loads(data),
    }


def _figure(one: Figure) -> dict[str, object]:
    """Spans of time in seconds."""
    return {
        "audience": one.audience,
        "first_word_after": None if one.first_after is None else one.first_after.total_seconds(),
        "first_word_late": one.first_late.total_seconds(),
        "promises": one.promised,
        "kept": one.kept,
        "moved_in_time": one.moved,
        "last_late": one.last_late.total_seconds(),
    }


def _sent(one: Sent) -> dict[str, object]:
    return {
        "key": one.key,
        "to": one.to,
        "address": _place(one),
        "state": one.state,
        "at": one.at.isoformat() if one.at else None,
        "due": one.due.isoformat() if one.due else None,
        "text": one.text,
        "error": one.error,
    }


def _place(one: Sent) -> str:
    """Where it went, less what may be secret in an address."""
    return shown(one.address) if one.address else ""


def paper(case: Case, *, last: int | None = None) -> Paper:
    """The case as a document; `last`: with that many of the newest lines, and without what was sent."""
    zones = tuple(case.zones)
    timeline = Section(
        heading="Timeline" if last is None else f"Last {min(last, len(case.entries))} of {len(case.entries)} lines",
        table=Table(heads=("#", *zones, "What happened"), rows=tuple(_lines(case))[-(last or 0) :]),
    )
    messages = Section(
        heading="What was sent",
        table=Table(heads=(*zones, "What", "To", "Where", "State", "Words"), rows=tuple(_messages(case))),
        empty="Nothing was sent.",
    )
    return Paper(
        title=title(case.incident),
        note=f"Written out at {_both(case, case.at)} by Sitrep {case.release}.",
        sections=(_facts(case), _roles(case), _communication(case), timeline, *(() if last else (messages,))),
    )


def title(incident: Incident) -> str:
    """`DRILL INC-42 Checkout is down`, with what sets it apart."""
    drill = "DRILL " if incident.drill else ""
    private = " (private)" if incident.private else ""
    return f"{drill}{reference(incident.number)}{private} {incident.title}"


def _facts(case: Case) -> Section:
    rows = tuple((label, value) for label, value in _pairs(case) if value)
    return Section(heading="Facts", table=Table(heads=(), rows=rows))


def _pairs(case: Case) -> Iterator[tuple[str, str]]:
    incident = case.incident
    yield "Status", incident.status.value.capitalize()
    yield "Priority", priority_word(incident.priority) + ("" if incident.confirmed else " (not confirmed)")
    yield "Impact, urgency", ", ".join(word for word in (incident.impact, incident.urgency) if word)
    yield "Affected", ", ".join(incident.services)
    yield "Reported by", _name(case, incident.declared_by)
    yield "Detected", _both(case, incident.detected_at)
    yield "Declared", _both(case, incident.declared_at)
    yield "First response", _both(case, incident.first_response_at)
    yield "Mitigated", _both(case, incident.mitigated_at)
    yield "Resolved", _both(case, incident.resolved_at)
    yield "How", incident.how
    yield "Verified", incident.verified
    yield "Ended", _both(case, incident.ended_at)
    yield "Related", ", ".join(reference(number) for number in incident.related)
    for promise in incident.standing():
        yield f"Next update to {promise.audience}", _both(case, promise.due) or "none is expected"


def _roles(case: Case) -> Section:
    rows = tuple(
        (role_title(held.role, case.policy), _name(case, held.person), _both(case, held.since))
        for held in case.incident.holdings
    )
    return Section(
        heading="Roles", table=Table(heads=("Role", "Who", "Since"), rows=rows), empty="Nobody holds a role."
    )


def _communication(case: Case) -> Section:
    """Whether each audience was told in time: the communication SLA of this one incident."""
    rows = tuple(
        (
            one.audience.capitalize(),
            first_words(one),
            f"{one.kept} of {one.promised}",
            str(one.moved),
            span_words(one.last_late) if one.last_late else "",
        )
        for one in figures(case.incident)
    )
    heads = ("Audience", "First word", "Promises kept", "Moved in time", "Last late by")
    return Section(heading="Communication", table=Table(heads=heads, rows=rows), empty="Nobody was promised anything.")


def _lines(case: Case) -> Iterator[tuple[str, ...]]:
    for entry in case.entries:
        words = _words(case, entry_words(entry, case.policy))
        yield str(entry.version), *_moments(case, entry.at), words


def _messages(case: Case) -> Iterator[tuple[str, ...]]:
    for one in case.sent:
        to = f"@{case.names.people[Person(one.to)]}" if Person(one.to) in case.names.people else one.to
        state = STATES.get(one.state, one.state)
        yield (
            *_moments(case, one.at),
            one.key,
            to,
            _place(one),
            f"{state}: {one.error}" if one.error else state,
            one.text,
        )


def _words(case: Case, spans: Spans) -> str:
    return plain_spans(tuple(_dated(case, span) for span in spans), case.at, case.names)


def _dated(case: Case, span: Span) -> Span:
    """Moments with their day: on paper "02:40" says nothing a month later."""
    match span:
        case When(moment):
            return _both(case, moment)
        case Strong(inner):
            return Strong(tuple(_dated(case, one) for one in inner))
        case _:
            return span


def _name(case: Case, person: Person | None) -> str:
    return f"@{case.names.people.get(person) or person}" if person else ""


def _both(case: Case, moment: datetime | None) -> str:
    """In UTC and in the organisation's zone: `2026-11-23 02:40:00 UTC (03:40:00 Europe/Berlin)`."""
    if moment is None:
        return ""
    here, there = moment.astimezone(case.zone), moment.astimezone(UTC)
    if here.utcoffset() == there.utcoffset():
        return f"{_moment(moment, UTC)} UTC"
    same_day = here.date() == there.date()
    local = f"{here:%H:%M:%S}" if same_day else _moment(moment, case.zone)
    return f"{_moment(moment, UTC)} UTC ({local} {case.policy.time_zone})"


def _moments(case: Case, moment: datetime | None) -> tuple[str, ...]:
    return tuple(_moment(moment, zone) if moment else "" for zone in case.zones.values())


def _moment(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"
