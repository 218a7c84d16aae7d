"""What is handed out for running Sitrep (compose.yaml, its proxy, the unit for systemd) fits what Sitrep is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from config.environment import Environment
from config.settings import load

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
PROXY = (ROOT / "docs" / "Caddyfile").read_text(encoding="utf-8")
UNIT = (ROOT / "docs" / "sitrep.service").read_text(encoding="utf-8")
IMAGE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
REPLICAS = ("sitrep-1", "sitrep-2")


def settings(replica: str) -> dict[str, str]:
    """As Compose would make them of a `.env`: all that stands there, and over it what is written."""
    given = {"POSTGRES_PASSWORD": "secret", "PUBLIC_DOMAIN": "sitrep.example.com"}
    assert COMPOSE["services"][replica]["env_file"] == ".env"
    written: dict[str, str] = COMPOSE["services"][replica]["environment"]
    return given | {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: given[found[1]], text) for name, text in written.items()
    }


@pytest.mark.parametrize("replica", REPLICAS)
def test_a_replica_of_compose_has_settings_that_sitrep_takes(replica: str) -> None:
    env = settings(replica) | {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5"}

    loaded = load(env, env_file=None)

    assert loaded.database == "postgresql://sitrep@database/sitrep"
    assert (loaded.host, loaded.port) == ("0.0.0.0", 8080)
    assert loaded.public_url == "https://sitrep.example.com"
    assert loaded.warnings == ()


def test_the_replicas_are_alike_and_ready_when_they_say_so() -> None:
    first, second = (dict(COMPOSE["services"][replica]) for replica in REPLICAS)

    assert first.pop("build") == "."
    assert "build" not in second, "two that build one image at once fail at the first time"
    assert second.pop("pull_policy") == "never"
    assert first == second
    assert "/readyz" in first["healthcheck"]["test"][-1]
    assert first["depends_on"]["database"]["condition"] == "service_healthy"
    assert int(first["stop_grace_period"].removesuffix("s")) > 10  # what a stop may take


def test_only_the_proxy_is_reached_from_outside_and_the_database_from_inside_alone() -> None:
    services = COMPOSE["services"]

    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_the_proxy_knows_every_replica_and_asks_whether_it_is_ready() -> None:
    sent_to = re.search(r"reverse_proxy (.+) \{", PROXY)
    assert sent_to
    assert sent_to[1].split() == [f"{replica}:8080" for replica in REPLICAS]
    assert "health_uri /readyz" in PROXY
    assert "lb_try_duration" in PROXY
    assert "./docs/Caddyfile:/etc/caddy/Caddyfile:ro" in COMPOSE["services"]["proxy"]["volumes"]


def test_the_image_runs_sitrep_as_a_user_without_rights() -> None:
    assert 'CMD ["sitrep", "run"]' in IMAGE
    assert IMAGE.index("USER sitrep") < IMAGE.index("CMD [")
    assert "STOPSIGNAL SIGTERM" in IMAGE


def test_the_unit_names_settings_that_exist_and_lets_a_stop_end() -> None:
    named = set(re.findall(r"\b((?:SITREP|SLACK|TEAMS)_[A-Z_]+)=", UNIT))

    assert named <= set(Environment.model_fields)
    assert re.search(r"^ExecStart=\S+/sitrep run$", UNIT, re.MULTILINE)
    assert int(re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)[0]) > 10  # what a stop may take
    assert "DynamicUser=yes" in UNIT


def test_the_unit_never_gives_up_starting() -> None:
    assert "StartLimitIntervalSec=0" in UNIT.split("[Service]")[0].splitlines()
