"""Text as every database can keep it."""

import re

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL's text refuses, and lone surrogates, which UTF-8 cannot write."""


def keepable(text: str) -> str:
    """The text without what no database keeps."""
    if type(text) is str and text.isascii() and "\x00" not in text:  # nearly all: a command keeps a hundred texts
        return text
    return UNKEEPABLE.sub("", text)
