"""Raw text made fit for Teams: cleaned of what nobody sees, escaped once, page addresses checked.

A text block is markdown, of which each of Teams' clients reads more or less. So a mark is escaped with a backslash; and
where a mark has no escape (mentions, moments and entities are replaced before markdown is read), or where a backslash
would be seen, a space of no width or a character that looks the same takes its meaning away. The words read the same.
"""

import re
from urllib.parse import quote

from adapters.cutting import cut
from adapters.visible import clean, one_line, page_address

BREAK = "\u200b"
"""A space of no width: nobody sees it, and no mark goes on behind it."""
LOOKALIKES = {
    "*": "\N{ASTERISK OPERATOR}",
    "_": "\N{MODIFIER LETTER LOW MACRON}",
    "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    "[": "\N{FULLWIDTH LEFT SQUARE BRACKET}",
    "]": "\N{FULLWIDTH RIGHT SQUARE BRACKET}",
    "~": "\N{TILDE OPERATOR}",
    "\\": "\N{SET MINUS}",
    "!": "!",
}
"""For marks where a backslash would be seen."""

_MARK = re.compile(r"[*`\[\]\\]|!(?=\[|$)|~(?=~|$)|(?<![^\W_])_|_(?![^\W_])")
"""An underscore inside a word, and a lone tilde, mark nothing. "!" makes a picture of the link that follows it."""
_OPENING = re.compile(r"<(?=[a-z/!?]|$)|\{(?=\{|$)|\](?=\(|$)|&(?=#|[a-z0-9]*(?:;|$))", re.IGNORECASE)
"""What begins something together with the character after it, which may be the first of the next span."""
_LINE_MARK = re.compile(r"^(?:\d{1,9}(?=[.)](?:\s|$))|(?=>|#{1,6}(?:\s|$)|[-+](?:\s|$|-)))", re.MULTILINE)
"""What would make a line an item of a list, a heading, a quotation or a rule."""
_LINE_END = re.compile(r"[^\S\n]*\n\s*")
_HEAVY = str.maketrans(
    {
        **dict.fromkeys("*`[_~!", "\\\\*"),
        **dict.fromkeys("<{&", f"<{BREAK}"),
        "]": f"\\\\]{BREAK}",
        "\\": "\\" * 4,
        '"': '\\"',
        "\n": "\\n\\n",
    }
)
"""What each of these becomes at most."""
_ANGLES = str.maketrans(
    {"<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"}
)
_UNSAFE_IN_URL = re.compile(r"[<>|\s\"`\\^{}()\[\]*]")
_ENTITY_IN_URL = re.compile(r"(&#?\w{1,40});")


def escape(text: str) -> str:
    """Cleaned, with everything taken away that would be markup within a line. For raw text only."""
    return _OPENING.sub(rf"\g<0>{BREAK}", _MARK.sub(r"\\\g<0>", clean(text)))


def weight(text: str) -> int:
    """Bytes that a piece of cleaned text takes up in a message at most, once escaped and as JSON."""
    return len(text.translate(_HEAVY).encode())


def paragraphs(markup: str) -> str:
    """Markup whose lines all stand by themselves, as they were typed, and are no items, headings or quotations."""
    lines = _LINE_END.sub("\n", markup.strip())
    return _LINE_MARK.sub(r"\g<0>\\", lines).replace("\n", "\n\n")


def plain(text: str, limit: int) -> str:
    """Text where nothing is markup: on one line, at most `limit` characters."""
    return cut(one_line(text), limit)


def defused(text: str, limit: int) -> str:
    """Text where some clients read markdown and others show it as it is: marks give way to what looks like them."""
    words = _MARK.sub(lambda found: LOOKALIKES[found[0]], plain(text, limit))
    return _LINE_MARK.sub(rf"{BREAK}\g<0>", _OPENING.sub(rf"\g<0>{BREAK}", words))


def untagged(text: str) -> str:
    """Text in which nothing is a tag."""
    return text.translate(_ANGLES)


def web_url(url: str) -> str:
    """The address, safe inside `(…)`, if it is one of http or https with a host; else an empty string."""
    address = _UNSAFE_IN_URL.sub(lambda found: quote(found[0]), page_address(url))
    return _ENTITY_IN_URL.sub(r"\1%3B", address)
