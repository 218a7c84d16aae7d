"""The communication standard: what an update lacks, and what it promises too much (guide, page 17). Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.events import UpdatePublished
from bot.incident import Incident
from bot.policy import INTERNAL, Policy, Standard

PARTS = ("what", "steps", "who", "expect", "next")
"""What an update can say, as the policy names it in `must_say`; `detected` the incident itself knows."""

_CLOCK = r"\d{1,2}(?::\d\d|\s*(?:am|pm|o'clock|uhr))"
_SPAN = r"(?:\d+|a|an|one|two|half an?|a few|some)\s*(?:minutes?|mins?|hours?|hrs?|days?)"
_WELL = r"(?:back|fixed|restored|repaired|resolved|solved|working|available|online|up|running|normal|operational)"
_REPAIR_TIME = re.compile(
    rf"\b{_WELL}(?:\s+\w+){{0,3}}?\s+(?:by|before|until|within|in|at)\s+(?:the\s+next\s+)?(?:{_CLOCK}|{_SPAN}|tonight|tomorrow|noon|midnight)"
    rf"|\b(?:fix|repair|restore|solve|resolve)(?:\s+\w+){{0,3}}?\s+(?:by|within|in)\s+(?:the\s+next\s+)?(?:{_CLOCK}|{_SPAN}|tonight|tomorrow)",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?<!not )(?<!not yet )(?<!being )(?<!be )\b(?:fixed|resolved|solved|repaired)\b(?!\s+(?:by|within|in)\b)",
    re.IGNORECASE,
)
"""Claims that it is over, but for `not fixed`, `to be fixed` and what `_REPAIR_TIME` finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in an update that people outside had better not read, with what to do."""

    field: str
    """Where it stands."""
    sentence: str


def demanded(audiences: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """What an update to these audiences must say, in the order of the form."""
    must = {name for audience in audiences for name in policy.standards.get(audience, Standard()).must_say}
    return tuple(part for part in PARTS if part in must)


def findings(
    update: UpdatePublished, incident: Incident, audiences: Iterable[str], policy: Policy
) -> tuple[Finding, ...]:
    """What the standard says against this text, for people who are not of the incident. Internal words are free."""
    del policy
    if all(audience == INTERNAL for audience in audiences):
        return ()
    texts = {"what": update.what, "who": update.who, "expect": update.expect, "words": update.words}
    return tuple(_said(texts, incident, final=update.final))


def _said(texts: Mapping[str, str], incident: Incident, *, final: bool) -> Iterator[Finding]:
    for field, text in texts.items():
        found = _REPAIR_TIME.search(text)
        if found:
            sentence = f"'{found[0]}' promises a repair time: promise the next update instead."
            yield Finding(field=field, sentence=sentence)
        done = _DONE.search(text)
        if done and incident.is_open and not final:
            status = incident.status.value
            yield Finding(field=field, sentence=f"'{done[0]}' says more than {status}: wait for resolve.")
