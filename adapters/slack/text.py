"""Raw text made fit for Slack: cleaned of what nobody sees, escaped once, page addresses checked (docs/slack.md)."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from adapters.slack.cutting import cut

LOOKALIKES = {"*": "\N{ASTERISK OPERATOR}", "`": "\N{MODIFIER LETTER GRAVE ACCENT}"}
"""For the two marks that would end our own bold or code and that nothing can escape."""

_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but for tab and newline
    r"\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    r"\ud800-\udfff]"  # halves of a pair, which no encoding takes
)
_GAPS = re.compile(r"\n{3,}")
_UNSAFE_IN_URL = re.compile(r"[<>|\s\"`\\^{}]")


def clean(text: str) -> str:
    """Text without what nobody sees: control characters, halves of pairs, turns of the direction of writing.

    All kinds of line ends become one kind, tabs become blanks, and a run of empty lines becomes one.
    """
    lines = _NEWLINES.sub("\n", text).replace("\t", " ")
    return _GAPS.sub("\n\n", _UNSEEN.sub("", lines))


def escape(text: str) -> str:
    """Cleaned, with Slack's three control characters escaped once. For raw text only."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped_length(text: str) -> int:
    """How many characters a cleaned text has once escaped."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def one_line(text: str) -> str:
    """Cleaned, on one line, with single blanks."""
    return " ".join(clean(text).split())


def plain(text: str, limit: int) -> str:
    """Text for a `plain_text` object, where nothing is markup: on one line, at most `limit` characters."""
    return cut(one_line(text), limit)


def unmarked(text: str, mark: str) -> str:
    """Text in which a mark of Slack's stands for nothing: replaced by a character that looks the same."""
    return text.replace(mark, LOOKALIKES[mark])


def packed(value: Mapping[str, Any]) -> str:
    """Compact JSON without Slack's control characters, so that it comes back as it went, escaped by nobody."""
    kept = {key: item for key, item in value.items() if item not in (None, {})}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def web_url(url: str) -> str:
    """The address, safe inside `<…>`, if it is one of http or https with a host; else an empty string."""
    address = clean(url).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        return ""
    return _UNSAFE_IN_URL.sub(lambda found: quote(found[0]), address)
