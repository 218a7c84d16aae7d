"""What an operator is told before anybody needs Sitrep."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.manifest import manifest
from tests.acceptance.people import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.acceptance.process import settings_for, terminal
from tests.acceptance.world import POLICY, World, world

EXPECTED_SCOPES = {
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:write",
    "pins:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
}
"""Everything in this suite works with these; nobody grants a bot more than it needs."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, start=False) as made:
        yield made


async def _check(here: World, *words: str, **changed: str | None) -> tuple[int, str, str]:
    settings = {key: value for key, value in {**here.sitrep.environment, **changed}.items() if value is not None}
    return await terminal("check", *words, settings=settings, cwd=here.sitrep.folder)


async def test_a_good_configuration_is_ready(here: World) -> None:
    code, out, err = await _check(here)

    assert code == 0, (out, err)
    for row in ("database", "policy", "slack"):
        assert any(line.startswith("ok") and row in line for line in out.splitlines()), out
    assert "Larkfield" in out
    assert "off" in out
    assert "teams" in out
    assert BOT_TOKEN not in out + err


async def test_a_private_channel_that_sitrep_must_be_invited_to_is_named(here: World) -> None:
    policy = here.sitrep.folder / "policy.toml"
    policy.write_text(POLICY.replace("slack:#incidents", "slack:#board"), encoding="utf-8")

    code, out, _ = await _check(here)

    assert code == 1
    assert "/invite @sitrep" in out
    assert "#board" in out
    assert "Not ready" in out


async def test_an_empty_configuration_is_the_try_out_chat_and_says_so(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)

    code, out, err = await terminal("check", settings=settings, cwd=tmp_path)

    assert (code, err) == (0, "")
    assert "off      slack      SLACK_BOT_TOKEN is not set" in out
    assert "ok       try-out    http://127.0.0.1:8080/ in the browser, for no chat is set up" in out


async def test_an_empty_configuration_that_others_could_reach_lacks_a_password(tmp_path: Path) -> None:
    settings = settings_for(tmp_path) | {"SITREP_HOST": "0.0.0.0"}

    checked = await terminal("check", settings=settings, cwd=tmp_path)
    run = await terminal("run", settings=settings, cwd=tmp_path)

    assert (checked[0], run[0]) == (1, 2)
    assert "missing  try-out    SITREP_LOCAL_PASSWORD is missing" in checked[1]
    assert run[2].startswith("sitrep: SITREP_LOCAL_PASSWORD is missing")
    assert len(run[2].splitlines()) == 1


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": SIGNING_SECRET}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": APP_TOKEN}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}, "SLACK_BOT_TOKEN"),
        ({"SITREP_PORT": "eighty"}, "SITREP_PORT"),
        ({"SITREP_PORT": "70000"}, "SITREP_PORT"),
        ({"SITREP_DATABASE_URL": "mysql://x"}, "SITREP_DATABASE_URL"),
        ({"SITREP_POLICY": "nowhere.toml"}, "SITREP_POLICY"),
        ({"SITREP_LOG_LEVEL": "shouting"}, "SITREP_LOG_LEVEL"),
    ],
)
async def test_a_half_set_or_wrong_setting_ends_with_2_and_its_name(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    whole = settings_for(tmp_path) | settings

    for word in ("run", "check"):
        code, out, err = await terminal(word, settings=whole, cwd=tmp_path)

        assert code == 2, (word, out, err)
        assert named in err
        assert "Traceback" not in err
        assert len(err.strip().splitlines()) == 1
        assert not any(secret in out + err for secret in (BOT_TOKEN, SIGNING_SECRET, APP_TOKEN))


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ('[[priorities]]\nname = "critical"\nrespond_witin = "15m"\n', ("line 3", "respond_witin", "respond_within")),
        ('[organisation]\nname = "x"\n\ndefault_prority = "high"\n', ("line 4", "default_prority", "default_priority")),
        ('[organisation]\ndefault_priority = "urgent"\n', ("line 2", "urgent")),
        ('[[priorities]]\nname = "critical"\nupdate_every = { internal = "soon" }\n', ("line 3", "soon")),
        ('[organisation\nname = "x"\n', ("line 1",)),
    ],
)
async def test_a_wrong_policy_is_named_by_line_and_key(here: World, policy: str, said: tuple[str, ...]) -> None:
    path = here.sitrep.folder / "wrong.toml"
    path.write_text(policy, encoding="utf-8")

    code, out, err = await _check(here, "--policy", str(path))

    assert code == 2, (out, err)
    assert all(words in err for words in said), err
    assert "Traceback" not in err


async def test_a_token_that_slack_refuses_is_not_ready(here: World) -> None:
    code, out, err = await _check(here, SLACK_BOT_TOKEN="xoxb-of-somebody-else")

    assert code == 1, (out, err)
    assert "slack" in out
    assert "Not ready" in out


async def test_a_slack_that_does_not_answer_is_not_ready(here: World) -> None:
    code, out, err = await _check(here, SLACK_API_URL="http://127.0.0.1:9/api/")

    assert code == 1, (out, err)
    assert "Not ready" in out


async def test_a_wrong_word_is_wrong_usage(tmp_path: Path) -> None:
    code, _, err = await terminal("rnu", settings={}, cwd=tmp_path)

    assert code == 2
    assert "rnu" in err


def test_the_manifest_asks_for_the_least_that_works() -> None:
    made = manifest()

    assert set(made["oauth_config"]["scopes"]["bot"]) == EXPECTED_SCOPES
    assert "user" not in made["oauth_config"]["scopes"]


def test_the_manifest_has_both_commands_and_everything_that_sitrep_listens_to() -> None:
    made = manifest()
    commands = {command["command"]: command for command in made["features"]["slash_commands"]}

    assert set(commands) == {"/incident", "/inc"}
    assert all(command["should_escape"] is True for command in commands.values())
    assert all(len(command["description"]) <= 140 for command in commands.values())
    assert made["settings"]["interactivity"]["is_enabled"] is True
    assert "app_mention" in made["settings"]["event_subscriptions"]["bot_events"]
    assert len(made["display_information"]["name"]) <= 35


async def test_the_manifest_can_be_written_to_a_file(tmp_path: Path) -> None:
    code, _, err = await terminal(
        "manifest", "slack", "--out", str(tmp_path / "manifest.json"), settings={}, cwd=tmp_path
    )

    assert code == 0, err
    assert (tmp_path / "manifest.json").stat().st_size > 500
