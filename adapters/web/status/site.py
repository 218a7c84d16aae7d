"""Every path of the status page, and what stands there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from adapters.web.status import api, feeds, pages
from adapters.web.status.frame import ATOM, ICON, RSS, STYLE
from adapters.web.status.links import Links
from adapters.web.status.markup import Element, feed, page
from adapters.web.status.shown import Shown

ASSETS = Path(__file__).parent / "assets"
BANNER = "banner.js"
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"

FRONT = ""
"""The first page's path."""

Render = Callable[[Shown, Links], Element]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The organisation's logo, as it was read at the start."""

    name: str
    """`logo.svg`."""
    kind: str
    data: bytes


def renders(shown: Shown) -> dict[str, Render]:
    """Every page there is, by its path, with what writes it."""
    found: dict[str, Render] = {FRONT: pages.front, "history": partial(pages.history, month=pages.month_of(shown.at))}
    if shown.policy.status.publish_targets:
        found["targets"] = pages.targets
    found |= {f"history/{month}": partial(pages.history, month=month) for month in pages.months(shown)}
    found |= {f"incidents/{each.id}": partial(pages.incident_page, incident=each) for each in shown.incidents}
    works = {shown.work_id(each): each for each in shown.maintenances}
    return found | {f"maintenance/{name}": partial(pages.maintenance_page, each=each) for name, each in works.items()}


def written(render: Render, shown: Shown, links: Links) -> bytes:
    """The page as bytes."""
    return page(render(shown, links))


def documents(shown: Shown) -> Mapping[str, tuple[str, bytes]]:
    """What is no page and changes with what is shown, by path: its kind, and its bytes."""
    found = {f"api/v2/{name}": (JSON, _json(made)) for name, made in api.documents(shown).items()}
    found[ATOM] = ("application/atom+xml; charset=utf-8", feed(feeds.atom(shown)))
    found[RSS] = ("application/rss+xml; charset=utf-8", feed(feeds.rss(shown)))
    return found


def assets(logo: Picture | None) -> Mapping[str, tuple[str, bytes]]:
    """What never changes while we run, by path."""
    kinds = {STYLE: "text/css; charset=utf-8", BANNER: "text/javascript; charset=utf-8", ICON: "image/svg+xml"}
    found = {name: (kind, (ASSETS / name).read_bytes()) for name, kind in kinds.items()}
    return {**found, logo.name: (logo.kind, logo.data)} if logo else found


def _json(made: api.Json) -> bytes:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
