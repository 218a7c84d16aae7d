"""An incident from its declaration to its close, by buttons and forms alone."""

from pathlib import Path

from tests.acceptance.reading import Message, until
from tests.acceptance.slack import Answer, Form, settled
from tests.acceptance.story import card, in_room, somewhere, to_person
from tests.acceptance.world import World, world


class Hands:
    """People pressing what they see on the incident's card."""

    def __init__(self, here: World, number: int) -> None:
        self.here = here
        self.number = number

    async def press(self, name: str, label: str) -> Answer:
        answer = await self.here.slack.who(name).presses(await self.offers(label), label)
        assert answer.ack.status == 200, answer.ack
        return answer

    async def opens(self, name: str, label: str) -> Form:
        return await (await self.press(name, label)).form()

    async def offers(self, label: str) -> Message:
        """The card once it has that button."""

        async def look() -> Message | None:
            found = await card(self.here, self.number, f"INC-{self.number}")
            return found if label in found.buttons else None

        found = await until(look, within=5, what=f"a button {label!r} on the card")
        assert found is not None
        return found


async def test_the_life_of_an_incident_by_buttons_and_forms(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        incidents = await here.workspace.channel("incidents")
        mention = here.workspace.mention

        declare = await (await here.slack.who("ana").types("", incidents)).form()
        assert declare.title == "Declare incident"
        await declare.fill(title="Checkout is down", priority="critical").submit()
        hands = Hands(here, 1)
        await card(here, 1, "INC-1 Checkout is down", within=8)

        await hands.press("ben", "Claim commander")
        await card(here, 1, mention("ben"))
        assign = await hands.opens("ben", "Assign role")
        await assign.fill(role="communications_officer", people=["hana"]).submit()
        await to_person(here, "hana", "You are communications officer of INC-1")
        assign = await hands.opens("ben", "Assign role")
        await assign.fill(role="subject_matter_expert", people=["chen", "dee"]).submit()
        await card(here, 1, mention("hana"), mention("chen"), mention("dee"))

        raised = await hands.opens("ben", "Set priority")
        await raised.fill(level="high").submit()
        await in_room(here, 1, "INC-1 is high, before critical")

        update = await hands.opens("hana", "Post update")
        assert {"what", "steps"} <= set(update.inputs)
        await update.fill(
            what="About 4 in 10 payments do not go through", steps="Comparing settings", next="30m"
        ).submit()
        await in_room(here, 1, "Update 1 on INC-1 Checkout is down", "About 4 in 10 payments")
        await somewhere(here, incidents, "Update 1 on INC-1", "About 4 in 10 payments")
        again = await hands.opens("hana", "Post update")
        assert "About 4 in 10 payments" in again.words, "the last words are filled in"

        note = await hands.opens("dee", "Add note")
        await note.fill(text="The first alert came at 01:52").submit()

        await hands.press("ana", "Mark identified")
        await in_room(here, 1, "INC-1 is identified", mention("ana"))
        await hands.press("ana", "Mark monitoring")
        await in_room(here, 1, "INC-1 is monitoring")

        resolve = await hands.opens("ben", "Resolve")
        refused = await resolve.fill(how="Release 5.8 was rolled back", verified="Release 5.8 was rolled back").submit()
        assert refused.ack.payload["response_action"] == "errors"
        assert "verified" in refused.ack.payload["errors"]
        await resolve.fill(verified="Errors are normal for 20 min").submit()
        await in_room(here, 1, "INC-1 Checkout is down is resolved", "Errors are normal for 20 min")

        await hands.press("ben", "Close")
        await in_room(here, 1, "INC-1 is closed")
        reopen = await hands.opens("ben", "Reopen")
        await reopen.fill(reason="Card errors at 6 percent").submit()
        await in_room(here, 1, "INC-1 is open again", "Card errors at 6 percent")
        await hands.press("ana", "Mark identified")
        await hands.press("ana", "Mark monitoring")
        resolve = await hands.opens("ben", "Resolve")
        await resolve.fill(how="A host was replaced", verified="Payments went through").submit()
        await hands.press("ben", "Close")
        await card(here, 1, "Closed at")

        await settled(here.proxy)
        assert len(await here.workspace.pinned((await here.workspace.room(1))["id"])) == 1
        markdown = await here.sitrep.says("export", "INC-1")
        for said in (
            "hana",
            "About 4 in 10 payments",
            "The first alert came at 01:52",
            "Card errors at 6 percent",
            "A host was replaced",
        ):
            assert said in markdown, said


async def test_a_second_press_of_the_same_button_says_already(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.slack.who("ana").types("declare critical Checkout is down")
        await here.workspace.room(1)
        hands = Hands(here, 1)
        await hands.press("ben", "Claim commander")
        old = await hands.offers("Mark identified")
        await here.slack.who("ana").presses(old, "Mark identified")
        await in_room(here, 1, "INC-1 is identified")

        second = await here.slack.who("ben").presses(old, "Mark identified")

        await second.hears("INC-1")
        await settled(here.proxy)
        said = [
            message for message in await here.workspace.messages(old.channel) if "INC-1 is identified" in message.words
        ]
        assert len(said) == 1


async def test_a_handover_is_complete_when_it_is_accepted(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        ben = here.slack.who("ben")
        await here.slack.who("ana").types("declare critical Checkout is down")
        room = (await here.workspace.room(1))["id"]
        await here.slack.who("hana").types("claim comms", room)

        await here.slack.who("hana").types("handover comms @lena", room)
        asked = await to_person(here, "lena", "Will you be communications officer of INC-1")
        await card(here, 1, here.workspace.mention("hana"))
        await here.slack.who("lena").presses(asked, "Accept role")

        await in_room(here, 1, here.workspace.mention("lena"), "is communications officer of INC-1", "taken over from")
        await card(here, 1, here.workspace.mention("lena"))
        assert "lena" in await here.workspace.members(room)
        assert ben.name not in await here.workspace.members(room)
