"""The communication standard: what an update lacks, and what it had better not say (guide, page 15). Pure.

What lacks is refused; what is found may be overruled with a reason. Words for internal readers are free.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.events import UpdatePublished
from bot.findings import Finding, Reading, Rule, found
from bot.hopes import repair_time, too_early, vague
from bot.incident import Incident
from bot.insiders import blame, customer_names, internal_names, jargon, links, no_zone, too_long, traces
from bot.moments import zone_named
from bot.notices import shortened
from bot.policy import CUSTOMERS, INTERNAL, Policy, Standard

PARTS = ("what", "steps", "who", "expect", "next")
"""What an update can say, as the policy names it in `must_say`; `detected` the incident itself knows."""

RULES: Mapping[str, Rule] = {
    "repair_time": repair_time,
    "too_early": too_early,
    "vague": vague,
    "blame": blame,
    "internal_name": internal_names,
    "trace": traces,
    "link": links,
    "customer_name": customer_names,
    "jargon": jargon,
    "no_zone": no_zone,
    "too_long": too_long,
}
"""What a text can be found to hold, as the policy names it in `avoid`."""
AVOID: Mapping[str, tuple[str, ...]] = {INTERNAL: (), CUSTOMERS: tuple(RULES)}
_AVOID_OUTSIDE = ("repair_time", "too_early", "vague", "blame", "no_zone", "too_long")
"""For stakeholders, and for every other audience that is not of the incident."""
LONGEST: Mapping[str, int] = {CUSTOMERS: 600}
_LONGEST_OUTSIDE = 1200

JANUARY, JULY = datetime(2026, 1, 15), datetime(2026, 7, 15)  # noqa: DTZ001 - any winter and summer, to name a zone


def demanded(audiences: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """What an update to these audiences must say, in the order of the form."""
    must = {name for audience in audiences for name in policy.standards.get(audience, Standard()).must_say}
    return tuple(part for part in PARTS if part in must)


def avoided(audience: str, policy: Policy) -> tuple[str, ...]:
    """The rules for texts to that audience, as the policy says, else as built in."""
    named = policy.standards.get(audience, Standard()).avoid
    return AVOID.get(audience, _AVOID_OUTSIDE) if named is None else named


def texts(update: UpdatePublished, audience: str) -> Mapping[str, str]:
    """What that audience reads of an update, by field: customers' own words go before the general ones.

    A headline that is how the words begin says nothing of its own. Of an end the reason is ours, not the writer's.
    """
    own = update.words or update.what
    headline = update.headline if audience == CUSTOMERS and update.headline != shortened(own) else ""
    unpromised = audience != INTERNAL and None in update.next.values()
    reason = update.none_because if unpromised else ""
    if audience == CUSTOMERS and update.words:
        return _said({"headline": headline, "words": update.words, "reason": reason})
    told = {"what": update.what, "who": update.who, "expect": update.expect}
    return _said({"headline": headline, **told, "reason": reason})


def findings(
    update: UpdatePublished, incident: Incident, audiences: Iterable[str], policy: Policy, people: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """What the standard says against this text, in the order of the text, the same words once.

    `people`: names of those who have to do with the incident.
    """
    names = tuple(people)
    kept: dict[tuple[str, str, int], Finding] = {}
    for audience in audiences:
        for each in _against(update, incident, audience, policy, names):
            kept.setdefault((each.field, each.rule, each.start), each)
    return tuple(kept.values())


def _against(
    update: UpdatePublished, incident: Incident, audience: str, policy: Policy, people: tuple[str, ...]
) -> Iterator[Finding]:
    said = texts(update, audience)
    standard = policy.standards.get(audience, Standard())
    longest = LONGEST.get(audience, _LONGEST_OUTSIDE) if standard.longest is None else standard.longest
    reading = Reading(
        field="",
        text="",
        whole=" ".join(said.values()),
        audience=audience,
        status=incident.status.value,
        ended=update.final or not incident.is_open,
        people=people,
        zones=_zones(policy.time_zone),
        vocabulary=policy.vocabulary,
        links=(*policy.vocabulary.links, standard.look_at, standard.support),
        longest=longest,
    )
    for field, text in said.items():
        at = replace(reading, field=field, text=text)
        against = [each for rule in avoided(audience, policy) for each in found(rule, RULES[rule], at)]
        yield from sorted(against, key=lambda each: each.start)


def by_field(found_: Iterable[Finding]) -> Mapping[str, str]:
    """The sentences of all findings, by the field where they are shown."""
    said: dict[str, str] = {}
    for each in found_:
        said[each.field] = f"{said[each.field]} {each.sentence}" if each.field in said else each.sentence
    return said


def _said(fields: Mapping[str, str]) -> Mapping[str, str]:
    return {field: text for field, text in fields.items() if text.strip()}


def _zones(name: str) -> frozenset[str]:
    """Words that name a time zone: `Europe/Berlin`, `Berlin time`, `CET`, `CEST`."""
    zone = zone_named(name)
    city = name.rpartition("/")[2].replace("_", " ")
    short = {zone.tzname(moment) or "" for moment in (JANUARY, JULY)}
    return frozenset({name, f"{city} time", *(word for word in short if word.isalpha())})
