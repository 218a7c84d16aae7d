"""`update [TEXT]` and `update to:AUDIENCE… [TEXT]`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot import promises
from bot.cards import Span, Spans, When, line
from bot.commands.spec import Context, Outcome, Param, Preview, Spec, Who
from bot.composer import above, check_written, lacks, outside_in, prefill, preview, previewed, shown, started
from bot.drafts import Parted, parted
from bot.events import Event, PromiseMade, Status, StatusChanged, UpdatePublished
from bot.final_words import ENDED_BECAUSE, check_sayable, check_word_left
from bot.guards import check_addressed
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.notices import headline
from bot.overruling import AS_IT_IS, found_in, overruled
from bot.policy import CUSTOMERS, INTERNAL, Policy
from bot.proposals import MINUTES, NONE
from bot.questions import Ask
from bot.refs import reference
from bot.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishUpdate:
    """Publishes an update and sets the next promise."""

    template: Annotated[
        str,
        Param(
            label="Start from",
            ask=Ask.CHOICE,
            named=True,
            in_form=False,
            offers=lambda policy: tuple(policy.templates),
            help="Opens the form with the words of that template. Nothing goes out by that.",
        ),
    ] = ""
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
    headline: Annotated[
        str,
        Param(
            label="Headline for customers",
            named=True,
            limit=80,
            help="What they know this incident by, as in Card payments in Europe. Empty: as before.",
        ),
    ] = ""
    status: Annotated[Status | None, Param(label="Status", ask=Ask.STATUS, named=True, help="Empty: unchanged.")] = None
    publish_as_it_is: Annotated[str, AS_IT_IS] = ""


def decide(incident: Incident, command: PublishUpdate, context: Context, policy: Policy) -> Outcome:
    """The audiences read it, what they were promised is settled, and the next promise is made."""
    update = _written(incident, command, context, policy)
    outside = [audience for audience in command.to if audience != INTERNAL]
    if outside and not context.submitted:
        raise Refused(f"A typed line alone tells nobody outside: open `update to:{outside[0]}` and publish its form.")
    noted = overruled(update, command.publish_as_it_is, incident, context, policy)
    parts = parted(update, incident, context.actor, policy)
    promised = promises.by_update(incident, parts.told, update.next, command.reason, context.at, policy)
    changed = _changed(incident, update.status, parts.told, context, policy)
    reply = _published(update, parts) if outside or not context.in_room else None
    events = (*parts.events, *noted, *changed, *promised)
    return Outcome(events=events, reply=None if reply is None else line(*reply))


def seen(incident: Incident, command: PublishUpdate, context: Context, policy: Policy) -> Preview:
    """What its audiences would read, and what stands against it until a reason to publish it as it is was given."""
    update = _written(incident, command, context, policy)
    found = () if command.publish_as_it_is else found_in(update, incident, context, policy)
    return preview(update, found, incident, context, policy)


def _written(incident: Incident, command: PublishUpdate, context: Context, policy: Policy) -> UpdatePublished:
    """The update as it would go out. Raises Refused for what can go to nobody, or lacks something."""
    check_sayable(incident, command.to, context)
    check_addressed(command.to, incident, policy, "to")
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
        headline=_headline(incident, command, policy) if CUSTOMERS in command.to else "",
        next=following,
        none_because=command.reason if None in following.values() else ENDED_BECAUSE.get(incident.status, ""),
        status=status,
        final=not incident.is_open,
    )
    check_written(update, policy)
    return update


def _headline(incident: Incident, command: PublishUpdate, policy: Policy) -> str:
    """What customers know it by from this update on: filled in here, so that whoever looks it over reads it too."""
    known = command.headline or incident.headline
    return headline(known, policy.status.public(incident.services), command.words or command.what)


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


def _changed(
    incident: Incident, status: Status | None, to: tuple[str, ...], context: Context, policy: Policy
) -> tuple[Event, ...]:
    """A new status, and what it means for audiences that this update does not reach (docs/promises.md, 1.7)."""
    if status is None:
        return ()
    made = promises.by_status(incident, status, context.at, policy)
    others = [event for event in made if not (isinstance(event, PromiseMade) and event.audience in to)]
    return (StatusChanged(status=status, before=incident.status, within_update=True), *others)


def _published(update: UpdatePublished, parts: Parted) -> Spans:
    """What is said to who published it: `Update 2 is out to internal and customers. Next by {03:17}`."""
    said: list[Span] = [f"Update {update.number} is out to {listed(parts.told)}."] if parts.told else []
    moments = sorted(moment for name, moment in update.next.items() if moment and name in parts.told)
    if moments:
        said += [" Next by ", When(moments[0]), "."]
    if parts.waiting:
        what = " It waits" if said else f"Update {update.number} waits"
        said += [f"{what} for approval before it goes out to {listed(parts.waiting)}; their promise stands."]
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
    in_vain=check_word_left,
    lacks=lacks,
    previewed=previewed,
    preview=seen,
    starts=started,
    prefill=prefill,
    above=above,
    shown=shown,
)
