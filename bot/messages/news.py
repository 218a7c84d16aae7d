"""News: what is posted once, in the room, under the announcement, or to an audience (WORDS 3.3, 3.4, 3.9)."""

from dataclasses import replace
from datetime import datetime

from bot.cards import (
    Card,
    Group,
    Lines,
    Mention,
    Note,
    Open,
    Part,
    Press,
    RoomLink,
    Span,
    Spans,
    Strong,
    Style,
    Text,
    Tone,
    When,
    line,
)
from bot.events import (
    HandoverOffered,
    PriorityChanged,
    PromiseMade,
    RoleAssigned,
    RoleReleased,
    StatusChanged,
    UpdatePublished,
)
from bot.incident import Incident
from bot.messages.brief import brief, owed_words
from bot.messages.buttons import claim, press
from bot.messages.closing import closing_words
from bot.messages.phrases import (
    PERSON,
    affected,
    by,
    by_moment,
    joined,
    labelled,
    listed,
    message_word,
    named,
    next_by,
    priority_word,
    role_word,
    sentence,
    spread,
    to_come,
    within,
    written_by,
)
from bot.plain import span_words
from bot.policy import COMMANDER, COMMS, CUSTOMERS, INTERNAL, ROOM, SECOND_ROOM, STAKEHOLDERS, Policy
from bot.refs import Person, reference


def called(incident: Incident, groups: tuple[str, ...]) -> Card:
    """People the priority calls, mentioned in the room once."""
    who = spread((Group(group),) for group in groups)
    what = f"{reference(incident.number)} is {incident.priority}: {incident.title}."
    return line(*who, f": {what} Its card says what is owed next.")


def paged(incident: Incident) -> Card:
    """To those whom the priority calls by other ways than chats."""
    standing = f"{priority_word(incident.priority)}, {incident.status.value}.{affected(incident)}"
    return Card(
        title=(f"{named(incident)}: you are called",),
        tone=Tone.CRITICAL,
        body=(Text((standing, *next_by(incident))), Text(("Go to its room, ", RoomLink(incident.number), "."))),
    )


def taken(incident: Incident, event: RoleAssigned, policy: Policy) -> Card:
    """In the room: who leads now."""
    role = role_word(event.role, policy)
    return line(Mention(event.person), f" is {role} of {reference(incident.number)}.")


def accepted(incident: Incident, event: RoleAssigned, giver: Person, policy: Policy) -> Card:
    """In the room: a role was handed over."""
    role = role_word(event.role, policy)
    return line(
        Mention(event.person),
        f" is {role} of {reference(incident.number)}, taken over from ",
        Mention(giver),
        ".",
        *next_by(incident),
    )


def assigned(incident: Incident, event: RoleAssigned, giver: Person | None, policy: Policy) -> Card:
    """In private: somebody was given a role, with its duties and what it owes first."""
    role = policy.role(event.role)
    gave: Spans = (Mention(giver), " gave you the role. ") if giver else ()
    duties = f"Duties: {within(role.duties)}." if role.duties else ""
    body: list[Part] = [Text((*gave, duties))]
    speaks = event.role in {COMMANDER, COMMS}
    first = owed_words(incident) if speaks else ()
    if first:
        body.append(Text(("First: ", *first)))
    post = (press(incident, "Post update", "update", style=Style.PRIMARY),) if speaks else ()
    decline = Press(label="Decline role", command="release", values={"role": event.role}, incident=incident.number)
    return Card(
        title=(f"You are {role_word(event.role, policy)} of {named(incident)}",),
        body=tuple(body),
        actions=(*post, Open(label="Open room", room=incident.number), decline),
    )


def vacant(incident: Incident, event: RoleReleased, standing_in: Person | None, policy: Policy) -> Card:
    """In the room: a role that is required has nobody now."""
    left = "left" if event.reason == "left" else "released the role"
    who: list[Span] = [Mention(event.person), f" {left}."]
    if standing_in:
        who += [" Reminders go to ", Mention(standing_in), " meanwhile."]
    return Card(
        title=(f"{reference(incident.number)} has no {role_word(event.role, policy)}",),
        tone=Tone.WARNING,
        body=(Text(tuple(who)),),
        actions=(claim(incident, event.role, policy, Style.PRIMARY),),
    )


