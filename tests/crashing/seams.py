"""Where a process can be made to die: the seams between its parts, wrapped from outside.

What runs in production knows nothing of this. `arm` is called in a process that was made to be killed, before it
starts; it replaces methods by ones that do the same and say where they are.
"""

import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial, wraps
from typing import Any

from aiohttp import web

from adapters import app
from adapters.clockwork import Clockwork
from adapters.outbox import Outbox
from adapters.slack.client import Client
from adapters.slack.endpoint import PATH, Endpoint
from adapters.teams.connector import Connector
from adapters.teams.endpoint import PATH as TEAMS_PATH
from adapters.teams.endpoint import Endpoint as TeamsEndpoint
from adapters.teams.errands import Errand
from bot.service import Service
from storage.database import Database
from storage.relay import SqlRelay
from storage.sessions import Sessions

Reached = Callable[[str], None]

ACKS = {PATH: "ack to Slack", TEAMS_PATH: "ack to Teams"}
"""By the path of what is acknowledged."""

LOOK, FIRED = "tick", "fire"
"""A tick looks for what is due in a transaction of its own; what it writes after that is what fires."""
LABELS: tuple[tuple[type, str, str], ...] = (
    (Service, "handle", "command"),
    (Service, "record", "record"),
    (Service, "tick", LOOK),
    (Service, "refresh", "refresh"),
    (SqlRelay, "claim", "claim"),
    (SqlRelay, "recover", "recover"),
    (SqlRelay, "sent", "sent"),
    (SqlRelay, "all_sent", "sent"),
    (SqlRelay, "retry", "retry"),
)
"""Whose transactions are told apart, and what they are called."""

STEPS: tuple[tuple[object, str, str, str], ...] = (
    (app, "open_database", "", "start: schema"),
    (Service, "refresh", "", "start: refreshed"),
    (SqlRelay, "recover", "", "start: recovered"),
    (Clockwork, "start", "start: connected", ""),
    (Clockwork, "stop", "stop: begun", ""),
    (Database, "close", "stop: closing", ""),
)
"""Of a start and a stop: what is done, and the points before and after it."""


def trap(point: str) -> Reached:
    """What is told of each step; at the named one, for the n-th time (`claim: begun#3`), the process is killed."""
    name, _, number = point.partition("#")
    count, last = itertools.count(1), int(number or 1)

    def reached(step: str) -> None:
        if step == name and next(count) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    return reached


def arm(point: str) -> None:
    """Kill this process at that point."""
    reached, local = trap(point), threading.local()
    for owner, method, label in LABELS:
        _wrap(owner, method, partial(_labelled, label=label, local=local))
    _wrap(Sessions, "writing", partial(_transactions, reached=reached, local=local))
    _wrap(Sessions, "shared", partial(_transactions, reached=reached, local=None))
    _wrap(Client, "call", partial(_calls, reached=reached))
    _wrap(Connector, "_run", partial(_errands, reached=reached))
    for endpoint, path in ((Endpoint, PATH), (TeamsEndpoint, TEAMS_PATH)):
        _wrap(endpoint, "receive", partial(_around, reached=reached, after=f"{ACKS[path]}: before"))
    _wrap(web.Response, "write_eof", partial(_answers, reached=reached))
    _wrap(Outbox, "stop", partial(_around, reached=reached, after="stop: outbox ended"))
    for place, name, before, after in STEPS:
        _wrap(place, name, partial(_noted, reached=reached, before=before, after=after))


def _wrap(owner: object, name: str, wrapper: Callable[[Any], Any]) -> None:
    setattr(owner, name, wrapper(getattr(owner, name)))


def _labelled(method: Callable[..., Any], label: str, local: threading.local) -> Callable[..., Any]:
    @wraps(method)
    def labelled(*given: Any, **more: Any) -> Any:
        before = getattr(local, "label", "other")
        local.label = label
        try:
            return method(*given, **more)
        finally:
            local.label = before

    return labelled


def _transactions(
    method: Callable[..., AbstractContextManager[Any]], reached: Reached, local: threading.local | None
) -> Callable[..., AbstractContextManager[Any]]:
    @contextmanager
    def writing(*given: Any, **more: Any) -> Iterator[Any]:
        label = getattr(local, "label", "other") if local else "shared"
        with method(*given, **more) as connection:
            reached(f"{label}: begun")
            yield connection
            reached(f"{label}: before commit")
        if local and label == LOOK:
            local.label = FIRED
        reached(f"{label}: after commit")

    return writing


def _calls(method: Callable[..., Any], reached: Reached) -> Callable[..., Any]:
    @wraps(method)
    async def call(client: Client, name: str, /, **more: Any) -> Any:
        reached(f"{name}: before")
        answer = await method(client, name, **more)
        reached(f"{name}: after")
        return answer

    return call


def _errands(method: Callable[..., Any], reached: Reached) -> Callable[..., Any]:
    @wraps(method)
    async def run(connector: Connector, service_url: str, errand: Errand) -> Any:
        reached(f"{errand.name}: before")
        answer = await method(connector, service_url, errand)
        reached(f"{errand.name}: after")
        return answer

    return run


def _answers(method: Callable[..., Any], reached: Reached) -> Callable[..., Any]:
    @wraps(method)
    async def write_eof(response: Any, *given: Any) -> None:
        path = response._req.path if response._req is not None else ""  # forgotten once it is answered
        await method(response, *given)
        if path in ACKS:
            reached(f"{ACKS[path]}: after")

    return write_eof


def _around(method: Callable[..., Any], reached: Reached, after: str) -> Callable[..., Any]:
    @wraps(method)
    async def around(*given: Any, **more: Any) -> Any:
        answer = await method(*given, **more)
        reached(after)
        return answer

    return around


def _noted(method: Callable[..., Any], reached: Reached, before: str, after: str) -> Callable[..., Any]:
    @wraps(method)
    def noted(*given: Any, **more: Any) -> Any:
        reached(before)
        answer = method(*given, **more)
        reached(after)
        return answer

    return noted
