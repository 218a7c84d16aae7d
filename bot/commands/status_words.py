"""`investigating`, `identified`, `monitoring`: where the investigation stands. From any of them to any other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import Status, StatusChanged
from bot.guards import already, check_open, person_word, status_word
from bot.incident import Incident
from bot.policy import Policy
from bot.promises import by_status
from bot.refs import reference
from bot.refusals import Refused

MOMENTS_AGO = timedelta(minutes=1)
"""How long who acts on an incident just resolved is told so in other words: they could not have known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigating:
    """Says that the cause is being looked for."""

    was: Annotated[str, Param(label="")] = ""
    """The status that a button was made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """Says that the cause is known."""

    was: Annotated[str, Param(label="")] = ""
    """The status that a button was made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """Says that the fix is in and is being watched."""

    was: Annotated[str, Param(label="")] = ""
    """The status that a button was made for."""


Word = Investigating | Identified | Monitoring


def _to(status: Status) -> Callable[[Incident, Word, Context, Policy], Outcome]:
    def decide(incident: Incident, command: Word, context: Context, policy: Policy) -> Outcome:
        """The incident stands at that status."""
        _check_overtaken(incident, context)
        check_open(incident, context)
        if incident.status is status:
            return already(incident)
        name = reference(incident.number)
        if command.was and command.was != incident.status:
            raise Refused(f"{name} has moved on to {status_word(incident)}: use its card.")
        changed = StatusChanged(status=status, before=incident.status)
        said = None if context.in_room else line(f"{name} is {status}.")
        return Outcome(events=(changed, *by_status(incident, status, context.at, policy)), reply=said)

    return decide


def _check_overtaken(incident: Incident, context: Context) -> None:
    """Raises Refused where somebody else resolved the incident a moment earlier."""
    by, at = incident.resolved_by, incident.resolved_at
    if incident.status is not Status.RESOLVED or by is None or at is None or by == context.actor:
        return
    if context.at - at <= MOMENTS_AGO:
        name = reference(incident.number)
        raise Refused(f"{person_word(by, context)} resolved {name} a moment earlier: see its card.")


def _spec(status: Status, command: type) -> Spec:
    return Spec(
        word=status.value,
        command=command,
        decide=_to(status),
        who=Who.RESPONDERS,
        group="Steer",
        doing="Setting the status of {ref}",
    )


INVESTIGATING = _spec(Status.INVESTIGATING, Investigating)
IDENTIFIED = _spec(Status.IDENTIFIED, Identified)
MONITORING = _spec(Status.MONITORING, Monitoring)
SPECS = (INVESTIGATING, IDENTIFIED, MONITORING)
