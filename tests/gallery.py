"""One card for every message and one form for every question of WORDS 3 and 4. Each renderer shows all of them."""

from collections.abc import Mapping
from datetime import datetime

from bot.cards import Card
from tests.samples.answers import ANSWER_CARDS
from tests.samples.forms import FORMS as FORMS  # noqa: PLC0414 - the gallery's other half
from tests.samples.incident import INCIDENT_CARDS
from tests.samples.news import NEWS_CARDS
from tests.samples.reading import READING_CARDS
from tests.samples.reminders import REMINDER_CARDS, REMINDER_MOMENTS
from tests.samples.roles import ROLE_CARDS
from tests.samples.world import NAMES as NAMES  # noqa: PLC0414 - who the cards speak of
from tests.samples.world import NOW

GALLERY: dict[str, Card] = {
    **INCIDENT_CARDS,
    **ROLE_CARDS,
    **NEWS_CARDS,
    **REMINDER_CARDS,
    **ANSWER_CARDS,
    **READING_CARDS,
}

MOMENTS: Mapping[str, datetime] = {name: REMINDER_MOMENTS.get(name, NOW) for name in GALLERY}
"""When each is sent."""
