"""Going on in spite of findings: one reason for all of them, kept on the timeline with what it overruled."""

from bot.approvers import needs_approval
from bot.commands.spec import Context, Param
from bot.events import NoteAdded, UpdatePublished
from bot.findings import Finding
from bot.incident import Incident
from bot.policy import Policy
from bot.refusals import Refused
from bot.standards import by_field, findings

AS_IT_IS = Param(label="Reason to publish as it is", named=True, after_finding=True, help="It is kept for the record.")


def found_in(update: UpdatePublished, incident: Incident, context: Context, policy: Policy) -> tuple[Finding, ...]:
    """What the communication standard says against an update to its audiences."""
    people = [profile.name for profile in context.people.values()]
    return findings(update, incident, update.audiences, policy, people)


def overruled(
    update: UpdatePublished, reason: str, incident: Incident, context: Context, policy: Policy
) -> tuple[NoteAdded, ...]:
    """What is noted of an update that goes out against the standard. Raises Refused where that has no reason."""
    found = found_in(update, incident, context, policy)
    if not found:
        return ()
    if not reason:
        raise Refused(found[0].sentence, field=found[0].field, findings=by_field(found), risky=True)
    against = " ".join(dict.fromkeys(each.sentence for each in found))
    waits = any(needs_approval(incident, name, policy) for name in update.audiences)
    done = "written" if waits else "published"
    said = f"Update {update.number} was {done} as it is: {reason.rstrip('.')}. Found: {against}"
    return (NoteAdded(text=said),)
