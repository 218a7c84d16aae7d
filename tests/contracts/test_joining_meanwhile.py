"""People who are joined while somebody else writes of one of them: on a server, where two write at once."""

from contextlib import ExitStack

from bot.events import RoleAssigned
from storage.database import Database
from tests.contracts.given import ANA, BEN, happened, one_person, with_room


def test_what_is_written_while_people_are_joined_is_theirs_for_who_looks_later(
    database: Database, replica: Database
) -> None:
    if not database.is_shared:
        return
    with database.store.begin() as transaction:
        older, newer = transaction.person(ANA), transaction.person(BEN)
    with_room(database)

    with ExitStack() as looking:
        with database.store.begin() as transaction:
            happened(transaction, 42, RoleAssigned(role="scribe", person=newer))
            one_person(replica, newer, older)
            reader = looking.enter_context(database.store.reading())
            assert reader.person(ANA) == older  # it sees that they are one, but not yet what is being written
        assert reader.load(42) is not None

    with database.store.reading() as transaction:
        found = transaction.load(42)
        assert found is not None
        assert found.holders("scribe") == (older,)
