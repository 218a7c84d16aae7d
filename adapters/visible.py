"""Raw text made fit to be shown anywhere: without what nobody sees, and addresses of pages only where they are such."""

import re
from urllib.parse import urlsplit

_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but for tab and newline
    r"\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    r"\ud800-\udfff]"  # halves of a pair, which no encoding takes
)
_GAPS = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Text without what nobody sees: control characters, halves of pairs, turns of the direction of writing.

    All kinds of line ends become one kind, tabs become blanks, and a run of empty lines becomes one.
    """
    if text.isprintable():  # no line end, no tab, nothing unseen
        return text
    lines = _NEWLINES.sub("\n", text).replace("\t", " ")
    return _GAPS.sub("\n\n", _UNSEEN.sub("", lines))


def one_line(text: str) -> str:
    """Cleaned, on one line, with single blanks."""
    return " ".join(clean(text).split())


def page_address(url: str) -> str:
    """The address, cleaned, if it is one of http or https with a host; else an empty string."""
    address = clean(url).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme.lower() in {"http", "https"} and parts.netloc else ""
