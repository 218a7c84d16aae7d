"""Stories of people with an account in each of two chats, through the front door and a real database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.commands.record import DeliveryGaveUp, RecordRoom
from bot.events import Closed, PersonUnreachable, Recipient, Reminded, RoleAssigned
from bot.incident import Incident
from bot.people import Profile
from bot.plain import plain_text
from bot.policy import Policy
from bot.posts import OpenRoom, Reminder, ToPerson
from bot.refs import Address, Identity, Person
from bot.requests import Request
from bot.saving import index
from bot.service import Service
from storage.database import Database
from tests.contracts.given import (
    AT,
    PLACE,
    ROOM,
    an_incident,
    claim,
    happened,
    later,
    nudge,
    one_person,
    opened,
    rung,
    say,
    send_all,
)
from tests.scenario import policy

ONE, NEIGHBOUR = Identity("slack:T1/U1"), Identity("slack:T1/U2")
TWO, STRANGER = Identity("teams:T9/ana"), Identity("teams:T9/eve")
COMMANDER, SME = "incident_commander", "subject_matter_expert"
SECOND = Address("teams:19:watercooler@thread.tacv2;messageid=1")
CLOSED = "not good, or no longer"


@dataclass(slots=True)
class Desk:
    """One process, and people who type."""

    database: Database
    policy: Policy
    count: int = 0
    only: Service | None = None

    @property
    def service(self) -> Service:
        self.only = self.only or Service(store=self.database.store, policy=self.policy, rules="r", replica="one")
        return self.only

    def __call__(self, who: Identity, text: str, at: datetime = AT, place: Address | None = None) -> str:
        self.count += 1
        request = Request(key=f"k{self.count}", identity=who, text=text, place=place)
        answer = self.service.handle(request, at)
        return plain_text(answer.card, at, answer.names) if answer.card else ""

    def code(self, who: Identity) -> str:
        found = re.search(r"\d{6}", self(who, "me"))
        assert found
        return found[0]


def desk(database: Database, **changes: object) -> Desk:
    return Desk(database, replace(policy(), **changes))  # type: ignore[arg-type]


def people(database: Database, *who: Identity) -> list[Person]:
    with database.store.begin() as transaction:
        return [transaction.person(identity) for identity in who]


def known(database: Database, who: Identity, **said: object) -> None:
    database.reads.save_profile(who, Profile(**{"name": "Ana", "email": "ana@x.example", **said}))  # type: ignore[arg-type]


def incident(database: Database, number: int = 42) -> Incident:
    with database.store.reading() as transaction:
        found = transaction.load(number)
    assert found
    return found


def are_one(database: Database, one: Identity, other: Identity) -> bool:
    return database.reads.person_of(one) == database.reads.person_of(other)


def test_a_code_typed_where_it_was_given_and_others_read_is_good_no_more(database: Database) -> None:
    typed = desk(database)
    code = typed.code(ONE)

    assert CLOSED in typed(ONE, f"me {code}", place=PLACE)
    assert CLOSED in typed(STRANGER, f"me {code}")
    assert not are_one(database, STRANGER, ONE)


def test_two_accounts_of_one_chat_never_become_one_by_way_of_a_third(database: Database) -> None:
    typed = desk(database)
    one, _, two = people(database, ONE, NEIGHBOUR, TWO)
    one_person(database, one, two)

    assert CLOSED in typed(TWO, f"me {typed.code(NEIGHBOUR)}")
    known(database, TWO)
    known(database, NEIGHBOUR)

    assert not are_one(database, ONE, NEIGHBOUR)


def test_who_turned_out_to_be_a_guest_is_joined_with_nobody(database: Database) -> None:
    typed = desk(database)
    code = typed.code(TWO)
    known(database, TWO, guest=True, email="eve@elsewhere.example")

    assert CLOSED in typed(ONE, f"me {code}")
    assert not are_one(database, ONE, TWO)


def test_letters_that_only_look_alike_make_no_address_the_same(database: Database) -> None:
    known(database, ONE, email="kate@x.example")
    known(database, TWO, email="\u212aate@x.example")

    assert not are_one(database, ONE, TWO)


def test_an_address_learned_later_matches_too(database: Database) -> None:
    known(database, ONE, email="")
    known(database, TWO)

    with database.store.begin() as transaction:
        transaction.learn(ONE, Profile(name="Ana", email="ana@x.example"))

    assert are_one(database, ONE, TWO)


def test_somebody_out_of_reach_in_one_chat_is_back_when_they_speak_in_the_other(database: Database) -> None:
    typed = desk(database)
    _, newer = people(database, ONE, TWO)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=newer), PersonUnreachable(person=newer, reason="-"))
    typed(NEIGHBOUR, "help")
    known(database, ONE)
    known(database, TWO)

    typed(ONE, "help")

    assert not incident(database).unreachable


def test_why_finds_what_was_sent_before(database: Database) -> None:
    older, newer = people(database, ONE, TWO)
    to = Recipient(person=newer)
    told = an_incident(database, 42, Reminded(rungs=(rung(0.0),), to=to, key="nudge"))
    say(database, told, replace(nudge(), to=ToPerson(person=newer), reminder=Reminder(rungs=(rung(0.0),), to=to)))

    one_person(database, newer, older)

    with database.store.reading() as transaction:
        assert [one.to for one in transaction.sent(42)] == [older]


def test_deadlines_that_read_otherwise_now_are_looked_at_again_at_once(database: Database) -> None:
    rules = policy()
    first = replace(rules.priorities[0], roles=(SME,), update_every={})
    typed = Desk(database, replace(rules, priorities=(first, *rules.priorities[1:])))
    older, newer = people(database, ONE, TWO)
    typed(ONE, "declare critical Checkout is down", place=PLACE)
    for who, text in ((ONE, "claim sme"), (TWO, "claim sme"), (TWO, "release sme")):
        typed(who, f"INC-1 {text}")

    one_person(database, older, newer)
    typed.service.tick(later(1))

    (row,) = database.reads.incidents()
    assert row.next_due_at == index(incident(database, 1), typed.policy).next_due_at


def test_a_permission_by_name_follows_the_person(database: Database) -> None:
    typed = desk(database, permissions={"priority": ("slack:U1",)})
    older, newer, boss = people(database, ONE, TWO, NEIGHBOUR)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=boss), opened())
    one_person(database, older, newer)

    typed(TWO, "INC-42 priority low")

    assert incident(database).priority == "low"


def test_only_a_whole_name_and_only_a_members_is_somebody(database: Database) -> None:
    typed = desk(database)
    (boss,) = people(database, ONE)
    known(database, NEIGHBOUR, name="Ana", email="")
    known(database, STRANGER, name="Hana Lowe", email="", guest=True)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=boss), opened())

    for name in ("@Ana Ruiz", "@Hana Lowe"):
        assert "was found" in typed(ONE, f"INC-42 role comms {name}")

    assert incident(database).holders("communications_officer") == ()


def rooms_asked(database: Database, at: datetime) -> Mapping[bool, OpenRoom]:
    """By whether it is a second one, what is to be opened."""
    return {bool(one.order.at): one.order for one in claim(database, at) if isinstance(one.order, OpenRoom)}


def test_a_second_room_asked_for_before_the_incident_became_private_is_a_private_one(database: Database) -> None:
    typed = desk(database)
    (ana,) = people(database, ONE)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=ana), opened())

    typed(ONE, "INC-42 link slack:T1/C7")
    typed(ONE, "INC-42 visibility private")

    assert rooms_asked(database, later(1))[True].private


def test_nothing_more_is_said_in_a_second_room_once_the_incident_is_private(database: Database) -> None:
    typed = desk(database)
    (ana,) = people(database, ONE)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=ana), opened(), opened(SECOND))
    send_all(database)

    typed(ONE, "INC-42 visibility private")
    typed(ONE, "INC-42 title Salaries leaked", later(60))

    assert [room.address for room in incident(database).rooms if not room.lost] == [ROOM]
    assert not [one for one in send_all(database, later(70)) if one.address == SECOND]


def test_a_second_room_that_cannot_be_made_takes_nothing_from_the_first(database: Database) -> None:
    typed = desk(database)
    typed(ONE, "declare critical Checkout is down", place=PLACE)
    typed(ONE, "INC-1 link teams:19:bad@thread.tacv2", later(1))
    for one in claim(database, later(2)):
        if isinstance(one.order, OpenRoom) and one.order.at:
            database.relay.dead(one, at=later(3), error="not there")
            gone = DeliveryGaveUp(what="second room", to="the room", reason="not there")
            typed.service.record(gone, 1, "gone", later(3))
        else:
            database.relay.release(one)

    typed.service.record(RecordRoom(address=ROOM, name="inc-1"), 1, "room", later(10))

    assert not incident(database, 1).roomless
    assert incident(database, 1).linked == ()
    assert ("card", ROOM) in [(one.order.key, one.address) for one in send_all(database, later(200))]


def test_a_room_that_became_anothers_is_lost_to_who_is_reopened(database: Database) -> None:
    typed = desk(database)
    (ana,) = people(database, ONE)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=ana), opened(SECOND))
    with database.store.begin() as transaction:
        happened(transaction, 42, Closed())
    an_incident(database, 43, opened(SECOND))

    typed(ONE, "INC-42 reopen It is back", later(60))

    assert incident(database).rooms[0].lost == "it is the room of INC-43 now"
    told = send_all(database, later(60) + timedelta(minutes=2))
    assert not [one for one in told if (one.incident, one.address) == (42, SECOND)]
