"""What came of the sections, as the one table that counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.campaign.checker import CHATS
from tests.campaign.running import Result
from tests.campaign.sections import COUNTS

NAMES: Mapping[str, str] = {
    "kills": "kill -9 at random",
    "points": "kill -9 at every named point",
    "control": "the same with read-back cut out",
    "pauses": "paused for two leases",
    "stops": "stopped under load",
    "restarts": "database restarted",
    "disk": "disk full",
    "clock": "clock turned by an hour",
    "faults": "chat fails",
}
DATABASES: Mapping[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
TIMED = frozenset({"kills", "points", "stops"})
"""Nemeses during which a message may be called late; elsewhere it has to wait until the trouble is over."""
HEAD = (
    "what happened",
    "database",
    "replicas",
    "tried",
    "asked",
    "due",
    "lost",
    "changed twice",
    *(f"{word} {chat}" for chat in ("Slack", "Teams") for word in ("sent in", "lost in", "doubled in")),
    "given up",
    "late",
    "worst lateness",
)
FINDINGS = ("lost", "changed", "broken", "doubled", "dead", "late")
"""Of a verdict, in the order in which they matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Sections of one nemesis on one installation, together."""

    nemesis: str
    database: str
    replicas: int
    figures: Mapping[str, float]

    @property
    def cells(self) -> tuple[str, ...]:
        """As they are shown."""
        one = {name: str(round(value)) for name, value in self.figures.items()}
        timed = self.nemesis in TIMED
        late = (one["late"], f"{self.figures['worst']:.1f} s") if timed else ("-", "-")
        names = (NAMES[self.nemesis], DATABASES[self.database], str(self.replicas))
        return (
            *names,
            *(one[name] for name in ("tried", "asked", "due", "lost", "changed")),
            *(one[f"{chat} {name}"] for chat in CHATS for name in ("messages", "lost", "doubled")),
            one["dead"],
            *late,
        )


def outcome(result: Result) -> dict[str, Any]:
    """A section's result as JSON can keep it."""
    verdict = result.verdict
    findings = {name: list(getattr(verdict, name)) for name in FINDINGS}
    section = result.section
    return {
        "key": section.key,
        "seed": section.seed,
        "nemesis": section.nemesis,
        "database": section.database,
        "replicas": section.replicas,
        "figures": {
            "tried": result.tried,
            "asked": verdict.asked,
            "due": verdict.due,
            "worst": verdict.worst,
            **_counted(findings),
            **{f"{chat} messages": verdict.messages[chat] for chat in CHATS},
        },
        "findings": findings,
        "odd": list(result.odd),
        "reached": result.reached,
        "healed": result.healed,
    }


def _counted(findings: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many there are of each, and of those that are a chat's, by chat: `teams doubled`."""
    counted = dict[str, int]()
    for name, found in findings.items():
        here = {chat: sum(what.startswith(f"{chat}: ") for what in found) for chat in CHATS}
        counted |= {f"{chat} {name}": many for chat, many in here.items()}
        counted[name] = len(found) - (sum(here.values()) if name == "lost" else 0)
    return counted


def rows(outcomes: Iterable[Mapping[str, Any]]) -> list[Row]:
    """One for each nemesis on each installation, in the order of the plan."""
    together: dict[tuple[str, str, int], dict[str, float]] = {}
    for one in outcomes:
        sums = together.setdefault((one["nemesis"], one["database"], one["replicas"]), {})
        for name, value in one["figures"].items():
            sums[name] = max(sums.get(name, 0), value) if name == "worst" else sums.get(name, 0) + value
    order = {
        name: place for place, name in enumerate(["kills", "points", "control", *(key[0] for key in COUNTS)][::-1])
    }
    known = sorted(together.items(), key=lambda item: (-order[item[0][0]], item[0][1] != "sqlite", item[0][2]))
    return [
        Row(nemesis=nemesis, database=database, replicas=replicas, figures=figures)
        for (nemesis, database, replicas), figures in known
    ]


def written(found: Sequence[Row]) -> str:
    """The table, as Markdown that a terminal shows well too."""
    lines = [HEAD, *(row.cells for row in found)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    shown = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([shown[0], rule, *shown[1:]])


def complaints(one: Mapping[str, Any]) -> list[str]:
    """What a section found that must not be; doubles are counted, and no fault by themselves."""
    found: Mapping[str, list[str]] = one["findings"]
    bad = [f"{name}: {what}" for name in ("lost", "changed", "broken") for what in found[name]]
    if one["nemesis"] in TIMED:
        bad += [f"late: {what}" for what in found["late"]]
    if one["nemesis"] == "control" and not one["figures"]["slack doubled"]:
        bad.append("no double was found though nothing was looked for: this campaign finds nothing")
    if one["nemesis"] == "stops":
        bad += [f"doubled: {what}" for what in found["doubled"]]
    return bad + [f"odd: {what}" for what in one["odd"]]
