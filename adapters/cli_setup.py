"""What every word of the terminal begins with: the settings, and the policy as this installation can carry it out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_plus

from pydantic import SecretStr

from bot.catalog import COMMANDS
from bot.policy import Policy
from config.addressing import OTHER, tried_out, usable
from config.errors import ConfigError
from config.policy_file import BUILT_IN, load_policy
from config.settings import Settings, SlackSettings, load
from storage import schema
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One installation, as its operator wrote it."""

    settings: Settings
    written: Policy
    """The policy as written."""
    policy: Policy
    """The same without what nothing is set up to reach."""
    source: str
    """`built in`, or the path of the policy's file."""
    left_out: tuple[str, ...]
    """A sentence for each row of the built-in policy that the file made meaningless."""
    unreachable: tuple[str, ...]
    """A sentence for each address that nothing is set up to reach."""


def setup(*, policy: Path | None = None) -> Setup:
    """Read settings and policy; `policy`: this file instead of the one in the settings.

    Raises ConfigError for what is wrong with either.
    """
    settings = load()
    check_kinds(settings.slack)
    loaded = load_policy(policy or settings.policy, tuple(spec.word for spec in COMMANDS if not spec.hidden))
    written = loaded.policy
    if settings.tried_out:
        written = tried_out(written, built_in=loaded.source == BUILT_IN)
    chats = frozenset({"local"} if settings.tried_out else _chats(settings)) | frozenset(_ways(settings))
    carried, unreachable = usable(written, chats)
    return Setup(
        settings=settings,
        written=loaded.policy,
        policy=carried,
        source=loaded.source,
        left_out=loaded.left_out,
        unreachable=unreachable,
    )


def opened(settings: Settings) -> Database:
    """The database, where its schema is one that this release can work on. Raises StorageError."""
    url = settings.database_url.get_secret_value()
    schema.check(url)
    return Database(url)


def _chats(settings: Settings) -> Iterator[str]:
    if settings.slack is not None:
        yield "slack"
    if settings.teams is not None:
        yield "teams"


def _ways(settings: Settings) -> Iterator[str]:
    """What is no chat: each that is set up, and those that need no setting."""
    yield from ("status", OTHER)
    if settings.mail is not None:
        yield "mailto"
    if settings.statuspage is not None:
        yield "statuspage"
    if settings.webhook is not None:
        yield "https"


def check_kinds(slack: SlackSettings | None) -> None:
    """Raises ConfigError where one of Slack's tokens stands in the place of another, as their first letters tell."""
    if slack is None:
        return
    if slack.bot_token.get_secret_value().startswith(("xapp-", "xoxp-")):
        raise ConfigError("SLACK_BOT_TOKEN holds another kind of token: set the bot token, which begins with xoxb-.")
    app_token = slack.app_token.get_secret_value() if slack.app_token else ""
    if app_token.startswith(("xoxb-", "xoxp-")):
        raise ConfigError("SLACK_APP_TOKEN holds another kind of token: set the app token, which begins with xapp-.")


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every secret the settings hold, to be masked wherever it would be written."""
    return tuple(secret.get_secret_value() for secret in _secrets(settings))


def _secrets(settings: Settings) -> Iterator[SecretStr]:
    yield from (secret for secret in (settings.metrics_token, settings.local_password) if secret)
    yield from settings.hook_tokens.values()
    if settings.slack is not None:
        yield settings.slack.bot_token
        yield from settings.slack.signing_secrets
        yield from (secret for secret in (settings.slack.app_token,) if secret)
    if settings.teams is not None and settings.teams.app_password is not None:
        yield settings.teams.app_password
    yield from _secrets_of_ways(settings)
    yield from map(SecretStr, _database_secrets(settings.database_url.get_secret_value()))


def _database_secrets(url: str) -> Iterator[str]:
    """The password in a database's address, before the host or among the options: as written, and as drivers say it."""
    rest, _, options = url.partition("://")[2].partition("?")
    found = [rest.rpartition("@")[0].partition(":")[2]]
    pairs = (option.partition("=") for option in options.split("&"))
    found += [value for name, _, value in pairs if "password" in name.lower()]
    for written in filter(None, found):
        yield from {written, unquote(written), unquote_plus(written)}


def _secrets_of_ways(settings: Settings) -> Iterator[SecretStr]:
    if settings.mail is not None and settings.mail.user:
        yield settings.mail.password
    if settings.statuspage is not None:
        yield settings.statuspage.api_key
    if settings.webhook is not None:
        yield settings.webhook.secret
