"""`sitrep check`: reaches what is set up, and says line by line what is ready, missing, left out and off."""

import asyncio
from collections.abc import Iterator
from contextlib import closing

from adapters.app_late import check_teams
from adapters.app_local import check_alone, check_database
from adapters.cli_check_slack import check_slack
from adapters.cli_check_ways import check_ways
from adapters.cli_report import LEFT_OUT, MISSING, OFF, OK, Report, Row
from adapters.cli_setup import Setup
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import reference
from config.errors import ConfigError
from config.policy_file import BUILT_IN
from storage import schema
from storage.database import Database
from storage.errors import StorageError


async def check(ready: Setup) -> Report:
    """Look at everything. What is wrong is a row, not an exception."""
    database = await asyncio.to_thread(lambda: tuple(_database(ready)))
    slack = await check_slack(ready.settings.slack, ready.policy)
    teams, ways = await _teams(ready), await check_ways(ready.settings, ready.policy)
    return Report(rows=(*database, *_policy(ready), *slack, *teams, *ways, *_tried_out(ready)))


def _database(ready: Setup) -> Iterator[Row]:
    url, shown = ready.settings.database_url.get_secret_value(), ready.settings.database
    try:
        found, newest = schema.current(url), schema.head()
        if not found and (obstacle := schema.obstacle(url)):
            yield Row(MISSING, "database", obstacle)
            return
        if found < newest:
            yield _behind(shown, found, migrates=ready.settings.migrate)
            return
        schema.check(url)
        with closing(Database(url)) as db:
            fault = db.fault()
            yield Row(MISSING, "database", fault) if fault else Row(OK, "database", f"{shown}, schema current")
            yield from _strangers(db, ready.written)
            yield from _another_kind(db, ready)
    except StorageError as fault:
        yield Row(MISSING, "database", str(fault))


def _another_kind(db: Database, ready: Setup) -> Iterator[Row]:
    try:
        check_database(db, tried_out=ready.settings.tried_out)
    except ConfigError as wrong:
        yield Row(MISSING, "database", wrong.sentence.removesuffix("."))


def _behind(shown: str, found: str, *, migrates: bool) -> Row:
    if not migrates:
        return Row(MISSING, "database", f"{shown}, schema {found or 'not made yet'}: run `sitrep db upgrade`")
    when = f"schema {found}, brought up to date" if found else "made"
    return Row(OK, "database", f"{shown}, {when} at the next start")


def _strangers(db: Database, policy: Policy) -> Iterator[Row]:
    """Open incidents that use what the policy no longer has."""
    for listed in db.reads.incidents(ended=False):
        record = db.reads.record(listed.number)
        for words in _unknown(record.incident, policy) if record else ():
            yield Row(LEFT_OUT, "incident", f"{reference(listed.number)}: {words}")


def _unknown(incident: Incident, policy: Policy) -> Iterator[str]:
    if not policy.knows_priority(incident.priority):
        yield f"priority {incident.priority} is not in the policy and has the times of the highest"
    roles = {role.name for role in policy.roles}
    for name in sorted({held.role for held in incident.holdings} - roles):
        yield f"role {name} is not in the policy and keeps its name"
    for name in sorted({promise.audience for promise in incident.standing()} - set(policy.audiences)):
        yield f"audience {name} is not in the policy and has no address"


def _policy(ready: Setup) -> Iterator[Row]:
    source = "built in (SITREP_POLICY is not set)" if ready.source == BUILT_IN else ready.source
    count = f"{len(ready.written.priorities)} priorities, {len(ready.written.roles)} roles"
    yield Row(OK, "policy", f"{source}: {count}")
    for sentence in (*ready.left_out, *ready.unreachable):
        yield Row(LEFT_OUT, "policy", sentence)
    for sentence in ready.settings.warnings:
        yield Row(LEFT_OUT, "setting", sentence)


def _tried_out(ready: Setup) -> Iterator[Row]:
    """Without a chat there is the one in the browser."""
    settings = ready.settings
    if not settings.tried_out:
        return
    try:
        check_alone(settings)
    except ConfigError as wrong:
        yield Row(MISSING, "try-out", wrong.sentence.removesuffix("."))
    else:
        yield Row(OK, "try-out", f"http://{settings.host}:{settings.port}/ in the browser, for no chat is set up")


async def _teams(ready: Setup) -> tuple[Row, ...]:
    if ready.settings.teams is None:
        return (Row(OFF, "teams", "TEAMS_APP_ID is not set"),)
    return await check_teams(ready.settings.teams, ready.policy)
