"""A person who left: nothing leads back to them, and what they did stays."""

import pytest

from bot.events import NoteAdded, RoleAssigned, RoleReleased
from bot.people import Profile
from bot.posts import ToPerson
from bot.refs import Address, Identity, Person
from bot.standing import Standing, Wanted
from storage import local_tables
from storage.database import Database
from storage.errors import Unusable
from storage.tables import addresses, codes, deliveries, identities, people, subscriptions
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    an_incident,
    declared,
    happened,
    later,
    post,
    say,
    with_room,
)
from tests.contracts.record import ended, rows_of


def met(database: Database) -> Person:
    """Ana, known by name, address and a wish."""
    database.reads.save_profile(ANA, Profile(name="Ana Lima", email="ana@example.com", zone="Europe/Lisbon"))
    with database.store.begin() as transaction:
        person = transaction.person(ANA)
        transaction.want(person, Wanted(begun=(Standing(kind="priority", name="critical"),)), AT)
        transaction.give_code(ANA, "123456", AT)
        return person


def test_a_person_is_named_by_id_identity_or_address(database: Database) -> None:
    ana = met(database)

    assert database.upkeep.people("Ana@Example.com") == (ana,)
    assert database.upkeep.people("ana@example.com") == database.upkeep.people(ANA) == database.upkeep.people(ana)
    assert database.upkeep.people("") == database.upkeep.people("ben@example.com") == ()


def test_no_words_name_nobody_not_even_who_has_no_address(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.person(BEN)

    assert database.upkeep.people("") == database.upkeep.people(" ") == ()


def test_nothing_leads_back_to_who_was_forgotten(database: Database, url: str) -> None:
    ana = met(database)

    database.upkeep.forget(ana)

    assert database.reads.names((ana,)).people == {ana: "Former member"}
    assert database.reads.names((ana,)).identities.get(ana, ()) == ()
    assert [rows_of(url, table) for table in (identities, subscriptions, codes)] == [0, 0, 0]
    assert rows_of(url, people, people.c.email != "") == rows_of(url, people, people.c.zone != "") == 0


def test_what_they_did_stays_under_their_number(database: Database) -> None:
    ana = met(database)
    with database.store.begin() as transaction:
        happened(transaction, 42, declared(), NoteAdded(text="First alert"), by=ana)

    database.upkeep.forget(ana)

    record = database.reads.record(42)
    assert record is not None
    assert {entry.by for entry in record.entries} == {ana}


def test_their_private_messages_go(database: Database, url: str) -> None:
    ana = met(database)
    say(database, with_room(database), post("nudge", to=ToPerson(person=ana)), post("card"))

    database.upkeep.forget(ana)

    assert rows_of(url, deliveries, deliveries.c.target == ana) == 0
    assert rows_of(url, deliveries) == 1


def test_what_a_chat_kept_of_them_by_their_identity_goes(database: Database, url: str) -> None:
    ana = met(database)
    of_ana = {f"teams:user:{ANA}": "29:a", "teams:identity:29:a": ANA, f"teams:personal:{ANA}": "a:1"}
    others = {f"teams:user:{BEN}": "29:b", "teams:identity:29:b": BEN, "teams:service:a:1": "https://teams.example"}
    for name, leads_to in {**of_ana, "teams:whose:a:1": "29:a", **others}.items():
        database.reads.remember_address(name, Address(leads_to))

    database.upkeep.forget(ana)

    assert rows_of(url, addresses) == len(others)
    assert {name: database.reads.known_address(name) for name in others} == others


def test_in_the_try_out_chat_nothing_of_them_is_left(database: Database, url: str) -> None:
    me, other, hall = Identity("local:@ana"), Address("local:@ben"), Address("local:incidents")
    with database.store.begin() as transaction:
        ana = transaction.person(me, "Ana")
    chat = database.local
    for name in ("incidents", "@ana", "@ben"):
        chat.make_room([name], private=False, token=name)
        chat.join(Address(f"local:{name}"), ("ana", "ben"))
        chat.read_to(Address(f"local:{name}"), "ana", 0)
    said = chat.say(hall, kind="words", data="I did it", at=AT, author="ana", token="words:ana:1")
    chat.say(hall, kind="words", data="Who?", at=AT, author="ben", thread=said, token="words:ben:1")
    chat.say(hall, kind="card", data="for ana", at=AT, only_for="ana")
    chat.say(Address(me), kind="card", data="in private", at=AT, token="t")
    chat.say(other, kind="card", data="for ben", at=AT)

    database.upkeep.forget(ana)

    said_by = local_tables.messages.c
    assert [rows_of(url, local_tables.messages, one == "ana") for one in (said_by.author, said_by.only_for)] == [0, 0]
    assert [rows_of(url, table, table.c.person == "ana") for table in (local_tables.members, local_tables.reads)] == [
        0,
        0,
    ]
    assert [message.data for message in chat.changes(0, 10)] == ["", "Who?", "for ben"]
    assert chat.said_with("words:ana:1") is None


def test_they_are_somebody_new_when_they_come_again(database: Database) -> None:
    ana = met(database)

    database.upkeep.forget(ana)

    with database.store.begin() as transaction:
        assert transaction.person(ANA, "Ana Lima") != ana


def test_all_ids_of_one_person_are_forgotten(database: Database, url: str) -> None:
    ana = met(database)
    database.reads.same_person(ANA, BEN)

    database.upkeep.forget(ana)

    assert rows_of(url, people, people.c.name == "Former member") == 2
    assert rows_of(url, identities) == 0


def test_where_their_name_stands_in_what_people_wrote_is_said(database: Database) -> None:
    ana = met(database)
    an_incident(database, 42, NoteAdded(text="Called ana lima at 02:10"), NoteAdded(text="Restarted"))

    forgotten = database.upkeep.forget(ana)

    assert forgotten.spoken_of == ((42, 2),)


def test_nobody_without_a_name_is_looked_for(database: Database) -> None:
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
    an_incident(database)

    assert database.upkeep.forget(ana).spoken_of == ()


def test_who_holds_a_role_in_an_open_incident_is_not_forgotten(database: Database) -> None:
    ana = met(database)
    an_incident(database, 42, RoleAssigned(role="incident_commander", person=ana))
    ended(database, 43, RoleAssigned(role="incident_commander", person=ana))

    with pytest.raises(Unusable, match=f"{ana} holds a role in INC-42: give it to somebody else first"):
        database.upkeep.forget(ana)

    with database.store.begin() as transaction:
        happened(transaction, 42, RoleReleased(role="incident_commander", person=ana), at=later(1))
    assert database.upkeep.forget(ana).person == ana
