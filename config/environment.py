"""Each setting's name, default and form (CONTRACT.md 2), read from the environment and a `.env` file.

What belongs together, and what may not be half set, is in `settings.py`. No sentence here repeats a value: it may be a secret.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from config.errors import ConfigError
from config.nearest import nearest

CREDENTIALS = frozenset(
    {
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_APP_TOKEN",
        "TEAMS_APP_ID",
        "TEAMS_APP_PASSWORD",
        "TEAMS_TENANT_ID",
    }
)
"""Settings whose presence turns something on: empty, one of these is a mistake; any other is then not set."""

PREFIX = "SITREP_"


class Environment(BaseSettings):
    """The settings by the names that operators write. What is empty here was not set."""

    model_config = SettingsConfigDict(
        case_sensitive=True, extra="forbid", frozen=True, hide_input_in_errors=True, env_ignore_empty=False
    )

    SITREP_DATABASE_URL: Annotated[SecretStr, BeforeValidator(_database)] = SecretStr("sqlite:///sitrep.db")
    SITREP_MIGRATE: Switch = True
    SITREP_POLICY: Annotated[Path | None, BeforeValidator(_path)] = None
    SITREP_HOST: Annotated[str, BeforeValidator(_host)] = "127.0.0.1"
    SITREP_PORT: Annotated[int, BeforeValidator(_port)] = 8080
    SITREP_PUBLIC_URL: Annotated[str, BeforeValidator(_public_address)] = ""
    SITREP_METRICS_TOKEN: Secret | None = None
    SITREP_LOCAL_PASSWORD: SecretStr | None = None
    SITREP_LOG: Annotated[str, BeforeValidator(_log)] = ""
    SITREP_LOG_LEVEL: Annotated[str, BeforeValidator(_level)] = "info"
    SITREP_HOOK_TOKENS: Annotated[dict[str, SecretStr], BeforeValidator(_hooks)] = {}

    SLACK_BOT_TOKEN: Secret | None = None
    SLACK_SIGNING_SECRET: Annotated[tuple[SecretStr, ...], BeforeValidator(_tokens)] = ()
    SLACK_APP_TOKEN: Secret | None = None
    SLACK_API_URL: Annotated[str, BeforeValidator(_folder_address)] = "https://slack.com/api/"

    TEAMS_APP_ID: Secret | None = None
    TEAMS_APP_PASSWORD: Secret | None = None
    TEAMS_APP_TYPE: Annotated[str, BeforeValidator(_teams_type)] = "SingleTenant"
    TEAMS_TENANT_ID: Secret | None = None
    TEAMS_LOGIN_URL: Web | None = None
    TEAMS_OPENID_METADATA_URL: Web = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    TEAMS_TOKEN_ISSUER: Web = "https://api.botframework.com"
    TEAMS_OAUTH_SCOPE: Web = "https://api.botframework.com/.default"
    TEAMS_SERVICE_HOSTS: Annotated[tuple[str, ...], BeforeValidator(_hosts)] = (
        "smba.trafficmanager.net",
        "*.botframework.com",
    )
    TEAMS_ALLOW_UNAUTHENTICATED: Switch = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library names them
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: the environment is an argument, so that a test can be another one."""
        return (init_settings,)


def known_names() -> tuple[str, ...]:
    """Every setting there is."""
    return tuple(Environment.model_fields)


def variables(env: Mapping[str, str], env_file: Path | None) -> dict[str, str]:
    """Everything that is set, ours or not: the file's variables and over them the environment's.

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

    Raises ConfigError, naming the setting, for the first that is wrong, in the order of the contract's table.
    """
    given = {name: found[name].strip() for name in known_names() if name in found}
    for name, value in given.items():
        if not value and name in CREDENTIALS:
            raise ConfigError(f"{name} is empty: set it, or remove it.")
    try:
        return Environment(**{name: value for name, value in given.items() if value})  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        raise ConfigError(f"{wrong['loc'][0]} {wrong['ctx']['error']}.") from None


def unknown(found: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each variable that has our prefix and is no setting, with the setting it may be meant for."""
    strange = [name for name in found if name.upper().startswith(PREFIX) and name not in known_names()]
    return tuple(_unknown(name) for name in sorted(strange))


def _unknown(name: str) -> str:
    near = nearest(name, [known for known in known_names() if known.startswith(PREFIX)])
    return f"{name} is not a setting and does nothing: {f'did you mean {near}?' if near else 'remove it.'}"
