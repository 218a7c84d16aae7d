"""The incident's clock: what decisions and deadlines go by. Leases, backoff and rates stay on real time.

It is real time, but for what the try-out chat turned it ahead.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True, kw_only=True)
class IncidentClock:
    """One clock for one process."""

    real: Callable[[], datetime]
    """Real time, UTC."""
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """The moment on the incident's clock, UTC."""
        return self.real() + self.ahead
