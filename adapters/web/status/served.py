"""What is served, in memory: bodies made before they are asked for, and the few that are made when they first are."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from adapters.web.status.links import bare, live
from adapters.web.status.pages import missing
from adapters.web.status.shown import Shown
from adapters.web.status.site import FRONT, HTML, Render, documents, renders, written

MOUNT = "status"
"""The first part of every address of ours."""
BARE = "/"
"""The key of the first page as it stands at an address without a slash at its end; no path of a page is like it."""
SMALL = 1024
"""Bytes below which nothing is won by compressing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One answer, whole."""

    kind: str
    data: bytes
    packed: bytes
    """The same compressed; empty where that wins nothing."""
    etag: str
    modified: datetime
    """Since when it is so, to the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Every body as of one moment. Only `body` adds to it: pages nobody asked for yet are not made."""

    shown: Shown
    pages: Mapping[str, Render]
    """Every page there is, by its path."""
    missing: bytes
    """The page for what is not there. Its links lead from where we are mounted."""
    bodies: dict[str, Body] = field(default_factory=dict[str, Body])

    def body(self, path: str) -> Body | None:
        """What stands at that path; None: nothing does. Takes long (a full month: 50 ms) for a page not made yet."""
        found = self.bodies.get(path)
        if found is not None:
            return found
        render = self.pages.get(path)
        if render is None:
            return None
        made = body(HTML, written(render, self.shown, live(path)), self.shown.at, None)
        self.bodies[path] = made
        return made


def served(shown: Shown, fixed: Mapping[str, tuple[str, bytes]], before: "Served | None") -> Served:
    """Everything that is often asked for, made now. `fixed`: assets. `before`: what stays the same keeps its date."""
    found, pages = dict(fixed), renders(shown)
    for path in (FRONT, "history"):
        found[path] = (HTML, written(pages[path], shown, live(path)))
    found[BARE] = (HTML, written(pages[FRONT], shown, bare(MOUNT)))
    found.update(documents(shown))
    old: Mapping[str, Body] = before.bodies if before else {}
    made = {path: body(kind, data, shown.at, old.get(path)) for path, (kind, data) in found.items()}
    nothing = written(missing, shown, bare(f"/{MOUNT}"))
    return Served(shown=shown, pages=pages, missing=nothing, bodies=made)


def body(kind: str, data: bytes, at: datetime, before: Body | None) -> Body:
    """A body; the one before where it says the same."""
    etag = f'W/"{hashlib.sha256(data).hexdigest()[:20]}"'
    if before is not None and before.etag == etag:
        return before
    packed = gzip.compress(data, mtime=0) if len(data) > SMALL and not kind.startswith("image/") else b""
    return Body(kind=kind, data=data, packed=packed, etag=etag, modified=at.astimezone(UTC).replace(microsecond=0))
