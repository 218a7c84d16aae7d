"""Words overwritten in place: in the log, in messages, and in what every process remembers."""

from bot.cards import Names
from bot.events import Event, NoteAdded, Redacted, RoleAssigned, TitleChanged
from bot.incident import Incident
from bot.plain import plain_text
from bot.redaction import REDACTED
from bot.refs import Person
from storage.database import Database
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    an_incident,
    card_of,
    claim,
    claim_one,
    going_wrong,
    happened,
    later,
    one_person,
    say,
    send_all,
    to_internal,
)

SECRET = "Mr Kent cannot pay"


def redact(database: Database, number: int = 42, words: str = SECRET) -> Incident:
    with database.store.begin() as transaction:
        transaction.load(number)
        transaction.redact(number, [words], later(5))
        return happened(transaction, number, Redacted(entry=2, reason="a name"), at=later(5))


def stands(database: Database, number: int = 42) -> Incident:
    with database.store.reading() as transaction:
        found = transaction.load(number)
    assert found is not None
    return found


def events(database: Database, number: int = 42) -> list[Event]:
    with database.store.reading() as transaction:
        return [entry.event for entry in transaction.entries(number)]


def test_the_words_are_gone_from_the_log_and_who_when_and_what_stay(database: Database) -> None:
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
    an_incident(database)
    with database.store.begin() as transaction:
        happened(transaction, 42, TitleChanged(title=SECRET), NoteAdded(text="Seen."), at=later(1), by=ana)

    redact(database)

    with database.store.reading() as transaction:
        _, second, third, last = transaction.entries(42)
    assert (second.event, second.at, second.by) == (TitleChanged(title=REDACTED), later(1), ana)
    assert (third.event, last.event) == (NoteAdded(text="Seen."), Redacted(entry=2, reason="a name"))


def test_no_process_goes_on_with_the_words_it_folded_before(database: Database, replica: Database) -> None:
    an_incident(database, 42, TitleChanged(title=SECRET))
    assert stands(database).title == stands(replica).title == SECRET

    redact(database)

    assert stands(database).title == stands(replica).title == REDACTED
    with replica.store.begin() as transaction:
        assert happened(transaction, 42, NoteAdded(text="More."), at=later(9)).title == REDACTED


def test_words_redacted_in_what_was_undone_are_there_still(database: Database) -> None:
    an_incident(database, 42, TitleChanged(title=SECRET))

    with going_wrong(database) as transaction:
        transaction.redact(42, [SECRET], AT)

    assert stands(database).title == SECRET
    assert events(database)[1] == TitleChanged(title=SECRET)


def test_events_keep_the_ids_that_they_were_written_with(database: Database) -> None:
    with database.store.begin() as transaction:
        ana, ben = transaction.person(ANA), transaction.person(BEN)
    an_incident(database, 42, TitleChanged(title=SECRET), RoleAssigned(role="sme", person=ben))

    redact(database)
    one_person(database, ben, ana)

    assert events(database)[2] == RoleAssigned(role="sme", person=Person(ana))


def test_other_incidents_keep_their_words(database: Database) -> None:
    an_incident(database, 42, TitleChanged(title=SECRET))
    other = an_incident(database, 43, TitleChanged(title=SECRET))
    say(database, other, to_internal("update-1", SECRET))

    redact(database)

    assert stands(database, 43).title == SECRET
    assert plain_text(card_of(claim_one(database)), AT, Names()) == f"{SECRET}."


def test_what_people_have_is_edited_and_what_waits_says_nothing_of_it(database: Database) -> None:
    incident = an_incident(database, 42, TitleChanged(title=SECRET))
    say(database, incident, to_internal("update-1", f"It is so: {SECRET}."), to_internal("update-2", "Nothing."))
    send_all(database)
    say(database, incident, to_internal("update-3", SECRET))

    redact(database)

    found = {one.order.key: (one.ref, plain_text(card_of(one), AT, one.names)) for one in send_all(database, later(60))}
    assert found == {"update-1": ("ref-update-1", f"It is so: {REDACTED}."), "update-3": ("", f"{REDACTED}.")}


def test_what_is_on_its_way_is_edited_once_it_arrived(database: Database) -> None:
    incident = an_incident(database, 42, TitleChanged(title=SECRET))
    say(database, incident, to_internal("update-1", SECRET))
    under_way = claim_one(database)

    redact(database)
    database.relay.sent(under_way, "ref-1", later(10))

    edit = claim_one(database, later(60))
    assert (edit.ref, plain_text(card_of(edit), AT, edit.names)) == ("ref-1", f"{REDACTED}.")


def test_what_will_never_arrive_is_overwritten_and_stays_where_it_is(database: Database) -> None:
    incident = an_incident(database, 42, TitleChanged(title=SECRET))
    say(database, incident, to_internal("update-1", SECRET))
    database.relay.dead(claim_one(database), at=AT, error="no such channel")

    redact(database)

    with database.store.reading() as transaction:
        (sent,) = transaction.sent(42)
    assert (sent.state, sent.text, claim(database, later(60))) == ("dead", f"{REDACTED}.", ())


def test_what_people_have_is_edited_even_where_an_earlier_edit_of_it_was_given_up(database: Database) -> None:
    incident = an_incident(database, 42, TitleChanged(title=SECRET))
    say(database, incident, to_internal("card", SECRET))
    send_all(database)
    say(database, incident, to_internal("card", f"Still so: {SECRET}."), at=later(1))
    database.relay.dead(claim_one(database, later(2)), at=later(2), error="no answer for a day")

    redact(database)

    edit = claim_one(database, later(60))
    assert (edit.ref, plain_text(card_of(edit), AT, edit.names)) == ("ref-card", f"Still so: {REDACTED}.")


def test_twice_is_once(database: Database) -> None:
    incident = an_incident(database, 42, TitleChanged(title=SECRET))
    say(database, incident, to_internal("card", SECRET))
    send_all(database)
    redact(database)
    send_all(database, later(60))

    redact(database)

    assert claim(database, later(120)) == ()
