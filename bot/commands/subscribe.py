"""`subscribe [REF]`, `subscribe service:NAME`, `subscribe priority:LEVEL`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from bot.cards import line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.events import Subscribed
from bot.guards import since_words, unchanged
from bot.incident import Incident
from bot.messages.phrases import listed
from bot.permissions import unseen
from bot.policy import Policy
from bot.questions import Ask
from bot.refs import Person, reference
from bot.refusals import Refused
from bot.standing import PRIORITY, SERVICE, Standing, Wanted, covers, known
from bot.visibility import seen_by

NAME_LIMIT = 100
"""Longest name of a service in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Sends you updates in private: of one incident, or of every one of a service or a priority."""

    which: Annotated[int | None, Param(label="One incident", ask=Ask.INCIDENT, named=True)] = None
    service: Annotated[
        str,
        Param(
            label="Or every incident that affects a service",
            named=True,
            typed="[service:NAME]",
            limit=NAME_LIMIT,
            help="Its name as incidents give it.",
        ),
    ] = ""
    priority: Annotated[
        str,
        Param(
            label="Or every incident of a priority or higher", ask=Ask.PRIORITY, named=True, typed="[priority:LEVEL]"
        ),
    ] = ""


def decide(incident: Incident, command: Subscribe, context: Context, policy: Policy) -> Outcome:
    """The incident's log says who reads it; what stands for every incident of a kind is kept beside the incidents."""
    assert context.actor is not None, "only people say it"
    wishes = tuple(_wishes(command.service, command.priority))
    one = _one(incident, command, context) if command.which is not None or not wishes else None
    new = tuple(wish for wish in wishes if known(wish, context.standing) is None)
    if not new and (one is None or context.actor in one.subscribers):
        return unchanged("You are ", _already(one, wishes))
    joined = {each.number: wish.words for each, wish in _matching(new, context, policy)}
    if one is not None and context.actor not in one.subscribers:
        joined[one.number] = ""
    events = {number: (Subscribed(people=(context.actor,), because=why),) for number, why in joined.items()}
    return Outcome(
        events=events.get(incident.number, ()),
        related={number: told for number, told in events.items() if number != incident.number},
        wanted=Wanted(begun=new) if new else None,
        reply=line(" ".join(_said(one, new, joined, context.actor))),
    )


def _wishes(service: str, priority: str) -> Iterator[Standing]:
    if service:
        yield Standing(kind=SERVICE, name=service)
    if priority:
        yield Standing(kind=PRIORITY, name=priority)


def _one(incident: Incident, command: Subscribe, context: Context) -> Incident:
    """The incident that is meant. Raises Refused where it has no updates that may be read in private messages."""
    found: Incident | None = incident
    if command.which is not None:
        seen = seen_by(context.others, context.actor)
        found = next((each for each in seen if each.number == command.which), None)
        if found is None:
            raise unseen(command.which)
    elif not incident.version:
        raise Refused("Choose an incident, a service or a priority.", field="which")
    assert found is not None
    if found.private:
        sentence = f"{reference(found.number)} is private: its updates are in its room alone."
        raise Refused(sentence, field="which")
    if found.is_ended:
        raise Refused(f"{since_words(found, context)}: it has no more updates.", field="which")
    return found


def _matching(new: tuple[Standing, ...], context: Context, policy: Policy) -> Iterator[tuple[Incident, Standing]]:
    """Incidents that are open now and that the person does not read yet."""
    for each in context.others:
        wish = next((wish for wish in new if covers(wish, each, policy)), None)
        if wish and each.is_open and not each.private and not each.drill and context.actor not in each.subscribers:
            yield each, wish


def _already(one: Incident | None, wishes: tuple[Standing, ...]) -> str:
    names = [*([reference(one.number)] if one else []), *(wish.spoken for wish in wishes)]
    return f"subscribed to {listed(names)}"


def _said(one: Incident | None, new: tuple[Standing, ...], joined: Mapping[int, str], actor: Person) -> Iterator[str]:
    names = [*([reference(one.number)] if one else []), *(wish.spoken for wish in new)]
    yield f"Updates of {listed(names)} come to you in private from now on."
    now = [reference(number) for number, why in sorted(joined.items()) if why]
    if now:
        yield f"Open now: {listed(now)}."
    if one and one.roles_of(actor):
        yield "While you hold a role in it, its room tells you instead."


def asks(values: Mapping[str, str], incident: Incident, policy: Policy) -> bool:
    """Where nothing says what is meant, the form asks."""
    del policy
    return not incident.version and not any(values.get(name, "").strip() for name in ("which", SERVICE, PRIORITY))


SPEC = Spec(
    word="subscribe",
    command=Subscribe,
    decide=decide,
    who=Who.ANYONE,
    group="Look",
    title="Subscribe",
    submit="Subscribe",
    about="any",
    ref_first=True,
    standing=True,
    previewed=asks,
)
