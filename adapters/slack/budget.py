"""Slack's rate limits, kept by ourselves so that Slack never has to say no (docs/slack.md).

A bucket per method, one per channel for posts, and one for all posts of the workspace. They start full, so a whole
declare goes out at once, and refill evenly. What Slack says with `Retry-After` wins over all of them. The time is real,
monotonic and an argument.
"""

from dataclasses import dataclass, field

TIERS = {2: 20, 3: 50, 4: 100}
"""Calls a minute, at least."""

METHODS = {
    "conversations.create": 2,
    "conversations.setTopic": 2,
    "conversations.rename": 2,
    "conversations.list": 2,
    "pins.add": 2,
    "usergroups.list": 2,
    "users.list": 2,
    "conversations.invite": 3,
    "conversations.join": 3,
    "conversations.open": 3,
    "conversations.info": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "users.conversations": 3,
    "chat.update": 3,
    "chat.postEphemeral": 4,
    "views.open": 4,
    "views.update": 4,
    "views.publish": 4,
    "users.info": 4,
    "auth.test": 4,
}
"""Methods by tier. One that is not in here counts as tier 3."""

POST = "chat.postMessage"
POST_BURST, POST_PER_SECOND = 5, 1.0
"""One message a second and channel, short bursts allowed."""
CEILING_BURST, CEILING_PER_SECOND = 200, 200 / 60
""""A few hundred" posts a minute for the whole workspace."""

POST_KEPT, CEILING_KEPT = 1.0, 20.0
"""Tokens of these two that only reminders may take."""

MOST_CHANNELS = 1000
"""Buckets of single channels kept; full ones are forgotten beyond that."""


@dataclass(slots=True, kw_only=True)
class Bucket:
    """Tokens: one for each call that may go now."""

    capacity: float
    per_second: float
    tokens: float
    at: float
    kept: float = 0.0
    """Tokens that only urgent calls may take."""
    promised: float = 0.0
    """Calls that were told a later moment and are still to come: each is told one of its own, so that they do not
    all come back at once."""

    def wait(self, now: float, *, urgent: bool) -> float:
        """Seconds until a call may go; 0: now."""
        self._refill(now)
        return max(0.0, (1.0 + (0.0 if urgent else self.kept) - self.tokens) / self.per_second)

    def take(self) -> None:
        """A call goes now."""
        self.tokens -= 1.0

    def promise(self, *, urgent: bool) -> float:
        """Seconds after which the call that must wait shall come back, behind those that were told so before it."""
        ahead = 0.0 if urgent else self.promised
        self.promised += 1.0
        return max(0.0, (1.0 + (0.0 if urgent else self.kept) + ahead - self.tokens) / self.per_second)

    def _refill(self, now: float) -> None:
        gained = max(0.0, now - self.at) * self.per_second
        self.tokens = min(self.capacity, self.tokens + gained)
        self.promised = max(0.0, self.promised - gained)
        self.at = now


@dataclass(slots=True, kw_only=True)
class Budget:
    """What this process may still ask of one workspace."""

    methods: dict[str, Bucket] = field(default_factory=dict[str, Bucket])
    channels: dict[str, Bucket] = field(default_factory=dict[str, Bucket])
    closed: dict[str, float] = field(default_factory=dict[str, float])
    """By method: no call before this moment, because Slack said so."""

    def ask(self, method: str, channel: str, now: float, *, urgent: bool = False) -> float:
        """0 where the call may go now, and it counts then; else the seconds after which to ask again.

        `channel` matters to posts only. `urgent` calls pass the others that wait.
        """
        closed = max(0.0, self.closed.get(method, 0.0) - now)
        buckets = self._buckets(method, channel, now)
        if closed <= 0.0 and all(bucket.wait(now, urgent=urgent) <= 0.0 for bucket in buckets):
            for bucket in buckets:
                bucket.take()
            return 0.0
        return max(closed, *(bucket.promise(urgent=urgent) for bucket in buckets))

    def close(self, method: str, seconds: float, now: float) -> None:
        """Slack asks for that many seconds without a call of this method."""
        self.closed[method] = max(self.closed.get(method, 0.0), now + seconds)

    def _buckets(self, method: str, channel: str, now: float) -> tuple[Bucket, ...]:
        if method != POST:
            most = TIERS[METHODS.get(method, 3)]
            return (self.methods.setdefault(method, _full(most, most / 60, now)),)
        every = self.methods.setdefault(method, _full(CEILING_BURST, CEILING_PER_SECOND, now, CEILING_KEPT))
        if len(self.channels) >= MOST_CHANNELS:
            self._forget(now)
        return every, self.channels.setdefault(channel, _full(POST_BURST, POST_PER_SECOND, now, POST_KEPT))

    def _forget(self, now: float) -> None:
        idle = [
            name for name, one in self.channels.items() if now - one.at > one.capacity / one.per_second + one.promised
        ]
        for name in idle:
            del self.channels[name]


def _full(capacity: float, per_second: float, now: float, kept: float = 0.0) -> Bucket:
    return Bucket(capacity=capacity, per_second=per_second, tokens=capacity, at=now, kept=kept)
