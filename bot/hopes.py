"""Rules against saying more than is known: a time of repair, an early end, an update without news (guide, page 15)."""

import re
from collections.abc import Iterator

from bot.findings import Reading
from bot.word_lists import EMPTY

_CLOCK = r"\d{1,2}(?:[:.h]\d\d(?:\s*(?:[ap]\.?m\.?|uhr|h))?|\s*(?:[ap]m\b|[ap]\.m\.|o'clock|uhr))"
_NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|twelve|half an?|a few|some|several|a couple of|a matter of)"
_SPAN = rf"{_NUMBER}(?:\s+(?:more|to\s+\w+))?\s*(?:minutes?|mins?|hours?|hrs?|days?|weeks?)"
_DAY = (
    r"tonight|today|tomorrow(?:\s+\w+)?|noon|midnight|lunch(?:time)?|(?:this|the)\s+(?:morning|afternoon|evening)"
    r"|(?:the\s+)?end\s+of\s+(?:the\s+)?(?:day|business|week)|eod|the\s+hour|minutes|hours"
    r"|(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|next\s+week"
)
_ABOUT = r"(?:(?:about|around|approximately|roughly|at\s+most|less\s+than|under|the\s+next|another|maybe)\s+)*"
_WHEN = rf"{_ABOUT}(?:{_CLOCK}|{_SPAN}|{_DAY})"
_SOON = r"(?:very\s+)?(?:shortly|soon|momentarily|any\s+(?:minute|moment)(?:\s+now)?|in\s+no\s+time|before\s+long)"
_WELL = (
    r"(?:back|again|fixed|restored|repaired|resolved|solved|sorted(?:\s+out)?|working|online|live|recovered|operational"
    r"|up(?:\s+and\s+running)?|running|(?:to\s+)?normal|resume|restoration|recovery|resolution)"
)
_REPAIR_TIME = re.compile(
    rf"\b{_WELL}(?:\s+(?!and\b)[\w']+){{0,3}}?\s+(?:by|before|within|in|at|from|around)\s+{_WHEN}"
    rf"|\b{_WELL}(?:\s+\w+){{0,1}}?\s+(?:{_DAY})\b"
    rf"|\b(?:fix|repair|restore|solve|resolve|recover)(?:\s+\w+){{0,3}}?\s+(?:by|before|within|in)\s+{_WHEN}"
    rf"|\b(?:be|come|have\s+\w+|it|this|everything)\s+{_WELL}(?:\s+\w+){{0,2}}?\s+{_SOON}\b"
    r"|\bET[AR]\b(?:[^.;!?\n]{0,30}\d+(?::\d\d|\s*\w+))?"
    r"|\b(?:estimated|expected|anticipated)\s+(?:time|recovery|resolution|restoration|repair|return)\b[^.;!?\n]{0,30}",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|been|had|did|has|(?<!should )(?<!will )(?<!'ll )(?<!can )(?<!to )have)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:not|no|never|nobody|cannot|can't|unlikely|without|don't|won't|isn't|aren't|doesn't|hasn't|haven't|unable"
    r"|too\s+early)\b|n't\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:until|once|when|whenever|before|if|as\s+soon\s+as|unless|whether)\b", re.IGNORECASE)
_TOLD = re.compile(r"\b(?:update|post|write|call|word|news|inform|report|look|check)(?:\s+\w+){0,2}\s*$", re.IGNORECASE)
"""Who posts again at a time promises an update."""

_OVER = re.compile(
    r"\b(?:fixed|resolved|solved|repaired|restored|recovered|rectified|remedied)\b"
    r"|\bback\s+(?:to\s+normal|online|up|in\s+(?:service|operation))\b"
    r"|\b(?:works?|working|running|up|available|online|operational|functioning)\s+again\b"
    r"|\b(?:fully|all\s+systems(?:\s+are)?)\s+operational\b|\b(?:operating|functioning|running)\s+normally\b"
    r"|\b(?:outage|incident|disruption|interruption|problem|issue|trouble)s?\s+(?:is|are|was|has|have)\s+(?:now\s+)?"
    r"(?:over|ended|gone|cleared)\b|\ball\s+clear\b",
    re.IGNORECASE,
)
_NOT_AN_END = re.compile(
    r"^fixed[\s-](?:lines?|prices?|rates?|fees?|terms?|costs?|incomes?|interest|broadband|amounts?|assets?|wireless"
    r"|phones?|charges?|dates?|places?|seats?)\b|^(?:restored|recovered)\s+from\b",
    re.IGNORECASE,
)
_UNDER_WAY = re.compile(r"\b(?:be|being|get|getting|to\s+have|gets|have\s+(?:it|this|everything))\s+$", re.IGNORECASE)
_PART = re.compile(r"\b(?:part(?:s|ly|ially)?|half|some|most(?:ly)?|a\s+few|one\s+of|\d+\s*%|percent)\b", re.IGNORECASE)
_ELSEWHEN = re.compile(
    r"\b(?:last\s+(?:week|month|year|time|night)|yesterday|earlier\s+(?:incident|problem|issue)|previous(?:ly)?|similar"
    r"|in\s+(?:january|february|march|april|may|june|july|august|september|october|november|december))\b",
    re.IGNORECASE,
)

_ASKED = re.compile(
    r"\b(?:(?:we|our\s+\w+|the\s+team|they)(?:'re|\s+are|\s+is)?\s+)?(?:(?:currently|still|now|actively|continue\s+to)\s+)*"
    r"(?:investigat(?:ing|e|ion)|look(?:ing)?\s+into|working\s+on|aware\s+of|on\s+it)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w']+")
TELLS = 2
"""Words beyond these with which an update tells something."""


def repair_time(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """A time at which it will work again; the next update may be promised, a repair not."""
    for hit in _REPAIR_TIME.finditer(reading.text):
        before = reading.before(hit.start())
        past = _PAST.search(before) and not hit[0].lower().startswith(("be ", "have "))
        if past or _NO.search(before) or _CONDITION.search(before) or _TOLD.search(before):
            continue
        yield hit.start(), hit.end(), "promises a repair time: promise the next update instead."


def too_early(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Said to be over while the incident is not resolved."""
    if reading.ended:
        return
    promised = [(start, end) for start, end, _ in repair_time(reading)]
    for hit in _OVER.finditer(reading.text):
        if not _is_open(hit, reading) and not any(start <= hit.start() < end for start, end in promised):
            yield hit.start(), hit.end(), f"says more than {reading.status}: wait for resolve."


def _is_open(hit: "re.Match[str]", reading: Reading) -> bool:
    """Whether the words around say that it is not over: denied, only hoped for, in part, or another time."""
    before = reading.before(hit.start())
    denied = _NO.search(before) or _CONDITION.search(before) or _UNDER_WAY.search(before)
    around = reading.clause(hit.start(), hit.end())
    other = _NOT_AN_END.match(reading.text[hit.start() :]) or _PART.search(around) or _ELSEWHEN.search(around)
    return bool(denied or other)


def vague(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """That somebody investigates, and nothing else."""
    hit = _ASKED.search(reading.text)
    if reading.ended or hit is None:
        return
    telling = {word for word in _WORD.findall(reading.whole.casefold()) if word not in EMPTY}
    if len(telling) < TELLS:
        yield hit.start(), hit.end(), "alone tells nothing: say what does not work, and for whom."
