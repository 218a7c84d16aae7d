"""One card for every message and one form for every question, said by the program itself. Each renderer shows them."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.cards import Card
from bot.questions import Form
from tests.samples.answers import answer_cards
from tests.samples.approval import approval_cards
from tests.samples.desk import Shown
from tests.samples.forms import forms
from tests.samples.incident import incident_cards
from tests.samples.news import news_cards
from tests.samples.reading import reading_cards
from tests.samples.reminders import reminder_cards
from tests.samples.roles import role_cards
from tests.samples.story import story
from tests.samples.world import NAMES as NAMES  # noqa: PLC0414 - who the cards speak of


def shown() -> Iterator[tuple[str, Shown]]:
    """Every card with its name and the moment of its sending, the story of INC-42 first."""
    yield from story()
    yield from incident_cards()
    yield from role_cards()
    yield from news_cards()
    yield from reminder_cards()
    yield from approval_cards()
    yield from answer_cards()
    yield from reading_cards()


_SHOWN: Mapping[str, Shown] = dict(shown())

GALLERY: Mapping[str, Card] = {name: card for name, (card, _) in _SHOWN.items()}
MOMENTS: Mapping[str, datetime] = {name: moment for name, (_, moment) in _SHOWN.items()}
"""When each is sent."""
FORMS: Mapping[str, Form] = dict(forms())
