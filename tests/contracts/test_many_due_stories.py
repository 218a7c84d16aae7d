"""Many incidents due at once, each with a story of its own: together they say what each would say alone."""

from bot.commands.record import RoomWasLost
from bot.people import Profile
from bot.refs import Address, Identity
from bot.requests import Request
from bot.service import Service
from storage.database import Database
from tests.contracts.given import ANA, BEN, LEASE, later, send_all
from tests.contracts.test_many_due import OneByOne, served, under_way, written
from tests.contracts.test_many_due import other as other  # noqa: PLC0414 - a fixture

CHEN = Identity("slack:T1/U3")
ABROAD = Identity("teams:tenant/ana")
"""Ana in the other chat, known by her address."""

SENT = (16, 31, 75)
"""Minutes in which everything goes out; in some others a few messages are under way."""


def says(service: Service, who: Identity, number: int, text: str, minute: float) -> None:
    known = {ANA: "ana@example.com", ABROAD: "ana@example.com"}.get(who, "")
    profile = Profile(name=str(who)[-3:], zone="Etc/UTC", email=known)
    room = Address(f"slack:T1/C{number}")
    request = Request(identity=who, key=f"{who} {number} {text} {minute}", text=text, place=room, profile=profile)
    answer = service.handle(request, later(60 * minute))
    assert not answer.refused, (text, answer)


def happens(service: Service) -> None:
    """One waits for a taker, one is private, one lost its room, one was rewritten, one is read by others."""
    says(service, BEN, 1, "note here", 1)
    says(service, CHEN, 1, "note here too", 1)
    says(service, ANA, 1, "handover commander @{slack:T1/U2|ben}", 2)
    says(service, ANA, 2, "visibility private", 2)
    lost = RoomWasLost(address=Address("slack:T1/C3"), reason="it was archived")
    service.record(lost, 3, "lost 3", later(130))
    says(service, ANA, 5, "redact 1 a name", 3)
    for who in (BEN, CHEN):
        says(service, who, 6, "subscribe", 3)
    says(service, ABROAD, 6, "note I am Ana", 4)


def test_together_each_says_what_it_would_say_alone(database: Database, other: Database) -> None:
    together, alone = served(database.store), served(OneByOne(other.store))
    for service in (together, alone):
        under_way(service, 6)
        happens(service)
    for minute in (5, 10, 16, 20, 25, 30, 31, 45, 60, 75, 90, 200, 3000):
        if minute == 25:
            for service in (together, alone):
                says(service, ANA, 4, "snooze 15m lunch", 25)
        moment = later(60 * minute)
        assert together.tick(moment) == alone.tick(moment), minute
        for one in (database, other):
            if minute in SENT:
                send_all(one, moment)
            elif minute % 2:
                one.relay.claim(moment, 3, LEASE)
        assert written(database) == written(other), minute
    kinds = {row.kind for row in written(database)[1]}
    assert {"Reminded", "ReminderHeld", "HandoverEnded", "ReminderWithheld"} <= kinds
