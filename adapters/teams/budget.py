"""Teams' rate limits, kept by ourselves so that Teams never has to say no (docs/teams.md).

Teams counts what a bot does in a conversation over four spans at once, and what an app does in a tenant over a second.
So do we, by the moments of the calls themselves: an even refill would let more than 7 through in a second. What Teams
says with `Retry-After` wins over all of them. The time is real, monotonic and an argument. Where several processes call
for one installation each has its share of every limit.
"""

from bisect import insort
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from adapters.bounded import put

Kind = Literal["send", "read"]
"""Whether something is said or looked up: Teams counts them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many calls within a span."""

    most: int
    seconds: float
    kept: int = 0
    """Of these, only reminders may take the last so many."""

    def shared(self, among: int) -> "Limit":
        """One process's part: whole calls, rather a few too few in all than one too many."""
        most = max(1, self.most // among)
        longer = max(1.0, among / self.most)
        return Limit(most=most, seconds=self.seconds * longer, kept=min(self.kept, most - 1))


SENDS = (
    Limit(most=7, seconds=1.0, kept=1),
    Limit(most=8, seconds=2.0, kept=1),
    Limit(most=60, seconds=30.0, kept=6),
    Limit(most=1800, seconds=3600.0, kept=100),
)
READS = (
    Limit(most=14, seconds=1.0),
    Limit(most=16, seconds=2.0),
    Limit(most=120, seconds=30.0),
    Limit(most=3600, seconds=3600.0),
)
LIMITS: dict[Kind, tuple[Limit, ...]] = {"send": SENDS, "read": READS}
"""Of one conversation: a chat, or a channel with all its threads."""
WHOLE = (Limit(most=30, seconds=1.0, kept=5),)
"""Of the app in its tenant, whatever it does. Newer pages say 50."""

MOST_CONVERSATIONS = 1000
"""Counts of single conversations kept; beyond that the one longest unused is forgotten."""

LONGEST_WAIT = 3600.0
"""Seconds. No answer closes a conversation for longer, whatever it says."""
LONGEST_GUESS = 60.0
"""Seconds, where Teams asks to wait and names no time."""

HAIR = 1e-6
"""Seconds. Less than this is no wait, but a sum of fractions that did not come out even."""


@dataclass(slots=True, kw_only=True)
class Track:
    """The calls that went, and those that were told to come later."""

    limits: tuple[Limit, ...]
    gone: deque[float] = field(default_factory=deque[float])
    promised: list[float] = field(default_factory=list[float])
    """Each who must wait is told a moment of their own, so that they do not all come back at once."""

    def wait(self, now: float, *, urgent: bool) -> float:
        """Seconds until a call may go; 0: now."""
        self._forget(now)
        return _wait(self.gone, self.limits, now, urgent=urgent)

    def take(self, now: float) -> None:
        """A call goes now."""
        self.gone.append(now)

    def promise(self, now: float, *, urgent: bool) -> float:
        """Seconds after which the call that must wait shall come back: an urgent one passes those told so before."""
        ahead = self.gone if urgent else [*self.gone, *self.promised]
        wait = _wait(ahead, self.limits, now, urgent=urgent)
        insort(self.promised, now + wait)
        return wait

    def _forget(self, now: float) -> None:
        while self.gone and self.gone[0] <= now - self.limits[-1].seconds:
            self.gone.popleft()
        while self.promised and self.promised[0] <= now + HAIR:
            self.promised.pop(0)


@dataclass(slots=True, kw_only=True)
class Budget:
    """What this process may still ask of one tenant."""

    chance: Random = field(default_factory=Random)
    whole: Track = field(default_factory=lambda: Track(limits=WHOLE))
    tracks: OrderedDict[tuple[Kind, str], Track] = field(default_factory=OrderedDict[tuple[Kind, str], Track])
    """Those used last at the end."""
    closed: dict[tuple[Kind, str], float] = field(default_factory=dict[tuple[Kind, str], float])
    """No call before this moment, because Teams said so."""
    strikes: dict[tuple[Kind, str], int] = field(default_factory=dict[tuple[Kind, str], int])
    """How often in a row Teams asked to wait and named no time."""
    among: int = 1
    """How many processes have the limits together."""

    def ask(self, kind: Kind, conversation: str, now: float, *, urgent: bool = False) -> float:
        """0 where the call may go now, and it counts then; else the seconds after which to ask again.

        `urgent` calls pass the others that wait.
        """
        closed = max(0.0, self.closed.get((kind, conversation), 0.0) - now)
        tracks = (self.whole, self._track(kind, conversation))
        waits = [track.wait(now, urgent=urgent) for track in tracks]
        if closed <= HAIR and not any(waits):
            self.closed.pop((kind, conversation), None)
            for track in tracks:
                track.take(now)
            return 0.0
        told = [track.promise(now, urgent=urgent) for track, wait in zip(tracks, waits, strict=True) if wait]
        return max(closed, *told, 0.0)

    def close(self, kind: Kind, conversation: str, seconds: float, now: float) -> None:
        """Teams asks for that many seconds without a call of this kind there."""
        until = now + min(seconds, LONGEST_WAIT)
        until = max(self.closed.get((kind, conversation), 0.0), until)
        put(self.closed, (kind, conversation), until, MOST_CONVERSATIONS)

    def share(self, among: int) -> None:
        """So many processes, this one among them, have the limits together from now on."""
        self.among = among
        self.whole.limits = self._part(WHOLE)
        for (kind, _), track in self.tracks.items():
            track.limits = self._part(LIMITS[kind])

    def pauses(self, now: float) -> dict[str, float]:
        """What Teams asked us not to do, with the seconds that are left."""
        return {f"{kind} {place}": until - now for (kind, place), until in self.closed.items() if until > now}

    def pause(self, what: str, seconds: float, now: float) -> None:
        """Another process was asked not to do that for so long: nor do we."""
        kind, _, place = what.partition(" ")
        self.close("read" if kind == "read" else "send", place, seconds, now)

    def limited(self, kind: Kind, conversation: str, named: float | None, now: float) -> float:
        """Teams asked to wait: the seconds it named, or longer each time it names none. Closes the conversation."""
        strikes = self.strikes.get((kind, conversation), 0)
        guess = self.chance.uniform(0.5, 1.0) * min(2.0 ** (min(strikes, 16) + 1), LONGEST_GUESS)
        seconds = min(guess if named is None else named, LONGEST_WAIT)
        self.strikes[kind, conversation] = strikes + 1
        self.close(kind, conversation, seconds, now)
        return seconds

    def went(self, kind: Kind, conversation: str) -> None:
        """A call got through."""
        self.strikes.pop((kind, conversation), None)

    def _track(self, kind: Kind, conversation: str) -> Track:
        name = (kind, conversation)
        found = self.tracks.setdefault(name, Track(limits=self._part(LIMITS[kind])))
        self.tracks.move_to_end(name)
        if len(self.tracks) > MOST_CONVERSATIONS:
            quietest, _ = self.tracks.popitem(last=False)
            self.closed.pop(quietest, None)
            self.strikes.pop(quietest, None)
        return found

    def _part(self, limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        return tuple(limit.shared(self.among) for limit in limits) if self.among > 1 else limits


def _wait(moments: Sequence[float], limits: tuple[Limit, ...], now: float, *, urgent: bool) -> float:
    """Seconds until one more than `moments` fits into every limit."""
    until = now
    for limit in limits:
        most = limit.most - (0 if urgent else limit.kept)
        if len(moments) >= most:
            until = max(until, moments[-most] + limit.seconds)
    return until - now if until - now > HAIR else 0.0
