"""An incident from its declaration to its close, in Microsoft Teams."""

import re
from pathlib import Path

import pytest

from tests.acceptance.reading import until
from tests.teams.client import Answer
from tests.teams.forging import FORGERIES
from tests.teams.forms import Form
from tests.teams.story import card, in_room, settled, somewhere, to_person
from tests.teams.tenant import Message, channel_of
from tests.teams.world import POLICY, World, world

SECRET = "Payroll data is exposed"
SOON = """
[reminders]
settle = "0s"

[[reminders.update]]
at = "-14m58s"
to = ["communications_officer"]
where = "private"
"""
"""The first reminder comes two seconds after a promise that stands 15 minutes away."""


class Hands:
    """People pressing what they see on an incident's card, and typing in its room."""

    def __init__(self, here: World, number: int) -> None:
        self.here = here
        self.number = number

    async def press(self, name: str, label: str) -> Answer:
        answer = await self.here.teams.who(name).presses(await self.offers(label), label)
        assert answer.status == 200, (answer.status, answer.body)
        return answer

    async def opens(self, name: str, label: str) -> Form[Answer]:
        return await (await self.press(name, label)).form()

    async def types(self, name: str, text: str) -> Answer:
        room = await self.here.screen.room(self.number)
        answer = await self.here.teams.who(name).says(text, room)
        assert answer.status == 200, (answer.status, answer.body)
        return answer

    async def offers(self, label: str) -> Message:
        """The card once it has that button."""

        async def look() -> Message | None:
            return next((one for one in self.here.screen.cards(self.number) if label in one.buttons), None)

        found = await until(look, within=5, what=f"a button {label!r} on the card")
        assert found is not None
        return found


async def _declared(here: World, text: str = "declare critical Checkout is down", by: str = "ana") -> Hands:
    """An incident whose card is there."""
    answer = await here.teams.who(by).says(text, here.tenant.channel("watercooler"))
    assert answer.status == 200, (answer.status, answer.body)
    await card(here, 1, "INC-1")
    return Hands(here, 1)


