"""What the clock alone brings about: of all incidents that are due, many at a time, what each has to say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.due import due_events
from bot.firings import Tick, looked_at_next
from bot.incident import Incident
from bot.policy import Policy
from bot.ports import Downtime, Store, Transaction
from bot.refs import Person
from bot.saving import Decided, counted_on, index, save

AT_ONCE = 80
"""Incidents looked at in one tick; the rest are due in the next. A tick after an outage must not hold up commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Owns nothing but what it was given, as the service does."""

    store: Store
    policy: Policy
    rules: str
    replica: str

    def tick(self, now: datetime) -> int:
        """Fires what is due by `now`. How many incidents had something to say.

        They are read and written together; where that fails, each by itself. Raises the first fault of an incident,
        after all the others had their turn.
        """
        with self.store.begin() as tx:
            downtime = tx.tick(now, self.replica)
            numbers = tx.due(now, AT_ONCE)
        if not numbers:
            return 0
        try:
            with self.store.begin() as tx:
                return self._fired(tx, tx.take_due(now, AT_ONCE), now, downtime)
        except Exception:  # noqa: BLE001 - whose fault it was shows when each has its own turn
            return self._one_by_one(numbers, now, downtime)

    def _one_by_one(self, numbers: Sequence[int], now: datetime, downtime: Downtime | None) -> int:
        said, faults = 0, list[Exception]()
        with self.store.together():
            for number in numbers:
                try:
                    with self.store.begin() as tx:
                        found = tx.load(number)
                        said += self._fired(tx, [found] if found else [], now, downtime)
                except Exception as fault:  # noqa: BLE001 - one incident's fault must not silence the others
                    faults.append(fault)
        if faults:
            raise faults[0]
        return said

    def _fired(self, tx: Transaction, incidents: Sequence[Incident], now: datetime, downtime: Downtime | None) -> int:
        tx.profiles(frozenset[Person]().union(*map(counted_on, incidents)))  # asked once for all of them
        return sum(self._fire(tx, incident, now, downtime) for incident in incidents)

    def _fire(self, tx: Transaction, incident: Incident, now: datetime, downtime: Downtime | None) -> bool:
        waiting = tuple(row.reminder for row in tx.reminders(incident.number) if row.state == "waiting")
        people = tx.profiles(counted_on(incident))
        tick = Tick(now=now, policy=self.policy, people=people, downtime=downtime, waiting=waiting)
        events = due_events(incident, tick)
        if events:
            save(tx, incident, Decided(events=events, by=None, at=now), self.policy, self.rules)
        else:
            row = index(incident, self.policy, self.rules)
            tx.reindex(incident, replace(row, next_due_at=looked_at_next(incident, tick)), self.rules)
        return bool(events)
