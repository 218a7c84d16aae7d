"""Slack, as `sitrep check` finds it: the token, its scopes, Socket Mode, the channels and groups of the policy."""

from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp

from adapters.app_slack import slack_client, slack_directory
from adapters.calling import open_session
from adapters.cli_report import MISSING, OFF, OK, Row
from adapters.metrics import metrics
from adapters.sinks import SendFailed
from adapters.slack.addresses import spot
from adapters.slack.client import Client
from adapters.slack.directory import Directory, Me
from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.socket import Unanswered, ask_address
from bot.people import Profile
from bot.policy import Audience, Policy
from bot.refs import Address, Identity
from config.settings import SlackSettings


@dataclass(frozen=True, slots=True)
class Nothing:
    """A directory's memory that remembers nothing: what is asked, is asked of Slack."""

    async def recall(self, name: str) -> Address | None:
        """Nothing."""
        del name
        return None

    async def keep(self, name: str, address: Address) -> None:
        """Nothing."""

    async def unnamed(self) -> tuple[Identity, ...]:
        """Nobody."""
        return ()

    async def learn(self, identity: Identity, profile: Profile) -> None:
        """Nothing."""


async def check_slack(settings: SlackSettings | None, policy: Policy) -> tuple[Row, ...]:
    """Rows for the workspace and for every audience told there. Raises nothing: what is wrong is a row."""
    if settings is None:
        return (Row(OFF, "slack", "SLACK_BOT_TOKEN is not set"),)
    session = open_session()
    try:
        client, memory = slack_client(settings, metrics(), session), Nothing()
        workspace = slack_directory(client, policy, memory=memory, unnamed=memory.unnamed, learn=memory.learn)
        try:
            me = await workspace.connect()
        except SendFailed as failed:
            return (Row(MISSING, "slack", f"{failed.reason}: see SLACK_BOT_TOKEN and SLACK_API_URL"),)
        rows = [*_access(settings, client, me), *await _socket(settings, session)]
        rows += await _audiences(workspace, policy, me)
        return (*rows, *await _calls(workspace, policy))
    finally:
        await session.close()


def _access(settings: SlackSettings, client: Client, me: Me) -> Iterator[Row]:
    lacking = [scope for scope in SCOPES if scope not in client.scopes] if client.scopes else []
    ways = (("HTTP", bool(settings.signing_secrets)), ("Socket Mode", settings.app_token is not None))
    used = " and ".join(way for way, is_used in ways if is_used)
    scopes = ("some scopes" if lacking else "all scopes") if client.scopes else "scopes not told"
    if not set(lacking) - OPTIONAL:
        yield Row(OK, "slack", f"{me.team_name} as @{me.user_name}, {used}, {scopes}")
    for scope in lacking:
        kind = OFF if scope in OPTIONAL else MISSING
        yield Row(kind, "slack", f"scope {scope} ({SCOPES[scope]}): add it and install the app again")


async def _socket(settings: SlackSettings, session: aiohttp.ClientSession) -> tuple[Row, ...]:
    if settings.app_token is None:
        return ()
    try:
        await ask_address(session, settings.api_url, settings.app_token.get_secret_value())
    except Unanswered as refused:
        return (Row(MISSING, "slack", f"SLACK_APP_TOKEN is refused for Socket Mode ({refused})"),)
    except (aiohttp.ClientError, OSError, TimeoutError) as fault:
        return (Row(MISSING, "slack", f"Socket Mode is not reached ({type(fault).__name__})"),)
    return ()


async def _audiences(workspace: Directory, policy: Policy, me: Me) -> list[Row]:
    """Goes into the public channels that announcements go to, as a start does."""
    try:
        await workspace.channels.look_up(me.team)
    except SendFailed as failed:
        return [Row(MISSING, "audience", f"channels cannot be looked up: {failed.reason}")]
    told = [audience for audience in policy.audiences.values() if audience.addresses]
    rows = [row for audience in told for row in _audience(audience, workspace, me)]
    silent = [audience.name for audience in policy.audiences.values() if not audience.addresses]
    return [*rows, *([Row(OFF, "audience", f"{', '.join(silent)}: no address")] if silent else [])]


def _audience(audience: Audience, workspace: Directory, me: Me) -> Iterator[Row]:
    named = [place.name or place.channel for place in map(spot, audience.addresses) if place]
    lacking = [name for name in named if name in workspace.channels.trouble]
    for name in lacking:
        trouble = workspace.channels.trouble[name].partition(":")[0]
        yield Row(MISSING, "audience", f"{audience.name}: {trouble}; type /invite @{me.user_name} there")
    if not lacking:
        yield Row(OK, "audience", f"{audience.name}: {', '.join(_shown(one) for one in audience.addresses)}")


def _shown(address: str) -> str:
    place = spot(address)
    return f"#{place.name}" if place and place.name else address


async def _calls(workspace: Directory, policy: Policy) -> tuple[Row, ...]:
    """Groups that priorities call into the room, or that permissions name."""
    rows = []
    for group in (name for name in policy.people() if (place := spot(name)) and place.group):
        try:
            await workspace.groups.people(group)
        except SendFailed as failed:
            rows.append(Row(MISSING, "group", f"{failed.reason}: name another in the policy"))
    return tuple(rows)
