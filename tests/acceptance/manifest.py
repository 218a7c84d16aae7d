"""The rights that Sitrep asks for: the workspace of these tests grants exactly those."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from tests.acceptance.process import command, environment


@cache
def manifest() -> dict[str, Any]:
    """What `sitrep manifest slack` prints."""
    done = subprocess.run(
        command("manifest", "slack"),
        env=environment({}),
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def granted_scopes() -> tuple[str, ...]:
    """The bot scopes of the manifest."""
    return tuple(manifest()["oauth_config"]["scopes"]["bot"])
