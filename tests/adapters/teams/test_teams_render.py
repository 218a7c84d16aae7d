"""A card as a message in Teams."""

import json
from typing import Any

import pytest

from adapters.teams.limits import ACTIONS, TOTAL, violations
from adapters.teams.render import SHORTENED, message
from adapters.teams.spans import Setting
from adapters.teams.text import untagged
from bot.cards import Card, Facts, Lines, Mention, Names, Note, Press, Rule, Strong, Text, Tone, line
from bot.refs import Identity, Person
from tests.adapters.teams.reading import TEAMS_NAMES, TENANT, shown
from tests.adapters.teams.reading import card as card_of
from tests.samples.world import BEN, NOW

SETTING = Setting(tenant=TENANT)


def made(card: Card, names: Names = TEAMS_NAMES, setting: Setting = SETTING) -> dict[str, Any]:
    found = message(card, NOW, names, setting)
    assert violations(found) == []
    return found


def body(card: Card, names: Names = TEAMS_NAMES) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = card_of(made(card, names))["body"]
    return found


def entities(card: Card, names: Names = TEAMS_NAMES, setting: Setting = SETTING) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = card_of(made(card, names, setting))["msteams"].get("entities", [])
    return found


def test_every_message_is_a_card_a_line_too() -> None:
    found = made(line("INC-42 is *closed*."))

    assert found["type"] == "message"
    assert "text" not in found
    assert card_of(found)["version"] == "1.5"
    assert card_of(found)["body"] == [{"type": "TextBlock", "text": r"INC-42 is \*closed\*.", "wrap": True}]


def test_a_card_is_as_wide_as_it_may_be() -> None:
    assert card_of(made(line("x")))["msteams"] == {"width": "Full"}


@pytest.mark.parametrize(
    ("tone", "style", "title"),
    [
        (Tone.CRITICAL, "attention", "🔴 INC-42"),
        (Tone.WARNING, "warning", "⚠️ INC-42"),
        (Tone.GOOD, "good", "✅ INC-42"),
        (Tone.DRILL, "emphasis", "🎓 INC-42"),
        (Tone.NEUTRAL, "emphasis", "INC-42"),
    ],
)
def test_a_title_stands_in_the_colour_of_its_tone(tone: Tone, style: str, title: str) -> None:
    (found,) = body(Card(title=("INC-42",), tone=tone))

    assert (found["type"], found["style"], found["bleed"]) == ("Container", style, True)
    assert found["items"] == [
        {"type": "TextBlock", "text": title, "wrap": True, "style": "heading", "weight": "Bolder", "size": "Medium"}
    ]


def test_a_line_has_no_emoji_whatever_its_tone() -> None:
    assert body(Card(tone=Tone.CRITICAL, body=(Text(("INC-42 is closed.",)),)))[0]["text"] == "INC-42 is closed."


def test_what_is_spoken_is_the_whole_card_without_emoji_or_tags() -> None:
    found = made(Card(title=("INC-42 <at>",), tone=Tone.GOOD, body=(Text(("a & b",)),)))

    assert found["summary"] == "INC-42 <at>. a & b."
    assert card_of(found)["speak"] == f"INC-42 {untagged('<at>')}. a & b."


def test_everything_wraps() -> None:
    card = Card(title=("T",), body=(Text(("a",)), Note(("b",)), Lines((("c",), ("d",)))))

    blocks = [block for element in body(card) for block in element.get("items", [element])]
    assert len(blocks) == 5
    assert all(block["wrap"] is True for block in blocks)


def test_a_note_is_small_and_not_pale() -> None:
    assert body(Card(body=(Note(("quietly",)),))) == [
        {"type": "TextBlock", "text": "quietly", "wrap": True, "size": "Small"}
    ]


def test_facts_stand_eight_to_a_set() -> None:
    found = body(Card(body=(Facts(tuple((f"Label {n}", (f"value {n}",)) for n in range(10))),)))

    assert [len(element["facts"]) for element in found] == [8, 2]
    assert found[0]["facts"][0] == {"title": "Label 0", "value": "value 0"}


def test_lines_stand_one_under_the_other() -> None:
    found = body(Card(body=(Lines((("one",), ("two",))),)))

    assert [block["text"] for block in found] == ["• one", "• two"]


def test_a_gap_is_no_line_across() -> None:
    assert len(body(Card(body=(Text(("a",)), Rule(), Text(("b",)))))) == 2


def test_somebody_is_mentioned_by_the_bots_id_of_them_where_it_is_known() -> None:
    met = Setting(tenant=TENANT, users={Identity("teams:larkfield/ben"): "29:1abc"})

    assert entities(line(Mention(BEN)), setting=met) == [
        {"type": "mention", "text": "<at>Ben</at>", "mentioned": {"id": "29:1abc", "name": "Ben"}}
    ]
    assert entities(line(Mention(BEN)))[0]["mentioned"]["id"] == "ben"


def test_who_is_named_twice_is_mentioned_by_one_entity() -> None:
    card = Card(body=(Text((Mention(BEN), Strong((Mention(BEN),)))), Facts((("Commander", (Mention(BEN),)),))))

    assert len(entities(card)) == 1


def test_two_people_of_one_name_are_two() -> None:
    twins = (Person("P-8"), Person("P-9"))
    names = Names(
        people=dict.fromkeys(twins, "Sam"),
        identities={who: (Identity(f"teams:{TENANT}/{who}"),) for who in twins},
    )
    card = line(Mention(twins[0]), " and ", Mention(twins[1]))

    assert shown(made(card, names)) == "@Sam and @Sam (2)"
    assert [entity["mentioned"]["id"] for entity in entities(card, names)] == ["P-8", "P-9"]
    assert [entity["text"] for entity in entities(card, names)] == ["<at>Sam</at>", "<at>Sam (2)</at>"]


def test_a_name_is_no_mark_either() -> None:
    names = Names(people={BEN: "B</at> *x* [y](z) &lt;"}, identities={BEN: (Identity(f"teams:{TENANT}/ben"),)})

    (entity,) = entities(line(Mention(BEN)), names)

    assert entity["text"] == f"<at>{entity['mentioned']['name']}</at>"
    assert not set(entity["mentioned"]["name"]) & set("<>*[]")


def test_somebody_whose_words_were_cut_is_not_mentioned() -> None:
    assert entities(line("x " * 20_000, Mention(BEN))) == []


def test_what_does_not_fit_is_not_left_out_in_silence() -> None:
    press = Press(label="Post update", command="update", incident=42)
    found = made(Card(body=tuple(Text(("é" * 5_000,)) for _ in range(9)), actions=(press,)))

    assert SHORTENED in shown(found)
    assert card_of(found)["body"][-1]["type"] == "ActionSet"
    assert len(json.dumps(found, ensure_ascii=False).encode()) < TOTAL


def test_what_is_spoken_names_its_buttons_however_long_the_card_is() -> None:
    found = made(line("& " * 9_000, actions=(Press(label="Post update", command="update", incident=42),)))

    assert found["summary"].endswith("… Buttons: Post update.")


def test_a_list_that_does_not_fit_says_so() -> None:
    found = body(Card(body=(Lines(tuple((f"{n} " + "x" * 1_000,) for n in range(60))),)))

    assert found[-1]["text"] == SHORTENED
    assert len(found) > 2 * ACTIONS
