"""Slack's rate limits, kept by ourselves so that Slack never has to say no (docs/slack.md).

A bucket per method, one per channel for posts, and one for all posts of the workspace. They start full, so a whole
declare goes out at once, and refill evenly. What Slack says with `Retry-After` wins over all of them. The time is real,
monotonic and an argument. Where several processes call for one installation each has its share of every bucket.
"""

from dataclasses import dataclass, field
from enum import IntEnum


class Haste(IntEnum):
    """Which calls go first where tokens are few."""

    NEWS = 0
    REMINDER = 1
    FIRST = 2
    """A reminder of the highest priority."""


TIERS = {2: 20, 3: 50, 4: 100}
"""Calls a minute, at least."""

STEADY = 0.9
"""Of these, how many are called in the long run. Calls that are held up on their way would else come to a minute that
is full, and each refusal costs more than this does."""

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
CEILING_BURST, CEILING_PER_SECOND = 100, 200 / 60
""""A few hundred" posts a minute for the whole workspace."""

POST_KEPT, CEILING_KEPT = 1.0, 20.0
"""Tokens of these two that only reminders may take; half of them only those of the highest priority."""

LONGEST = {Haste.NEWS: 300.0, Haste.REMINDER: 30.0, Haste.FIRST: 30.0}
"""Seconds that a call is told to stay away at most, for want of tokens. With more waiting than come to their turn by
then, they ask again, and what is more urgent by then goes first."""

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
    """Tokens that only reminders may take."""
    promised: dict[Haste, float] = field(default_factory=lambda: dict.fromkeys(Haste, 0.0))
    """Calls of that haste or more that were told a later moment and are still to come: each is told one of its own,
    so that they do not all come back at once."""

    def wait(self, now: float, haste: Haste) -> float:
        """Seconds until a call may go; 0: now."""
        self._refill(now)
        return max(0.0, (self._needed(haste) - self.tokens) / self.per_second)

    def take(self) -> None:
        """A call goes now."""
        self.tokens -= 1.0

    def promise(self, haste: Haste) -> float:
        """Seconds after which the call that must wait shall come back, behind those that were told so before it."""
        ahead = self.promised[haste]
        for kind in Haste:
            if kind <= haste:
                self.promised[kind] = min(self.promised[kind] + 1.0, LONGEST[kind] * self.per_second)
        return max(0.0, (self._needed(haste) + ahead - self.tokens) / self.per_second)

    @property
    def calm(self) -> float:
        """Seconds without a call after which it says no more than a new one."""
        return self.capacity / self.per_second + self.promised[Haste.NEWS]

    def resize(self, factor: float) -> None:
        """Be so much larger or smaller from now on."""
        self.capacity *= factor
        self.per_second *= factor
        self.tokens *= factor
        self.kept *= factor

    def _needed(self, haste: Haste) -> float:
        """A small share of a bucket never holds a whole token: a full one lends it."""
        return min(1.0 + self.kept * (Haste.FIRST - haste) / Haste.FIRST, self.capacity)

    def _refill(self, now: float) -> None:
        gained = max(0.0, now - self.at) * self.per_second
        self.tokens = min(self.capacity, self.tokens + gained)
        self.promised = {haste: max(0.0, many - gained) for haste, many in self.promised.items()}
        self.at = now


@dataclass(slots=True, kw_only=True)
class Budget:
    """What this process may still ask of one workspace."""

    methods: dict[str, Bucket] = field(default_factory=dict[str, Bucket])
    channels: dict[str, Bucket] = field(default_factory=dict[str, Bucket])
    closed: dict[str, float] = field(default_factory=dict[str, float])
    """By method: no call before this moment, because Slack said so."""
    among: int = 1
    """How many processes have the limits together."""

    def ask(self, method: str, channel: str, now: float, haste: Haste = Haste.NEWS) -> float:
        """0 where the call may go now, and it counts then; else the seconds after which to ask again.

        `channel` matters to posts only. With more haste a call passes the others that wait.
        """
        closed = max(0.0, self.closed.get(method, 0.0) - now)
        buckets = self._buckets(method, channel, now)
        short = [bucket for bucket in buckets if bucket.wait(now, haste) > 0.0]
        if closed <= 0.0 and not short:
            for bucket in buckets:
                bucket.take()
            return 0.0
        return max(closed, *(bucket.promise(haste) for bucket in short or buckets))

    def close(self, method: str, seconds: float, now: float) -> None:
        """Slack asks for that many seconds without a call of this method."""
        self.closed[method] = max(self.closed.get(method, 0.0), now + seconds)

    def share(self, among: int) -> None:
        """So many processes, this one among them, have the limits together from now on."""
        for bucket in (*self.methods.values(), *self.channels.values()):
            bucket.resize(self.among / among)
        self.among = among

    def pauses(self, now: float) -> dict[str, float]:
        """What Slack asked us not to call, with the seconds that are left."""
        return {method: until - now for method, until in self.closed.items() if until > now}

    def pause(self, what: str, seconds: float, now: float) -> None:
        """Another process was asked not to call that for so long: nor do we."""
        self.close(what, seconds, now)

    def _buckets(self, method: str, channel: str, now: float) -> tuple[Bucket, ...]:
        if method != POST:
            most = TIERS[METHODS.get(method, 3)]
            return (self._kept(self.methods, method, most, STEADY * most / 60, now),)
        every = self._kept(self.methods, method, CEILING_BURST, CEILING_PER_SECOND, now, CEILING_KEPT)
        if len(self.channels) >= MOST_CHANNELS:
            self._forget(now)
        return every, self._kept(self.channels, channel, POST_BURST, POST_PER_SECOND, now, POST_KEPT)

    def _kept(
        self, among: dict[str, Bucket], name: str, capacity: float, per_second: float, now: float, kept: float = 0.0
    ) -> Bucket:
        """The bucket of that name; a new one is full."""
        if name not in among:
            among[name] = Bucket(capacity=capacity, per_second=per_second, tokens=capacity, at=now, kept=kept)
            among[name].resize(1 / self.among)
        return among[name]

    def _forget(self, now: float) -> None:
        idle = [name for name, one in self.channels.items() if now - one.at > one.calm]
        for name in idle:
            del self.channels[name]
