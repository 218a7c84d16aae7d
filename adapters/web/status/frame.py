"""What every page of the status page has: its head, whose it is, the way to the others."""

import re
from collections.abc import Iterable

from adapters.web.status.links import Links
from adapters.web.status.markup import Element, Node, el
from adapters.web.status.shown import Shown
from bot.policy import CUSTOMERS

STYLE, ICON = "style.css", "icon.svg"
_ADDRESS = re.compile(r"https?://[^\s]+")
ATOM, RSS = "history.atom", "history.rss"
SUMMARY = "api/v2/summary.json"
CSP = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""Nothing but our own style sheet and pictures: no script at all."""


def framed(shown: Shown, links: Links, title: str, content: Iterable[Node]) -> Element:
    """A whole page."""
    whole = f"{title} · {shown.name} status"
    return el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", http_equiv="Content-Security-Policy", content=CSP) if links.files else None,
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="color-scheme", content="light dark"),
            el("title", whole),
            el("link", rel="stylesheet", href=links.file(STYLE)),
            el("link", rel="icon", href=links.file(shown.logo or ICON)),
            *(
                el("link", rel="alternate", type=f"application/{kind}+xml", title=f"{shown.name} status", href=href)
                for kind, href in (("atom", links.file(ATOM)), ("rss", links.file(RSS)))
            ),
        ),
        el("body", _header(shown, links), el("main", content, id="main"), _footer(shown, links)),
        lang="en",
    )


def _header(shown: Shown, links: Links) -> Element:
    logo = Element("img", {"src": links.file(shown.logo), "alt": "", "class": "logo"}) if shown.logo else None
    return el(
        "header",
        el("a", "Skip to the content", href="#main", class_="skip"),
        el("a", logo, el("span", shown.name), " status", href=links.home, class_="name"),
    )


def _footer(shown: Shown, links: Links) -> Element:
    page = shown.policy.status
    ways: list[tuple[str, str]] = [("Status", links.home), ("History", links.page("history"))]
    if page.publish_targets:
        ways.append(("Our targets", links.page("targets")))
    ways += [("Atom", links.file(ATOM)), ("RSS", links.file(RSS)), ("JSON", links.file(SUMMARY))]
    items = [el("li", el("a", name, href=href)) for name, href in ways]
    zone = shown.policy.time_zone
    note = "Times are UTC." if zone in {"Etc/UTC", "UTC"} else f"Times are of {zone}, with UTC beside them."
    return el("footer", _ask(shown), el("nav", el("ul", items), aria_label="Pages and feeds"), el("p", note))


def _ask(shown: Shown) -> Element | None:
    """Whom customers ask, where the policy names somebody."""
    standard = shown.policy.standards.get(CUSTOMERS)
    support = standard.support.rstrip(".") if standard else ""
    if not support:
        return None
    whom = el("a", support, href=support) if _ADDRESS.fullmatch(support) else support
    return el("p", "Questions? ", whom, class_="ask")
