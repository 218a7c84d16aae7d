"""How the process is: kept in memory, so that a question about it never waits for anything."""

from dataclasses import dataclass, field
from enum import StrEnum


class Phase(StrEnum):
    """Where the process is in its life."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


@dataclass(slots=True, kw_only=True)
class Life:
    """What the process knows of itself. Written by those who find out, read by `/readyz`."""

    phase: Phase = Phase.STARTING
    database: str = ""
    """Why it cannot be written; empty while it can."""
    degraded: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """Chats that fail: by chat, by who found out, the reason."""

    def reason(self) -> str:
        """Why no traffic is wanted; empty: it is."""
        if self.phase is not Phase.RUNNING:
            return self.phase.value
        return "database cannot be written" if self.database else ""

    def chat(self, name: str, source: str, reason: str) -> None:
        """Note how a chat does, as `source` sees it: `reason` says why it fails, empty that it works."""
        if reason:
            self.degraded.setdefault(name, {})[source] = reason
            return
        sources = self.degraded.get(name, {})
        sources.pop(source, None)
        if not sources:
            self.degraded.pop(name, None)

    def found(self, name: str, source: str) -> str:
        """Why a chat fails, as `source` sees it; empty where it works."""
        return self.degraded.get(name, {}).get(source, "")
