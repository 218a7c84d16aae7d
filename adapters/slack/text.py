"""Raw text made fit for Slack: cleaned of what nobody sees, escaped once, page addresses checked (docs/slack.md)."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from adapters.cutting import cut
from adapters.visible import clean, one_line, page_address

LOOKALIKES = {"*": "\N{ASTERISK OPERATOR}", "`": "\N{MODIFIER LETTER GRAVE ACCENT}"}
"""For the two marks that would end our own bold or code and that nothing can escape."""

_UNSAFE_IN_URL = re.compile(r"[<>|\s\"`\\^{}]")


def escape(text: str) -> str:
    """Cleaned, with Slack's three control characters escaped once. For raw text only."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped_length(text: str) -> int:
    """How many characters a cleaned text has once escaped."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def plain(text: str, limit: int) -> str:
    """Text for a `plain_text` object, where nothing is markup: on one line, at most `limit` characters."""
    return cut(one_line(text), limit)


def text_object(words: str) -> dict[str, str]:
    """An object of words where nothing is markup, ready and short enough."""
    return {"type": "plain_text", "text": words}


def rich_object(words: str) -> dict[str, Any]:
    """An object of mrkdwn. `verbatim`: Slack makes nothing of `@here`, `#name` or addresses in plain words."""
    return {"type": "mrkdwn", "text": words, "verbatim": True}


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
    address = page_address(url)
    return _UNSAFE_IN_URL.sub(lambda found: quote(found[0]), address)
