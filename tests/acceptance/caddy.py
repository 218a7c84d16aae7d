"""The proxy that docs/Caddyfile sets up, in front of replicas of this machine."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.acceptance.emulator import free_port
from tests.acceptance.process import ROOT

CADDY = Path(sys.executable).parent / "caddy"
SETUP = ROOT / "docs" / "Caddyfile"
DOMAIN, REPLICAS = "{$PUBLIC_DOMAIN}", "sitrep-1:8080 sitrep-2:8080"
"""What is written there."""
ALONE = "{\n\tadmin off\n\tpersist_config off\n}\n"


@asynccontextmanager
async def balanced(folder: Path, session: aiohttp.ClientSession, ports: tuple[int, ...]) -> AsyncIterator[str]:
    """The proxy's address. Replicas may come and go at these ports."""
    port = free_port()
    text = SETUP.read_text(encoding="utf-8")
    assert DOMAIN in text
    assert REPLICAS in text
    text = text.replace(DOMAIN, f"http://127.0.0.1:{port}")
    text = text.replace(REPLICAS, " ".join(f"127.0.0.1:{one}" for one in ports))
    setup = folder / "Caddyfile"
    setup.write_text(ALONE + text, encoding="utf-8")
    words = (str(CADDY), "run", "--config", str(setup), "--adapter", "caddyfile")
    with (folder / "caddy.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(*words, env={"HOME": str(folder)}, stdout=log, stderr=log)
    try:
        await _answers(session, f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def _answers(session: aiohttp.ClientSession, url: str) -> None:
    for _ in range(200):
        try:
            async with session.get(url) as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("the proxy does not answer")
