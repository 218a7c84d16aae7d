"""`update [TEXT]` and `update to:AUDIENCE… [TEXT]`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot import promises
from bot.cards import Span, Spans, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.composer import above, lacks, outside_in, prefill, previewed, shown
from bot.events import Event, NoteAdded, PromiseMade, Status, StatusChanged, UpdatePublished
from bot.guards import check_addressed, check_not_ended
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.policy import CUSTOMERS, INTERNAL, Policy
from bot.proposals import MINUTES, NONE
from bot.questions import Ask
from bot.refs import reference
from bot.refusals import Refused
from bot.standards import findings


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishUpdate:
    """Publishes an update and sets the next promise."""

    what: Annotated[
        str,
        Param(
            label="What is happening?",
            ask=Ask.LONG_TEXT,
            required=True,
            typed="[TEXT]",
            missing="Say what is happening in a few words.",
        ),
    ]
    steps: Annotated[
        str,
        Param(
            label="What is being done?",
            ask=Ask.LONG_TEXT,
            named=True,
            help="Internal readers see it.",
            missing="Say what is being done about it.",
        ),
    ] = ""
    who: Annotated[
        str,
        Param(
            label="Who is affected?",
            named=True,
            missing="Say who is affected, or that it is not known yet.",
        ),
    ] = ""
    expect: Annotated[
        str,
        Param(
            label="What can people expect or do?",
            ask=Ask.LONG_TEXT,
            named=True,
            missing="Say what people can expect or do.",
        ),
    ] = ""
    next: Annotated[
        datetime | str | None,
        Param(
            label="Next update",
            ask=Ask.MOMENT,
            named=True,
            options=(*MINUTES, NONE),
            missing="Choose a time, or none with a reason.",
        ),
    ] = None
    other_time: Annotated[
        datetime | None,
        Param(label="Next update at another time", ask=Ask.MOMENT, named=True, help="For example 2h or 16:45."),
    ] = None
    reason: Annotated[
        str,
        Param(
            label="Why is no further update expected?",
            named=True,
            help="Only where none is expected.",
            missing="Choose a time, or none with a reason.",
        ),
    ] = ""
    to: Annotated[
        tuple[str, ...],
        Param(label="To", ask=Ask.AUDIENCE, several=True, named=True, typed="[to:AUDIENCE…]"),
    ] = (INTERNAL,)
    words: Annotated[
        str,
        Param(label="Words for customers", ask=Ask.LONG_TEXT, named=True, help="Empty: the text above."),
    ] = ""
    status: Annotated[Status | None, Param(label="Status", ask=Ask.STATUS, named=True, help="Empty: unchanged.")] = None
    publish_as_it_is: Annotated[
        str,
        Param(label="Reason to publish as it is", named=True, after_finding=True, help="It is kept for the record."),
    ] = ""


def decide(incident: Incident, command: PublishUpdate, context: Context, policy: Policy) -> Outcome:
    """The audiences read it, what they were promised is settled, and the next promise is made."""
    check_not_ended(incident, context)
    check_addressed(command.to, incident, policy, "to")
    outside = [audience for audience in command.to if audience != INTERNAL]
    if outside and not context.submitted:
        raise Refused(f"A typed line alone tells nobody outside: open `update to:{outside[0]}` and publish its form.")
    status = _status(incident, command)
    following = _following(incident, command, context, policy)
    update = UpdatePublished(
        number=incident.updates + 1,
        audiences=command.to,
        what=command.what,
        steps=command.steps,
        who=command.who,
        expect=command.expect,
        words=command.words if CUSTOMERS in command.to else "",
        next=following,
        none_because=command.reason if None in following.values() else "",
        status=status,
        final=not incident.is_open,
    )
    _check_standards(update, incident, command, policy)
    promised = promises.by_update(incident, command.to, following, command.reason, context.at, policy)
    changed = _changed(incident, status, command.to, context, policy)
    reply = _published(update) if outside or not context.in_room else None
    events = (update, *_as_it_is(update, command), *changed, *promised)
    return Outcome(events=events, reply=None if reply is None else line(*reply))


def _status(incident: Incident, command: PublishUpdate) -> Status | None:
    """The status it sets, where that is another than the one that stands."""
    if command.status in {None, incident.status}:
        return None
    if not incident.is_open:
        raise Refused(f"{reference(incident.number)} is resolved: `reopen REASON` before its status.", field="status")
    return command.status


def _following(
    incident: Incident, command: PublishUpdate, context: Context, policy: Policy
) -> Mapping[str, datetime | None]:
    """The next moment for each audience: what the update names, else the policy's proposal. None: none is expected."""
    if not incident.is_open:
        return {}
    when = command.other_time or command.next
    if command.next == NONE:
        if command.other_time or not command.reason:
            raise Refused(
                "Choose a time, or none with a reason.", field="other_time" if command.other_time else "reason"
            )
        return dict.fromkeys(command.to)
    if isinstance(when, datetime):
        field = "other_time" if command.other_time else "next"
        promises.check_moment(when, incident, policy, context.at, field=field)
        return dict.fromkeys(command.to, when)
    proposed = {audience: promises.proposal(incident, audience, policy, context.at) for audience in command.to}
    return {audience: moment for audience, moment in proposed.items() if moment}


def _check_standards(update: UpdatePublished, incident: Incident, command: PublishUpdate, policy: Policy) -> None:
    found = findings(update, incident, update.audiences, policy)
    if found and not command.publish_as_it_is:
        raise Refused(found[0].sentence, field=found[0].field)


def _as_it_is(update: UpdatePublished, command: PublishUpdate) -> tuple[Event, ...]:
    """Why it went out against the communication standard, for the record."""
    if not command.publish_as_it_is:
        return ()
    return (NoteAdded(text=f"Update {update.number} was published as it is: {command.publish_as_it_is}"),)


def _changed(
    incident: Incident, status: Status | None, to: tuple[str, ...], context: Context, policy: Policy
) -> tuple[Event, ...]:
    """A new status, and what it means for audiences that this update does not reach (docs/promises.md, 1.7)."""
    if status is None:
        return ()
    made = promises.by_status(incident, status, context.at, policy)
    others = [event for event in made if not (isinstance(event, PromiseMade) and event.audience in to)]
    return (StatusChanged(status=status, before=incident.status, within_update=True), *others)


def _published(update: UpdatePublished) -> Spans:
    """What is said to who published it: `Update 2 is out to internal and customers. Next by {03:17}`."""
    said: list[Span] = [f"Update {update.number} is out to {listed(update.audiences)}."]
    moments = sorted(moment for moment in update.next.values() if moment)
    if moments:
        said += [" Next by ", When(moments[0]), "."]
    return tuple(said)


SPEC = Spec(
    word="update",
    command=PublishUpdate,
    decide=decide,
    who=Who.RESPONDERS,
    who_for=lambda values: Who.STEERING if outside_in(values) else (),
    group="Tell",
    line=("what",),
    title="Post update: {ref}",
    submit="Publish",
    doing="Telling people about {ref}",
    lacks=lacks,
    previewed=previewed,
    prefill=prefill,
    above=above,
    shown=shown,
)
