"""What is made quicker, or wrong, in a process of the campaign: its leases are short, it spares no chat, its calls to
Teams say whose they are, its clock can be turned, and it can be made blind.
"""

import signal
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

import aiohttp

from adapters import app, app_teams, server_clock
from adapters.calling import open_session
from adapters.carrying import Carrier
from adapters.pauses import Pace
from adapters.slack import budget
from adapters.slack.sink import SlackSink
from adapters.teams import budget as teams_budget
from adapters.teams.sink import TeamsSink
from bot.ports import Delivery
from tests.crashing.names import MARK

JUMP = 3600.0
"""Seconds by which a signal turns the clock."""
MANY = 6000
"""Calls a minute that the campaign's chat takes: what is late must be late for another reason."""


def hurry(lease: float) -> None:
    """Leases of so many seconds, so that what a dead replica held is free again soon."""
    budget.TIERS.update(dict.fromkeys(budget.TIERS, MANY))
    budget.POST_BURST, budget.POST_PER_SECOND = MANY, float(MANY)
    budget.CEILING_BURST, budget.CEILING_PER_SECOND = MANY, float(MANY)
    many = (teams_budget.Limit(most=MANY, seconds=1.0),)
    teams_budget.LIMITS.update(dict.fromkeys(teams_budget.LIMITS, many))
    _put(teams_budget, "WHOLE", many)
    pace = Pace(lease=timedelta(seconds=lease), longest=timedelta(seconds=lease / 2))
    _put(app, "Carrier", partial(Carrier, pace=pace))


def mark() -> None:
    """From now on a call to Teams that carries a row says which: Teams has no place in a message for that."""
    row, deliver = ContextVar("row", default=""), TeamsSink.deliver

    async def delivered(sink: TeamsSink, delivery: Delivery, at: datetime) -> Any:
        row.set(delivery.token)
        return await deliver(sink, delivery, at)

    async def marked(_: object, __: object, params: aiohttp.TraceRequestStartParams) -> None:
        params.headers[MARK] = row.get()

    def session() -> aiohttp.ClientSession:
        opened, trace = open_session(), aiohttp.TraceConfig()
        trace.on_request_start.append(marked)
        trace.freeze()
        opened.trace_configs.append(trace)
        return opened

    _put(TeamsSink, "deliver", delivered)
    _put(app_teams, "open_session", session)


def blind() -> None:
    """From now on nothing is looked for in Slack before it is said again: then the campaign has to find doubles."""

    async def find(_: SlackSink, __: Delivery) -> None:
        return None

    _put(SlackSink, "find", find)


def unsettle() -> None:
    """From now on `SIGUSR1` turns this process's wall clock an hour ahead, `SIGUSR2` an hour back."""
    offset = [0.0]

    def turn(by: float) -> Callable[[int, Any], None]:
        def turned(_: int, __: Any) -> None:
            offset[0] += by

        return turned

    class Turned(datetime):
        """The wall clock, as far as it was turned."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz or UTC) + timedelta(seconds=offset[0])

    signal.signal(signal.SIGUSR1, turn(JUMP))
    signal.signal(signal.SIGUSR2, turn(-JUMP))
    _put(server_clock, "datetime", Turned)


def _put(module: object, name: str, value: object) -> None:
    """In place of what the module knows by that name."""
    assert hasattr(module, name)
    setattr(module, name, value)
