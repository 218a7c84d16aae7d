"""`status:`: our own page. It reads published updates from the log itself, so being told means only: look now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.announce.ground import Ground
from adapters.announce.telling import Said, Way
from adapters.sinks import Unreadable

DONE = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Our own status page. Implements `adapters.announce.telling.Way`."""

    published: Callable[[], None]

    def shown(self, address: str) -> str:
        """There is one."""
        del address
        return "The status page"

    async def tell(self, said: Said) -> str:
        """Have the page look."""
        del said
        self.published()
        return DONE

    async def find(self, said: Said) -> str | Unreadable | None:
        """Looking twice does no harm."""
        del said
        return None

    async def close(self) -> None:
        """Nothing is held."""


def join(ground: Ground) -> Mapping[str, Way]:
    """What `status:` is told by: always there."""
    return {"status": Status(published=ground.published)}
