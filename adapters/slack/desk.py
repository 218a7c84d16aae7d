"""What every errand in Slack needs at hand, and where an address leads."""

from dataclasses import dataclass
from typing import Protocol

from adapters.sinks import SendFailed
from adapters.slack.addresses import spot
from adapters.slack.client import Client
from adapters.slack.directory import Directory
from adapters.slack.mrkdwn import Workspace
from bot.refs import Address

SOON = 1.0
"""Seconds until what is still being looked up is asked for again: that is no failure, after which one waits longer."""


class Incidents(Protocol):
    """What the sink asks of what is stored."""

    async def owner(self, address: Address) -> int | None:
        """The number of the incident whose room this is, if it is one's."""

    async def announcement(self, number: int) -> tuple[Address, str] | None:
        """Where the incident is announced in this workspace, and the message's reference; empty while it waits.

        None: it is not announced there, and will not be.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One workspace, ready to be written to."""

    client: Client
    directory: Directory
    incidents: Incidents

    def workspace(self) -> Workspace:
        """As the renderer wants it."""
        me = self.directory.me
        return Workspace(team=me.team if me else "", groups=self.directory.groups.ids())


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a message or an effect goes."""

    channel: str
    """What Slack takes as `channel`: a conversation's id, or a person's."""
    thread: str = ""
    person: str = ""
    """Set where it is a person."""


def target(desk: Desk, address: str) -> Target:
    """Where an address leads.

    Raises SendFailed: permanent for one of another workspace, for now where a channel of the policy is not known yet.
    """
    place = spot(address)
    if place is None or place.group:
        raise SendFailed("that is no address in Slack", permanent=True)
    if place.team:
        _check_team(desk, place.team)
    if place.user:
        return Target(channel=place.user, person=place.user)
    if place.channel:
        if desk.directory.channels.unknown(place.channel):
            raise SendFailed(f"{place.channel} has not been looked up yet", retry_after=SOON)
        return Target(channel=place.channel, thread=place.thread)
    return Target(channel=_named(desk, place.name))


def _named(desk: Desk, name: str) -> str:
    channels = desk.directory.channels
    found, trouble = channels.id_of(name), channels.trouble.get(name)
    if found and name not in channels.missing():
        return found
    comes = name in channels.missing() and not trouble
    raise SendFailed(trouble or f"#{name} has not been looked up yet", retry_after=SOON if comes else None)


def _check_team(desk: Desk, team: str) -> None:
    me = desk.directory.me
    if me is not None and team != me.team:
        raise SendFailed("that is another Slack workspace", permanent=True)
