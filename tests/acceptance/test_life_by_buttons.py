"""An incident from its declaration to its close, by buttons and forms alone."""

from dataclasses import dataclass

from tests.acceptance.chats import Form, Opens, Said, Told, World
from tests.acceptance.reading import until


@dataclass(frozen=True, slots=True)
class Hands:
    """People pressing what they see on the incident's card."""

    here: World
    number: int

    async def press(self, name: str, label: str) -> Told:
        return await self.here.presses(name, await self.offers(label), label)

    async def opens(self, name: str, label: str) -> Form:
        return await (await self.press(name, label)).form()

    async def offers(self, label: str) -> Said:
        """The card once it has that button."""

        async def look() -> Said | None:
            found = await self.here.card(self.number, f"INC-{self.number}")
            return found if label in found.buttons else None

        found = await until(look, within=5, what=f"a button {label!r} on the card")
        assert found is not None
        return found


async def test_the_life_of_an_incident_by_buttons_and_forms(world: Opens) -> None:
    async with world() as here:
        declare = await (await here.types("ana", "")).form()
        assert declare.title == "Declare incident"
        await declare.fill(title="Checkout is down", priority="critical").submit()
        await here.card(1, "INC-1 Checkout is down", within=8)
        hands = Hands(here, 1)

        await _roles_are_filled(here, hands)
        await _it_is_worked_on(here, hands)
        await _it_is_resolved(here, hands)
        await _it_is_reopened_and_closed(here, hands)

        await here.settled()
        assert len(await here.cards(1)) == 1
        markdown = (await here.sitrep.says("export", "INC-1")).casefold()
        for said in (
            "hana",
            "About 4 in 10 payments",
            "The first alert came at 01:52",
            "Card errors at 6 percent",
            "A host was replaced",
        ):
            assert said.casefold() in markdown, said


async def _roles_are_filled(here: World, hands: Hands) -> None:
    mention = here.mention
    await hands.press("ben", "Claim commander")
    await here.card(1, mention("ben"))
    assign = await hands.opens("ben", "Assign role")
    await assign.fill(role="communications_officer", people=["hana"]).submit()
    await here.to_person("hana", "You are communications officer of INC-1")
    assign = await hands.opens("ben", "Assign role")
    await assign.fill(role="subject_matter_expert", people=["chen", "dee"]).submit()
    await here.card(1, mention("hana"), mention("chen"), mention("dee"))


async def _it_is_worked_on(here: World, hands: Hands) -> None:
    raised = await hands.opens("ben", "Set priority")
    await raised.fill(level="high").submit()
    await here.in_room(1, "INC-1 is high, before critical")

    update = await hands.opens("hana", "Post update")
    assert {"what", "steps"} <= set(update.inputs)
    said = "About 4 in 10 payments do not go through"
    await update.fill(what=said, steps="Comparing settings", next="30m").submit()
    await here.in_room(1, "Update 1 on INC-1 Checkout is down", said)
    await here.somewhere(await here.place("incidents"), "Update 1 on INC-1", said)
    again = await hands.opens("hana", "Post update")
    assert said in again.words, "the last words are filled in"

    note = await hands.opens("dee", "Add note")
    await note.fill(text="The first alert came at 01:52").submit()
    await hands.press("ana", "Mark identified")
    await here.in_room(1, "INC-1 is identified", here.mention("ana"))
    await hands.press("ana", "Mark monitoring")
    await here.in_room(1, "INC-1 is monitoring")


async def _it_is_resolved(here: World, hands: Hands) -> None:
    resolve = await hands.opens("ben", "Resolve")
    assert {"how", "verified"} <= set(resolve.required)
    await resolve.fill(how="Release 5.8 was rolled back", verified="Release 5.8 was rolled back").submit()
    assert "Say how it was checked" in resolve.findings
    await here.card(1, "monitoring since")
    await resolve.fill(verified="Errors are normal for 20 min").submit()
    await here.in_room(1, "INC-1 Checkout is down is resolved", "Errors are normal for 20 min")


async def _it_is_reopened_and_closed(here: World, hands: Hands) -> None:
    await hands.press("ben", "Close")
    await here.in_room(1, "INC-1 is closed")
    reopen = await hands.opens("ben", "Reopen")
    await reopen.fill(reason="Card errors at 6 percent").submit()
    await here.in_room(1, "INC-1 is open again", "Card errors at 6 percent")
    await hands.press("ana", "Mark identified")
    await hands.press("ana", "Mark monitoring")
    resolve = await hands.opens("ben", "Resolve")
    await resolve.fill(how="A host was replaced", verified="Payments went through").submit()
    await hands.press("ben", "Close")
    await here.card(1, "Closed at")


async def test_a_second_press_of_the_same_button_says_already(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", "declare critical Checkout is down")
        hands = Hands(here, 1)
        await hands.press("ben", "Claim commander")
        old = await hands.offers("Mark identified")
        await here.presses("ana", old, "Mark identified")
        await here.in_room(1, "INC-1 is identified")

        second = await here.presses("ben", old, "Mark identified")

        await second.hears("INC-1")
        await here.settled()
        room = await here.everything(await here.room(1))
        assert len([message for message in room if "INC-1 is identified" in message.words]) == 1


async def test_a_request_that_comes_again_has_one_effect(world: Opens) -> None:
    async with world() as here:
        said = await here.types("ana", "declare critical Checkout is down")
        assert (await here.again(said)).status == 200
        hands = Hands(here, 1)
        form = await hands.opens("ana", "Post update")
        sent = await form.fill(what="Half of all payments fail", steps="Restarting").submit()
        for _ in range(2):
            assert (await here.again(sent)).status == 200
        await here.in_room(1, "Update 1 on INC-1", "Half of all payments fail")
        pressed = await hands.press("ben", "Claim commander")
        assert (await here.again(pressed)).status == 200
        await here.in_room(1, "is incident commander of INC-1")

        await here.settled()
        room = [message.words for message in await here.everything(await here.room(1))]
        assert await here.rooms() == {1}
        assert [words.count("Half of all payments fail") for words in room if "Update 1 on" in words] == [1]
        assert not [words for words in room if "Update 2" in words]
        assert len([words for words in room if "is incident commander of INC-1" in words]) == 1


async def test_a_handover_is_complete_when_it_is_accepted(world: Opens) -> None:
    async with world() as here:
        await here.types("ana", "declare critical Checkout is down")
        room = await here.room(1)
        await here.types("hana", "claim comms", room)

        await here.types("hana", "handover comms @lena", room)
        asked = await here.to_person("lena", "Will you be communications officer of INC-1")
        await here.card(1, here.mention("hana"))
        await here.presses("lena", asked, "Accept role")

        await here.in_room(1, here.mention("lena"), "is communications officer of INC-1", "taken over from")
        await here.card(1, here.mention("lena"))
        if here.ways.invites_people:
            members = await here.members(1)
            assert "lena" in members
            assert "ben" not in members
