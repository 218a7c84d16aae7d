"""Rules against words that only insiders know or should say: names, hosts, traces, tickets, jargon, bare times."""

import re
from collections.abc import Iterable, Iterator

from bot.findings import Reading
from bot.word_lists import JARGON, NO_TICKET, ORDINARY

_PERSON_WORD = (
    r"(?:engineer|developer|administrator|admin|operator|technician|colleague|employee|contractor|intern|vendor"
    r"|supplier|provider|partner|team|somebody|someone)s?"
)
_BLAME = re.compile(
    r"\b(?:human|operator|user)\s+error\b"
    rf"|\b(?:mistake|error|fault|negligence|oversight)\s+(?:by|of|made\s+by)\s+(?:\w+\s+){{0,3}}?{_PERSON_WORD}\b"
    rf"|\b{_PERSON_WORD}(?:'s?)?\s+(?:fault|mistake|negligence)\b"
    rf"|\b{_PERSON_WORD}\s+(?:\w+\s+){{0,2}}?(?:accidentally|mistakenly|wrongly|forgot|failed\s+to|deleted|broke"
    r"|misconfigured|messed|unplugged|neglected|overlooked|pushed|made\s+an?\s+(?:mistake|error))\b"
    rf"|\b{_PERSON_WORD}\s+[^.;!?\n]{{0,40}}?\bby\s+(?:mistake|accident)\b"
    r"|\b(?:to\s+blame|at\s+fault|blames?|whose\s+fault)\b",
    re.IGNORECASE,
)

_PARTS = (
    "db|sql|pg|mysql|postgres|redis|kafka|mongo|es|mq|rabbit|web|www|app|api|srv|server|node|host|worker|cache|proxy|gw"
    "|gateway|lb|vm|k8s|prod|stage|staging|dev|test|eu|us|ap|east|west|north|south|central|queue|broker|ns|dns|auth"
    "|edge|core|fw|sw|rtr|router|nas|san|esx|dc|rack|pod|cluster|mail|smtp|ldap|ftp|file|store"
)
_INTERNAL = re.compile(
    rf"\b(?:{_PARTS})-?\d{{1,4}}[a-z]?\b"
    rf"|(?<![\w-])(?:[a-z]+\d*-)*(?:{_PARTS})-(?:[a-z]+-)*\d{{1,4}}[a-z]?\b"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:internal|local|lan|corp|intra|intranet|cluster|svc)\b"
    r"|(?<![\w-])(?!(?:self|customer|full|in|out|room|after|multi|non|pre|co|shared)-service\b)"
    r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:api|svc|service|db|worker|prod|cluster|gateway|queue|backend|staging|gw)\b"
    r"|\b[a-z]+[a-z0-9]*_[a-z0-9_]+\b"
    r"|(?<![\w/])/(?:var|etc|opt|usr|home|srv|tmp|mnt|root|data|api|v\d)/[\w./-]+|\b[A-Z]:\\[\w\\.-]+"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)"
    r"|(?<![\w:])(?=[0-9A-Fa-f:]*::|(?:[0-9A-Fa-f]+:){5})[0-9A-Fa-f]{1,4}(?::{1,2}[0-9A-Fa-f]{1,4}){2,7}\b"
)
_TRACE = re.compile(
    r"\b(?:[a-z]\w*\.)*[A-Z]\w*[a-z0-9](?:Exception|Error)\b:?|\bTraceback\b|\b[Ss]tack\s?traces?\b|\bsegfault\b"
    r"|\b[Ss]egmentation\s+fault\b|\b[Cc]ore\s+dump(?:ed)?\b|\bpanic:|\bSIG(?:SEGV|KILL|ABRT|TERM)\b"
    r"|\bE(?:CONNREFUSED|CONNRESET|TIMEDOUT|NOENT|ACCES|PIPE|HOSTUNREACH|ADDRINUSE|NOTFOUND)\b"
    r"|\bORA-\d{4,5}\b|\b0x[0-9A-Fa-f]{6,}\b|\bat\s+[\w.$]+\([\w.]+:\d+\)|\bexit\s+code\s+\d+\b|\berrno\b"
)
_TICKET = re.compile(r"\b(?P<key>[A-Z][A-Z0-9]{1,9})-\d{1,6}\b(?!\.\d)|(?<![\w&])#\d{2,}\b")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"')]+[^\s<>\"').,;:!?]", re.IGNORECASE)

_TIME = re.compile(
    r"(?<![\d:.,-])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])(?:\s*[ap]\.?m\b\.?)?"
    r"|(?<![\d:.,])(?:[01]?\d|2[0-3])[.h][0-5]\d(?=\s*(?:h|uhr|hrs?|o'clock)\b)"
    r"|(?<![\d:.,])(?:[01]?\d|2[0-3])h[0-5]\d\b"
    r"|(?<![\d:.,])(?:0?[1-9]|1[0-2])\s*(?:[ap]m\b|[ap]\.m\.|o'clock\b)",
    re.IGNORECASE,
)
_UTC = re.compile(r"\b(?:UTC|GMT)\b|\d\d:?\d\d(?::\d\d)?(?:Z\b|[+-]\d\d:?\d\d\b)")


