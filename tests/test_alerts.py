"""The alert rules of docs/alerts.yml speak of figures that exist, and say what to do."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from adapters.metrics import metrics

DOCS = Path(__file__).parent.parent / "docs"
RULES: list[dict[str, Any]] = yaml.safe_load((DOCS / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
ENDS = ("", "_total", "_bucket", "_count", "_sum")
WORRY = "## What to watch"


def figures() -> set[str]:
    return {family.name + end for family in metrics().registry.collect() for end in ENDS}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_a_rule_asks_for_figures_there_are_and_says_what_to_do(rule: dict[str, Any]) -> None:
    named = set(re.findall(r"sitrep_[a-z_]+", rule["expr"] + str(rule["annotations"])))

    assert named <= figures()
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["do"].endswith(".")
    assert rule["labels"]["severity"] in {"critical", "warning"}


def test_the_page_on_operating_names_only_figures_there_are() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")

    named = set(re.findall(r"`(sitrep_[a-z_]+)`", text))

    assert named
    assert named <= figures()


def test_each_figure_of_the_page_has_a_rule() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(sitrep_[a-z_]+)`", text[text.index(WORRY) :], re.MULTILINE)

    asked = " ".join(rule["expr"] for rule in RULES)

    assert rows
    assert [name for name in rows if not re.search(rf"\b{name}(_bucket)?\b", asked)] == []