async def test_the_life_of_an_incident_in_teams(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        mention = here.screen.mention
        hands = await _declared(here)

        await hands.press("ben", "Claim commander")
        await in_room(here, 1, mention("ben"), "is incident commander of INC-1")
        await hands.types("ben", "role comms @hana")
        await to_person(here, "hana", "You are communications officer of INC-1 Checkout is down")
        await card(here, 1, mention("ben"), mention("hana"))

        update = await hands.opens("hana", "Post update")
        assert {"what", "steps"} <= set(update.inputs)
        await update.fill(what="About 4 in 10 payments do not go through", steps="Comparing settings").submit()
        await in_room(here, 1, "Update 1 on INC-1 Checkout is down", "About 4 in 10 payments", "Next update by")
        incidents = here.tenant.channel("incidents")
        reply = await somewhere(here, incidents, "Update 1 on INC-1", "About 4 in 10 payments")
        assert reply.conversation == here.screen.messages(incidents)[0].conversation
        assert not reply.root

        await hands.press("ana", "Mark identified")
        await in_room(here, 1, "INC-1 is identified", mention("ana"))
        await hands.press("ana", "Mark monitoring")
        await in_room(here, 1, "INC-1 is monitoring")

        resolve = await hands.opens("ben", "Resolve")
        await resolve.fill(how="Release 5.8 was rolled back", verified="Errors are normal for 20 min").submit()
        await in_room(here, 1, "INC-1 Checkout is down is resolved", "Errors are normal for 20 min")
        await somewhere(here, incidents, "INC-1 Checkout is down is resolved")

        await hands.press("ben", "Close")
        await in_room(here, 1, "INC-1 is closed")
        await card(here, 1, "Closed at")

        await settled(here.connector)
        assert len(here.screen.cards(1)) == 1
        assert "INC-1" not in await here.sitrep.says("list")
        assert "About 4 in 10 payments" in await here.sitrep.says("export", "INC-1")


async def test_a_declaration_opens_a_new_post_and_one_line_under_the_persons_own_leads_to_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        place = here.tenant.channel("watercooler")
        ana = here.teams.who("ana")
        answer = await ana.says("declare critical Checkout is down", place)

        shown = await card(here, 1, "INC-1 Checkout is down", "Next update by")
        assert shown.root
        assert channel_of(shown.conversation) == place
        [line] = await _lines_under(here, ana.said(answer), "INC-1 is open in")
        assert any(shown.id in link for link in line.links), line.activity

        await settled(here.connector)
        posts = [one for one in here.screen.messages(place) if not one.author]
        assert [one.id for one in posts] == [shown.id]
        assert len(here.screen.thread(ana.said(answer))) == 1
        announced = await somewhere(here, here.tenant.channel("incidents"), "INC-1 Checkout is down")
        assert announced.root


async def _lines_under(here: World, post: Message, words: str) -> list[Message]:
    async def look() -> list[Message]:
        return [one for one in here.screen.thread(post) if words in one.words]

    return await until(look, within=5, what=f"{words!r} under the post")


async def test_words_in_a_personal_chat_need_no_mention(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        ana = here.teams.who("ana")

        await (await ana.says("help")).hears("declare")
        await (await ana.says("list")).hears("No open incident")
        await (await ana.says("terms")).hears("Severe disruption or degradation")
        await (await ana.says("here")).hears(here.tenant.personal("ana"))


async def test_a_typed_command_that_lacks_values_gets_its_form(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        alone = await here.teams.who("ana").says("declare")
        await (await alone.form()).fill(title="Search is slow", priority="medium").submit()
        await card(here, 1, "INC-1 Search is slow")


async def test_a_mention_that_lacks_values_gets_a_button_that_opens_the_dialog_for_its_presser(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        asked = await here.teams.who("ana").says("declare", here.tenant.channel("watercooler"))

        pressed = await asked.presses("Open the form")
        form = await pressed.form()
        assert form.title == "Declare incident"
        await form.fill(title="Search is slow", priority="medium").submit()
        await card(here, 1, "INC-1 Search is slow")


async def test_the_reminder_reaches_the_communications_officer_in_their_personal_chat(tmp_path: Path) -> None:
    async with world(tmp_path, policy=POLICY + SOON) as here:
        hands = await _declared(here)
        await hands.types("ana", "role comms @hana")
        await to_person(here, "hana", "You are communications officer of INC-1")

        await hands.types("ana", "next 15m the rollback takes one more step")

        nudge = await to_person(here, "hana", "Update on INC-1", within=8)
        form = await (await here.teams.who("hana").presses(nudge, "Post update")).form()
        await form.fill(what="Half of all payments fail", steps="Restarting").submit()
        await in_room(here, 1, "Update 1 on INC-1", "Half of all payments fail")


async def test_a_resolution_that_is_not_verified_comes_back_with_what_is_wrong(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        hands = await _declared(here)
        await hands.press("ben", "Claim commander")
        await hands.types("ana", "monitoring")

        form = await hands.opens("ben", "Resolve")
        assert {"how", "verified"} <= form.required
        await form.fill(how="It was rolled back", verified="It was rolled back").submit()

        assert "Say how it was checked" in form.words
        await form.fill(verified="200 test payments went through").submit()
        await in_room(here, 1, "is resolved", "It was rolled back", "200 test payments went through")


@pytest.mark.parametrize("way", ["words", "form"])
async def test_a_private_declaration_where_a_team_reads_along_is_refused_and_not_stored(
    tmp_path: Path, way: str
) -> None:
    async with world(tmp_path) as here:
        place = here.tenant.channel("watercooler")
        ana = here.teams.who("ana")
        if way == "words":
            answer = await ana.says(f"declare private critical {SECRET}", place)
            await answer.hears("delete that message")
        else:
            asked = await ana.says("declare", place)
            form = await (await asked.presses("Open the form")).form()
            answer = await form.fill(title=SECRET, private=True).submit()

        await settled(here.connector)
        assert all(SECRET not in str(call.body) for call in here.connector.calls)
        assert "INC-1" not in await here.sitrep.says("list")
        assert SECRET.encode() not in b"".join(file.read_bytes() for file in here.sitrep.folder.glob("sitrep.db*"))
        assert SECRET not in here.sitrep.log


@pytest.mark.parametrize("where", ["personal", "group", "private channel"])
async def test_a_private_incident_is_declared_where_only_invited_people_read(tmp_path: Path, where: str) -> None:
    async with world(tmp_path) as here:
        tenant = here.tenant
        places = {"personal": "", "group": tenant.group("payments"), "private channel": tenant.channel("board")}
        place = places[where]

        await here.teams.who("ana").says(f"declare private critical {SECRET}", place)

        shown = await card(here, 1, SECRET)
        assert channel_of(shown.conversation) == (place or tenant.personal("ana"))
        await settled(here.connector)
        elsewhere = [one for one in tenant.messages if channel_of(one.conversation) != channel_of(shown.conversation)]
        assert all(SECRET not in str(one.activity) for one in elsewhere)
        hidden = await here.teams.who("otto").says("status INC-1")
        missing = await here.teams.who("otto").says("status INC-99")
        assert _without_number(await hidden.hears("INC-1")) == _without_number(await missing.hears("INC-99"))


def _without_number(text: str) -> str:
    return re.sub(r"INC-\d+", "INC-N", text)


async def test_an_unknown_word_changes_nothing_and_names_the_nearest(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        answer = await here.teams.who("ana").says("declaer critical Checkout is down", here.tenant.channel("General"))

        await answer.hears("declaer", "declare")
        await settled(here.connector)
        assert here.screen.cards(1) == []


async def test_a_request_that_comes_again_has_one_effect(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        place = here.tenant.channel("watercooler")
        said = await here.teams.who("ana").says("declare critical Checkout is down", place)
        assert (await here.teams.again(said)).status == 200
        hands = Hands(here, 1)
        form = await hands.opens("ana", "Post update")
        sent = await form.fill(what="Half of all payments fail", steps="Restarting").submit()
        for _ in range(2):
            assert (await here.teams.again(sent)).status == 200
        await in_room(here, 1, "Update 1 on INC-1", "Half of all payments fail")
        pressed = await hands.press("ben", "Claim commander")
        assert (await here.teams.again(pressed)).status == 200
        await in_room(here, 1, "is incident commander of INC-1")

        await settled(here.connector)
        room = here.screen.messages(await here.screen.room(1))
        assert here.screen.cards(2) == []
        assert [one.words.count("Half of all payments fail") for one in room if "Update 1 on" in one.words] == [1]
        assert not [one for one in room if "Update 2" in one.words]
        assert len([one for one in room if "is incident commander of INC-1" in one.words]) == 1


async def test_a_second_press_of_the_same_button_says_already(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        hands = await _declared(here)
        await hands.press("ben", "Claim commander")
        offered = await hands.offers("Mark identified")
        before = offered.card
        assert before is not None
        await hands.press("ana", "Mark identified")
        await in_room(here, 1, "INC-1 is identified")

        second = await here.teams.who("ana").press_on(before, offered, "Mark identified", typed={})

        await second.hears("INC-1")
        await settled(here.connector)
        room = here.screen.messages(await here.screen.room(1))
        assert len([one for one in room if "INC-1 is identified" in one.words]) == 1


async def test_whoever_is_not_teams_is_turned_away(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        true = await here.teams.who("ana").says("help", here.tenant.channel("watercooler"))
        forged = {**true.activity, "text": "<at>Sitrep</at> declare critical Checkout is down"}

        answers = {kind: await here.teams.forged(kind, {**forged, "id": f"f:{kind}"}) for kind in FORGERIES}

        assert true.status == 200
        expected = dict.fromkeys(FORGERIES, 401) | {"another tenant": 403}
        assert {kind: answer.status for kind, answer in answers.items()} == expected
        await settled(here.connector)
        assert here.screen.cards(1) == []
