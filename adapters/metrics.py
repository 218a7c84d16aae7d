"""What Prometheus may ask. Labels are words of ours and names of API methods: never an incident, title or person."""

from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from adapters.meter import Result

ACK_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
LATENESS_SECONDS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
NOT_SAVED = ("not saved", "unsure", "fault")
"""What comes of a request that was not saved, or of which nobody knows."""
LAG_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """The process's own figures, in a registry of their own."""

    registry: CollectorRegistry
    commands: Counter
    """By `word` and `outcome`: done, refused, form, findings, repeated, and of no word `NOT_SAVED`."""
    acks: Histogram
    """Seconds from a request's arrival to its acknowledgement, by `way`: command, action, view, event."""
    lateness: Histogram
    """Seconds from the moment something was due to the moment the chat had it, by `kind`: reminder, message."""
    ready: Gauge
    degraded: Gauge
    """By `chat`; there only while it fails."""
    depth: Gauge
    oldest: Gauge
    calls: Counter
    """By `chat`, `method` and `result`: ok, limited, failed, unknown."""
    doubles: Counter
    """Messages sent again without having been looked for, by `chat`."""
    lost: Counter
    """Messages and effects that will never arrive, by `chat`."""
    lag: Histogram
    lag_now: Gauge
    tasks: Gauge
    foreign: Counter
    """Requests that name another workspace or tenant, by `chat`."""
    turned_away: Counter
    """Requests refused at the door, by `chat` and `status`."""
    sockets: Gauge
    clock_offset: Gauge


def metrics() -> Metrics:
    """A fresh set of figures, all at zero."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    commands = Counter("sitrep_commands", "Commands by word and outcome", ("word", "outcome"), registry=registry)
    for outcome in NOT_SAVED:
        commands.labels("unknown", outcome)  # at nothing: what begins at one is no increase to an alert
    return Metrics(
        registry=registry,
        commands=commands,
        acks=Histogram(
            "sitrep_ack_seconds", "From arrival to acknowledgement", ("way",), buckets=ACK_SECONDS, registry=registry
        ),
        lateness=Histogram(
            "sitrep_due_to_sent_seconds",
            "From due to delivered",
            ("kind",),
            buckets=LATENESS_SECONDS,
            registry=registry,
        ),
        ready=Gauge("sitrep_ready", "Whether /readyz answers 200", registry=registry),
        degraded=Gauge("sitrep_chat_degraded", "Chats that fail, as in /readyz", ("chat",), registry=registry),
        depth=Gauge("sitrep_outbox_depth", "Messages and effects that wait", registry=registry),
        oldest=Gauge("sitrep_outbox_oldest_seconds", "Age of the oldest that waits", registry=registry),
        calls=Counter(
            "sitrep_api_calls", "Calls by method and result", ("chat", "method", "result"), registry=registry
        ),
        doubles=Counter(
            "sitrep_messages_perhaps_doubled", "Sent again, outcome of the first unknown", ("chat",), registry=registry
        ),
        lost=Counter("sitrep_deliveries_given_up", "Messages and effects given up", ("chat",), registry=registry),
        lag=Histogram(
            "sitrep_loop_lag_seconds", "How late the event loop runs", buckets=LAG_SECONDS, registry=registry
        ),
        lag_now=Gauge("sitrep_loop_lag_last_seconds", "How late it ran last", registry=registry),
        tasks=Gauge("sitrep_tasks", "What the process does at once", registry=registry),
        foreign=Counter(
            "sitrep_foreign_requests", "Requests of another workspace or tenant", ("chat",), registry=registry
        ),
        turned_away=Counter(
            "sitrep_requests_turned_away", "Requests refused at the door", ("chat", "status"), registry=registry
        ),
        sockets=Gauge("sitrep_socket_connections", "Socket Mode connections that are up", registry=registry),
        clock_offset=Gauge(
            "sitrep_clock_offset_seconds",
            "Chat's clock minus ours as last seen, transport included; requests are refused beyond 300",
            registry=registry,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The figures, as sending sees them: an `adapters.meter.Meter`."""

    metrics: Metrics

    def serves(self, chats: Iterable[str]) -> None:
        """What may be lost or doubled there begins at nothing, so that the first is an increase to an alert."""
        for chat in chats:
            self.metrics.lost.labels(chat)
            self.metrics.doubles.labels(chat)

    def called(self, chat: str, method: str, result: Result) -> None:
        """One call to a chat's API has ended."""
        self.metrics.calls.labels(chat, method, result).inc()

    def late(self, kind: str, seconds: float) -> None:
        """A `reminder` or a `message` reached the chat that late."""
        self.metrics.lateness.labels(kind).observe(max(0.0, seconds))

    def perhaps_double(self, chat: str) -> None:
        """A message went out again without having been looked for."""
        self.metrics.doubles.labels(chat).inc()

    def gave_up(self, chat: str) -> None:
        """A message or an effect will never arrive."""
        self.metrics.lost.labels(chat).inc()
