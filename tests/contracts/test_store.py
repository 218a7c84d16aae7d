"""What the core may rely on in any store: logs at expected versions, one memory of keys, people and rooms."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import pytest

from bot.events import Cancelled, Closed, Declared, Entry, NoteAdded, RoomLost, RoomOpened, TitleChanged, Unknown
from bot.evolve import fold
from bot.incident import Incident
from bot.people import Profile
from bot.ports import Downtime
from bot.refs import Address, Identity, Person
from bot.refusals import Conflict
from storage.database import Database
from tests.contracts.given import (
    ANA,
    AT,
    BEN,
    PLACE,
    ROOM,
    an_incident,
    declared,
    entries_of,
    going_wrong,
    happened,
    index_of,
    later,
    opened,
    with_room,
)

# ------------------------------------------------------------------ deliveries are handled once


def test_a_delivery_key_is_new_once(database: Database) -> None:
    with database.store.begin() as transaction:
        assert transaction.first_time("slack:Ev1", AT)
        assert not transaction.first_time("slack:Ev1", AT)
    with database.store.begin() as transaction:
        assert not transaction.first_time("slack:Ev1", later(3600))
        assert transaction.first_time("slack:Ev2", AT)


def test_a_key_of_which_nothing_came_is_new_again(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.first_time("slack:Ev1", AT)
        transaction.forget("slack:Ev1")

    with database.store.begin() as transaction:
        assert transaction.first_time("slack:Ev1", AT)


def test_a_key_is_forgotten_with_the_transaction_that_failed(database: Database) -> None:
    with going_wrong(database) as transaction:
        transaction.first_time("slack:Ev1", AT)

    with database.store.begin() as transaction:
        assert transaction.first_time("slack:Ev1", AT)


def test_old_keys_can_be_dropped(database: Database) -> None:
    now = database.server_time() or later(200)
    with database.store.begin() as transaction:
        transaction.first_time("old", now - timedelta(seconds=200))
        transaction.first_time("new", now - timedelta(seconds=100))

    assert database.store.forget_keys(timedelta(seconds=150), lambda: later(200)) == 1

    with database.store.begin() as transaction:
        assert transaction.first_time("old", later(100))
        assert not transaction.first_time("new", later(100))


# ------------------------------------------------------------------ people


def test_a_person_gets_an_id_at_first_sight_and_keeps_it(database: Database) -> None:
    with database.store.begin() as transaction:
        ana, ben = transaction.person(ANA), transaction.person(BEN)
    with database.store.begin() as transaction:
        assert transaction.person(ANA) == ana
    assert ana != ben


def test_a_name_is_kept_only_where_none_is_known(database: Database) -> None:
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
        assert transaction.profiles([ana])[ana].name == ""
        transaction.person(ANA, "Ana")
        transaction.person(ANA, "ana.m")
        assert transaction.profiles([ana])[ana].name == "Ana"


def test_what_a_chat_says_of_a_person_is_kept_and_what_it_leaves_out_stays(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.learn(ANA, Profile(name="Ana", zone="Europe/Berlin", email="ana@example.com", guest=True))
        transaction.learn(ANA, Profile(name="Ana M"))
        ana = transaction.person(ANA)
        known = transaction.profiles([ana])[ana]

    assert known == Profile(name="Ana M", zone="Europe/Berlin", email="ana@example.com", guest=True)


def test_people_nobody_has_seen_have_no_profile(database: Database) -> None:
    with database.store.reading() as transaction:
        strangers = ["P-99", "nobody", "P-", "P-²", f"P-{10**40}"]
        assert transaction.profiles(map(Person, strangers)) == {}


def test_names_say_who_people_are_and_where_rooms_are(database: Database) -> None:
    an_incident(database, 42, opened(), RoomOpened(address=Address("slack:T1/C43"), name="second"))
    with database.store.begin() as transaction:
        ana = transaction.person(ANA, "Ana")
        names = transaction.names([ana, Person("P-99")], [42, 99])

    assert names.people == {ana: "Ana"}
    assert names.identities == {ana: (ANA,)}
    assert names.rooms == {42: "inc-42-checkout-is-down"}
    assert names.places == {42: (ROOM, Address("slack:T1/C43"))}


# ------------------------------------------------------------------ numbers, logs, versions


def test_numbers_begin_at_one_and_follow_the_highest(database: Database) -> None:
    with database.store.begin() as transaction:
        assert transaction.next_number() == 1
        happened(transaction, 1, declared())
        assert transaction.next_number() == 2
        happened(transaction, 7, declared())
        assert transaction.next_number() == 8


def test_an_incident_is_loaded_as_its_log_folds(database: Database) -> None:
    written = an_incident(database, 42, NoteAdded(text="One"), TitleChanged(title="Payments"))

    with database.store.reading() as transaction:
        assert transaction.load(42) == written
        assert fold(transaction.entries(42), number=42) == written
        assert transaction.load(43) is None
        assert transaction.entries(43) == ()


def test_an_entry_comes_back_as_it_was_written(database: Database) -> None:
    with database.store.begin() as transaction:
        ana = transaction.person(ANA)
        happened(transaction, 42, declared(), by=ana)
        happened(transaction, 42, NoteAdded(text="naïve 🟢"), at=later(1.000001), by=None)

    with database.store.reading() as transaction:
        first, second = transaction.entries(42)
    assert first == Entry(version=1, at=AT, by=ana, event=declared())
    assert second == Entry(version=2, at=later(1.000001), by=None, event=NoteAdded(text="naïve 🟢"))


def test_an_event_of_a_newer_release_is_kept_and_never_fatal(database: Database) -> None:
    unknown = Unknown(kind="Cloned", v=3, data='{"of":1}')
    an_incident(database, 42, unknown, NoteAdded(text="after"))

    with database.store.reading() as transaction:
        assert transaction.entries(42)[1].event == unknown
        incident = transaction.load(42)
    assert incident is not None
    assert incident.version == 3


def test_what_somebody_else_wrote_first_is_a_conflict(database: Database) -> None:
    before = an_incident(database)
    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text="theirs"))

    entries = entries_of(before, (NoteAdded(text="ours"),), AT, None)
    after = fold(entries, before)
    with pytest.raises(Conflict), database.store.begin() as transaction:
        transaction.append(before, entries, after, index_of(after))

    with database.store.reading() as transaction:
        assert [entry.event for entry in transaction.entries(42)][1:] == [NoteAdded(text="theirs")]


def test_two_declarations_of_one_number_are_a_conflict(database: Database) -> None:
    an_incident(database)
    nothing = Incident(number=42)
    entries = entries_of(nothing, (declared("Another"),), AT, None)
    after = fold(entries, nothing)

    with pytest.raises(Conflict), database.store.begin() as transaction:
        transaction.append(nothing, entries, after, index_of(after))


def test_a_transaction_that_fails_leaves_nothing_behind(database: Database) -> None:
    an_incident(database)

    with going_wrong(database) as transaction:
        happened(transaction, 42, NoteAdded(text="lost"))
        loaded = transaction.load(42)
        assert loaded is not None
        assert loaded.version == 2

    with database.store.begin() as transaction:
        loaded = transaction.load(42)
        assert loaded is not None
        assert loaded.version == 1
        assert len(transaction.entries(42)) == 1


def test_what_another_replica_wrote_is_seen_although_the_fold_is_remembered(
    database: Database, replica: Database
) -> None:
    an_incident(database)
    with database.store.reading() as transaction:
        transaction.load(42)
    with replica.store.begin() as transaction:
        theirs = happened(transaction, 42, NoteAdded(text="theirs"))

    with database.store.reading() as transaction:
        assert transaction.load(42) == theirs


def test_a_fold_that_was_rolled_back_is_not_remembered_by_looking_up_names(database: Database) -> None:
    an_incident(database)
    with going_wrong(database) as transaction:
        happened(transaction, 42, opened())
        assert transaction.names([], [42]).rooms == {42: "inc-42-checkout-is-down"}
        transaction.sent(42)

    with database.store.begin() as transaction:
        assert transaction.names([], [42]).rooms == {}
        happened(transaction, 42, NoteAdded(text="instead"))
        loaded = transaction.load(42)
    assert loaded is not None
    assert loaded.rooms == ()


def test_an_incident_that_is_written_twice_in_one_transaction_keeps_both(database: Database) -> None:
    with database.store.begin() as transaction:
        happened(transaction, 42, declared())
        happened(transaction, 42, NoteAdded(text="One"))
        after = happened(transaction, 42, NoteAdded(text="Two"))

    with database.store.reading() as transaction:
        assert transaction.load(42) == after


@pytest.mark.parametrize("threads", [8])
def test_deciders_on_one_incident_lose_nothing(database: Database, replica: Database, threads: int) -> None:
    an_incident(database)
    each = 5

    def decide(place: int) -> None:
        mine = (database, replica)[place % 2]
        for turn in range(each):
            mine.write(lambda turn=turn: note(mine, f"{place}-{turn}")).result()  # type: ignore[misc]

    def note(mine: Database, text: str) -> None:
        with mine.store.begin() as transaction:
            happened(transaction, 42, NoteAdded(text=text))

    with ThreadPoolExecutor(threads) as pool:
        done: list[Future[None]] = [pool.submit(decide, place) for place in range(threads)]
        wait(done)
    assert [future.exception() for future in done] == [None] * threads

    with database.store.reading() as transaction:
        notes = [entry.event for entry in transaction.entries(42)][1:]
    expected = {NoteAdded(text=f"{place}-{turn}") for place in range(threads) for turn in range(each)}
    assert set(notes) == expected
    assert len(notes) == len(expected)


# ------------------------------------------------------------------ places and lists


def test_a_room_leads_to_its_incident(database: Database) -> None:
    with_room(database)

    with database.store.reading() as transaction:
        assert transaction.at_place(ROOM) == 42
        assert transaction.at_place(Address(f"{ROOM}/1700000000.000100")) == 42
        assert transaction.at_place(PLACE) is None
        assert transaction.at_place(Address("slack:T1/C4")) is None


def test_a_thread_that_is_a_room_is_not_the_conversation_around_it(database: Database) -> None:
    thread = Address("slack:T1/C1/1700000000.000100")
    with_room(database, 42, thread)

    with database.store.reading() as transaction:
        assert transaction.at_place(thread) == 42
        assert transaction.at_place(Address("slack:T1/C1")) is None
        assert transaction.at_place(Address("slack:T1/C1/1700000000.000999")) is None


def test_a_room_that_is_used_again_leads_to_the_newer_incident(database: Database) -> None:
    an_incident(database, 42, opened(), RoomLost(address=ROOM, reason="archived"), Closed())
    with_room(database, 43)

    with database.store.reading() as transaction:
        assert transaction.at_place(ROOM) == 43


def test_the_incidents_not_yet_ended_come_newest_first(database: Database) -> None:
    one = an_incident(database, 1)
    an_incident(database, 2, Closed())
    an_incident(database, 3, Cancelled(reason="a probe was set wrongly"))
    four = an_incident(database, 4)

    with database.store.reading() as transaction:
        assert transaction.opened() == (four, one)
        assert [incident.number for incident in transaction.opened(ended=True)] == [4, 3, 2, 1]


def test_what_is_due_comes_longest_overdue_first(database: Database) -> None:
    an_incident(database, 1, due=later(20))
    an_incident(database, 2, due=later(10))
    an_incident(database, 3, due=later(31))
    an_incident(database, 4)

    with database.store.reading() as transaction:
        assert transaction.due(later(9.999999), 10) == ()
        assert transaction.due(later(30), 10) == (2, 1)
        assert transaction.due(later(30), 1) == (2,)
        assert transaction.due(later(3600), 10) == (2, 1, 3)


def test_moments_are_compared_as_instants_whatever_zone_they_are_written_in(database: Database) -> None:
    berlin = datetime.fromisoformat("2026-11-23T03:10:00+01:00")
    an_incident(database, 1, due=berlin)

    with database.store.reading() as transaction:
        assert transaction.due(later(599), 10) == ()
        assert transaction.due(later(600), 10) == (1,)


def test_rows_of_other_rules_are_found_until_they_are_made_anew(database: Database) -> None:
    one = an_incident(database, 1, due=later(20))
    two = an_incident(database, 2, due=later(10))
    an_incident(database, 3, Closed())
    an_incident(database, 4)

    with database.store.begin() as transaction:
        assert transaction.stale("new", 10) == (2, 1, 4)
        assert transaction.stale("new", 1) == (2,)
        transaction.reindex(two, index_of(two, due=later(5)), "new")
        transaction.reindex(one, index_of(one), "new")
        assert transaction.stale("new", 10) == (4,)
        assert transaction.due(later(3600), 10) == (2,)


def test_a_row_written_by_rules_that_say_so_is_not_stale(database: Database) -> None:
    before = an_incident(database)
    entries = entries_of(before, (NoteAdded(text="One"),), AT, None)
    after = fold(entries, before)

    with database.store.begin() as transaction:
        transaction.append(before, entries, after, index_of(after, rules="new"))
        assert transaction.stale("new", 10) == ()
        happened(transaction, 42, NoteAdded(text="Two"))
        assert transaction.stale("new", 10) == ()


def test_a_row_is_not_made_anew_from_an_incident_that_moved_on(database: Database) -> None:
    before = an_incident(database)
    with database.store.begin() as transaction:
        happened(transaction, 42, NoteAdded(text="theirs"))

    with pytest.raises(Conflict), database.store.begin() as transaction:
        transaction.reindex(before, index_of(before), "new")


def test_text_no_database_keeps_does_not_stop_a_declaration(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.person(Identity("slack:T1/U\x009"), "A\ud800na")
        transaction.first_time("k\x00ey", AT)
        happened(
            transaction, 42, Declared(title="Check\x00out\udfff", priority="high", place=Address("slack:T1/C\x001"))
        )

    with database.store.reading() as transaction:
        incident = transaction.load(42)
    assert incident is not None
    assert incident.title == "Checkout"
    assert database.reads.incidents()[0].title == "Checkout"


# ------------------------------------------------------------------ the clock


def test_the_first_tick_knows_of_no_downtime(database: Database) -> None:
    with database.store.begin() as transaction:
        assert transaction.tick(AT, "one") is None
        assert transaction.tick(later(1), "one") is None


def test_a_minute_without_a_tick_of_any_replica_is_a_downtime(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.tick(AT, "one")
        assert transaction.tick(later(40), "two") is None
        assert transaction.tick(later(80), "one") is None
        assert transaction.tick(later(1300), "one") == Downtime(since=later(80), until=later(1300))


def test_a_restart_still_knows_the_last_downtime(database: Database, replica: Database) -> None:
    with database.store.begin() as transaction:
        transaction.tick(AT, "one")
        transaction.tick(later(1000), "one")
        transaction.tick(later(1020), "one")

    with replica.store.begin() as transaction:
        assert transaction.tick(later(1050), "one") == Downtime(since=AT, until=later(1000))


def test_ticks_less_than_five_seconds_apart_write_nothing(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.tick(AT, "one")
        transaction.tick(later(4), "one")
        transaction.tick(later(4.9), "one")
        assert transaction.tick(later(62), "one") == Downtime(since=AT, until=later(62))


def test_a_clock_that_was_set_back_counts_from_there(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.tick(later(3600), "one")
        assert transaction.tick(AT, "one") is None
        assert transaction.tick(later(90), "one") == Downtime(since=AT, until=later(90))


def test_the_clock_of_a_replica_that_runs_a_little_behind_changes_nothing(database: Database) -> None:
    with database.store.begin() as transaction:
        transaction.tick(later(10), "one")
        assert transaction.tick(later(3), "two") is None
        assert transaction.tick(later(69), "one") is None
