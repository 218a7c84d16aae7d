"""Compares what was meant (the database), what was asked for (the senders) and what arrived (both chats)."""

import hashlib
import hmac
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.campaign.deadlines import unfired
from tests.campaign.records import Records, Row, seconds
from tests.campaign.senders import Intent
from tests.campaign.workspace import Received

KINDS = {
    "declare": "Declared",
    "note": "NoteAdded",
    "update": "UpdatePublished",
    "resolve": "Resolved",
    "claim": "RoleAssigned",
    "link": "RoomAsked",
}
"""The event's name by the word that leads to it. Those of the first four say what was typed."""

CHATS = ("slack", "teams")
"""What is found of a message begins with its chat: `slack: post update-1 of …`."""
GRACE = 2.0
"""Seconds beyond a lease in which what waits must be out, once a replica is there."""

Span = tuple[float, float]


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found. `lost`, `changed` and `broken` ought to be empty, always."""

    asked: int = 0
    """Deliveries that were acknowledged."""
    due: int = 0
    """Steps of reminders that fell due: said, passed over, or missing."""
    messages: Counter[str] = field(default_factory=Counter[str])
    """Messages that were to be sent, by their chat."""
    lost: list[str] = field(default_factory=list[str])
    """Acknowledged and not done, due and not said, to be sent and never arrived."""
    changed: list[str] = field(default_factory=list[str])
    """Done twice, or done although somebody was told that it was not."""
    doubled: list[str] = field(default_factory=list[str])
    """Messages that arrived once too often, once for each time."""
    dead: list[str] = field(default_factory=list[str])
    """Messages given up, and seen to be."""
    late: list[str] = field(default_factory=list[str])
    worst: float = 0.0
    """The longest that a message was on its way while a replica was there, in seconds."""
    broken: list[str] = field(default_factory=list[str])
    """Rules of the database that do not hold."""

    @property
    def sound(self) -> bool:
        """Whether nothing was lost, and the state was changed exactly once."""
        return not (self.lost or self.changed or self.broken)


def judged(
    records: Records,
    intents: Sequence[Intent],
    received: Sequence[Received],
    *,
    up: Sequence[Span],
    lease: float,
    breaks: Sequence[float] = (),
    rooms: Iterable[Mapping[str, object]] = (),
    turned: bool = False,
) -> Verdict:
    """The verdict over a section that has become quiet. `up`: when some replica was ready, without a break.

    `breaks`: when a replica died or was ready: what one of them held is looked for by another only after its lease.
    `turned`: `up` is by a clock that was turned between its spans.
    """
    found = Verdict()
    events = [{**row, "data": str(row["data"])} for row in records.rows("SELECT * FROM events")]
    _commands(found, intents, events)
    missing, found.due = unfired(events, up, whole=turned)
    found.lost += missing
    found.changed += _said_twice(events)
    _messages(found, records, received, [] if turned else sorted([*breaks, *(begin for begin, _ in up)]), lease)
    found.doubled += _rooms(rooms)
    found.broken += [*records.faults(), *_broken(records)]
    return found


def _commands(found: Verdict, intents: Sequence[Intent], events: Sequence[Row]) -> None:
    text: dict[str, list[str]] = defaultdict(list)
    for event in events:
        text[event["kind"]].append(event["data"])
    for intent in intents:
        found.asked += bool(intent.acked)
        if not intent.words:
            continue
        times = sum(intent.words in data for data in text[KINDS[intent.kind]])
        what = f"{intent.kind} of INC-{intent.incident} ({intent.words}, {intent.tries} tries)"
        if intent.acked and not (intent.refused or intent.unsure) and times == 0:
            found.lost.append(f"{what} was acknowledged and is nowhere: {intent.answer[:120]}")
        if times > 1:
            found.changed.append(f"{what} was done {times} times")
        if times and intent.refused and intent.tries == 1:  # later it may have been done by an earlier try
            found.changed.append(f"{what} was done though its sender was told that it was not")


def _said_twice(events: Sequence[Row]) -> Iterator[str]:
    """Reminders that the log has twice: of one step, to the same addressee."""
    said = Counter[tuple[object, ...]]()
    for event in events:
        if event["kind"] != "Reminded":
            continue
        data = json.loads(event["data"])
        to = data["to"]
        for rung in data["rungs"]:
            step = (event["incident"], rung["subject"], rung["generation"], rung["step"], rung["repeat"])
            said[(*step, to["person"], to["room"], to["audience"])] += 1
    return (f"the reminder {step} was said {times} times" for step, times in said.items() if times > 1)


def _messages(
    found: Verdict, records: Records, received: Sequence[Received], breaks: Sequence[float], lease: float
) -> None:
    salt = next((str(row["value"]) for row in records.rows("SELECT value FROM meta WHERE name = 'token salt'")), "")
    arrived: dict[str, list[Received]] = defaultdict(list)
    for one in received:
        arrived[one.token].append(one)
    rows = records.rows("SELECT * FROM deliveries")
    for row in rows:
        chat = str(row["address"]).partition(":")[0]
        what = f"{chat}: {row['lane']} {row['key']} of INC-{row['incident']} to {row['address']}"
        state, copies = str(row["state"]), arrived.pop(token_of(salt, row["id"]), [])
        if state in ("waiting", "sending"):
            found.lost.append(f"{what} still stands as {state} ({row['failures']} failures: {row['error']})")
        if state == "dead":
            found.dead.append(f"{what}: {row['error']}")
        if row["lane"] != "post" and not copies:
            continue
        found.messages[chat] += 1
        if state == "sent" and not copies:
            found.lost.append(f"{what} counts as sent and never arrived")
        said = [copy for copy in copies if not copy.edit]
        found.doubled += [f"{what} arrived again {_after(said[0], copy)}" for copy in said[1:]]
        if copies and row["lane"] == "post":
            _timed(found, what, row, copies[0], breaks, lease)
    for token, copies in arrived.items():
        found.broken += [f"a message of no row arrived: {token} {copy.text[:80]}" for copy in copies]


def _after(first: Received, again: Received) -> str:
    places = f"{first.channel}/{first.thread}", f"{again.channel}/{again.thread}"
    where = places[1] if places[0] == places[1] else f"{places[1]}, not {places[0]}"
    return f"after {again.at - first.at:.2f} s in {where}: {again.text[:60]}"


def _timed(found: Verdict, what: str, row: Row, copy: Received, breaks: Sequence[float], lease: float) -> None:
    """How long it was on its way since the last break. An edit's row says when it was queued last."""
    queued = seconds(row["queued_at"])
    if not breaks or queued > copy.at or str(row["key"]).startswith("card"):
        return
    earlier = [moment for moment in breaks if moment <= copy.at]
    took = copy.at - max([queued, *earlier[-1:]])
    found.worst = max(found.worst, took)
    if took > lease + GRACE:
        found.late.append(f"{what}: {took:.1f} s")


def _rooms(rooms: Iterable[Mapping[str, object]]) -> list[str]:
    """Rooms that were made though the incident had one."""
    made = Counter("-".join(str(room["name"]).split("-")[:2]) for room in rooms)
    return [f"slack: room {name} was made again" for name, times in made.items() for _ in range(times - 1)]


def _broken(records: Records) -> Iterator[str]:
    heights = records.rows(
        "SELECT incident, count(*) AS many, min(version) AS first, max(version) AS last FROM events GROUP BY incident"
    )
    known = {row["number"]: row for row in records.rows("SELECT number, version FROM incidents")}
    for row in heights:
        if row["first"] != 1 or row["many"] != row["last"]:
            yield f"the log of INC-{row['incident']} has gaps: {row}"
        if known.pop(row["incident"], {}).get("version") != row["last"]:
            yield f"the index of INC-{row['incident']} is not at its log's version"
    yield from (f"INC-{number} has no log" for number in known)
    numbers = sorted(row["incident"] for row in heights)
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"numbers are missing: {numbers}"


def token_of(salt: str, row: int) -> str:
    """The token that a row's message carries in its metadata."""
    return hmac.new(salt.encode(), str(row).encode(), hashlib.sha256).hexdigest()[:32]
