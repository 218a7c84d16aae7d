"""What Sitrep knows of its workspace: who it is there, the channels it announces in, the groups, the people.

All of it is read in the background; while it is not known yet, sending waits and tries again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.bounded import put
from adapters.sinks import SendFailed
from adapters.slack.addresses import spot
from adapters.slack.channels import Channels, Memory
from adapters.slack.client import Client
from adapters.slack.groups import FRESH, Groups
from adapters.slack.profiles import Learn, Profiles, Unnamed
from bot.commands.spec import Profile
from bot.refs import Identity

AGAIN = 60.0
"""Seconds between two tries to learn who we are; the longest between two that Slack did not answer."""

MOST_ROOMS = 5000
"""Conversations with single people kept in memory; another is asked for when it is needed."""

NAMES_EVERY = 5.0
"""Seconds between two looks for people without a name; a hint comes first."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who Sitrep is in this workspace."""

    team: str
    team_name: str
    user: str
    """The bot's user id."""
    user_name: str
    bot: str
    url: str
    """`https://larkfield.slack.com/`."""

    def page(self, channel: str, ts: str = "") -> str:
        """The page of a conversation, or of a message in it; empty where Slack has not told the workspace's."""
        if not self.url:
            return ""
        base = f"{self.url.rstrip('/')}/archives/{channel}"
        return f"{base}/p{ts.replace('.', '')}" if ts else base


@dataclass(slots=True, kw_only=True)
class Directory:
    """One workspace, as far as it is known."""

    client: Client
    channels: Channels
    groups: Groups
    profiles: Profiles
    wants_groups: bool
    """Whether the policy names user groups at all."""
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    me: Me | None = None
    rooms_of_people: dict[str, str] = field(default_factory=dict[str, str])
    """The conversations with single people (`D…`) by their user id, learned by writing to them."""
    _nudge: asyncio.Event = field(default_factory=asyncio.Event)
    _refused: bool = False
    """Whether Slack takes nothing from us at all: then it is asked rarely."""

    async def connect(self) -> Me:
        """Ask Slack who we are, once; the answer is kept. Raises SendFailed."""
        if self.me is None:
            answer = await self.client.call("auth.test")
            self.me = _me(answer)
        return self.me

    def required(self) -> Me:
        """Who we are. Raises SendFailed while that is not known."""
        if self.me is None:
            raise SendFailed("Slack has not told yet who Sitrep is there")
        return self.me

    def profile(self, user: str) -> Profile | None:
        """What is known of a person of this workspace, without asking anybody."""
        if self.me and user == self.me.user:
            return Profile(name=self.me.user_name, bot=True)
        return self.profiles.get(user)

    def found_room(self, user: str, channel: str) -> None:
        """Remember the conversation with a person."""
        put(self.rooms_of_people, user, channel, MOST_ROOMS)

    def groups_of(self, user: str) -> frozenset[str]:
        """The user groups they are in, as a policy names them, as far as that is known without asking anybody."""
        return self.groups.of(user, self.me.team) if self.me else frozenset()

    def changed(self, user: Any) -> tuple[Identity, Profile] | None:
        """Remember a person as an event describes them (`user_change`, `team_join`); the caller stores it."""
        return self.profiles.note(user, self.me.team) if self.me else None

    def hint(self) -> None:
        """Somebody new may have come in: look for names now. Call it on the event loop's thread."""
        self._nudge.set()

    async def run(self) -> None:
        """Learn the workspace, and keep up with it. Ends only when cancelled."""
        while self.me is None:
            if not await self._try(self.connect, "who Sitrep is"):
                await self.sleep(AGAIN)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_channels())
            tasks.create_task(self._keep_groups())
            tasks.create_task(self._keep_people())

    async def _keep_channels(self) -> None:
        team, pause, failures = self.required().team, AGAIN, 0
        while True:
            if not await self._try(lambda: self.channels.look_up(team), "channels"):
                failures += 1
                await self.sleep(self._soon(failures))
                continue
            failures = 0
            for trouble in self.channels.trouble.values():
                log.warning("an address of the policy cannot be reached", extra={"why": trouble})
            pause = min(FRESH, 2 * pause) if self.channels.trouble else FRESH
            await self.sleep(pause)

    async def _keep_groups(self) -> None:
        failures = 0
        while self.wants_groups:
            failures = 0 if await self._try(self.groups.refresh, "user groups") else failures + 1
            await self.sleep(self._soon(failures) if failures else FRESH)

    async def _keep_people(self) -> None:
        team, read, failures = self.required().team, False, 0
        while True:
            self._nudge.clear()
            read = read or await self._try(lambda: self.profiles.read_all(team), "people")
            named = await self._try(lambda: self.profiles.name_people(team), "names")
            failures = 0 if read and named else failures + 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._soon(failures) if failures else NAMES_EVERY):
                    await self._nudge.wait()

    async def _try(self, learn: Callable[[], Awaitable[object]], what: str) -> bool:
        try:
            await learn()
        except SendFailed as failed:
            self._refused = failed.auth
            log.warning("Slack is not fully known yet", extra={"missing": what, "why": failed.reason})
            return False
        except Exception as fault:  # noqa: BLE001 - background knowledge must not end for good over one bad answer
            log.error("Slack is not fully known yet", extra={"missing": what, "kind": type(fault).__name__})  # noqa: TRY400 - its text may quote a body
            return False
        self._refused = False
        return True

    def _soon(self, failures: int) -> float:
        return AGAIN if self._refused else soon(failures)


def soon(failures: int) -> float:
    """Seconds before the next try after so many failures in a row: the first within two, then doubling to a minute."""
    return min(AGAIN, 2.0 ** min(failures - 1, 10))


def _me(answer: Any) -> Me:
    return Me(
        team=str(answer.get("team_id", "")),
        team_name=str(answer.get("team", "")),
        user=str(answer.get("user_id", "")),
        user_name=str(answer.get("user", "")),
        bot=str(answer.get("bot_id", "")),
        url=str(answer.get("url", "")),
    )


def directory(
    client: Client,
    *,
    addresses: tuple[str, ...],
    groups: tuple[str, ...],
    memory: Memory,
    unnamed: Unnamed,
    learn: Learn,
) -> Directory:
    """The directory of a workspace.

    `addresses`: every address the policy names; Slack's own are picked out. `groups`: whom its priorities call
    and its permissions name.
    """
    places = [spot(address) for address in addresses]
    names = tuple(dict.fromkeys(place.name for place in places if place and place.name))
    ids = tuple(dict.fromkeys(place.channel for place in places if place and place.channel[:1] in ("C", "G")))
    return Directory(
        client=client,
        channels=Channels(client=client, memory=memory, names=names, ids=ids),
        groups=Groups(client=client),
        profiles=Profiles(client=client, unnamed=unnamed, learn=learn),
        wants_groups=any(place and place.group for place in map(spot, groups)),
    )
