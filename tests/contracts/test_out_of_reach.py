"""Who was out of reach and speaks again, through whichever process they speak."""

from bot.events import Closed, PersonReachable, PersonUnreachable, Reopened
from bot.saving import index
from storage.database import Database
from tests.contracts.given import ANA, BEN, an_incident, happened
from tests.contracts.test_two_accounts import Desk, desk
from tests.scenario import policy


def lost(typed: Desk, number: int = 42) -> None:
    """Ana is out of reach in an incident, and every process has heard of others meanwhile."""
    with typed.database.store.begin() as transaction:
        ana = transaction.person(ANA)
    an_incident(typed.database, number, PersonUnreachable(person=ana, reason="blocked"))
    typed(BEN, "help")


def unreachable(database: Database, number: int = 42) -> bool:
    with database.store.reading() as transaction:
        incident = transaction.load(number)
    assert incident is not None
    return bool(incident.unreachable)


def returns(database: Database) -> int:
    with database.store.reading() as transaction:
        return sum(isinstance(entry.event, PersonReachable) for entry in transaction.entries(42))


def test_another_process_than_the_one_that_could_not_reach_them_hears_them(
    database: Database, replica: Database
) -> None:
    other = desk(replica)
    other(BEN, "help")
    lost(desk(database))

    other.count = 50
    other(ANA, "help")

    assert not unreachable(database)


def test_it_is_noted_once_whoever_they_speak_to(database: Database, replica: Database) -> None:
    one, other = desk(database), desk(replica)
    other.count = 50
    lost(one)
    for typed in (one, other, one):
        typed(ANA, "help")

    assert returns(database) == 1


def test_who_speaks_of_nothing_before_a_restart_is_heard_after_it(database: Database, url: str) -> None:
    lost(desk(database))
    again = Database(url)

    typed = desk(again)
    typed.count = 50
    typed(ANA, "help")

    again.close()
    assert not unreachable(database)


def test_an_incident_that_had_ended_when_they_spoke_is_looked_at_once_it_goes_on(database: Database) -> None:
    typed = desk(database)
    lost(typed)
    with database.store.begin() as transaction:
        happened(transaction, 42, Closed())
    typed(ANA, "help")
    assert unreachable(database)
    with database.store.begin() as transaction:
        happened(transaction, 42, Reopened(reason="again"))

    typed(ANA, "help")

    assert not unreachable(database)


def test_what_a_release_before_wrote_is_found_once_its_deadlines_are_computed_anew(database: Database) -> None:
    typed = desk(database)
    lost(typed)
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
        transaction.reached(42, ana)
        assert transaction.missed_in(ANA) == ()
        incident = transaction.load(42)
        assert incident is not None
        transaction.reindex(incident, index(incident, policy(), "new"), "new")

    typed(ANA, "help")

    assert not unreachable(database)
