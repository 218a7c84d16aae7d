"""Processes that know of each other."""

import time

import pytest

from storage.database import Database


def test_a_process_that_said_so_lives(database: Database, replica: Database) -> None:
    database.fleet.beat("one", {})
    replica.fleet.beat("two", {})
    replica.fleet.beat("two", {})

    assert database.fleet.replicas() == 2


def test_one_that_left_does_not(database: Database, replica: Database) -> None:
    database.fleet.beat("one", {})
    replica.fleet.beat("two", {})

    replica.fleet.leave("two")

    assert database.fleet.replicas() == 1


def test_what_one_was_asked_all_know(database: Database, replica: Database) -> None:
    database.fleet.beat("one", {"slack chat.update": 60.0, "teams send 19:a": 30.0})

    known = replica.fleet.pauses()

    assert known == {"slack chat.update": pytest.approx(60, abs=2), "teams send 19:a": pytest.approx(30, abs=2)}


def test_what_is_over_is_known_no_more(database: Database, replica: Database) -> None:
    database.fleet.beat("one", {"slack chat.update": 0.01})
    time.sleep(0.02)

    assert replica.fleet.pauses() == {}


def test_only_a_server_is_worked_on_by_several_processes(database: Database, url: str) -> None:
    assert database.is_shared == url.startswith("postgresql")
