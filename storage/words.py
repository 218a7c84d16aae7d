"""Text as every database can keep it."""

import re

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL's text refuses, and lone surrogates, which UTF-8 cannot write."""

WRITTEN_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""NUL as JSON writes it; a backslash that somebody typed is two."""


def keepable(text: str) -> str:
    """The text without what no database keeps."""
    if type(text) is str and text.isascii() and "\x00" not in text:  # nearly all: a command keeps a hundred texts
        return text
    return UNKEEPABLE.sub("", text)


def keepable_json(text: str) -> str:
    """The JSON, as it is written without need of escapes, less what no database keeps in any of its strings."""
    if "\\u0000" in text:
        text = WRITTEN_NUL.sub(r"\1", text)
    return text if text.isascii() or not UNKEEPABLE.search(text) else UNKEEPABLE.sub("", text)
