"""`maintenance START END TITLE [services:…]`, `maintenance`, `maintenance cancel N`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from bot.cards import Card, Code, Lines, Press, Spans, Strong, Style, Text, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.incident import Incident
from bot.maintenance import CalledOff, Maintenance, Phase, Planned
from bot.moments import moment
from bot.policy import Policy
from bot.questions import Ask
from bot.refusals import Refused, Unreadable
from bot.typed import clean_line, quoted

TOLD = ("start", "lasts", "title")
"""What the public is told of any maintenance."""
TITLE = 120
"""Characters of a title: it stands on one line of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMaintenance:
    """Plans maintenance on the status page, lists what is planned, or with `cancel N` calls it off."""

    cancel: Annotated[bool, Param(label="Cancel", ask=Ask.FLAG, typed="[cancel N]", in_form=False)] = False
    start: Annotated[
        datetime | None,
        Param(
            label="When does it begin?",
            ask=Ask.MOMENT,
            typed="[START",
            help="As in 22:30 or 2026-12-01 22:30.",
            missing="Say when it begins.",
        ),
    ] = None
    lasts: Annotated[
        timedelta | None,
        Param(
            label="How long?",
            ask=Ask.DURATION,
            typed="LENGTH",
            help="As in 2h or 90m.",
            missing="Say how long it lasts.",
        ),
    ] = None
    end: Annotated[
        datetime | None,
        Param(label="Ends", ask=Ask.MOMENT, typed="or END", in_form=False),
    ] = None
    title: Annotated[
        str,
        Param(
            label="What will be done?",
            help="In customers' words: everybody can read this.",
            typed="TITLE]",
            limit=TITLE,
            missing="Say what will be done, in customers' words.",
        ),
    ] = ""
    services: Annotated[
        tuple[str, ...],
        Param(
            label="Services", help="As the status page calls them.", several=True, named=True, typed="[services:NAME…]"
        ),
    ] = ()
    plan: bool = False
    """Opens the form."""


def decide(incident: Incident, command: PlanMaintenance, context: Context, policy: Policy) -> Outcome:
    """A plan, a plan called off, or the list."""
    del incident
    if command.cancel:
        return _called_off(command.title, context)
    if not command.title:
        return Outcome(reply=listed(context.maintenances, context.at))
    return _planned(command, context, policy)


def _planned(command: PlanMaintenance, context: Context, policy: Policy) -> Outcome:
    assert command.start is not None, "the form asks for it"
    end = command.start + command.lasts if command.lasts is not None else command.end
    if end is None or end <= command.start:
        raise Refused("It ends before it begins: name a later end, or how long it lasts.", field="lasts")
    maintenance = Maintenance(
        number=0,
        title=command.title,
        starts_at=command.start,
        ends_at=end,
        services=_services(command.services, policy),
        planned_at=context.at,
        planned_by=context.actor,
    )
    said = line("Planned, and on the status page: ", *_told(maintenance), ".")
    return Outcome(planning=Planned(maintenance=maintenance), reply=said)


def _services(names: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """As the page calls them; as they are said where the policy lists none."""
    if not policy.status.services:
        return names
    strange = next((name for name in names if not policy.status.public([name])), "")
    if strange:
        known = ", ".join(row.name for row in policy.status.services)
        raise Unreadable(f"The status page has no service {quoted(strange)}: it has {known}.", field="services")
    return policy.status.public(names)


def _called_off(said: str, context: Context) -> Outcome:
    number = clean_line(said).removeprefix("#")
    found = next((each for each in context.maintenances if str(each.number) == number), None)
    if found is None or found.phase(context.at) is Phase.COMPLETED:
        raise Unreadable("Name planned maintenance by its number, as in `maintenance cancel 3`: see `maintenance`.")
    gone = line("Called off, and no longer on the status page: ", *_told(found), ".")
    return Outcome(planning=CalledOff(number=found.number), reply=gone)


def listed(maintenances: tuple[Maintenance, ...], at: datetime) -> Card:
    """What is planned or under way, the next first."""
    ahead = sorted((each for each in maintenances if each.ends_at > at), key=lambda each: each.starts_at)
    plan = Press(label="Plan maintenance", command="maintenance", values={"plan": "yes"}, style=Style.PRIMARY)
    if not ahead:
        return Card(
            body=(Text(("No maintenance is planned. ", Code("maintenance START END TITLE"), " plans it.")),),
            actions=(plan,),
        )
    cancels = tuple(
        Press(label=f"Cancel {each.number}", command="maintenance", values={"cancel": "yes", "title": str(each.number)})
        for each in ahead[:4]
    )
    lines = tuple((Strong((f"{each.number}",)), " · ", *_told(each)) for each in ahead)
    return Card(title=("Planned maintenance",), body=(Lines(lines),), actions=(plan, *cancels))


def _told(each: Maintenance) -> Spans:
    services = f" ({', '.join(each.services)})" if each.services else ""
    return (f"{each.title}{services}, ", When(each.starts_at), " to ", When(each.ends_at))


def _lacks(values: Mapping[str, str], incident: Incident, policy: Policy) -> tuple[str, ...]:
    """Nothing for the list and for calling off; else all that the public is told."""
    del incident, policy
    if values.get("cancel"):
        return ()
    if not any(values.get(name) for name in (*TOLD, "end", "services", "plan")):
        return ()
    return tuple(name for name in TOLD if name != "lasts" or not values.get("end"))


def _previewed(values: Mapping[str, str], incident: Incident, policy: Policy) -> bool:
    """The public is never told by a typed line alone."""
    del incident, policy
    return not values.get("cancel") and bool(values.get("title"))


def _prefill(values: Mapping[str, str], incident: Incident, context: Context, policy: Policy) -> Mapping[str, str]:
    """That a plan is made, so that the form asks for all of it; how long it lasts, where an end was typed."""
    del incident, policy
    plan = {"plan": "yes"}
    if not values.get("end") or values.get("lasts"):
        return plan
    try:
        start, end = (moment(values.get(name, ""), context.at, context.zone) for name in ("start", "end"))
    except Refused:
        return plan
    return {**plan, "lasts": f"{int((end - start).total_seconds() // 60)}m"} if end > start else plan


SPEC = Spec(
    word="maintenance",
    command=PlanMaintenance,
    decide=decide,
    who=Who.ANYONE,
    group="Tell",
    line=("cancel", "start", "lasts", "end", "title"),
    title="Plan maintenance",
    submit="Publish",
    about="none",
    lacks=_lacks,
    prefill=_prefill,
    previewed=_previewed,
    maintenances=True,
    doing="Planning maintenance",
)
