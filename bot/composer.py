"""The form of an update: what a line lacks, what is proposed, what stands in it (docs/words.md 4, "Post update")."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace

from bot.approvers import needs_approval
from bot.cards import Card, Code, Span, Spans, Strong, Text, When
from bot.commands.spec import Context, Preview
from bot.events import UpdatePublished
from bot.findings import Finding
from bot.incident import Incident
from bot.messages.news import update_internal, update_outside
from bot.messages.phrases import listed
from bot.plain import utc_words
from bot.policy import COMMANDER, COMMS, CUSTOMERS, INTERNAL, Policy
from bot.proposals import MINUTES, NONE, due_audiences, next_update
from bot.refusals import Refused
from bot.standards import by_field, demanded
from bot.typed import clean_line
from bot.wording import Template

GAP = re.compile(r"\[[^\[\]\n]+\]")
"""In a template: what the writer is to say."""


def audiences_in(values: Mapping[str, str], policy: Policy) -> tuple[str, ...]:
    """Whom the values address, as the policy writes their names; nobody named: internal."""
    known = {name.casefold(): name for name in (*policy.standards, *policy.audiences)}
    return tuple(known.get(said.casefold(), said) for said in _said_to(values)) or (INTERNAL,)


def _said_to(values: Mapping[str, str]) -> list[str]:
    return values.get("to", "").replace(",", " ").split()


def outside_in(values: Mapping[str, str]) -> bool:
    """Whether the values address anybody but internal."""
    return any(said.casefold() != INTERNAL for said in _said_to(values))


def lacks(values: Mapping[str, str], incident: Incident, policy: Policy) -> tuple[str, ...]:
    """What the policy demands for these audiences. While resolved nothing is promised, so no moment is asked for."""
    must = [part for part in demanded(audiences_in(values, policy), policy) if part != "next" or incident.is_open]
    if values.get("next", "").strip().lower() == NONE:
        must.append("reason")
    if values.get("other_time") and "next" in must:
        must.remove("next")
    return tuple(must)


def prefill(values: Mapping[str, str], incident: Incident, context: Context, policy: Policy) -> Mapping[str, str]:
    """The last words to the same audience, who is due, and the policy's next moment: one field is touched.

    Words from before the resolution are no final word, so then nothing but who is due is proposed.
    """
    fresh = not any(values.values())
    to = (
        due_audiences(incident, policy, context.at)
        if fresh and _tells(incident, context)
        else audiences_in(values, policy)
    )
    proposed = {"to": " ".join(to)}
    last = _last_words(incident, to[0]) if incident.is_open else None
    if last:
        proposed |= {"what": last.what, "steps": last.steps, "who": last.who, "expect": last.expect}
    customers = _last_words(incident, CUSTOMERS)
    if customers and CUSTOMERS in to and incident.is_open:
        proposed["words"] = customers.words
    proposed["headline"] = incident.headline
    following = next_update(incident, to, policy, context.at) if incident.is_open else ""
    named = values.get("next", "") or values.get("other_time", "")
    if named and "other_time" not in values and named.lower() not in (*MINUTES, NONE):
        proposed["other_time"] = named
    elif following and not named:
        proposed["next" if following in MINUTES else "other_time"] = following
    return {name: said for name, said in proposed.items() if said}


def _last_words(incident: Incident, audience: str) -> UpdatePublished | None:
    """What was written for that audience last: words that wait for approval or were sent back, else what they read."""
    told = incident.told.get(audience)
    return incident.unsaid.get(audience) or (told.update if told else None)


def _tells(incident: Incident, context: Context) -> bool:
    """Whether people outside are this person's to tell, so that the form may tick them."""
    return any(context.actor in incident.holders(role) for role in (COMMS, COMMANDER))


