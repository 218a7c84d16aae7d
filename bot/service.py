"""The front door of the core: load, decide, save; and what the clock alone brings about.

Everything happens within the store's transactions. Nothing here waits for a network, asks the time, or knows a chat.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.cards import Card, Names, line
from bot.catalog import COMMANDS, find
from bot.commands.fields import fields_of
from bot.commands.parse import read
from bot.commands.record import Report, recorded
from bot.commands.spec import Context, History, Outcome, Spec
from bot.decide import decide, target
from bot.due import due_events
from bot.firings import Tick, looked_at_next
from bot.incident import Incident
from bot.permissions import unseen
from bot.plain import people_in, rooms_in
from bot.policy import Policy
from bot.ports import Downtime, Store, Transaction
from bot.presence import OutOfReach, back
from bot.questions import Ask, Form
from bot.refs import Identity, Person, reference
from bot.refusals import Conflict, Refused, Unreadable
from bot.requests import Answer, Request
from bot.saving import Decided, index, people_of, save
from bot.succession import zone_of
from bot.visibility import seen_by

TRIES = 3
"""How often a decision is made again when somebody else wrote first (it never should, for deciders queue)."""
AT_ONCE = 10
"""Incidents looked at in one tick; the rest are due in the next. A tick after an outage must not hold up commands."""

_MARK = re.compile(r"@\{([^|}\s]+)(?:\|([^}]*))?\}")
_PERSON = re.compile(r"@(P-\d{1,9})\b", re.ASCII)


class Service:
    """Owns nothing but what it was given: where incidents are kept, and an organisation's rules."""

    def __init__(self, *, store: Store, policy: Policy, rules: str, replica: str) -> None:
        """`rules` is the fingerprint of the policy and of this code; `replica` names this process."""
        self._store = store
        self._policy = policy
        self._rules = rules
        self._replica = replica
        self._out_of_reach = OutOfReach()

    def handle(self, request: Request, at: datetime) -> Answer:
        """What somebody said, pressed or submitted, done and answered. A refusal is an answer too.

        A request whose key was seen before has no second effect. Raises what the store raises.
        """
        for _ in range(TRIES):
            try:
                with self._store.begin() as tx:
                    return self._answer(tx, request, at)
            except Conflict:
                continue
        return Answer(card=line("Nothing was changed because others were quicker: send it again."), refused=True)

    def record(self, report: Report, number: int, key: str, at: datetime) -> None:
        """What a chat tells of an incident by itself: a room that was opened, a person who left. Deduplicated by key.

        Raises LookupError where there is no such incident.
        """
        with self._store.begin() as tx:
            if not tx.first_time(key, at):
                return
            incident = tx.load(number)
            if incident is None:
                raise LookupError(reference(number))
            events = recorded(incident, report)
            after = save(tx, incident, Decided(events=events, by=None, at=at), self._policy, self._rules)
            self._out_of_reach.noted(after)

    def tick(self, now: datetime) -> int:
        """Fires what is due by `now`, an incident at a time. How many incidents had something to say.

        Raises the first fault of an incident, after all the others had their turn.
        """
        with self._store.begin() as tx:
            downtime = tx.tick(now, self._replica)
            numbers = tx.due(now, AT_ONCE)
        said, faults = 0, list[Exception]()
        for number in numbers:
            try:
                said += self._fire(number, now, downtime)
            except Exception as fault:  # noqa: BLE001 - one incident's fault must not silence the others
                faults.append(fault)
        if faults:
            raise faults[0]
        return said

    def _fire(self, number: int, now: datetime, downtime: Downtime | None) -> bool:
        with self._store.begin() as tx:
            incident = tx.load(number)
            if incident is None:
                return False
            waiting = tuple(row.reminder for row in tx.reminders(number) if row.state == "waiting")
            people = tx.profiles(people_of(incident))
            tick = Tick(now=now, policy=self._policy, people=people, downtime=downtime, waiting=waiting)
            events = due_events(incident, tick)
            if events:
                save(tx, incident, Decided(events=events, by=None, at=now), self._policy, self._rules)
            else:
                again = looked_at_next(incident, tick)
                row = index(incident, self._policy, self._rules)
                tx.reindex(incident, replace(row, next_due_at=again), self._rules)
            return bool(events)

    def refresh(self, limit: int) -> int:
        """Computes deadlines anew that other rules computed, of up to `limit` incidents; how many there were."""
        with self._store.begin() as tx:
            numbers = tx.stale(self._rules, limit)
            for number in numbers:
                incident = tx.load(number)
                assert incident is not None, "an index row has a log"
                tx.reindex(incident, index(incident, self._policy, self._rules), self._rules)
        return len(numbers)

    def _answer(self, tx: Transaction, request: Request, at: datetime) -> Answer:
        if not tx.first_time(request.key, at):
            return Answer(repeated=True)
        answer = self._judged(tx, request, at)
        if request.submitted and (answer.refused or answer.form is not None):
            tx.forget(request.key)  # pressed again with nothing changed it would seem done, and the form would close
        return answer

    def _judged(self, tx: Transaction, request: Request, at: datetime) -> Answer:
        told = {request.identity: request.profile} if request.profile else {}
        for identity, profile in {**request.others, **told}.items():
            tx.learn(identity, profile)
        actor = tx.person(request.identity, request.profile.name if request.profile else "")
        for incident in self._out_of_reach.speaks(tx, actor):
            save(tx, incident, Decided(events=back(actor), by=None, at=at), self._policy, self._rules)
        known = find(request.word)
        word = known.word if known else ""
        try:
            spec, number, values = self._understood(tx, request)
            word = spec.word
            return self._decided(tx, request, actor, spec, number, values, at)
        except Refused as refusal:
            return Answer(card=line(refusal.sentence), refused=True, word=word)

    def _understood(self, tx: Transaction, request: Request) -> tuple[Spec, int | None, Mapping[str, str]]:
        """The word, the incident it names if it names one, and the values. Raises Unreadable."""
        if request.word:
            spec = find(request.word)
            if spec is None:
                raise Unreadable("That button is of an earlier release: use the incident's card.")
            return spec, request.incident, {name: _known(tx, said) for name, said in request.values.items()}
        typed = read(_known(tx, request.text), COMMANDS, self._policy)
        if typed.spec:
            return typed.spec, typed.number, typed.values
        inside = typed.number is not None or (request.place and tx.at_place(request.place) is not None)
        return _spec("status" if inside else "declare"), typed.number, {}

    def _decided(
        self,
        tx: Transaction,
        request: Request,
        actor: Person,
        spec: Spec,
        number: int | None,
        values: Mapping[str, str],
        at: datetime,
    ) -> Answer:
        place = tx.at_place(request.place) if request.place else None
        found = target(spec, number=number, place=place, mine=_mine(tx, spec, number, place, actor), values=values)
        if isinstance(found, Form):
            return _shown(tx, Answer(form=found, word=spec.word))
        incident = tx.load(found) if found is not None else None
        if found is not None and incident is None:
            raise unseen(found)
        context = self._context(tx, actor, request, incident, at, spec=spec, values=values, place=place)
        outcome = decide(incident, spec, values, context, self._policy, submitted=request.submitted)
        before = incident or Incident(number=context.number)
        after = self._save(tx, before, outcome, actor, at)
        answer = Answer(
            card=outcome.reply or _seen_elsewhere(outcome, request, context),
            form=outcome.form,
            when_room=outcome.when_room,
            number=after.number if after.version else None,
            word=spec.word,
            changed=bool(outcome.events or outcome.related),
            private=after.private,
        )
        return _shown(tx, answer)

    def _save(self, tx: Transaction, before: Incident, outcome: Outcome, by: Person | None, at: datetime) -> Incident:
        after = save(tx, before, Decided(events=outcome.events, by=by, at=at), self._policy, self._rules)
        for number, events in outcome.related.items():
            other = tx.load(number)
            assert other is not None, "a verb speaks only of incidents that it was given"
            save(tx, other, Decided(events=events, by=by, at=at), self._policy, self._rules)
        return after

    def _context(
        self,
        tx: Transaction,
        actor: Person,
        request: Request,
        incident: Incident | None,
        at: datetime,
        *,
        spec: Spec,
        values: Mapping[str, str],
        place: int | None,
    ) -> Context:
        spoken_of = {Person(name) for words in values.values() for name in _PERSON.findall(words)}
        involved = people_of(incident) if incident else frozenset[Person]()
        everybody = spoken_of | involved | {actor}
        people = tx.profiles(everybody)
        profile = people.get(actor)
        number = incident.number if incident else 0
        return Context(
            actor=actor,
            at=max(at, incident.last_at or at) if incident else at,
            zone=str(zone_of(profile, self._policy)),
            zone_known=bool(profile and profile.zone),
            place=request.place,
            in_room=incident is not None and place == number,
            guest=bool(profile and profile.guest),
            groups=request.groups,
            number=number or tx.next_number(),
            people=people,
            others=seen_by(_others(tx, spec, values), actor),
            history=History(entries=tx.entries(number), sent=tx.sent(number)) if spec.history else None,
            names=Names(
                people={person: known.name for person, known in people.items()},
                identities={actor: (request.identity,)},
            ),
            submitted=request.submitted,
            words=COMMANDS,
        )


