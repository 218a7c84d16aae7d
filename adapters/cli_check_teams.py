"""Teams, as `sitrep check` finds it: the credentials, the keys that prove its requests, where rooms are opened."""

from collections.abc import Iterator

from adapters.app_teams import room_channel
from adapters.calling import open_session
from adapters.cli_report import MISSING, OK, Row
from adapters.sinks import SendFailed
from adapters.teams.keys import Keys
from adapters.teams.tokens import Tokens
from bot.policy import Policy
from config.settings import TeamsSettings

THING = "teams"


async def check_teams(settings: TeamsSettings, policy: Policy) -> tuple[Row, ...]:
    """Reach what Teams needs. What is wrong is a row, not an exception."""
    if not settings.app_id:
        words = "not authenticated: for the Agents Playground on this machine only"
        return (Row(OK, THING, words), *_rooms(policy))
    return (await _credentials(settings), await _keys(settings), *_rooms(policy))


async def _credentials(settings: TeamsSettings) -> Row:
    try:
        await Tokens(settings).get()
    except SendFailed as failed:
        name = "TEAMS_APP_PASSWORD" if settings.app_password else "the managed identity"
        reason = f"{name} is refused: {failed.reason}" if failed.auth else failed.reason
        return Row(MISSING, THING, reason)
    return Row(OK, THING, f"{settings.app_type} in {settings.tenant_id}, token given")


async def _keys(settings: TeamsSettings) -> Row:
    async with open_session() as session:
        found = await Keys(settings.openid_metadata_url, session).look()
    if found:
        return Row(MISSING, THING, f"the keys that prove its requests are not reached: {found}")
    return Row(OK, THING, "the keys that prove its requests are known")


def _rooms(policy: Policy) -> Iterator[Row]:
    channel, fixed = room_channel(policy)
    if fixed:
        yield Row(OK, "rooms", f"every room is a post in {channel}")
    elif channel:
        yield Row(OK, "rooms", f"a post in the channel of the declaration, else in {channel}")
    else:
        yield Row(OK, "rooms", "a post in the channel of the declaration; in personal chats, that chat")