def above(incident: Incident, policy: Policy) -> Spans:
    """What is known: `Detected {01:52}, last update {02:10}`; before the first update, where words stand ready."""
    begun = incident.detected_at or incident.declared_at
    said: list[Span] = ["Detected " if incident.detected_at else "Declared ", When(begun)] if begun else []
    last = max((told.at for told in incident.told.values()), default=None)
    if last:
        said += [", last update ", When(last)]
    known = (*said, ".") if said else ()
    if incident.updates or not policy.templates:
        return known
    return (*known, " To begin with a template: ", Code(f"update template:{next(iter(policy.templates))}"), ".")


def shown(name: str, incident: Incident, policy: Policy) -> bool:
    """Fields that can matter: no next moment while resolved, nobody outside where nobody outside can be told."""
    others = [audience for audience in policy.audiences if audience != INTERNAL and policy.addresses(audience)]
    match name:
        case "next" | "other_time" | "reason" | "status":
            return incident.is_open
        case "to":
            return bool(others) and not incident.private
        case "words" | "headline":
            return CUSTOMERS in others and not incident.private
        case _:
            return True


def previewed(values: Mapping[str, str], incident: Incident, policy: Policy) -> bool:
    """Whoever is told outside is told by a form that somebody saw and submitted."""
    del incident, policy
    return outside_in(values)


def started(
    values: Mapping[str, str], incident: Incident, context: Context, policy: Policy
) -> Mapping[str, str] | None:
    """The values with the texts of the template they name; what somebody wrote themselves stays."""
    named = clean_line(values.get("template", "")).casefold().replace(" ", "_")
    chosen = next((policy.templates[name] for name in policy.templates if name.casefold() == named), None)
    if chosen is None:
        return None
    written = {name: said for name, said in values.items() if name != "template" and said.strip()}
    to = prefill(written, incident, context, policy)["to"]
    return {"to": to, **_filled(chosen, incident, context), **written}


def _filled(template: Template, incident: Incident, context: Context) -> Mapping[str, str]:
    begun = incident.detected_at or incident.declared_at or context.at
    service, since = listed(incident.services) or "The service", utc_words(begun, context.at)
    texts = {"what": template.what, "expect": template.expect, "words": template.words}
    return {name: text.replace("{service}", service).replace("{since}", since) for name, text in texts.items()}


def check_written(update: UpdatePublished, policy: Policy) -> None:
    """Raises Refused while something in a template is still for the writer to replace."""
    asked = {
        gap for each in policy.templates.values() for gap in GAP.findall(f"{each.what} {each.expect} {each.words}")
    }
    texts = {"what": update.what, "expect": update.expect, "words": update.words}
    left = {name: gap for name, text in texts.items() for gap in GAP.findall(text) if gap in asked}
    if left:
        said = {name: f"Write what you know instead of {gap}" for name, gap in left.items()}
        field, sentence = next(iter(said.items()))
        raise Refused(sentence, field=field, findings=said)


def preview(
    update: UpdatePublished, found: tuple[Finding, ...], incident: Incident, context: Context, policy: Policy
) -> Preview:
    """What each audience would read, and what the standard says against it."""
    then = replace(incident, status=update.status or incident.status)
    cards = tuple(_read_by(audience, update, then, context, policy) for audience in update.audiences)
    words = (update.audiences, update.headline, update.what, update.steps, update.who, update.expect, update.words)
    stamp = hashlib.sha256(repr((*words, update.status, update.none_because)).encode()).hexdigest()[:16]
    return Preview(cards=cards, stamp=stamp, findings=by_field(found))


def _read_by(audience: str, update: UpdatePublished, incident: Incident, context: Context, policy: Policy) -> Card:
    """The card an audience gets, under the audience's name. Its buttons are nothing to press yet."""
    inside = audience == INTERNAL
    card = (
        update_internal(incident, update, context.actor)
        if inside
        else update_outside(incident, update, audience, policy)
    )
    known_as = (Text((Strong((update.headline,)),)),) if audience == CUSTOMERS and update.headline else ()
    title = (Text((Strong(card.title),)),) if card.title else ()
    once = ", once it is approved" if needs_approval(incident, audience, policy) else ""
    return Card(title=(f"{audience.capitalize()} will read{once}:",), body=(*known_as, *title, *card.body))
