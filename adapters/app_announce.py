"""Every way of telling people that is no chat, joined up. A new one: a file in `adapters/announce/` and a line here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.announce import mail, other, status, statuspage, webhook
from adapters.announce.ground import Ground
from adapters.announce.telling import Announcer, Way
from adapters.app_late import apprise_library
from adapters.calling import open_session
from adapters.sinks import Sink
from bot.policy import Policy
from config.settings import Settings

WAYS: tuple[Callable[[Ground], Mapping[str, Way]], ...] = (
    other.join,
    mail.join,
    statuspage.join,
    webhook.join,
    status.join,
)
"""Each gives its ways by the first part of the addresses they serve; a later one takes a part from an earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcing:
    """The ways of this installation."""

    sinks: Mapping[str, Sink]
    ground: Ground
    ways: tuple[Way, ...]

    async def close(self) -> None:
        """Give everything back."""
        for way in self.ways:
            await way.close()
        await self.ground.session.close()


def announcing(settings: Settings, policy: Policy, published: Callable[[], None]) -> Announcing:
    """The ways that are set up. Call it on the running loop. `published`: hears that our own page may have news."""
    ground = Ground(
        settings=settings, policy=policy, session=open_session(), published=published, library=apprise_library
    )
    found: dict[str, Way] = {}
    for join in WAYS:
        found |= join(ground)
    sinks = {name: Announcer(way=way) for name, way in found.items()}
    return Announcing(sinks=sinks, ground=ground, ways=tuple(found.values()))
