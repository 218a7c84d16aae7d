"""Each setting's name, form and default (docs/contract.md 2), read from the environment and a `.env` file.

What belongs together, and what may not be half set, is in `settings.py`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from config.announce_values import mail_from, page_id, plain_hosts, smtp_url, unsubscribe
from config.errors import ConfigError
from config.nearest import nearest
from config.setting_values import (
    database_url,
    folder_address,
    hook_tokens,
    hosts,
    listening_host,
    log_form,
    log_level,
    policy_path,
    port,
    public_address,
    signing_secrets,
    switch,
    teams_type,
    token,
    web_address,
    word,
)

PREFIX = "SITREP_"

CREDENTIALS = frozenset(
    {
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_APP_TOKEN",
        "TEAMS_APP_ID",
        "TEAMS_APP_PASSWORD",
        "TEAMS_TENANT_ID",
        "SMTP_URL",
        "STATUSPAGE_API_KEY",
        "WEBHOOK_SECRET",
    }
)
"""Settings whose presence turns something on: empty, one of these is a mistake; any other is then not set."""

Token = Annotated[SecretStr, BeforeValidator(token)]
Word = Annotated[str, BeforeValidator(word)]
Web = Annotated[str, BeforeValidator(web_address)]
Switch = Annotated[bool, BeforeValidator(switch)]


class Environment(BaseSettings):
    """The settings by the names that operators write."""

    model_config = SettingsConfigDict(
        case_sensitive=True, extra="forbid", frozen=True, hide_input_in_errors=True, validate_default=False
    )

    SITREP_DATABASE_URL: Annotated[SecretStr, BeforeValidator(database_url)] = SecretStr("sqlite:///sitrep.db")
    SITREP_MIGRATE: Switch = True
    SITREP_POLICY: Annotated[Path | None, BeforeValidator(policy_path)] = None
    SITREP_HOST: Annotated[str, BeforeValidator(listening_host)] = "127.0.0.1"
    SITREP_PORT: Annotated[int, BeforeValidator(port)] = 8080
    SITREP_PUBLIC_URL: Annotated[str, BeforeValidator(public_address)] = ""
    SITREP_METRICS_TOKEN: Token | None = None
    SITREP_LOCAL_PASSWORD: SecretStr | None = None
    SITREP_LOG: Annotated[str, BeforeValidator(log_form)] = ""
    SITREP_LOG_LEVEL: Annotated[str, BeforeValidator(log_level)] = "info"
    SITREP_HOOK_TOKENS: Annotated[dict[str, SecretStr], BeforeValidator(hook_tokens)] = {}

    SLACK_BOT_TOKEN: Token | None = None
    SLACK_SIGNING_SECRET: Annotated[tuple[SecretStr, ...], BeforeValidator(signing_secrets)] = ()
    SLACK_APP_TOKEN: Token | None = None
    SLACK_API_URL: Annotated[str, BeforeValidator(folder_address)] = "https://slack.com/api/"

    TEAMS_APP_ID: Word = ""
    TEAMS_APP_PASSWORD: Token | None = None
    TEAMS_APP_TYPE: Annotated[str, BeforeValidator(teams_type)] = "SingleTenant"
    TEAMS_TENANT_ID: Word = ""
    TEAMS_LOGIN_URL: Web = ""
    TEAMS_OPENID_METADATA_URL: Web = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    TEAMS_TOKEN_ISSUER: Word = "https://api.botframework.com"  # noqa: S105 - an issuer is no secret
    TEAMS_OAUTH_SCOPE: Word = "https://api.botframework.com/.default"
    TEAMS_SERVICE_HOSTS: Annotated[tuple[str, ...], BeforeValidator(hosts)] = (
        "smba.trafficmanager.net",
        "*.botframework.com",
    )
    TEAMS_ALLOW_UNAUTHENTICATED: Switch = False

    SMTP_URL: Annotated[SecretStr | None, BeforeValidator(smtp_url)] = None
    MAIL_FROM: Annotated[str, BeforeValidator(mail_from)] = ""
    MAIL_UNSUBSCRIBE: Annotated[str, BeforeValidator(unsubscribe)] = ""
    STATUSPAGE_API_KEY: Token | None = None
    STATUSPAGE_PAGE_ID: Annotated[str, BeforeValidator(page_id)] = ""
    STATUSPAGE_API_URL: Web = "https://api.statuspage.io/v1"
    WEBHOOK_SECRET: Token | None = None
    WEBHOOK_HOSTS: Annotated[tuple[str, ...], BeforeValidator(plain_hosts)] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library hands it over
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: the environment is an argument, so that a test can have one of its own."""
        return (init_settings,)


def known_names() -> tuple[str, ...]:
    """Every setting there is, in the order of the contract."""
    return tuple(Environment.model_fields)


def variables(env: Mapping[str, str], env_file: Path | None) -> dict[str, str]:
    """Everything that is set, ours or not: the file's variables, and over them the environment's.

    A file that is not there holds nothing. Raises ConfigError where it cannot be read.
    """
    return {**_file_variables(env_file), **env}


def _file_variables(env_file: Path | None) -> dict[str, str]:
    if env_file is None:
        return {}
    try:
        found = DotEnvSettingsSource(Environment, env_file=env_file, env_file_encoding="utf-8-sig").env_vars
    except UnicodeDecodeError:
        raise ConfigError(f"{env_file} is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ConfigError(f"{env_file} cannot be read ({reason}): let Sitrep read it, or remove it.") from None
    return {name: value or "" for name, value in found.items()}


def read(found: Mapping[str, str]) -> Environment:
    """The settings among these variables, spaces around a value left off.

    Raises ConfigError, naming the setting, for the first that is wrong.
    """
    given = {name: found[name].strip() for name in known_names() if name in found}
    for name, value in given.items():
        if not value and name in CREDENTIALS:
            raise ConfigError(f"{name} is empty: set it, or remove it.")
    try:
        return Environment.model_validate({name: value for name, value in given.items() if value})
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        sentence = f"{wrong['loc'][0]} {wrong['ctx']['error']}."
    raise ConfigError(sentence)


def unknown(found: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each variable that has our prefix and is no setting, with the setting it may be meant for."""
    strange = [name for name in found if name.upper().startswith(PREFIX) and name not in known_names()]
    return tuple(_unknown(name) for name in sorted(strange))


def _unknown(name: str) -> str:
    near = nearest(name, [known for known in known_names() if known.startswith(PREFIX)])
    return f"{name} is not a setting and does nothing: {f'did you mean {near}?' if near else 'remove it.'}"
