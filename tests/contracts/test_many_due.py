"""Many incidents due in the same moment are read and written together, with what each alone would say."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.cards import line
from bot.commands.record import RecordRoom
from bot.events import NoteAdded, Redacted, TitleChanged
from bot.evolve import fold
from bot.incident import Incident
from bot.ports import Transaction
from bot.posts import ToPerson
from bot.refs import Address, Person
from bot.refusals import Conflict
from bot.requests import Request
from bot.service import Service
from config.policy_file import load_policy
from storage.database import Database
from storage.tables import deliveries, events, incidents
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    PLACE,
    an_incident,
    card_of,
    claim,
    entries_of,
    going_wrong,
    happened,
    index_of,
    later,
    opened,
    post,
    resolve,
    send_all,
)
from tests.contracts.test_cost import counted
from tests.databases import copy_of, copy_on


def under_way(service: Service, many: int) -> None:
    """Incidents with a room and a commander each."""
    for number in range(1, many + 1):
        room = Address(f"slack:T1/C{number}")
        asked = Request(identity=ANA, key=f"declare {number}", text="declare critical It is down", place=PLACE)
        service.handle(asked, AT)
        service.record(RecordRoom(address=room, name=f"inc-{number}", url="", own=True), number, f"room {number}", AT)
        claim = Request(identity=ANA, key=f"claim {number}", text="claim commander", place=room)
        service.handle(claim, AT)


def written(database: Database) -> list[list[Row[Any]]]:
    """Everything a tick may write, but for the numbers of rows, which say nothing."""
    said, lane = [column for column in deliveries.c if column.name != "id"], ("address", "lane", "key")
    wanted = (
        select(incidents).order_by(incidents.c.number),
        select(events).order_by(events.c.incident, events.c.version),
        select(*said).order_by(deliveries.c.incident, *(deliveries.c[name] for name in lane)),
    )
    with database.store.sessions.reading() as connection:
        return [list(connection.execute(one)) for one in wanted]


@dataclass
class Reluctant:
    """A transaction in which nothing is read together."""

    transaction: Any

    def take_due(self, *_: object) -> tuple[()]:
        raise Conflict

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transaction, name)


@dataclass
class OneByOne:
    """A store in which every incident has to have a turn of its own."""

    store: Any

    @contextmanager
    def begin(self) -> Iterator[Reluctant]:
        with self.store.begin() as transaction:
            yield Reluctant(transaction)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def served(store: Any) -> Service:
    return Service(store=store, policy=load_policy(None).policy, rules="rules", replica="one")


@pytest.fixture
def other(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Iterator[Database]:
    """A database of the same kind with data of its own."""
    with ExitStack() as stack:
        if url.startswith("sqlite"):
            (tmp_path / "other").mkdir()
            address = copy_of(request.getfixturevalue("template"), tmp_path / "other")
        else:
            address = stack.enter_context(copy_on(request.getfixturevalue("server")))
        opened = Database(address)
        yield opened
        opened.close()


def test_together_each_says_what_it_would_say_alone(database: Database, other: Database) -> None:
    together, alone = served(database.store), served(OneByOne(other.store))
    for service in (together, alone):
        under_way(service, 4)
    for moment in (900, 1500, 1800, 2000, 3600, 9000):
        assert together.tick(later(moment)) == alone.tick(later(moment))
        for one in (database, other):
            if moment == 1500:
                send_all(one, later(moment))

    assert written(database) == written(other)
    assert sum(row.kind == "Reminded" for row in written(database)[1]) > 8
    with database.store.reading() as transaction:
        for number in (1, 2, 3, 4):
            assert transaction.load(number) == fold(transaction.entries(number), number=number)


def test_an_incident_that_another_replica_works_on_is_passed_over(database: Database, replica: Database) -> None:
    for number in (1, 2):
        an_incident(database, number, due=AT)
    if not database.is_shared:
        return  # whoever writes there is alone
    with replica.store.begin() as elsewhere:
        elsewhere.load(1)
        with database.store.begin() as transaction:
            assert [incident.number for incident in transaction.take_due(AT, 5)] == [2]


def test_they_come_longest_overdue_first_and_as_their_logs_say(database: Database, replica: Database) -> None:
    for number in (1, 2, 3):
        an_incident(database, number, NoteAdded(text="Not for long"), due=later(-number))
    with database.store.begin() as transaction:
        assert len(transaction.take_due(AT, 5)) == 3
    with replica.store.begin() as transaction:
        happened(transaction, 1, NoteAdded(text="More"), due=AT)
        happened(transaction, 2, Redacted(entry=2, reason="a name"), due=AT)
    with database.store.begin() as transaction:
        found = transaction.take_due(AT, 5)
        assert [incident.number for incident in found] == [3, 1, 2]
        assert [incident.version for incident in found] == [2, 3, 3]
        assert {incident.number: incident for incident in found} == {
            number: fold(transaction.entries(number), number=number) for number in (1, 2, 3)
        }


def test_what_is_written_of_them_is_there_with_the_commit_and_not_before(database: Database) -> None:
    for number in (1, 2):
        an_incident(database, number, due=AT)
    with going_wrong(database) as transaction:
        assert note_all(transaction) == 2
        transaction.load(1)
    with database.store.reading() as transaction:
        assert [len(transaction.entries(number)) for number in (1, 2)] == [1, 1]

    with database.store.begin() as transaction:
        note_all(transaction)
    with database.store.begin() as transaction:
        assert transaction.take_due(AT, 5) == ()
        assert [len(transaction.entries(number)) for number in (1, 2)] == [2, 2]


def test_what_became_of_them_is_remembered_with_the_commit(database: Database) -> None:
    an_incident(database, 1, due=AT)
    with suppress(ArithmeticError), database.store.together():
        with database.store.begin() as transaction:
            note_all(transaction)
        if not database.is_shared:
            raise ArithmeticError  # what was written is undone
    with database.store.reading() as transaction:
        found = transaction.load(1)
        assert found == fold(transaction.entries(1), number=1)
    with database.store.together(), database.store.begin() as transaction:
        note_all(transaction)

    with counted() as asked, database.store.reading() as transaction:
        found = transaction.load(1)

    assert found is not None
    assert found.version == 2
    assert not [statement for statement in asked if "FROM events" in statement]


def test_what_is_read_of_them_before_the_commit_is_not_remembered(database: Database) -> None:
    """Two ticks that share a commit: what the first wrote may yet be undone when the second reads it."""
    an_incident(database, 1, due=AT)
    with suppress(ArithmeticError), database.store.together():
        with database.store.begin() as transaction:
            happened(transaction, 1, TitleChanged(title="Undone"), due=AT)
        with database.store.begin() as transaction:
            assert len(transaction.take_due(AT, 5)) == 1
        if not database.is_shared:
            raise ArithmeticError  # what was written is undone
    with database.store.begin() as transaction:
        happened(transaction, 1, TitleChanged(title="Said"), due=AT)

    with database.store.reading() as transaction:
        assert transaction.load(1) == fold(transaction.entries(1), number=1)


def test_who_loads_one_of_them_again_finds_it_as_it_is_by_then(database: Database) -> None:
    an_incident(database, 1, due=AT)
    with database.store.begin() as transaction:
        note_all(transaction)
        found = transaction.load(1)
        assert found is not None
        assert found.version == 2
        assert len(transaction.entries(1)) == 2


def test_one_that_has_moved_on_takes_all_of_it_back(database: Database) -> None:
    """Their rows are locked: it should never be. If it is, each has a turn of its own."""
    for number in (1, 2):
        an_incident(database, number, due=AT)

    def mistaken() -> None:
        with database.store.begin() as transaction:
            first, second = transaction.take_due(AT, 5)
            write(transaction, first)
            write(transaction, replace(second, version=7))

    with pytest.raises(Conflict):
        mistaken()
    with database.store.reading() as transaction:
        assert [len(transaction.entries(number)) for number in (1, 2)] == [1, 1]


def test_a_message_said_twice_in_one_go_says_the_newer(database: Database) -> None:
    an_incident(database, 1, opened(), due=AT)
    with database.store.begin() as transaction:
        (incident,) = transaction.take_due(AT, 5)
        transaction.enqueue(incident, [post("card", "One"), post("card", "Two")], resolve, AT)
        transaction.enqueue(incident, [post("card", "Three")], resolve, AT)
    assert [card_of(one) for one in claim(database)] == [line("Three")]


def test_the_same_words_to_many_people_are_one_message_for_each(database: Database) -> None:
    an_incident(database, 1, due=AT)
    with database.store.begin() as transaction:
        people = [transaction.person(identity, "") for identity in (ANA, BEN)]
        (incident,) = transaction.take_due(AT, 5)
        crowd = [post("news", to=ToPerson(person=person)) for person in people]
        nobody = post("late", to=ToPerson(person=Person("P-999")))
        transaction.enqueue(incident, [*crowd, nobody], resolve, AT)
    assert {str(one.address) for one in claim(database)} == {str(ANA), str(BEN)}


def test_twenty_due_at_once_ask_the_database_as_often_as_five(database: Database, other: Database) -> None:
    asked = []
    for one, many in ((database, 5), (other, 20)):
        service = served(one.store)
        under_way(service, many)
        with counted() as statements:
            assert service.tick(later(1500)) == many
        asked.append(len(statements))
    assert asked[0] == asked[1]


def note_all(transaction: Transaction) -> int:
    """Everything that is due gets a line, and is due no more."""
    found = transaction.take_due(AT, 5)
    for incident in found:
        write(transaction, incident)
    return len(found)


def write(transaction: Transaction, incident: Incident) -> None:
    entries = entries_of(incident, (NoteAdded(text="Late"),), AT, None)
    after = fold(entries, incident)
    transaction.append(incident, entries, after, index_of(after))
