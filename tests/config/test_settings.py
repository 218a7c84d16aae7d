"""Settings: every name of the contract, whole or refused, and never a secret in a sentence."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from config.environment import known_names
from config.errors import ConfigError
from config.settings import Settings, is_loopback, load, shown_database

SLACK = {"SLACK_BOT_TOKEN": "xoxb-hush-1", "SLACK_SIGNING_SECRET": "hush-2"}
TEAMS = {"TEAMS_APP_ID": "app", "TEAMS_APP_PASSWORD": "hush-3", "TEAMS_TENANT_ID": "tenant"}

CONTRACT = [
    *("SITREP_DATABASE_URL", "SITREP_MIGRATE", "SITREP_POLICY", "SITREP_HOST", "SITREP_PORT", "SITREP_PUBLIC_URL"),
    *("SITREP_METRICS_TOKEN", "SITREP_LOCAL_PASSWORD", "SITREP_LOG", "SITREP_LOG_LEVEL", "SITREP_HOOK_TOKENS"),
    *("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"),
    *("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_APP_TYPE", "TEAMS_TENANT_ID", "TEAMS_LOGIN_URL"),
    *("TEAMS_OPENID_METADATA_URL", "TEAMS_TOKEN_ISSUER", "TEAMS_OAUTH_SCOPE", "TEAMS_SERVICE_HOSTS"),
    "TEAMS_ALLOW_UNAUTHENTICATED",
    *("SMTP_URL", "MAIL_FROM", "MAIL_UNSUBSCRIBE", "STATUSPAGE_API_KEY", "STATUSPAGE_PAGE_ID", "STATUSPAGE_API_URL"),
    *("WEBHOOK_SECRET", "WEBHOOK_HOSTS"),
]


def _load(**env: str) -> Settings:
    return load(env, env_file=None)


def _refusal(**env: str) -> str:
    with pytest.raises(ConfigError) as refused:
        _load(**env)
    return refused.value.sentence


def test_every_name_of_the_contract_is_a_setting_and_no_other() -> None:
    assert sorted(known_names()) == sorted(CONTRACT)


def test_nothing_set_is_a_whole_configuration() -> None:
    settings = _load()

    assert settings.database == "sqlite:///sitrep.db"
    assert settings.migrate
    assert settings.policy is None
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert (settings.log, settings.log_level) == ("", "info")
    assert settings.slack is None
    assert settings.teams is None
    assert settings.hook_tokens == {}
    assert settings.warnings == ()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///data/sitrep.db",
        "sqlite:////var/lib/sitrep.db",
        "postgresql://db/x",
        "postgres://db/x",
        "postgresql+psycopg://db/x",
    ],
)
def test_a_database_is_a_file_or_postgresql(url: str) -> None:
    assert _load(SITREP_DATABASE_URL=url).database_url.get_secret_value() == url


def test_a_bot_token_and_a_signing_secret_turn_slack_on() -> None:
    slack = _load(**SLACK).slack

    assert slack
    assert slack.bot_token.get_secret_value() == "xoxb-hush-1"
    assert [secret.get_secret_value() for secret in slack.signing_secrets] == ["hush-2"]
    assert slack.app_token is None
    assert slack.api_url == "https://slack.com/api/"


def test_a_bot_token_and_an_app_token_turn_slack_on() -> None:
    slack = _load(SLACK_BOT_TOKEN="odd token".replace(" ", "-"), SLACK_APP_TOKEN="xapp-1").slack

    assert slack
    assert slack.app_token == SecretStr("xapp-1")
    assert slack.signing_secrets == ()


def test_two_signing_secrets_stand_side_by_side_while_rotating() -> None:
    slack = _load(**SLACK | {"SLACK_SIGNING_SECRET": "new, old"}).slack

    assert slack
    assert [secret.get_secret_value() for secret in slack.signing_secrets] == ["new", "old"]


@pytest.mark.parametrize("text", ["a,b,c", "a,", ","])
def test_neither_one_nor_two_signing_secrets_are_refused(text: str) -> None:
    assert _refusal(**SLACK | {"SLACK_SIGNING_SECRET": text}).startswith(
        "SLACK_SIGNING_SECRET holds neither one nor two"
    )


def test_an_address_of_the_api_ends_with_one_slash() -> None:
    slack = _load(**SLACK, SLACK_API_URL="http://127.0.0.1:4000/api").slack

    assert slack
    assert slack.api_url == "http://127.0.0.1:4000/api/"


def test_a_bot_token_alone_is_half_a_slack() -> None:
    assert (
        _refusal(SLACK_BOT_TOKEN="xoxb-1")
        == "SLACK_SIGNING_SECRET is missing: set it for HTTP, or set SLACK_APP_TOKEN for Socket Mode."
    )


@pytest.mark.parametrize("name", ["SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"])
def test_slack_without_its_bot_token_is_half_a_slack(name: str) -> None:
    assert _refusal(**{name: "secret"}) == f"SLACK_BOT_TOKEN is missing: set it, or remove {name}."


@pytest.mark.parametrize(
    "name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "TEAMS_APP_ID", "TEAMS_APP_PASSWORD"]
)
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_credential_is_refused(name: str, value: str) -> None:
    assert _refusal(**SLACK | {name: value}) == f"{name} is empty: set it, or remove it."


def test_another_setting_left_empty_is_not_set() -> None:
    settings = _load(
        SITREP_PORT="", SITREP_POLICY=" ", SITREP_METRICS_TOKEN="", SITREP_HOOK_TOKENS="", TEAMS_LOGIN_URL=""
    )

    assert settings == _load()


def test_id_password_and_tenant_turn_teams_on() -> None:
    teams = _load(**TEAMS).teams

    assert teams
    assert (teams.app_id, teams.app_type, teams.tenant_id) == ("app", "SingleTenant", "tenant")
    assert teams.login_url == "https://login.microsoftonline.com/tenant"
    assert teams.token_issuer == "https://api.botframework.com"
    assert teams.oauth_scope == "https://api.botframework.com/.default"
    assert teams.service_hosts == ("smba.trafficmanager.net", "*.botframework.com")
    assert not teams.allow_unauthenticated


def test_a_managed_identity_needs_no_password() -> None:
    teams = _load(TEAMS_APP_ID="app", TEAMS_TENANT_ID="tenant", TEAMS_APP_TYPE="UserAssignedMSI").teams

    assert teams
    assert teams.app_password is None


def test_a_sovereign_cloud_sets_its_own_addresses() -> None:
    teams = _load(
        **TEAMS,
        TEAMS_LOGIN_URL="https://127.0.0.1:9/adfs",
        TEAMS_TOKEN_ISSUER="https://api.botframework.us",
        TEAMS_OAUTH_SCOPE="https://api.botframework.us/.default",
        TEAMS_OPENID_METADATA_URL="https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
        TEAMS_SERVICE_HOSTS="smba.infra.gov.teams.microsoft.us, 127.0.0.1:3978,[::1]:3978",
    ).teams

    assert teams
    assert teams.login_url == "https://127.0.0.1:9/adfs"
    assert teams.token_issuer == "https://api.botframework.us"
    assert teams.service_hosts == ("smba.infra.gov.teams.microsoft.us", "127.0.0.1:3978", "[::1]:3978")


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("TEAMS_APP_ID", "TEAMS_APP_ID is missing: set it, or remove TEAMS_APP_PASSWORD."),
        ("TEAMS_APP_PASSWORD", "TEAMS_APP_PASSWORD is missing: set it, or set TEAMS_APP_TYPE to UserAssignedMSI."),
        ("TEAMS_TENANT_ID", "TEAMS_TENANT_ID is missing: set it to the tenant that the bot is registered in."),
    ],
)
def test_half_a_teams_is_refused(missing: str, sentence: str) -> None:
    assert _refusal(**{name: value for name, value in TEAMS.items() if name != missing}) == sentence


def test_teams_runs_unauthenticated_on_loopback() -> None:
    teams = _load(TEAMS_ALLOW_UNAUTHENTICATED="true", SITREP_HOST="::1").teams

    assert teams
    assert teams.allow_unauthenticated
    assert teams.app_id == ""


@pytest.mark.parametrize("app", [{}, TEAMS])
@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "sitrep.example.com"])
def test_teams_never_runs_unauthenticated_elsewhere(host: str, app: dict[str, str]) -> None:
    sentence = _refusal(TEAMS_ALLOW_UNAUTHENTICATED="on", SITREP_HOST=host, **app)

    assert sentence.startswith("TEAMS_ALLOW_UNAUTHENTICATED is on and SITREP_HOST is not loopback:")


@pytest.mark.parametrize(
    ("host", "is_own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x", False)],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, is_own: bool) -> None:
    assert is_loopback(host) is is_own


def test_hook_tokens_are_by_source_and_may_hold_an_equals_sign() -> None:
    tokens = _load(SITREP_HOOK_TOKENS="grafana=abc==, prometheus=def").hook_tokens

    assert {source: token.get_secret_value() for source, token in tokens.items()} == {
        "grafana": "abc==",
        "prometheus": "def",
    }


WRONG = {
    "SITREP_DATABASE_URL": [
        "mysql://a/b",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sitrep.db",
        "postgres://",
        "postgresql://sitrep:hush@9@db/sitrep",
    ],
    "SITREP_MIGRATE": ["maybe"],
    "SITREP_POLICY": ["~nobody-of-that-name/policy.toml"],
    "SITREP_HOST": ["http://x", "a b"],
    "SITREP_PORT": ["80a", "-1", "65536", "9" * 30, "٣"],
    "SITREP_PUBLIC_URL": [
        "sitrep.example.com",
        "ftp://x",
        "https://",
        "https://x:99999/",
        "https://x/?a=b",
        "https://x/#a",
    ],
    "SITREP_METRICS_TOKEN": ["a b", "a\nb"],
    "SITREP_LOG": ["xml"],
    "SITREP_LOG_LEVEL": ["loud"],
    "SITREP_HOOK_TOKENS": ["token", "=token", "grafana=", "a=1,a=2", "a=1,,b=2", "a b=1"],
    "SLACK_BOT_TOKEN": ["xoxb 1"],
    "SLACK_API_URL": ["slack.com/api"],
    "TEAMS_APP_ID": ["a b"],
    "TEAMS_APP_TYPE": ["MultiTenant", "singletenant"],
    "TEAMS_LOGIN_URL": ["login.microsoftonline.com"],
    "TEAMS_SERVICE_HOSTS": ["https://smba.trafficmanager.net", "a,,b", "a b"],
    "TEAMS_ALLOW_UNAUTHENTICATED": ["perhaps"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_one_sentence_that_names_the_setting(name: str, value: str) -> None:
    sentence = _refusal(**{name: value})

    assert sentence.startswith(f"{name} ")
    assert sentence.count(": ") == 1
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_password_with_an_at_sign_is_to_be_escaped() -> None:
    assert _refusal(SITREP_DATABASE_URL="postgresql://sitrep:hush@9@db/sitrep") == (
        "SITREP_DATABASE_URL has two @ before the host: write one in a password as %40."
    )


@given(st.sampled_from(CONTRACT), st.text(st.characters(blacklist_characters="\0", codec="utf-8"), min_size=6))
def test_no_value_breaks_the_start_and_no_sentence_repeats_it(name: str, text: str) -> None:
    secret = f"q7{text}7q"

    assert secret not in _answer({**SLACK, **TEAMS, name: secret})


def _answer(env: dict[str, str]) -> str:
    try:
        load(env, env_file=None)
    except ConfigError as error:
        return error.sentence
    return "whole"


def test_secrets_stand_in_no_repr() -> None:
    secrets = {
        "SITREP_DATABASE_URL": "postgresql://sitrep:hush-4@db/sitrep",
        "SITREP_METRICS_TOKEN": "hush-5",
        "SITREP_LOCAL_PASSWORD": "hush 6",
        "SITREP_HOOK_TOKENS": "grafana=hush-7",
        "SLACK_APP_TOKEN": "hush-8",
    }
    settings = _load(**SLACK, **TEAMS, **secrets)

    assert "hush" not in repr(settings) + str(settings) + settings.database
    assert "xoxb" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///sitrep.db", "sqlite:///sitrep.db"),
        ("sqlite:////var/lib/sitrep.db?mode=rw", "sqlite:////var/lib/sitrep.db"),
        ("postgresql://sitrep:secret@db:5432/sitrep", "postgresql://sitrep@db:5432/sitrep"),
        ("postgresql://sitrep:se/cr@et@db/sitrep", "postgresql://sitrep@db/sitrep"),
        ("postgresql://db/sitrep?password=secret", "postgresql://db/sitrep"),
        ("postgresql://db/sitrep?user=a@b&password=secret", "postgresql://…"),
    ],
)
def test_a_database_is_shown_without_its_password(url: str, shown: str) -> None:
    assert shown_database(url) == shown


def test_a_dot_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('SITREP_PORT=9000\nSITREP_HOST="0.0.0.0"\nOTHER=1\nSITREP_PROT=1\n', encoding="utf-8")

    settings = load({"SITREP_PORT": "9001"}, env_file=file)

    assert (settings.host, settings.port) == ("0.0.0.0", 9001)
    assert settings.warnings == ("SITREP_PROT is not a setting and does nothing: did you mean SITREP_PORT?",)


def test_a_dot_env_file_that_is_not_there_sets_nothing(tmp_path: Path) -> None:
    assert load({}, env_file=tmp_path / ".env") == _load()


def test_a_dot_env_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"SITREP_PORT=\xff\xfe")

    with pytest.raises(ConfigError, match="is not UTF-8 text: save it as UTF-8"):
        load({}, env_file=file)


def test_the_environment_of_the_process_is_what_is_read_unless_another_is_given(tmp_path: Path) -> None:
    assert load(env_file=tmp_path / ".env") == load(os.environ, env_file=tmp_path / ".env")


def test_a_variable_that_looks_like_a_setting_is_warned_about() -> None:
    settings = _load(SITREP_DATABSE_URL="sqlite:///x", sitrep_port="1", SITREP_COLOUR_OF_THE_SKY="blue", HOME="/")

    assert settings.warnings == (
        "SITREP_COLOUR_OF_THE_SKY is not a setting and does nothing: remove it.",
        "SITREP_DATABSE_URL is not a setting and does nothing: did you mean SITREP_DATABASE_URL?",
        "sitrep_port is not a setting and does nothing: did you mean SITREP_PORT?",
    )
