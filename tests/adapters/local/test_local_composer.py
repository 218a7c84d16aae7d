"""The composer in the try-out chat: findings, a reason, a preview, and the words where they belong."""

from tests.adapters.local.rig import Chat, Json, said

FILLED = {
    "what": "Card payments fail in Europe.",
    "steps": "Rolling back release 5.8.",
    "who": "Customers in Europe",
    "expect": "Bank transfer works.",
    "next": "30m",
}


def findings(form: Json) -> dict[str, str]:
    return {field["name"]: field["finding"] for field in form["fields"] if field["finding"]}


def shown(form: Json) -> list[str]:
    return [card["spoken"] for card in form["preview"]]


async def composer(chat: Chat) -> tuple[str, Json]:
    room = await chat.declares()
    await chat.types("ben", "/inc claim commander", room)
    answer = await chat.types("ben", "/inc update to:internal,stakeholders", room)
    return room, answer["form"]


async def test_what_is_risky_is_found_and_published_with_a_reason_that_is_kept(chat: Chat) -> None:
    room, form = await composer(chat)
    lacking = await chat.sends("ben", form, room, **{**FILLED, "who": ""})
    assert findings(lacking["form"])["who"] == "Say who is affected, or that it is not known yet."

    risky = await chat.sends("ben", form, room, **{**FILLED, "expect": "It is back by 04:00 UTC."})
    assert findings(risky["form"]) == {
        "expect": "'back by 04:00' promises a repair time: promise the next update instead."
    }
    sent = await chat.sends("ben", risky["form"], room, publish_as_it_is="The board knows already")

    assert sent == {"done": True}
    await chat.sees("ben", "stakeholders", "It is back by 04:00 UTC.", "Next update by")
    await chat.types("ben", "/inc timeline", room)
    await chat.sees("ben", room, "published as it is: The board knows already", "promises a repair time")


async def test_good_words_are_shown_to_the_writer_and_then_go_out(chat: Chat) -> None:
    room, form = await composer(chat)
    assert form["submit"] == "Preview"

    seen = await chat.sends("ben", form, room, **FILLED)
    assert [words.split(":")[0] for words in shown(seen["form"])] == ["Internal will read", "Stakeholders will read"]
    assert seen["form"]["submit"] == "Publish"
    await chat.sends("ben", seen["form"], room)

    told = await chat.sees("ben", "stakeholders", "Card payments fail in Europe.")
    assert "Next update by" in said(told)


async def test_a_line_that_is_too_long_is_refused_and_not_published_without_its_end(chat: Chat) -> None:
    room = await chat.declares()
    line = f"update {'a' * 2_500} next:30m steps:{'b' * 1_600} and the end"

    await chat.types("ana", f"/inc {line}", room)

    await chat.sees("ana", room, f"Shorten this to 4,000 characters: it has {len(line):,}.")
