"""The corpus of updates in `tests/corpus`, and how well the communication standard reads it."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.events import Resolved, UpdatePublished
from bot.findings import Finding
from bot.policy import Policy
from bot.standards import RULES, findings
from bot.wording import Vocabulary
from tests.core.builders import BEN, POLICY, TEN, declared, grown, staffed

HOME = Path(__file__).resolve().parent.parent / "corpus"
ABOUT: Mapping[str, Any] = tomllib.loads((HOME / "about.toml").read_text())
OPEN = staffed(declared())
RESOLVED = grown(OPEN, TEN, BEN, Resolved(how="a", verified="b"))


def _policy() -> Policy:
    there = {key: ABOUT[key] for key in ("look_at", "support")}
    standards = {name: replace(row, **there) for name, row in POLICY.standards.items()}
    vocabulary = Vocabulary(
        vendors=tuple(ABOUT["vendors"]),
        internal_names=tuple(ABOUT["internal_names"]),
        customer_names=tuple(ABOUT["customer_names"]),
    )
    return replace(POLICY, standards=standards, time_zone=ABOUT["time_zone"], vocabulary=vocabulary)


WORLD = _policy()


@dataclass(frozen=True, slots=True)
class Score:
    """How a rule did: what it found rightly, what it found wrongly, what it passed over."""

    right: int = 0
    wrong: int = 0
    passed: int = 0

    @property
    def precision(self) -> float:
        """Of what it found, how much was right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of what there was, how much it found."""
        return self.right / (self.right + self.passed) if self.right + self.passed else 1.0


def updates(half: str) -> list[dict[str, Any]]:
    """The rows of `seen` or `unseen`."""
    return list(tomllib.loads((HOME / f"{half}.toml").read_text())["update"])


def read(row: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What the standard finds in a row."""
    said = {key: row[key] for key in ("what", "steps", "who", "expect", "words", "headline") if key in row}
    update = UpdatePublished(number=1, audiences=(row["to"],), **said)
    incident = RESOLVED if row.get("status") == "resolved" else OPEN
    return findings(update, incident, update.audiences, WORLD, ABOUT["people"])


def scores(rows: Iterable[Mapping[str, Any]]) -> dict[str, Score]:
    """By rule, and `all` together."""
    right, wrong, passed = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        there, labelled = {each.rule for each in read(row)}, set(row["finds"])
        right.update(there & labelled)
        wrong.update(there - labelled)
        passed.update(labelled - there)
    by_rule = {rule: Score(right[rule], wrong[rule], passed[rule]) for rule in RULES}
    return {**by_rule, "all": Score(right.total(), wrong.total(), passed.total())}


def table() -> str:
    """The figures as `docs/communication.md` shows them."""
    seen, unseen = scores(updates("seen")), scores(updates("unseen"))
    lines = ["| rule | precision, recall: written by | precision, recall: not used |", "|---|---|---|"]
    lines += [f"| {rule} | {_cell(seen[rule])} | {_cell(unseen[rule])} |" for rule in (*RULES, "all")]
    return "\n".join(lines)


def _cell(score: Score) -> str:
    counted = f"{score.right} right, {score.wrong} wrong, {score.passed} missed"
    return f"{score.precision:.0%}, {score.recall:.0%} ({counted})"
