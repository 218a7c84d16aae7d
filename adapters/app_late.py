"""What is loaded only where Teams is configured: its SDK costs memory and time that nobody else should pay for."""

from adapters.announce.ground import Library
from adapters.app_chat import Chat, Core
from adapters.cli_report import Row
from bot.policy import Policy
from config.settings import TeamsSettings


def teams_chat(settings: TeamsSettings, core: Core) -> Chat:
    """Teams, joined up. Call it on the running loop."""
    from adapters import app_teams  # noqa: PLC0415 - see above

    return app_teams.teams_chat(settings, core)


def apprise_library() -> Library:
    """What knows the services that no way of ours is named by. Takes a second, so call it where that may be."""
    from adapters.announce import apprise_library as found  # noqa: PLC0415 - only where the policy has such an address

    return found.AppriseLibrary()


async def check_teams(settings: TeamsSettings, policy: Policy) -> tuple[Row, ...]:
    """Teams, as `sitrep check` finds it."""
    from adapters import cli_check_teams  # noqa: PLC0415 - see above

    return await cli_check_teams.check_teams(settings, policy)
