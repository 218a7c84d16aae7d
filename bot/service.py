"""The front door of the core: load, decide, save; and what the clock alone brings about.

Everything happens within the store's transactions. Nothing here waits for a network, asks the time, or knows a chat.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.cards import Card, Names, line
from bot.catalog import COMMANDS, find, opening
from bot.commands.parse import read
from bot.commands.record import Report, recorded
from bot.commands.spec import Context, History, Outcome, Spec
from bot.decide import decide, target
from bot.incident import Incident
from bot.matching import match
from bot.named import addressed, known
from bot.needed import mine, named, others
from bot.permissions import unseen
from bot.plain import people_in, rooms_in
from bot.planning import keep
from bot.policy import Policy
from bot.ports import Store, Transaction
from bot.presence import back
from bot.questions import Ask, Form
from bot.refs import Identity, Person, reference
from bot.refusals import Conflict, Refused, Unreadable
from bot.requests import Answer, Request
from bot.saving import Decided, counted_on, index, save
from bot.succession import zone_of
from bot.ticks import Clock
from bot.visibility import seen_by

TRIES = 3
"""How often a decision is made again when somebody else wrote first (it never should, for deciders queue)."""

_PERSON = re.compile(r"@(P-\d{1,9})\b", re.ASCII)


class Service:
    """Owns nothing but what it was given: where incidents are kept, and an organisation's rules."""

    def __init__(self, *, store: Store, policy: Policy, rules: str, replica: str) -> None:
        """`rules` is the fingerprint of the policy and of this code; `replica` names this process."""
        self._store = store
        self._policy = policy
        self._rules = rules
        self._clock = Clock(store=store, policy=policy, rules=rules, replica=replica)

    def handle(self, request: Request, at: datetime) -> Answer:
        """What somebody said, pressed or submitted, done and answered. A refusal is an answer too.

        A request whose key was seen before has no second effect. Raises what the store raises.
        """
        for turn in range(TRIES):
            with suppress(Conflict):
                with self._store.begin() as tx:
                    missed = () if turn else tx.missed_in(request.identity)
                    if not missed:
                        return self._answer(tx, request, at)
                self._back(request.identity, missed, at)
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
            events = recorded(incident, report, self._policy)
            save(tx, incident, Decided(events=events, by=None, at=at), self._policy, self._rules)

    def tick(self, now: datetime) -> int:
        """Fires what is due by `now`, a number of incidents at most. How many had something to say.

        Raises the first fault of an incident, after all the others had their turn.
        """
        return self._clock.tick(now)

    def refresh(self, limit: int) -> int:
        """Computes deadlines anew that other rules computed, of up to `limit` incidents; how many there were."""
        with self._store.begin() as tx:
            numbers = tx.stale(self._rules, limit)
            for number in numbers:
                incident = tx.load(number)
                assert incident is not None, "an index row has a log"
                tx.reindex(incident, index(incident, self._policy, self._rules), self._rules)
        return len(numbers)

    def _back(self, identity: Identity, missed: Iterable[int], at: datetime) -> None:
        """One after the other, for two who hold several incidents each could wait for each other."""
        for number in missed:
            with self._store.begin() as tx:
                back(tx, identity, number, at, self._policy, self._rules)

    def _answer(self, tx: Transaction, request: Request, at: datetime) -> Answer:
        if not tx.first_time(request.key, at):
            return Answer(repeated=True)
        answer = self._judged(tx, request, at)
        if request.submitted and (answer.refused or answer.form is not None):
            tx.forget(request.key)  # pressed again with nothing changed it would seem done, and the form would close
        return replace(answer, to_send=True) if tx.to_send() else answer

    def _judged(self, tx: Transaction, request: Request, at: datetime) -> Answer:
        told = {request.identity: request.profile} if request.profile else {}
        for identity, profile in {**request.others, **told}.items():
            tx.learn(identity, profile)
        actor = tx.person(request.identity, request.profile.name if request.profile else "")
        tx.was_seen(request.identity)
        pressed = find(request.word)
        word = pressed.word if pressed else ""
        try:
            spec, number, said = self._understood(tx, request)
            word, values = spec.word, addressed(tx, spec, said)
            return self._decided(tx, request, actor, spec, number, values, at)
        except Refused as refusal:
            return Answer(card=line(refusal.sentence), refused=True, word=word)

    def _understood(self, tx: Transaction, request: Request) -> tuple[Spec, int | None, Mapping[str, str]]:
        """The word, the incident it names if it names one, and the values. Raises Unreadable."""
        if request.word:
            spec = find(request.word)
            if spec is None:
                raise Unreadable("That button is of an earlier release: use the incident's card.")
            return spec, request.incident, {name: known(tx, said) for name, said in request.values.items()}
        typed = read(known(tx, request.text), COMMANDS, self._policy)
        if typed.spec:
            return typed.spec, typed.number, typed.values
        inside = typed.number is not None or (request.place and tx.at_place(request.place) is not None)
        return opening(inside=bool(inside)), typed.number, {}

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
        found = target(spec, number=number, place=place, mine=mine(tx, spec, number, place, actor), values=values)
        if isinstance(found, Form):
            return _shown(tx, Answer(form=found, word=spec.word))
        for other in sorted(named(spec, values)):
            if found is not None and other < found:
                tx.load(other)  # whoever needs two takes the lower first, or two might wait for each other
        incident = tx.load(found) if found is not None else None
        if found is not None and incident is None:
            raise unseen(found)
        context = self._context(tx, actor, request, incident, at, spec=spec, values=values, place=place)
        outcome = decide(incident, spec, values, context, self._policy, submitted=request.submitted)
        before = incident or Incident(number=context.number)
        after = self._save(tx, before, outcome, actor, at)
        match(tx, outcome.matching, request, at)
        keep(tx, outcome.planning, at)
        if outcome.wanted:
            tx.want(actor, outcome.wanted, at)
        answer = Answer(
            card=outcome.reply or _seen_elsewhere(outcome, request, context),
            form=outcome.form,
            when_room=outcome.when_room,
            number=after.number if after.version else None,
            word=spec.word,
            changed=bool(outcome.events or outcome.related or outcome.matching or outcome.wanted or outcome.planning),
            private=after.private,
        )
        return _shown(tx, answer)

    def _save(self, tx: Transaction, before: Incident, outcome: Outcome, by: Person | None, at: datetime) -> Incident:
        after = save(tx, before, Decided(events=outcome.events, by=by, at=at), self._policy, self._rules)
        for number, events in sorted(outcome.related.items()):
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
        codes = tx.codes() if spec.codes else None
        holders = {code.person for code in codes.open} if codes else set[Person]()
        spoken_of = {Person(name) for words in values.values() for name in _PERSON.findall(words)}
        involved = counted_on(incident) if incident else frozenset[Person]()
        everybody = spoken_of | involved | holders | {actor}
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
            others=seen_by(others(tx, spec, values), actor),
            history=History(entries=tx.entries(number), sent=tx.sent(number)) if spec.history else None,
            names=Names(
                people={person: found.name for person, found in people.items()},
                identities={person: tx.identities(person) for person in (actor, *holders)},
            ),
            identity=request.identity,
            standing=tx.standing().get(actor, ()) if spec.standing else (),
            codes=codes,
            maintenances=tx.maintenances() if spec.maintenances else (),
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
    preview = answer.form.preview if answer.form else ()
    cards = [*preview, *(card for card in (answer.card, answer.when_room) if card)]
    people = {person for card in cards for person in people_in(card)} | _chosen(answer.form)
    rooms = {number for card in cards for number in rooms_in(card)}
    return replace(answer, names=tx.names(people, rooms)) if people or rooms else answer


def _chosen(form: Form | None) -> set[Person]:
    """People a form proposes."""
    if form is None:
        return set()
    proposed = [field.value for field in form.fields if field.ask is Ask.PERSON]
    return {Person(name) for value in proposed for name in _PERSON.findall(value)}
