"""Every other service, by the `apprise` library: `ntfy://…`, `pagerduty://…`, `discord://…` and a hundred more.

The address is the whole set-up, its secrets included, so it is shown as its scheme alone. The library is loaded at the
first use, and only says yes or no. Where an address has several targets, no may mean that some were told: each repeat
tells those again, so there is one, and then somebody hears of it. One target that says no is tried as any chat is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from adapters.announce.ground import Ground, Library
from adapters.announce.kept import Kept
from adapters.announce.telling import UNKNOWN_AFTER, Said, Way
from adapters.sinks import SendFailed, Unreadable
from bot.policy import Policy
from config.addressing import OTHER, scheme

PREFIX = f"{OTHER}:"
"""Before an address whose scheme is one of ours: `apprise:slack://…`."""
TRIES = 2
"""Refusals after which it is given up where some targets of several may have been told by each."""
APART = 30.0
"""Seconds between these."""


APART_UNSEEN = "\u200b"
"""A blank of no width: people read on, no service does."""
_CALL = re.compile(r"(?<!\w)@(?=[\w&!])|<(?=[@!#&]|users/)")


@dataclass(slots=True, kw_only=True)
class Other:
    """Everything the library knows. Implements `adapters.announce.telling.Way`."""

    load: Callable[[], Library]
    kept: Kept[None] = field(default_factory=lambda: Kept[None](name="apprise", tries=TRIES))
    _library: Library | None = field(default=None, init=False)

    def shown(self, address: str) -> str:
        """The scheme alone: all the rest may be a secret."""
        return f"`{_scheme(address.removeprefix(PREFIX))}:`"

    async def tell(self, said: Said) -> str:
        """Hand it to the library, or hear what it said. Raises SendFailed."""
        await self.kept.outcome(said.token, lambda: self._notify(said))
        return said.token

    def _notify(self, said: Said) -> None:
        if self._library is None:
            self._library = self.load()
        address = said.address.removeprefix(PREFIX)
        told = self._library.notify(address, defused(said.title), defused("\n\n".join(said.paragraphs)))
        if told is None:
            raise SendFailed("apprise understands no such address", permanent=True)
        if not told and self._library.targets(address) > 1:
            raise SendFailed("it was refused", retry_after=APART, outcome_unknown=True)
        if not told:
            raise SendFailed("it was refused")

    async def find(self, said: Said) -> str | Unreadable | None:
        """None of these services is asked. What is on its way is not told again: `tell` hears how it ended."""
        return None if self.kept.holds(said.token) else UNKNOWN_AFTER

    async def close(self) -> None:
        """Nothing is held."""


def defused(text: str) -> str:
    """The words with nothing in them that a service takes for a call: `@everyone`, `<!here>`, `<users/all>`.

    The library escapes markup, and these it does not; an e-mail address stays as it is.
    """
    return _CALL.sub(lambda found: f"{found[0]}{APART_UNSEEN}", text)


def join(ground: Ground) -> Mapping[str, Way]:
    """One for each scheme in the policy that no way of ours is named by: a service that hangs delays no other."""
    return {name: Other(load=ground.library) for name in sorted({_scheme(one) for one in others(ground.policy)})}


def others(policy: Policy) -> tuple[str, ...]:
    """Addresses that the library carries."""
    told = [address for audience in policy.audiences.values() for address in audience.addresses]
    told += [address for priority in policy.priorities for address in priority.pages]
    return tuple(dict.fromkeys(address for address in told if scheme(address) == OTHER))


def _scheme(address: str) -> str:
    return address.partition(":")[0]
