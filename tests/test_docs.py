"""What docs/slack.md says of permissions and events is what the manifest asks for.

`python -m tests.test_docs` writes the tables anew.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from adapters.slack.manifest import EVENTS, SCOPES

PAGE = Path(__file__).parent.parent / "docs" / "slack.md"


def table(head: str, rows: Mapping[str, str]) -> str:
    lines = [f"| `{name}` | {reason} |" for name, reason in rows.items()]
    return "\n".join([f"| {head} | for |", "|---|---|", *lines, ""])


def rewritten(text: str) -> str:
    for name, made in (("scopes", table("permission", SCOPES)), ("events", table("event", EVENTS))):
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = pattern.sub(lambda found, made=made: f"{found[1]}{made}{found[2]}", text)  # type: ignore[misc]
    return text


def test_the_tables_of_permissions_and_events_are_the_manifests() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "<!-- scopes -->" in text
    assert "<!-- events -->" in text
    assert rewritten(text) == text


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
