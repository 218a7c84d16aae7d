"""`sitrep check`: reaches what is set up, and says line by line what is ready, missing, left out and off."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from adapters.cli_check_slack import check_slack
from adapters.cli_setup import Setup
from adapters.report import LEFT_OUT, MISSING, OFF, OK, Report, Row
from bot.incident import Incident
from bot.policy import Policy
from bot.refs import reference
from storage import schema
from storage.database import Database
from storage.errors import StorageError


async def check(ready: Setup) -> Report:
    """Look at everything. Raises nothing: what is wrong is a line."""
    rows = [*await asyncio.to_thread(lambda: list(_database(ready))), *_policy(ready)]
    rows += await check_slack(ready.settings.slack, ready.policy)
    rows.append(_teams(ready))
    return Report(rows=tuple(rows))


def _database(ready: Setup) -> Iterator[Row]:
    url, shown = ready.settings.database_url.get_secret_value(), ready.settings.database
    try:
        found, newest = schema.current(url), schema.head()
        if found and found < newest or not found:
            yield _behind(shown, found, migrates=ready.settings.migrate)
            return
        schema.check(url)
        with closing(Database(url)) as db:
            fault = db.fault()
            yield Row(MISSING, "database", fault) if fault else Row(OK, "database", f"{shown}, schema current")
            yield from _strangers(db, ready.policy)
    except StorageError as fault:
        yield Row(MISSING, "database", str(fault))
