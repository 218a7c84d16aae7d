"""Processes on one server tell each other that there is something to send: hints, for each looks by itself as well.

They go over a connection of their own: told within the transactions, those would wait for each other to commit.
"""

import logging
import os
import selectors
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.engines import listening_engine
from storage.errors import reason_of

CHANNEL = "sitrep"
LOOK_EVERY = 10.0
"""Seconds without a word after which the connection is tried."""
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between tries to reach the server; the last one goes on."""

log = logging.getLogger(__name__)


class Hints:
    """Owns the connection and the thread that waits on it. `heard` is called on that thread."""

    def __init__(self, url: URL, heard: Callable[[], None]) -> None:
        self._engine = listening_engine(url)
        self._heard = heard
        self._closing = threading.Event()
        self._ear, self._mouth = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._mouth, False)
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def tell(self) -> None:
        """There is something to send. It waits for nothing."""
        with suppress(BlockingIOError):  # so much is waiting to be told that this is told with it
            os.write(self._mouth, b".")

    def close(self) -> None:
        """Give the connection back."""
        self._closing.set()
        self.tell()
        self._thread.join()
        self._engine.dispose()
        os.close(self._ear)
        os.close(self._mouth)

    def _run(self) -> None:
        tries = 0
        while not self._closing.is_set():
            try:
                with self._engine.connect() as connection:
                    self._begin(connection)
                    tries = 0
                    self._listen(connection)
            except (SQLAlchemyError, OSError) as fault:
                why = reason_of(fault) if isinstance(fault, SQLAlchemyError) else type(fault).__name__
                log.debug("no hints for a while", extra={"why": why})
                self._closing.wait(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1

    def _begin(self, connection: Connection) -> None:
        wire: Any = connection.connection.driver_connection
        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        own = wire.info.backend_pid
        wire.add_notify_handler(lambda notice: None if notice.pid == own else self._heard())
        self._heard()  # nobody knows what was told before

    def _listen(self, connection: Connection) -> None:
        wire: Any = connection.connection.driver_connection
        with selectors.DefaultSelector() as waiting:
            waiting.register(wire.fileno(), selectors.EVENT_READ)
            waiting.register(self._ear, selectors.EVENT_READ)
            while True:
                waiting.select(LOOK_EVERY)
                if self._closing.is_set():
                    return
                # Whatever is asked takes in what came, and fails where the connection is dead.
                connection.exec_driver_sql(f"NOTIFY {CHANNEL}" if self._told() else "SELECT 1")

    def _told(self) -> bool:
        """Whether we have something to tell; it is told once for all."""
        with suppress(BlockingIOError):
            return bool(os.read(self._ear, 65536))
        return False
