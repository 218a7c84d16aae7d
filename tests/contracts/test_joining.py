"""People who are one in two chats: by a code, by their e-mail address; and what becomes of what they did before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards import line
from bot.events import HandoverOffered, Recipient, RoleAssigned, RoleReleased
from bot.people import Profile
from bot.posts import Post, Reminder, ToPerson
from bot.refs import Address, Identity, Person
from storage.database import Database
from tests.contracts.given import ANA as IN_ONE
from tests.contracts.given import (
    AT,
    an_incident,
    claim_one,
    declared,
    going_wrong,
    happened,
    nudge,
    one_person,
    post,
    rung,
    say,
)

IN_TWO = Identity("teams:T9/ana")
COMMANDER, COMMS = "incident_commander", "communications_officer"
MAIL = "ana@larkfield.example"


def both(database: Database) -> tuple[Person, Person]:
    """Their ids before anybody knew that they are one."""
    with database.store.begin() as transaction:
        return transaction.person(IN_ONE), transaction.person(IN_TWO)


def known(database: Database, identity: Identity, **said: object) -> None:
    database.reads.save_profile(identity, Profile(**{"name": "Ana", "email": MAIL, **said}))  # type: ignore[arg-type]


def is_one(database: Database) -> bool:
    return database.reads.person_of(IN_ONE) == database.reads.person_of(IN_TWO)


def test_a_role_taken_in_one_chat_is_held_by_who_speaks_in_the_other(database: Database) -> None:
    older, newer = both(database)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=newer))
    with database.store.reading() as transaction:
        before = transaction.load(42)
    assert before is not None
    assert before.holders(COMMANDER) == (newer,)

    one_person(database, newer, older)

    with database.store.begin() as transaction:
        assert transaction.person(IN_TWO) == older
        found = transaction.load(42)
        assert found is not None
        assert found.holders(COMMANDER) == (older,)
        released = happened(transaction, 42, RoleReleased(role=COMMANDER, person=older), by=older)
        assert released.holders(COMMANDER) == ()


def test_one_who_held_a_role_twice_holds_it_once(database: Database) -> None:
    older, newer = both(database)
    assigned = (RoleAssigned(role=COMMS, person=older), RoleAssigned(role=COMMS, person=newer))
    offered = HandoverOffered(role=COMMS, giver=newer, taker=older, until=AT)
    an_incident(database, 42, *assigned, offered)

    one_person(database, older, newer)

    with database.store.reading() as transaction:
        found = transaction.load(42)
        assert found is not None
        assert found.holders(COMMS) == (older,)
        assert [(offer.giver, offer.taker) for offer in found.handovers] == [(older, older)]
        assert {entry.by for entry in transaction.entries(42)} == {None}


def test_words_that_look_like_an_id_stay_as_they_were_typed(database: Database) -> None:
    older, newer = both(database)
    with database.store.begin() as transaction:
        happened(transaction, 42, declared(f"{newer} is down"), by=newer)

    one_person(database, newer, older)

    with database.store.reading() as transaction:
        found = transaction.load(42)
        assert found is not None
        assert found.title == f"{newer} is down"
        assert found.declared_by == older


def test_a_reminder_that_waits_for_one_still_is_theirs(database: Database) -> None:
    older, newer = both(database)
    incident = an_incident(database)
    claims = Reminder(rungs=(rung(0.0),), to=Recipient(person=newer))
    say(database, incident, replace(nudge(), to=ToPerson(person=newer), reminder=claims))

    one_person(database, newer, older)

    with database.store.reading() as transaction:
        (row,) = transaction.reminders(42)
        assert row.reminder.to.person == older


def test_people_joined_in_a_transaction_that_fails_stay_two(database: Database) -> None:
    older, newer = both(database)
    an_incident(database, 42, RoleAssigned(role=COMMANDER, person=newer))
    with going_wrong(database) as transaction:
        transaction.give_code(IN_TWO, "271828", AT)
        transaction.join(IN_ONE, transaction.codes().open[0])
        found = transaction.load(42)
        assert found is not None
        assert found.holders(COMMANDER) == (older,)

    with database.store.reading() as transaction:
        found = transaction.load(42)
        assert found is not None
        assert found.holders(COMMANDER) == (newer,)


def test_a_code_joins_and_is_used_up(database: Database) -> None:
    older, _ = both(database)
    with database.store.begin() as transaction:
        transaction.give_code(IN_TWO, "271828", AT)

    with database.store.begin() as transaction:
        codes = transaction.codes()
        assert [(code.code, code.identity, code.misses) for code in codes.open] == [("271828", IN_TWO, 0)]
        transaction.join(IN_ONE, codes.open[0])
        assert transaction.codes().open == ()

    assert database.reads.person_of(IN_TWO) == older


def test_a_code_that_is_drawn_has_six_digits_and_is_nobody_elses(database: Database) -> None:
    both(database)
    with database.store.begin() as transaction:
        transaction.give_code(IN_ONE, transaction.codes().drawn, AT)
        codes = transaction.codes()

    assert codes.drawn != codes.open[0].code
    assert {len(codes.drawn), len(codes.open[0].code)} == {6}


def test_wrong_codes_are_counted_at_every_code_until_a_new_one_is_given(database: Database) -> None:
    both(database)
    with database.store.begin() as transaction:
        transaction.give_code(IN_ONE, "111111", AT)
        transaction.give_code(IN_TWO, "222222", AT)
        transaction.miss_code()
        transaction.give_code(IN_TWO, "333333", AT)

    with database.store.reading() as transaction:
        assert {code.code: code.misses for code in transaction.codes().open} == {"111111": 1, "333333": 0}


def test_codes_of_yesterday_are_not_kept(database: Database) -> None:
    both(database)
    with database.store.begin() as transaction:
        transaction.give_code(IN_ONE, "111111", AT - timedelta(days=2))
        transaction.give_code(IN_TWO, "222222", AT)

    with database.store.reading() as transaction:
        assert [code.code for code in transaction.codes().open] == ["222222"]


def test_what_concerns_no_incident_is_carried_to_that_very_chat(database: Database) -> None:
    older, newer = both(database)
    one_person(database, newer, older)

    with database.store.begin() as transaction:
        transaction.tell(IN_TWO, line("You are one person now."), "me-1", AT)

    delivery = claim_one(database)
    assert (delivery.address, delivery.incident, delivery.private) == (Address(IN_TWO), 0, True)
    assert isinstance(delivery.order, Post)
    assert delivery.order.to == ToPerson(person=older)


def test_two_members_with_one_e_mail_address_are_one(database: Database) -> None:
    both(database)

    known(database, IN_ONE, email="Ana@Larkfield.example")
    assert not is_one(database)
    known(database, IN_TWO)

    assert is_one(database)


@pytest.mark.parametrize("flaw", ["guest", "bot", "gone"])
@pytest.mark.parametrize("first", [True, False], ids=["the first", "the second"])
def test_a_guest_a_bot_and_who_is_gone_are_matched_with_nobody(database: Database, flaw: str, first: bool) -> None:
    known(database, IN_ONE, **({flaw: True} if first else {}))
    known(database, IN_TWO, **({} if first else {flaw: True}))

    assert not is_one(database)


def test_an_address_that_a_message_happens_to_carry_proves_nothing(database: Database) -> None:
    known(database, IN_ONE)

    with database.store.begin() as transaction:
        transaction.learn(IN_TWO, Profile(name="Eve", email=MAIL))

    assert not is_one(database)


def test_people_of_the_same_chat_are_never_matched(database: Database) -> None:
    twin = Identity("slack:T2/ana")
    known(database, IN_ONE)
    known(database, twin)

    assert database.reads.person_of(IN_ONE) != database.reads.person_of(twin)


def test_an_address_that_two_others_have_is_nobodys(database: Database) -> None:
    known(database, Identity("teams:T9/one"))
    known(database, Identity("teams:T9/two"))

    known(database, IN_ONE)

    people = {database.reads.person_of(Identity(f"teams:T9/{name}")) for name in ("one", "two")}
    assert database.reads.person_of(IN_ONE) not in people


def test_one_who_has_two_names_in_the_other_chat_is_matched_all_the_same(database: Database) -> None:
    early = Identity("teams:T9/early")
    with database.store.begin() as transaction:
        first, second = transaction.person(early), transaction.person(IN_TWO)
    one_person(database, second, first)
    known(database, early)
    known(database, IN_TWO)

    known(database, IN_ONE)

    assert is_one(database)


def test_no_address_is_no_match(database: Database) -> None:
    known(database, IN_ONE, email="")
    known(database, IN_TWO, email="")

    assert not is_one(database)


def test_a_member_of_one_chat_is_no_guest_and_gone_is_who_is_gone_from_both(database: Database) -> None:
    known(database, IN_ONE, zone="Europe/Berlin")
    known(database, IN_TWO)
    known(database, IN_TWO, guest=True, gone=True)

    def profile() -> Profile:
        person = database.reads.person_of(IN_ONE)
        assert person is not None
        with database.store.reading() as transaction:
            return transaction.profiles((person,))[person]

    assert profile() == Profile(name="Ana", zone="Europe/Berlin", email=MAIL)
    known(database, IN_ONE, gone=True)
    assert profile().gone
    assert not profile().guest


def test_who_is_gone_from_the_chat_they_used_last_is_told_in_the_other(database: Database) -> None:
    older, _ = both(database)
    known(database, IN_ONE)
    known(database, IN_TWO)
    with database.store.begin() as transaction:
        transaction.was_seen(IN_TWO)
    known(database, IN_TWO, gone=True)

    say(database, an_incident(database), post("role", to=ToPerson(person=older)))

    assert claim_one(database).address == Address(IN_ONE)


def test_somebody_is_called_by_the_name_shown_or_by_their_address(database: Database) -> None:
    known(database, IN_TWO, name="Ana Ruiz")
    known(database, Identity("slack:T1/U7"), name="Chen Wu", email="")
    known(database, Identity("slack:T1/U8"), name="chen wu", email="")
    known(database, Identity("slack:T1/U9"), name="Gone Girl", email="gone@larkfield.example", gone=True)
    known(database, Identity("slack:T1/U6"), name="Gus Guest", email="", guest=True)
    known(database, Identity("slack:T1/U5"), name="Ömer Şahin", email="")
    ana = database.reads.person_of(IN_TWO)

    with database.store.reading() as transaction:
        assert transaction.called("ana ruiz") == transaction.called("ANA@larkfield.example") == (ana,)
        assert len(transaction.called("chen wu")) == 2
        assert len(transaction.called("Ömer Şahin")) == 1
        for nobody in ("Gone Girl", "gone@larkfield.example", "", "eve@larkfield.example", "Gus Guest"):
            assert transaction.called(nobody) == ()
