"""What is told, made small: a delivery with a notice, and settings to tell it by."""

from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address as MailAddress

from pydantic import SecretStr

from adapters.announce.telling import Said, said_of
from bot.cards import Card, Names, Strong, Text, When
from bot.notices import Kind, Notice
from bot.ports import Delivery
from bot.posts import Post, ToAudience
from bot.refs import Address
from config.announce_settings import MailSettings

AT = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 10, 50, tzinfo=UTC)

NOTICE = Notice(
    about=Kind.UPDATE,
    headline="INC-42 Checkout is down",
    status="investigating",
    number=42,
    priority="critical",
    major=True,
    services=("Checkout",),
    declared_at=AT,
    next_at=DUE,
    update=1,
)
FOR_CUSTOMERS = replace(NOTICE, headline="Card payments", number=None, priority="")
CARD = Card(
    title=("INC-42 Checkout is down: update 1",),
    body=(Text(("Orders fail for some shoppers.",)), Text((Strong(("Next update by ", When(DUE), ".")),))),
)


def delivery(
    address: str, notice: Notice | None = NOTICE, *, audience: str = "stakeholders", **more: object
) -> Delivery:
    """A row of the outbox as a way gets it."""
    card = more.pop("card", CARD)
    assert isinstance(card, Card)
    made = Delivery(
        id=1,
        incident=42,
        private=False,
        address=Address(address),
        order=Post(to=ToAudience(name=audience), card=card, key="update-1", notice=notice),
        attempt=1,
        revision=1,
        ref="",
        thread_ref="",
        tried_at=None,
        token="token-1",
        thread_token="thread-42",
        queued_at=AT,
        names=Names(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def said(address: str, notice: Notice = NOTICE, *, audience: str = "stakeholders", **more: object) -> Said:
    """One message to one address."""
    found = said_of(delivery(address, notice, audience=audience, **more), AT)
    assert found is not None
    return found


def mail_settings(port: int, **more: object) -> MailSettings:
    """A mail server on loopback."""
    made = MailSettings(
        host="127.0.0.1",
        port=port,
        security="none",
        user="",
        password=SecretStr(""),
        sender=MailAddress(display_name="Larkfield incidents", addr_spec="incidents@larkfield.example"),
    )
    return replace(made, **more)  # type: ignore[arg-type]
