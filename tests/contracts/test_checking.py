"""What does not agree with itself in a database is found, a line for each."""

from sqlalchemy import delete, update

from bot.events import Closed, NoteAdded
from storage.database import Database
from storage.people import row_id
from storage.tables import addresses, deliveries, events, incidents, people
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    an_incident,
    claim,
    declared,
    happened,
    later,
    post,
    say,
    send_all,
    with_room,
)
from tests.contracts.record import OURS, changed, ended, found


def test_what_sitrep_wrote_agrees_with_itself(database: Database) -> None:
    say(database, with_room(database), post())
    send_all(database)
    ended(database, 7)

    assert found(database, wrong=(True, False)) == []


def test_a_row_that_says_something_else_than_its_log_is_found(database: Database, url: str) -> None:
    an_incident(database)

    changed(url, update(incidents).values(title="Something else", is_open=False))

    assert found(database) == [
        "INC-42: its row has another title than its log.",
        "INC-42: its row has another is open than its log.",
    ]


def test_a_log_with_a_gap_is_found(database: Database, url: str) -> None:
    an_incident(database, 42, NoteAdded(text="First alert"), NoteAdded(text="Second alert"))

    changed(url, delete(events).where(events.c.version == 2))

    assert found(database) == ["INC-42: its log has 2 entries, its row says version 3."]


def test_a_deadline_later_than_what_is_owed_is_found(database: Database, url: str) -> None:
    an_incident(database, due=later(600))
    changed(url, update(incidents).values(rules=OURS))

    assert found(database, later(600)) == []
    assert found(database, later(300)) == ["INC-42: its row has another next deadline than its log."]
    assert found(database) == ["INC-42: its row has another next deadline than its log."]


def test_a_deadline_that_is_past_is_put_right_by_the_next_tick(database: Database, url: str) -> None:
    an_incident(database, due=later(-60))
    changed(url, update(incidents).values(rules=OURS))

    assert found(database, later(300)) == []


def test_a_deadline_that_other_rules_computed_is_not_compared(database: Database) -> None:
    an_incident(database, due=later(600))

    assert found(database, later(300)) == []


def test_more_incidents_than_are_read_at_once_are_all_looked_at(database: Database, url: str) -> None:
    with database.store.begin() as transaction:
        for number in range(1, 106):
            happened(transaction, number, declared())

    changed(url, update(incidents).where(incidents.c.number.in_((1, 105))).values(title="Something else"))

    assert [sentence.partition(":")[0] for sentence in found(database)] == ["INC-1", "INC-105"]


def test_a_room_that_nobody_knows_as_the_incidents_is_found(database: Database, url: str) -> None:
    with_room(database)

    changed(url, update(addresses).values(incident=None))

    assert found(database) == ["INC-42: what is said in its room is not known as its."]


def test_a_row_held_by_a_process_that_is_gone_is_found(database: Database) -> None:
    say(database, with_room(database), post())
    claim(database)

    assert found(database, now=later(60)) == []
    assert found(database, now=later(3600)) == [
        "INC-42: row 1 of the outbox is held by a process that is gone since 2026-11-23 02:00 UTC."
    ]


def test_what_waits_long_and_what_was_given_up_is_told_of(database: Database) -> None:
    say(database, with_room(database), post("card"), post("note"))
    (first,) = claim(database)
    assert database.relay.dead(first, at=AT, error="channel_not_found")

    told = found(database, now=later(7200), wrong=(False,))

    assert told == [
        "INC-42: row 2 of the outbox waits since 2026-11-23 02:00 UTC.",
        "INC-42: 1 given up: `why` and `sitrep export` say which.",
    ]


def test_what_waits_for_a_room_that_will_not_come_is_told_of(database: Database) -> None:
    say(database, an_incident(database), post())
    with database.store.begin() as transaction:
        happened(transaction, 42, Closed(), at=later(1))

    assert found(database, wrong=(False,)) == [
        "INC-42: row 1 of the outbox waits for a room of an incident that has ended."
    ]


def test_a_message_of_an_incident_that_is_not_there_is_found(database: Database, url: str) -> None:
    say(database, with_room(database), post())

    changed(url, update(deliveries).values(incident=9))

    assert found(database) == ["INC-9: row 1 of the outbox belongs to no incident."]


def test_people_who_lead_in_a_circle_are_found(database: Database, url: str) -> None:
    with database.store.begin() as transaction:
        one, other = (row_id(transaction.person(identity)) for identity in (ANA, BEN))

    changed(url, *(update(people).where(people.c.id == a).values(same_as=b) for a, b in ((one, other), (other, one))))

    assert found(database) == [
        f"P-{one} does not lead to the first of the same person.",
        f"P-{other} does not lead to the first of the same person.",
    ]
