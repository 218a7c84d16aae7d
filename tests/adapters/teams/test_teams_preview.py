"""What a dialog shows of words that are about to go out."""

from dataclasses import replace

from adapters.teams.forms import dialog, form_message
from adapters.teams.limits import violations
from bot.cards import Card, Text
from tests.adapters.teams.reading import TEAMS_NAMES
from tests.adapters.teams.reading import card as card_of
from tests.adapters.teams.test_teams_forms import SETTING
from tests.gallery import FORMS
from tests.samples.world import NOW


def test_what_each_audience_will_read_stands_before_the_fields() -> None:
    body = card_of(dialog(FORMS["update-preview"], NOW, TEAMS_NAMES, SETTING))["body"]

    said = str(body)
    places = [said.index(f"{name} will read") for name in ("Internal", "Stakeholders", "Customers")]
    assert places == sorted(places)
    assert places[-1] < said.index("Input.Text")


def test_who_hears_the_form_hears_the_preview() -> None:
    said = form_message(FORMS["update-preview"], NOW, TEAMS_NAMES, SETTING)

    assert "Customers will read:" in str(said)


def test_the_longest_words_keep_a_form_within_the_limits() -> None:
    long = Card(title=("Customers will read:",), body=tuple(Text(("x" * 3000,)) for _ in range(6)))
    form = replace(FORMS["update-preview"], preview=(long, long, long))

    assert violations(dialog(form, NOW, TEAMS_NAMES, SETTING)) == []
    assert violations(form_message(form, NOW, TEAMS_NAMES, SETTING)) == []
