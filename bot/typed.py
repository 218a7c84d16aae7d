"""Words that people typed, made safe to store and to show: no control characters, nothing that turns a line around."""

import re
import unicodedata
from collections.abc import Sequence

QUOTED = 40
"""How much of somebody's words a refusal repeats."""

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u2060")
"""Bidirectional controls and the byte order mark: invisible, and able to show a line as something else."""
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n", "\t": " "})
_UNPRINTABLE = frozenset({"Cc", "Cs"})


def clean_text(text: str) -> str:
    """Several lines of prose, composed (NFC), without control and bidirectional characters and blanks at the ends."""
    if text.isascii() and text.isprintable():  # most is
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    kept = (char for char in lines if char == "\n" or _harmless(char))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def clean_line(text: str) -> str:
    """The same as one line: each run of blanks and line breaks is one blank."""
    return " ".join(clean_text(text).split())


def quoted(text: str) -> str:
    """Somebody's own words as a refusal repeats them: one line between backticks, 40 characters at most."""
    line = clean_line(text).replace("`", "'")
    return f"`{shortened(line, QUOTED)}`"


def shortened(text: str, length: int) -> str:
    """The text, or its beginning up to a word's end with an ellipsis, `length` characters at most."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    whole = re.sub(r"\s+\S*$", "", head) if not text[length - 1].isspace() else head
    return f"{(whole or head).rstrip(' ,;:.')}…"


def names_line(names: Sequence[str]) -> str:
    """Names as somebody would type them in a row, to be read back as the same names."""
    alone = len(names) == 1 and " " in names[0]
    return f"{names[0]}," if alone else ", ".join(names)


def _harmless(char: str) -> bool:
    return char not in _TURNING and unicodedata.category(char) not in _UNPRINTABLE