def _seen_elsewhere(outcome: Outcome, request: Request, context: Context) -> Card | None:
    """What the room alone shows was done, for who typed it outside the room: they would see nothing."""
    if context.in_room or not request.text or not outcome.events:
        return None
    return line(f"Done: the card of {reference(context.number)} shows it.")


def _shown(tx: Transaction, answer: Answer) -> Answer:
    """The answer with the names of everybody and every room it speaks of."""
    cards = [card for card in (answer.card, answer.when_room) if card]
    people = {person for card in cards for person in people_in(card)} | _chosen(answer.form)
    rooms = {number for card in cards for number in rooms_in(card)}
    return replace(answer, names=tx.names(people, rooms)) if people or rooms else answer


def _others(tx: Transaction, spec: Spec, values: Mapping[str, str]) -> tuple[Incident, ...]:
    """Other incidents a word may speak of: the open ones, all where it only reads, and one that it names."""
    fields = fields_of(spec)
    naming = [each.name for each in fields if each.param.ask is Ask.INCIDENT]
    if spec.about == "incident" and not naming:
        return ()
    if spec.reads and not spec.line:
        return ()
    opened = tx.opened(ended=spec.reads and "all" in values.values())
    known = {incident.number for incident in opened}
    named = {int(number) for name in naming for number in re.findall(r"\d{1,9}", values.get(name, ""))}
    loaded = (tx.load(number) for number in sorted(named - known))
    return (*opened, *(incident for incident in loaded if incident))


def _mine(tx: Transaction, spec: Spec, number: int | None, place: int | None, actor: Person) -> tuple[Incident, ...]:
    """The incidents the person works on, where nothing else tells which is meant."""
    if number is not None or place is not None or spec.about != "incident":
        return ()
    return tuple(incident for incident in tx.opened() if incident.roles_of(actor))


def _known(tx: Transaction, text: str) -> str:
    """The text with each chat's person as our own id: `@{slack:T1/U1|Ana}` becomes `@P-17`."""
    return _MARK.sub(lambda found: f"@{tx.person(Identity(found[1]), found[2] or '')}", text)


def _chosen(form: Form | None) -> set[Person]:
    """People a form proposes."""
    if form is None:
        return set()
    proposed = [field.value for field in form.fields if field.ask is Ask.PERSON]
    return {Person(name) for value in proposed for name in _PERSON.findall(value)}


def _spec(word: str) -> Spec:
    spec = find(word)
    assert spec is not None
    return spec
