"""The status page, joined up: whose it is, where it reads, and the export that makes files of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from adapters.web.status.board import Board, House
from adapters.web.status.site import Picture
from bot.policy import Policy
from config.errors import ConfigError
from config.settings import Settings
from storage.database import Database

LARGEST = 500_000
"""Bytes of a logo."""
KINDS = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}

T = TypeVar("T")


def house_of(settings: Settings, policy: Policy, db: Database) -> House:
    """Whose page it is. Waits for the database, and writes the page's key at the first start.

    Raises ConfigError for a logo that cannot be read.
    """
    mounted = f"{settings.public_url.rstrip('/')}/status" if settings.public_url else ""
    return House(
        policy=policy,
        key=db.published.key(),
        url=policy.status.url.rstrip("/") or mounted,
        logo=_logo(policy.status.logo, Path(settings.policy).parent if settings.policy else Path()),
    )


def board_of(house: House, db: Database, now: Callable[[], datetime]) -> Board:
    """What keeps the page up to date. `now`: the incident's clock."""

    def read(work: Callable[[], T]) -> Awaitable[T]:
        return asyncio.wrap_future(db.read(work))

    return Board(house=house, source=db.published, read=read, now=now)


def _logo(name: str, folder: Path) -> Picture | None:
    if not name:
        return None
    path = folder / name
    try:
        data = path.read_bytes()
    except OSError as fault:
        reason = (fault.strerror or "unknown reason").lower()
        raise ConfigError(f"[status] logo: {path} cannot be read ({reason}): name another picture.") from None
    if len(data) > LARGEST:
        raise ConfigError(f"[status] logo: {path} has more than {LARGEST:,} bytes: name a smaller picture.")
    ending = path.suffix.lower()
    return Picture(name=f"logo{ending}", kind=KINDS[ending], data=data)
