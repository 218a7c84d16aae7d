"""Titles as parts of names that chats accept."""

import re
import unicodedata

LONGEST = 40
"""Leaves room for the number and a suffix within the 80 characters a channel's name may have."""


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, cut at a word; empty where nothing of the text can be written so."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_only.lower())
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word
        if len(longer) > LONGEST:
            break
        name = longer
    return name or (words[0][:LONGEST] if words else "")
