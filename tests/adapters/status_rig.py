"""A status page with something on it, for tests of how it is shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.web.status.board import House
from adapters.web.status.shown import Shown
from bot.events import Status
from bot.maintenance import Maintenance
from bot.public import Impact, PublicIncident, PublicUpdate
from bot.status_policy import Service, StatusPage
from config.policy_file import load_policy

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEY = b"a secret of the installation"
URL = "https://status.example.com"

PAGE = StatusPage(
    name="Larkfield",
    url=URL,
    show_overdue=True,
    publish_targets=("updates", "respond", "resolve"),
    services=(
        Service(name="Checkout", group="Shop", description="Paying for what is in the basket."),
        Service(name="Search", group="Shop"),
        Service(name="Sign-in", group="Accounts"),
        Service(name="Help centre"),
    ),
)
POLICY = replace(load_policy(None).policy, organisation="Larkfield", status=PAGE)
HOUSE = House(policy=POLICY, key=KEY, url=URL)


def update(
    number: int, minutes: int, words: str, status: Status = Status.INVESTIGATING, *, next_in: int = 0, none: str = ""
) -> PublicUpdate:
    at = AT + minutes * MINUTE
    return PublicUpdate(
        id=f"{number:012x}",
        at=at,
        status=status,
        words=words,
        next_at=at + next_in * MINUTE if next_in else None,
        none_because=none,
    )


PAYMENTS = PublicIncident(
    id="00000000000a",
    headline="Card payments in Europe",
    status=Status.IDENTIFIED,
    impact=Impact.MAJOR,
    services=("Checkout",),
    started_at=AT - 40 * MINUTE,
    updates=(
        update(1, -30, "Card payments in Europe fail for some shoppers. Paying by invoice works.", next_in=20),
        update(
            2, -10, "A faulty release is being rolled back. Paying by invoice works.", Status.IDENTIFIED, next_in=20
        ),
    ),
    next_at=AT + 10 * MINUTE,
)
SEARCH = PublicIncident(
    id="00000000000b",
    headline="Slow search",
    status=Status.RESOLVED,
    impact=Impact.MINOR,
    services=("Search",),
    started_at=AT - timedelta(days=3),
    updates=(
        update(3, -3 * 24 * 60 + 5, "Search answers slowly.", Status.MONITORING, next_in=30),
        update(4, -3 * 24 * 60 + 50, "Search is fast again.", Status.RESOLVED, none="watched for half an hour"),
    ),
    monitoring_at=AT - timedelta(days=3) + 5 * MINUTE,
    resolved_at=AT - timedelta(days=3) + 50 * MINUTE,
)
OLD = replace(
    SEARCH,
    id="00000000000c",
    headline="Sign-in by text message",
    services=("Sign-in",),
    started_at=AT - timedelta(days=40),
    updates=(update(5, -40 * 24 * 60, "Codes arrive late.", Status.RESOLVED, none="they arrive"),),
    resolved_at=AT - timedelta(days=40) + 20 * MINUTE,
)
DATABASE = Maintenance(
    number=1,
    title="A new database for sign-in",
    starts_at=AT + timedelta(days=2),
    ends_at=AT + timedelta(days=2, hours=2),
    services=("Sign-in",),
    planned_at=AT - timedelta(days=1),
)
UNDER_WAY = replace(
    DATABASE, number=2, title="Moving the help centre", services=("Help centre",), starts_at=AT - 5 * MINUTE
)
DONE = replace(DATABASE, number=3, title="Renewed certificates", starts_at=AT - 60 * MINUTE, ends_at=AT - 30 * MINUTE)


def shown(
    *incidents: PublicIncident, maintenances: tuple[Maintenance, ...] = (), at: datetime = AT, house: House = HOUSE
) -> Shown:
    return house.shown(at, incidents, maintenances)


FULL = shown(OLD, SEARCH, PAYMENTS, maintenances=(DONE, UNDER_WAY, DATABASE))
CALM = shown(OLD, SEARCH)

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>here</a>",
    "<!--<img src=x onerror=alert(1)>-->",
    "]]><script>alert(1)</script><![CDATA[",
    "</title></head><body onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<base href=https://evil.example/>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)} <%= 7*7 %> {% raw %}",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
    "<x xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></x>",
    "\u202etext that turns around\u2066",
    "zero\x00and\x0bunfit\ufffe\ud800",
    "one\ntwo\r\nthree\u2028four",
)
"""What somebody may write who wants a browser or a reader of feeds to do something."""
