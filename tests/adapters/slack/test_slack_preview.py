"""What a modal shows of words that are about to go out, and fields that are filled in anew."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.slack.limits import violations
from adapters.slack.mrkdwn import Workspace
from adapters.slack.views import again, view
from bot.cards import Card, Text
from bot.questions import Ask, Field, Form
from tests.gallery import FORMS, NAMES
from tests.samples.world import NOW

WORKSPACE = Workspace(team="T1")
FIELD = Field(name="what", label="What?", ask=Ask.LONG_TEXT, value="Cards fail.")
FORM = Form(title="T", command="update", submit="Publish", fields=(FIELD,))


def made(form: Form) -> dict[str, Any]:
    found = view(form, NOW, NAMES, WORKSPACE)
    assert violations(found) == []
    return found


def answered(form: Form, submitted: Mapping[str, Any]) -> dict[str, Any]:
    return again(form, submitted, NOW, NAMES, WORKSPACE)


def test_what_each_audience_will_read_stands_before_the_fields() -> None:
    blocks = made(FORMS["update-preview"])["blocks"]

    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    titles = [text for text in texts if text.endswith("will read:*")]
    assert titles == ["*Internal will read:*", "*Stakeholders will read:*", "*Customers will read:*"]
    assert blocks[0]["type"] == "section"


def test_the_longest_words_keep_a_form_within_the_limits() -> None:
    long = Card(title=("Customers will read:",), body=tuple(Text(("x" * 3000,)) for _ in range(6)))

    made(replace(FORMS["update-preview"], preview=(long, long, long, long)))


def test_findings_beside_a_preview_draw_the_form_anew() -> None:
    found = replace(FORM, fields=(replace(FIELD, finding="No."),))
    assert answered(found, made(FORM))["response_action"] == "errors"

    shown = replace(found, preview=(Card(body=(Text(("Cards fail.",)),)),))

    assert answered(shown, made(FORM))["response_action"] == "update"
