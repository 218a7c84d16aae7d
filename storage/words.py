"""Text as every database can keep it."""

import re

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL's text refuses, and lone surrogates, which UTF-8 cannot write."""


def keepable(text: str) -> str:
    """The text without what no database keeps."""
    return UNKEEPABLE.sub("", text)
