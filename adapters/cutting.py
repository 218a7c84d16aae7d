"""Cutting text to a platform's length: on grapheme edges, at a word where one is near, never inside an entity."""

import unicodedata
from collections.abc import Callable, Iterator

ELLIPSIS = "…"
JOINER = "\u200d"
LONGEST_CLUSTER = 32
"""Code points. What is longer is no character but a pile of accents, and may be cut."""
REGIONAL = range(0x1F1E6, 0x1F200)
"""Two of these make a flag."""
EXTENDING = (
    range(0x1F3FB, 0x1F400),  # skin tones
    range(0xE0020, 0xE0080),  # tags, as in the flag of Scotland
    range(0x1160, 0x1200),  # vowels and finals of Korean syllables
    range(0x200D, 0x200E),  # the joiner itself
)
MARKS = ("Mn", "Me", "Mc")


def graphemes(text: str) -> Iterator[str]:
    """The characters of a text as people see them: a letter with its accents, an emoji with its skin tone, a flag."""
    cluster = ""
    for char in text:
        if cluster and not _belongs(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _belongs(cluster: str, char: str) -> bool:
    if len(cluster) >= LONGEST_CLUSTER:
        return False
    if char.isascii():
        return False
    if cluster[-1] == JOINER or unicodedata.category(char) in MARKS:
        return True
    code = ord(char)
    if code in REGIONAL:
        return len(cluster) == 1 and ord(cluster) in REGIONAL
    return any(code in some for some in EXTENDING)


def cut(text: str, limit: int, cost: Callable[[str], int] = len) -> str:
    """The text itself if it costs no more than `limit`, else its beginning and `…`, together within the limit.

    `cost` says what a piece of text takes up; it adds up over pieces. A cut inside a word goes back to the blank
    before it, unless that loses more than half.
    """
    if cost(text) <= limit:
        return text
    if limit < 1:
        return ""
    head = _beginning(text, limit - 1, cost)
    if not text[len(head) : len(head) + 1].isspace():
        head = _whole_words(head)
    return head.rstrip() + ELLIPSIS


def _beginning(text: str, room: int, cost: Callable[[str], int]) -> str:
    kept = 0
    for cluster in graphemes(text):
        room -= cost(cluster)
        if room < 0:
            break
        kept += len(cluster)
    return text[:kept]


def _whole_words(head: str) -> str:
    blank = max(head.rfind(" "), head.rfind("\n"))
    return head[:blank] if blank * 2 >= len(head) else head
