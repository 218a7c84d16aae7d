"""Updates to customers that wait for approval, for the tests of who approves what."""

from dataclasses import replace

from bot.commands import update
from bot.commands.spec import Context, Outcome
from bot.incident import Incident
from bot.policy import CUSTOMERS, INTERNAL, STAKEHOLDERS, Policy, Standard
from bot.refs import Person
from tests.core.asking import decided
from tests.core.builders import BEN, HANA, POLICY, context, declared, grown, moment, staffed, words

CAREFUL = replace(
    POLICY,
    standards={
        INTERNAL: Standard(),
        STAKEHOLDERS: Standard(),
        CUSTOMERS: Standard(approve=("critical", "high")),
    },
)
"""Customers wait for approval at the two highest priorities."""
BOTH = replace(
    CAREFUL,
    standards={
        **CAREFUL.standards,
        STAKEHOLDERS: Standard(approve=("critical",), approvers=("scribe",)),
    },
)
"""Stakeholders wait as well, for somebody else."""
TEAM = staffed(declared())
SAID = {"what": "Cards fail.", "words": "Some payments do not go through.", "next": "30m", "template": ""}


def written(
    incident: Incident = TEAM, to: str = "internal customers", policy: Policy = CAREFUL, **more: str
) -> Outcome:
    """Hana publishes, having seen what they read."""
    who = context(HANA, submitted=True)
    first = decided(incident, update.SPEC, who, policy, **{**SAID, "to": to, **more})
    if first.form is None:
        return first
    return decided(incident, update.SPEC, who, policy, **{**SAID, "to": to, **more, **first.form.values})


def waiting(
    incident: Incident = TEAM, to: str = "internal customers", policy: Policy = CAREFUL, **more: str
) -> Incident:
    outcome = written(incident, to, policy, **more)
    return grown(incident, moment("10:20"), HANA, *outcome.events)


def later(who: Person = BEN, clock: str = "10:25", *, submitted: bool = False, in_room: bool = True) -> Context:
    return context(who, moment(clock), submitted=submitted, in_room=in_room)


def line(outcome: Outcome) -> str:
    return words(outcome.reply)
