"""What operators, exports and chats read beside the core."""

from bot.cards import Card, Mention, Text
from bot.events import Closed, NoteAdded, RoleAssigned
from bot.people import Profile
from bot.posts import Post, ToPerson, ToRoom
from bot.refs import Address, Identity, Person
from storage.database import Database
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    ROOM,
    an_incident,
    claim,
    claim_one,
    declared,
    happened,
    index_of,
    later,
    nudge,
    one_person,
    opened,
    post,
    resolve,
    say,
    send_all,
    to_internal,
    with_room,
)


def test_incidents_are_listed_as_their_index_rows_say(database: Database) -> None:
    one = an_incident(database, 1, due=later(60))
    an_incident(database, 2, Closed())

    newest, oldest = database.reads.incidents()

    index = index_of(one, due=later(60))
    assert (oldest.number, oldest.version, oldest.title, oldest.next_due_at) == (1, 1, index.title, later(60))
    assert (newest.number, newest.status, newest.is_open) == (2, "closed", False)
    assert [listed.number for listed in database.reads.incidents(ended=False)] == [1]


def test_a_record_holds_everything_kept_of_an_incident(database: Database) -> None:
    with database.store.begin() as transaction:
        ana, ben = transaction.person(ANA, "Ana"), transaction.person(BEN, "Ben")
        happened(transaction, 42, declared(), opened(), by=ana)
        incident = happened(transaction, 42, RoleAssigned(role="scribe", person=ben), NoteAdded(text=f"P-{10**40}"))
        transaction.enqueue(incident, [post("card")], resolve, AT)

    record = database.reads.record(42)

    assert record is not None
    assert record.incident == incident
    assert len(record.entries) == 4
    assert [sent.key for sent in record.sent] == ["card"]
    assert record.names.people == {ana: "Ana", ben: "Ben"}
    assert record.names.places[42] == (ROOM,)
    assert database.reads.record(43) is None


def test_what_became_of_each_message_is_told(database: Database) -> None:
    incident = with_room(database)
    with database.store.begin() as transaction:
        ana = transaction.person(ANA, "Ana")
    card = Card(body=(Text((Mention(ana), ": promised by 02:40.")),))
    say(database, incident, Post(to=ToRoom(), card=card, key="nudge", due=AT), to_internal("announcement"))
    send_all(database, later(3))
    say(database, incident, post("role", to=ToPerson(person=ana)), to_internal("announcement", "Edited."))
    database.relay.dead(next(one for one in claim(database) if one.order.key == "role"), at=later(9), error="gone")

    with database.store.reading() as transaction:
        nudged, announced, died = transaction.sent(42)

    assert (nudged.to, nudged.address, nudged.state, nudged.at, nudged.due) == ("room", ROOM, "sent", later(3), AT)
    assert nudged.text == "@Ana: promised by 02:40."
    assert (announced.to, announced.state, announced.at, announced.text) == ("internal", "sent", later(3), "Edited.")
    assert (died.to, died.state, died.at, died.error) == (ana, "dead", later(9), "gone")


def test_a_message_that_waits_or_is_on_its_way_was_not_sent_yet(database: Database) -> None:
    say(database, with_room(database), nudge(), post("card"))
    claim_one(database)

    with database.store.reading() as transaction:
        assert [(sent.state, sent.at) for sent in transaction.sent(42)] == [("waiting", None), ("waiting", None)]


def test_who_an_identity_is_can_be_asked(database: Database) -> None:
    assert database.reads.person_of(ANA) is None
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)

    assert database.reads.person_of(ANA) == ana


def test_people_a_chat_was_not_asked_about_are_listed_until_it_was(database: Database) -> None:
    on_teams = Identity("teams:T9/chen")
    with database.store.begin() as transaction:
        for identity in (ANA, on_teams, BEN):
            transaction.person(identity, "shown")
    assert database.reads.unnamed_people("slack", 10) == (ANA, BEN)
    assert database.reads.unnamed_people("slack", 1) == (ANA,)

    database.reads.save_profile(ANA, Profile(name="Ana M", zone="Europe/Berlin"))
    database.reads.save_profile(BEN, Profile())

    assert database.reads.unnamed_people("slack", 10) == ()
    assert database.reads.unnamed_people("teams", 10) == (on_teams,)


def test_a_profile_replaces_what_was_known_but_not_by_nothing(database: Database) -> None:
    database.reads.save_profile(ANA, Profile(name="Ana", zone="Europe/Berlin", guest=True))
    database.reads.save_profile(ANA, Profile(name="Ana M", gone=True))

    ana = database.reads.person_of(ANA)
    assert ana is not None
    with database.store.reading() as transaction:
        known = transaction.profiles([ana])[ana]
    assert known == Profile(name="Ana M", zone="Europe/Berlin", guest=False, gone=True)


def test_two_people_that_are_one_have_one_profile_and_all_identities(database: Database) -> None:
    on_teams, by_mail = Identity("teams:T9/ana"), Identity("mailto:ana@example.com")
    with database.store.begin() as transaction:
        ana, other, third = (transaction.person(identity) for identity in (ANA, on_teams, by_mail))
        transaction.person(on_teams, "Ana on Teams")
    database.reads.save_profile(ANA, Profile(name="Ana"))

    one_person(database, third, other)
    one_person(database, other, ana)
    one_person(database, ana, third)

    assert {database.reads.person_of(identity) for identity in (ANA, on_teams, by_mail)} == {ana}
    with database.store.reading() as transaction:
        assert {profile.name for profile in transaction.profiles([ana, other, third]).values()} == {"Ana"}
    names = database.reads.names((ana, other, third))
    assert set(names.people) == {ana, other, third}
    assert {tuple(sorted(known)) for known in names.identities.values()} == {(by_mail, ANA, on_teams)}


def test_two_people_are_known_by_the_older_id_whichever_is_joined_to_which(database: Database) -> None:
    with database.store.begin() as transaction:
        ana, ben = transaction.person(ANA), transaction.person(BEN)

    one_person(database, ana, ben)

    assert database.reads.person_of(ANA) == ana
    assert database.reads.person_of(BEN) == ana


def test_what_a_chat_calls_an_address_is_remembered(database: Database) -> None:
    assert database.reads.known_address("slack:#incidents") is None
    database.reads.remember_address("slack:#incidents", Address("slack:T1/C9"))
    database.reads.remember_address("slack:#incidents", Address("slack:T1/C10"))

    assert database.reads.known_address("slack:#incidents") == Address("slack:T1/C10")


def test_a_room_with_an_address_of_its_own_stays_its_incidents_room(database: Database) -> None:
    database.reads.remember_address(ROOM, Address("slack:T1/D1"))
    with_room(database)
    database.reads.remember_address(ROOM, Address("slack:T1/D2"))

    assert database.reads.known_address(ROOM) == Address("slack:T1/D2")
    with database.store.reading() as transaction:
        assert transaction.at_place(ROOM) == 42


def test_somebody_never_seen_is_not_made_by_looking(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.was_seen(ANA)

    assert database.reads.person_of(ANA) is None
    assert database.reads.names((Person("P-1"),)).people == {}
