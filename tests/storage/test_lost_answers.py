"""A connection that is lost when a commit is answered: what somebody said has its effect once, and nobody is misled."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.refusals import Unsure
from bot.requests import Request
from bot.service import Service
from config.policy_file import load_policy
from storage.database import Database
from storage.errors import is_busy
from tests.contracts.given import ANA, AT, PLACE
from tests.databases import copy_on
from tests.postgres import Server
from tests.storage.cutting import Wire, wire


@pytest.fixture
def cut(server: Server) -> Iterator[Wire]:
    with wire(server.port) as made:
        yield made


@pytest.fixture
def database(server: Server, cut: Wire) -> Iterator[Database]:
    with copy_on(server) as url, closing(Database(url.replace(f":{server.port}/", f":{cut.port}/"))) as opened:
        yield opened


SAID = Request(identity=ANA, key="said", text="declare critical Checkout is down", place=PLACE)


@pytest.fixture
def service(database: Database) -> Service:
    assert database.fault() == ""  # connected
    return Service(store=database.store, policy=load_policy(None).policy, rules="rules", replica="one")


def titles(database: Database) -> list[str]:
    return [listed.title for listed in database.reads.incidents()]


def test_a_command_whose_commit_was_not_answered_has_its_effect_once(
    database: Database, service: Service, cut: Wire
) -> None:
    cut.cuts = 1

    answer = database.write(lambda: service.handle(SAID, AT), within=2.0).result()

    assert cut.cut == 1
    assert answer.repeated
    assert titles(database) == ["Checkout is down"]


def test_where_the_server_stays_away_after_a_commit_nobody_says_that_nothing_was_saved(
    database: Database, service: Service, cut: Wire
) -> None:
    cut.cuts, cut.stays = 1, True

    fault = database.write(lambda: service.handle(SAID, AT), within=1.0).exception()

    cut.stays = False
    assert isinstance(fault, Unsure)
    assert is_busy(fault)
    assert titles(database) == ["Checkout is down"]
    assert database.write(lambda: service.handle(SAID, AT), within=2.0).result().repeated


def test_so_too_where_every_commit_of_a_command_is_cut_off(database: Database, cut: Wire) -> None:
    assert database.fault() == ""
    cut.cuts = 1

    def work() -> None:
        with database.store.begin() as transaction:
            transaction.first_time("key", AT)

    fault = database.write(work, within=2.0).exception()

    assert isinstance(fault, Unsure)


def test_a_doubt_ends_with_its_job(database: Database, service: Service, cut: Wire) -> None:
    cut.cuts, cut.stays = 1, True
    faults = [database.write(lambda: service.handle(SAID, AT), within=0.5).exception() for _ in range(8)]

    assert [isinstance(fault, Unsure) for fault in faults] == [True] + [False] * 7
