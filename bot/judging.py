"""Which draft is meant, and for whom one may judge it: what `approve` and `send-back` share."""

from bot.approvers import approvers, asked, entries
from bot.commands.spec import Context
from bot.guards import person_word
from bot.incident import Draft, Incident
from bot.messages.phrases import alternatives, listed
from bot.permissions import RESPONDERS, may
from bot.policy import Policy
from bot.refs import reference
from bot.refusals import NotAllowed, Refused


def meant(incident: Incident, number: str, word: str) -> Draft:
    """The draft of that number, or the only one. Raises Refused where there is none, or more than one."""
    name = reference(incident.number)
    said = number.strip().lstrip("#")
    found = [draft for draft in incident.drafts if said in {"", str(draft.update.number)}]
    if not incident.drafts and not said:
        raise Refused(f"No update on {name} waits for approval: `status` shows how it stands.")
    if not found:
        raise Refused(f"Update {said} on {name} does not wait for approval: `timeline` shows what became of it.")
    if len(found) > 1:
        numbers = listed([str(draft.update.number) for draft in found])
        raise Refused(f"Updates {numbers} on {name} wait: say which, as in `{word} {found[0].update.number}`.")
    return found[0]


def judged(incident: Incident, draft: Draft, context: Context, policy: Policy) -> tuple[str, ...]:
    """The audiences for which this person may judge the draft. Raises NotAllowed where there are none."""
    mine = tuple(name for name in draft.update.audiences if _may(incident, name, draft, context, policy))
    if mine:
        return mine
    people = asked(incident, draft, policy, context.people).people
    whom = alternatives([person_word(person, context) for person in people]) or "somebody else who works on it"
    number = draft.update.number
    if context.actor == draft.by:
        raise NotAllowed(f"Update {number} is yours, and somebody else approves it: ask {whom}.")
    raise NotAllowed(f"Update {number} is for others to approve: ask {whom}.")


def _may(incident: Incident, audience: str, draft: Draft, context: Context, policy: Policy) -> bool:
    if context.actor is None or context.actor == draft.by:
        return False
    if may(incident, entries(audience, policy), context, policy):
        return True
    instead = approvers(incident, audience, draft, policy, context.people)
    return context.actor in instead.people or (instead.anybody and may(incident, (RESPONDERS,), context, policy))