def handover(incident: Incident, event: HandoverOffered, policy: Policy) -> Card:
    """In private: the brief for who is asked to take over, 15 lines at most."""
    role = role_word(event.role, policy)
    note: Spans = (
        "Until you accept, the role and its reminders stay with ",
        Mention(event.giver),
        ". This request ends at ",
        When(event.until),
        ".",
    )
    values = {"role": event.role}
    number = incident.number
    return Card(
        title=(f"Will you be {role} of {named(incident)}?",),
        body=(Text((Mention(event.giver), " hands the role over.")), Lines(brief(incident, event, policy)), Note(note)),
        actions=(
            Press(label="Accept role", command="accept", values=values, incident=number, style=Style.PRIMARY),
            Press(label="Decline role", command="decline", values=values, incident=number),
        ),
    )


def handover_over(incident: Incident, role: str, giver: Person, outcome: str, policy: Policy) -> Card:
    """In private, to both: nothing changed; or, to who was asked, that somebody else has the role by now."""
    name = reference(incident.number)
    if outcome == "overtaken":
        return line(f"The handover of {name} ended: the role was given otherwise.")
    ended = "was declined" if outcome == "declined" else "ended without an answer"
    return line(f"The handover of {name} {ended}: ", Mention(giver), f" is still {role_word(role, policy)}.")


def status_changed(incident: Incident, event: StatusChanged, who: Person | None) -> Card:
    """In the room: the status, typed alone."""
    return line(f"{reference(incident.number)} is {event.status.value}", *by(who), ".")


def priority_changed(incident: Incident, event: PriorityChanged, who: Person | None) -> Card:
    """In the room and under the announcement: the priority and what it does to the promise."""
    because = f": {event.reason.rstrip('.')}" if event.reason else ""
    derived = ", from impact and urgency" if event.derived else ""
    changed = f"{reference(incident.number)} is {event.priority}, before {event.before}{derived}"
    return line(changed, *by(who), f"{because}.", *next_by(incident))


def update_internal(incident: Incident, event: UpdatePublished, who: Person | None) -> Card:
    """The whole update, for the room and the internal addresses. The last line but one is the promise (WORDS 3.4)."""
    title = f"Update {event.number} on {named(incident, inside=True)}"
    said = joined(event.what, labelled("Affected", event.who), event.expect)
    body: list[Part] = [Text((said,))]
    standing = f"{priority_word(incident.priority)}, {incident.status.value}."
    body.append(Text((joined(event.steps, standing),)))
    body.append(Text(_promise(_with_internal(incident, event), INTERNAL)))
    body.append(
        Note(("By ", *written_by(event, who), f", to {', '.join(event.audiences)}.", *to_come(incident, event)))
    )
    return Card(title=(title,), body=tuple(body))


def _with_internal(incident: Incident, event: UpdatePublished) -> UpdatePublished:
    """An update that is not for internal leaves what internal was promised as it stands, and the room reads that."""
    standing = incident.promise(INTERNAL)
    if standing is None or INTERNAL in event.audiences:
        return event
    return replace(event, next={INTERNAL: standing.due}, none_because=standing.reason)


def customers_words(event: UpdatePublished) -> str:
    """What an update tells customers, less the promise at its end: what every place they read shows."""
    return event.words or _in_general(event)


def update_outside(incident: Incident, event: UpdatePublished, audience: str, policy: Policy) -> Card:
    """The update for stakeholders and others who are not of the incident; customers read no name, host or team.

    It ends with where these people look and whom they ask, where the policy says so.
    """
    said = customers_words(event) if audience == CUSTOMERS else _in_general(event)
    body: list[Part] = [Text((said,)), Text(_promise(event, audience))]
    closing = closing_words(audience, policy)
    if closing:
        body.append(Note(closing))
    if audience == CUSTOMERS:
        return Card(body=tuple(body))
    title = f"{named(incident)}: update {event.number}"
    along = audience == STAKEHOLDERS and not event.final
    actions = (press(incident, "Subscribe", "subscribe"),) if along else ()
    return Card(title=(title,), body=tuple(body), actions=actions)


