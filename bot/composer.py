"""The form of an update: what a line lacks, what is proposed, what stands in it (docs/words.md 4, "Post update")."""

from collections.abc import Mapping

from bot.cards import Span, Spans, When
from bot.commands.spec import Context
from bot.incident import Incident
from bot.policy import COMMANDER, COMMS, CUSTOMERS, INTERNAL, Policy
from bot.proposals import MINUTES, NONE, due_audiences, next_update
from bot.standards import demanded


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
    fresh = not values
    to = (
        due_audiences(incident, policy, context.at)
        if fresh and _tells(incident, context)
        else audiences_in(values, policy)
    )
    proposed = {"to": " ".join(to)}
    told = incident.told.get(to[0]) if incident.is_open else None
    if told:
        last = told.update
        proposed |= {"what": last.what, "steps": last.steps, "who": last.who, "expect": last.expect}
    customers = incident.told.get(CUSTOMERS)
    if customers and CUSTOMERS in to and incident.is_open:
        proposed["words"] = customers.update.words
    following = next_update(incident, to, policy, context.at) if incident.is_open else ""
    named = values.get("next", "") or values.get("other_time", "")
    if named and "other_time" not in values and named.lower() not in (*MINUTES, NONE):
        proposed["other_time"] = named
    elif following and not named:
        proposed["next" if following in MINUTES else "other_time"] = following
    return {name: said for name, said in proposed.items() if said}


def _tells(incident: Incident, context: Context) -> bool:
    """Whether people outside are this person's to tell, so that the form may tick them."""
    return any(context.actor in incident.holders(role) for role in (COMMS, COMMANDER))


def above(incident: Incident, policy: Policy) -> Spans:
    """What is known already: `Detected {01:52}, last update {02:10}`."""
    del policy
    begun = incident.detected_at or incident.declared_at
    said: list[Span] = ["Detected " if incident.detected_at else "Declared ", When(begun)] if begun else []
    last = max((told.at for told in incident.told.values()), default=None)
    if last:
        said += [", last update ", When(last)]
    return (*said, ".") if said else ()


def shown(name: str, incident: Incident, policy: Policy) -> bool:
    """Fields that can matter: no next moment while resolved, nobody outside where nobody outside can be told."""
    others = [audience for audience in policy.audiences if audience != INTERNAL and policy.addresses(audience)]
    match name:
        case "next" | "other_time" | "reason" | "status":
            return incident.is_open
        case "to":
            return bool(others) and not incident.private
        case "words":
            return CUSTOMERS in others and not incident.private
        case _:
            return True


def previewed(values: Mapping[str, str], incident: Incident, policy: Policy) -> bool:
    """Whoever is told outside is told by a form that somebody saw and submitted."""
    del incident, policy
    return outside_in(values)