def blame(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """A person or a vendor, named or blamed."""
    for start, end in _spans(_people(reading.people), reading.text):
        yield start, end, "names a person: say what changed."
    for start, end in _spans(_names(reading.vocabulary.vendors), reading.text):
        yield start, end, "names a vendor: say what does not work."
    for hit in _BLAME.finditer(reading.text):
        yield hit.start(), hit.end(), "blames: say what happened."


def internal_names(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Hosts, addresses, paths, services and whatever else the organisation calls its own things."""
    spans = [*_spans(_names(reading.vocabulary.internal_names), reading.text), *_spans(_INTERNAL, reading.text)]
    links = list(_spans(_URL, reading.text))
    for start, end in _apart(spans):
        if not any(first <= start < last for first, last in links):
            yield start, end, f"is an internal name: {reading.audience} do not know it."


def traces(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Stack traces, classes and codes of errors."""
    for start, end in _spans(_TRACE, reading.text):
        yield start, end, f"is for engineers: say what {reading.audience} see."


def links(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Tickets, and addresses that these people are not known to reach."""
    for hit in _TICKET.finditer(reading.text):
        if hit["key"] not in NO_TICKET and not _in_link(hit.start(), reading.text):
            yield hit.start(), hit.end(), f"is a ticket: {reading.audience} cannot open it."
    for hit in _URL.finditer(reading.text):
        if not any(_leads(hit[0], allowed) for allowed in reading.links):
            yield hit.start(), hit.end(), f"is not an address for {reading.audience}: leave it out."


def customer_names(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """One customer named to the others."""
    for start, end in _spans(_names(reading.vocabulary.customer_names), reading.text):
        yield start, end, "names a customer: say how many are affected."


def jargon(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Words of the trade, with a plain one where there is one. The policy's list goes before the built-in one."""
    words = {word.casefold(): plain for word, plain in {**JARGON, **reading.vocabulary.jargon}.items()}
    known = [word for word, plain in words.items() if plain]
    for start, end in _spans(_any_of(known, ends=r"(?:'s|s|es)?"), reading.text):
        said = " ".join(reading.text[start:end].casefold().split())
        plain = next(words[word] for word in sorted(known, key=len, reverse=True) if said.startswith(word))
        yield start, end, f"is jargon: say '{plain}'."


def no_zone(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """A time of day without a zone, anywhere in what these people read."""
    if _UTC.search(reading.whole) or _any_of(reading.zones).search(reading.whole):
        return
    for start, end in list(_spans(_TIME, reading.text))[:1]:
        yield start, end, "has no time zone: add UTC."


def too_long(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """More than people read; said at the text that goes past the limit."""
    length = len(reading.whole)
    if reading.longest and length > reading.longest and len(reading.text) * 2 > length:
        over = f"is past the {reading.longest} characters people read: shorten the {length} there are."
        yield len(reading.text) - min(length - reading.longest, len(reading.text)), len(reading.text), over


def _people(names: Iterable[str]) -> "re.Pattern[str]":
    """Whole names, and each part that is no ordinary word, as they are written or with a capital."""
    parts = [name.split() for name in names]
    whole = [" ".join(part) for part in parts if len(part) > 1]
    alone = [half for part in parts for half in part if len(half) > 2 and half.casefold() not in ORDINARY]
    return re.compile(_either([*whole, *alone, *(half[:1].upper() + half[1:] for half in alone)]))


def _names(names: Iterable[str]) -> "re.Pattern[str]":
    """Names of things: in any spelling, but short ones only as they are written."""
    found = [name.strip() for name in names if name.strip()]
    spelled = [re.escape(name) if len(name) < 4 else f"(?i:{re.escape(name)})" for name in _longest_first(found)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)" if spelled else r"(?!)")


def _any_of(words: Iterable[str], ends: str = "") -> "re.Pattern[str]":
    return re.compile(_either(words, ends), re.IGNORECASE)


def _either(words: Iterable[str], ends: str = "") -> str:
    parts = [r"\s+".join(map(re.escape, word.split())) for word in _longest_first(words)]
    return rf"(?<![\w-])(?:{'|'.join(parts)}){ends}(?![\w-])" if parts else r"(?!)"


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))


def _spans(pattern: "re.Pattern[str]", text: str) -> Iterator[tuple[int, int]]:
    return (hit.span() for hit in pattern.finditer(text))


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In the order of the text, none within another."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _in_link(start: int, text: str) -> bool:
    return any(first <= start < last for first, last in _spans(_URL, text))


def _leads(address: str, allowed: str) -> bool:
    """Whether the address is the allowed one or lies below it."""
    bare, root = (re.sub(r"^https?://", "", one.casefold()).rstrip("/") for one in (address, allowed))
    return bool(root) and (bare == root or bare.startswith((f"{root}/", f"{root}?", f"{root}#")))