def _in_general(event: UpdatePublished) -> str:
    return joined(event.what, labelled("Affected", event.who), event.expect)


def _promise(event: UpdatePublished, audience: str) -> Spans:
    if event.final:
        because = event.none_because.rstrip(".") or "resolved and verified"
        return (Strong(("No further update is expected:",)), " ", f"{because}.")
    if audience not in event.next:
        return (Strong(("The next update is not promised yet.",)),)
    due = event.next[audience]
    if due is None:
        because = event.none_because.rstrip(".") or "nothing more will change"
        return (Strong(("No further update is expected:",)), " ", f"{because}.")
    return (Strong(("Next update by ", When(due), ".")),)


def moved(incident: Incident, event: PromiseMade, *, inside: bool) -> Card:
    """To the audience whose promise moved; the reason is told inside only, and customers read no name of ours."""
    name = named(incident) if not inside else reference(incident.number)
    on = "" if event.audience == CUSTOMERS and not inside else f" on {name}"
    because = f": {event.reason.rstrip('.')}." if inside and event.reason else "."
    if event.due is None:
        return line(f"No further update{on} is expected{because}")
    before: Spans = (", not ", When(event.before)) if event.before and not _alike(event.before, event.due) else ()
    return line(f"The next update{on} comes by ", When(event.due), *before, because)


def _alike(one: datetime, other: datetime) -> bool:
    """Whether both read the same: in the same minute."""
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def resolved(incident: Incident) -> Card:
    """In the room and, broadcast, under the announcement: how, verified how, how long."""
    start, end = incident.detected_at or incident.declared_at, incident.resolved_at
    since = "detection" if incident.detected_at else "declaration"
    lasted = f"Lasted {span_words(end - start)} from {since}. " if start and end else ""
    owed: list[Span] = [lasted, Strong(("No further update is expected.",))]
    finals = by_moment(incident.standing())
    if finals:
        owed = [
            lasted,
            *spread(((f"Final word to {listed(names)} by ", When(moment), ".") for moment, names in finals), " "),
        ]
    return Card(
        title=(f"{named(incident, inside=True)} is resolved",),
        tone=Tone.GOOD,
        body=(
            Text((joined(labelled("How", incident.how)),)),
            Text((joined(labelled("Verified", incident.verified)),)),
            Text(tuple(owed)),
        ),
    )


def undelivered(incident: Incident, what: str, to: str, reason: str) -> Card:
    """To the commander: something did not arrive (WORDS 3.10). `to`: an audience, the room, or a person's id."""
    name, why = message_word(what), sentence(reason)
    if what in {ROOM, SECOND_ROOM}:
        lacks = SECOND_ROOM if incident.room else what
        return Card(title=(f"{reference(incident.number)} has no {lacks}",), tone=Tone.WARNING, body=(Text((why,)),))
    title = f"{name[:1].upper()}{name[1:]} of {reference(incident.number)} did not "
    if PERSON.fullmatch(to):
        said: Spans = (Mention(Person(to)), f" cannot be reached in private. {why}")
        return Card(title=(f"{title}arrive",), tone=Tone.WARNING, body=(Text(said),))
    return Card(title=(f"{title}reach {to}",), tone=Tone.WARNING, body=(Text((why,)),))


def room_lost(incident: Incident, reason: str) -> Card:
    """To the commander: where the incident goes on."""
    goes_on = "What is said of it comes to you." if incident.private else "It goes on under its announcement."
    return line(f"The room of {reference(incident.number)} is gone: {reason.rstrip('.')}. {goes_on}")


def hidden(incident: Incident) -> Card:
    """What is left of the announcement of an incident that became private."""
    return line(f"{reference(incident.number)} goes on in its room.")
