"""Who was out of reach and speaks again: from then on what is private goes to them as before."""

from datetime import datetime

from bot.events import PersonReachable
from bot.policy import Policy
from bot.ports import Transaction
from bot.refs import Identity
from bot.saving import Decided, save


def back(tx: Transaction, identity: Identity, number: int, at: datetime, policy: Policy, rules: str) -> None:
    """Whoever that is can be reached in that incident."""
    incident, person = tx.load(number), tx.person(identity)
    tx.reached(number, person)
    if incident is not None and person in incident.unreachable:
        save(tx, incident, Decided(events=(PersonReachable(person=person),), by=None, at=at), policy, rules)
