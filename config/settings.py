"""The settings of one installation, whole or refused: groups that are there or not, never half.

settings = load(os.environ)      # .env is read too; the environment wins
if settings.slack: ...
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from pydantic import SecretStr

from config.announce_settings import (
    MailSettings,
    StatuspageSettings,
    WebhookSettings,
    mail_settings,
    statuspage_settings,
    webhook_settings,
)
from config.environment import Environment, read, unknown, variables
from config.errors import ConfigError

DOT_ENV = Path(".env")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """One Slack workspace. HTTP where there is a signing secret, Socket Mode where there is an app token, or both."""

    bot_token: SecretStr
    signing_secrets: tuple[SecretStr, ...] = ()
    """Two while rotating; a request signed by either is Slack's."""
    app_token: SecretStr | None = None
    api_url: str = "https://slack.com/api/"
    """Ends with a slash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsSettings:
    """One Teams tenant and the bot registered in it."""

    app_id: str
    """Empty only with `allow_unauthenticated`."""
    app_password: SecretStr | None
    """None with a managed identity."""
    app_type: str
    """`SingleTenant` or `UserAssignedMSI`."""
    tenant_id: str
    login_url: str
    openid_metadata_url: str
    token_issuer: str
    oauth_scope: str
    service_hosts: tuple[str, ...]
    """Hosts, with port where it matters, that replies and our token may go to; `*.` stands for any name before."""
    allow_unauthenticated: bool
    """For the Agents Playground, on loopback only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator sets (docs/contract.md 2). Its `repr` shows no secret."""

    database_url: SecretStr
    """It may hold a password: show `database` instead."""
    migrate: bool
    policy: Path | None
    """None: the built-in policy."""
    host: str
    port: int
    """0: any free port."""
    public_url: str
    """Without a slash at the end; empty: none."""
    metrics_token: SecretStr | None
    local_password: SecretStr | None
    log: str
    """`text` or `json`; empty: text on a terminal, else json."""
    log_level: str
    slack: SlackSettings | None
    teams: TeamsSettings | None
    mail: MailSettings | None = None
    statuspage: StatuspageSettings | None = None
    webhook: WebhookSettings | None = None
    hook_tokens: Mapping[str, SecretStr] = field(default_factory=dict[str, SecretStr])
    """By source; a source that is not here is off."""
    warnings: tuple[str, ...] = ()
    """A sentence for each variable that looks like a setting and is none."""

    @property
    def tried_out(self) -> bool:
        """Whether no chat is set up, so that the try-out chat in the browser is."""
        return self.slack is None and self.teams is None

    @property
    def database(self) -> str:
        """The database without password and options, to be shown."""
        return shown_database(self.database_url.get_secret_value())


def load(env: Mapping[str, str] | None = None, env_file: Path | None = DOT_ENV) -> Settings:
    """The settings of `env`, and of `env_file` where `env` has none; None: this process's environment, and no file.

    Raises ConfigError with a sentence that names the setting, for what is wrong and for what is half set.
    """
    found = variables(os.environ if env is None else env, env_file)
    given = read(found)
    return Settings(
        database_url=given.SITREP_DATABASE_URL,
        migrate=given.SITREP_MIGRATE,
        policy=given.SITREP_POLICY,
        host=given.SITREP_HOST,
        port=given.SITREP_PORT,
        public_url=given.SITREP_PUBLIC_URL,
        metrics_token=given.SITREP_METRICS_TOKEN,
        local_password=given.SITREP_LOCAL_PASSWORD,
        log=given.SITREP_LOG,
        log_level=given.SITREP_LOG_LEVEL,
        slack=_slack(given),
        teams=_teams(given),
        mail=mail_settings(given),
        statuspage=statuspage_settings(given),
        webhook=webhook_settings(given),
        hook_tokens=given.SITREP_HOOK_TOKENS,
        warnings=unknown(found),
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens at `host`."""
    if host.casefold() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def shown_database(url: str) -> str:
    """A database's address without password and options: `postgresql://sitrep@db/sitrep`."""
    scheme, _, rest = url.partition("://")
    user, at, place = rest.rpartition("@")
    if "?" in user:
        return f"{scheme}://…"  # an unescaped password or an option with @: nobody can tell what is secret
    return f"{scheme}://{user.partition(':')[0]}{at}{place.partition('?')[0]}"


def _slack(given: Environment) -> SlackSettings | None:
    if given.SLACK_BOT_TOKEN is None:
        _refuse_half(given, "SLACK_BOT_TOKEN", ("SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"))
        return None
    if not given.SLACK_SIGNING_SECRET and given.SLACK_APP_TOKEN is None:
        raise ConfigError(
            "SLACK_SIGNING_SECRET is missing: set it for HTTP, or set SLACK_APP_TOKEN for Socket Mode.",
        )
    return SlackSettings(
        bot_token=given.SLACK_BOT_TOKEN,
        signing_secrets=given.SLACK_SIGNING_SECRET,
        app_token=given.SLACK_APP_TOKEN,
        api_url=given.SLACK_API_URL,
    )


def _teams(given: Environment) -> TeamsSettings | None:
    if given.TEAMS_ALLOW_UNAUTHENTICATED and not is_loopback(given.SITREP_HOST):
        raise ConfigError(
            "TEAMS_ALLOW_UNAUTHENTICATED is on and SITREP_HOST is not loopback: listen at 127.0.0.1, or turn it off."
        )
    if not given.TEAMS_APP_ID:
        if given.TEAMS_ALLOW_UNAUTHENTICATED:
            return _teams_group(given)
        _refuse_half(given, "TEAMS_APP_ID", ("TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID"))
        return None
    if not given.TEAMS_TENANT_ID:
        raise ConfigError("TEAMS_TENANT_ID is missing: set it to the tenant that the bot is registered in.")
    if given.TEAMS_APP_PASSWORD is None and given.TEAMS_APP_TYPE == "SingleTenant":
        raise ConfigError("TEAMS_APP_PASSWORD is missing: set it, or set TEAMS_APP_TYPE to UserAssignedMSI.")
    return _teams_group(given)


def _teams_group(given: Environment) -> TeamsSettings:
    login_url = given.TEAMS_LOGIN_URL or f"https://login.microsoftonline.com/{given.TEAMS_TENANT_ID}"
    return TeamsSettings(
        app_id=given.TEAMS_APP_ID,
        app_password=given.TEAMS_APP_PASSWORD,
        app_type=given.TEAMS_APP_TYPE,
        tenant_id=given.TEAMS_TENANT_ID,
        login_url=login_url,
        openid_metadata_url=given.TEAMS_OPENID_METADATA_URL,
        token_issuer=given.TEAMS_TOKEN_ISSUER,
        oauth_scope=given.TEAMS_OAUTH_SCOPE,
        service_hosts=given.TEAMS_SERVICE_HOSTS,
        allow_unauthenticated=given.TEAMS_ALLOW_UNAUTHENTICATED,
    )


def _refuse_half(given: Environment, missing: str, others: tuple[str, ...]) -> None:
    """Raises ConfigError where one of the others is set without the one that turns the chat on."""
    for other in others:
        if getattr(given, other):
            raise ConfigError(f"{missing} is missing: set it, or remove {other}.")
