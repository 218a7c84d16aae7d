"""A declaration, whatever it lacks and whatever it is like."""

import pytest

from tests.acceptance.chats import Opens


async def test_a_declaration_that_lacks_values_gets_a_form(world: Opens) -> None:
    async with world() as here:
        asked = await here.types("ana", "declare")

        form = await asked.form()
        assert form.title == "Declare incident"
        assert ("Open the form" in asked.offered()) is not here.ways.opens_forms_from_words
        await form.fill(title="Search is slow", priority="medium").submit()

        await here.card(1, "INC-1 Search is slow", "Medium, investigating")


async def test_a_low_incident_that_was_not_meant_low_is_put_right_with_one_press(world: Opens) -> None:
    async with world() as here:
        answer = await here.types("ana", "declare low disk on db-3")

        await answer.presses("It is part of the title")

        card = await here.card(1, "INC-1 low disk on db-3")
        assert "Low," not in card.words


async def test_without_a_priority_the_default_stands_and_each_other_is_one_press(world: Opens) -> None:
    async with world() as here:
        answer = await here.types("ana", "declare Search is slow")
        await answer.hears("INC-1")

        assert {"Critical", "High", "Medium", "Low"} <= answer.offered()
        await answer.presses("Critical")

        await here.card(1, "Critical, investigating")


async def test_choosing_a_priority_shows_what_the_organisation_means_by_it(world: Opens) -> None:
    async with world() as here:
        asked = await here.types("ana", "declare")

        form = await asked.form()

        said = form.words.lower()
        assert "critical: severe disruption or degradation" in said
        assert "such as: the shop cannot be reached" in said


async def test_a_like_incident_is_pointed_out_and_made_a_duplicate_with_one_press(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", "declare critical Checkout is down")
        answer = await here.types("ben", "declare critical Checkout is down in Europe")

        pressed = await answer.presses("Duplicate of INC-1")
        if not here.ways.asks_back_in_the_button:
            await (await pressed.form()).submit()

        await here.in_room(2, "the same as INC-1")


TRICKS = "<!channel> & <@U0> <at>Ben</at> **bold** `code` {{TIME(1)}} \u202eevil <https://x.example|bank>"


@pytest.mark.parametrize("way", ["typed", "in the form"])
async def test_a_title_that_plays_tricks_is_shown_as_it_is(world: Opens, way: str) -> None:
    async with world() as here:
        if way == "typed":
            await here.types("ana", f"declare critical {TRICKS}")
        else:
            form = await (await here.types("ana", "declare")).form()
            await form.fill(title=TRICKS, priority="critical").submit()

        found = await here.card(1, "INC-1", "bold")
        said = here.seen(found)
        assert "\u202e" not in said
        for trick in ("<!channel> & <@U0>", "<at>Ben</at>", "**bold**", "{{TIME(1)}}", "|bank>"):
            assert trick in said, trick
