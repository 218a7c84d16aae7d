"""A database with a service on it, and incidents declared in it: what adapters have behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.commands.record import RecordRoom
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import Address, Identity
from bot.requests import Answer, Request
from bot.service import Service
from config.fingerprint import rules_fingerprint
from config.policy_file import load_policy
from storage import schema
from storage.database import Database

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANA, BEN = Identity("slack:T1/U1"), Identity("slack:T1/U2")
CHANNEL, ROOM = Address("slack:T1/C1"), Address("slack:T1/C42")


@dataclass
class House:
    db: Database
    url: str
    policy: Policy
    service: Service
    at: datetime = AT
    keys: Iterator[int] = field(default_factory=count)

    def now(self) -> datetime:
        return self.at

    def says(self, text: str, who: Identity = ANA, place: Address = CHANNEL) -> Answer:
        """Type a line, a minute after the one before."""
        self.at += timedelta(minutes=1)
        return self.service.handle(Request(key=f"k{next(self.keys)}", identity=who, place=place, text=text), self.at)

    def room(self, number: int = 1, address: Address = ROOM) -> None:
        """The incident's room was made."""
        report = RecordRoom(address=address, name=f"inc-{number}-checkout-is-down")
        self.service.record(report, number, f"room-{address}", self.at)

    def incident(self, number: int = 1) -> Incident:
        record = self.db.reads.record(number)
        assert record is not None
        return record.incident


@contextmanager
def house(folder: Path) -> Iterator[House]:
    url = f"sqlite:///{folder / 'sitrep.db'}"
    schema.upgrade(url)
    db = Database(url)
    policy = load_policy(None).policy
    service = Service(store=db.store, policy=policy, rules=rules_fingerprint(policy), replica="test")
    try:
        yield House(db, url, policy, service)
    finally:
        db.close()
