"""What only Microsoft Teams has: posts with threads for rooms, personal chats, dialogs, actions on messages, tokens."""

import re
from pathlib import Path

import pytest

from tests.acceptance.reading import until
from tests.teams.forging import FORGERIES
from tests.teams.story import card, settled, somewhere
from tests.teams.tenant import Message, channel_of
from tests.teams.world import World, world

SECRET = "Payroll data is exposed"


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


async def test_a_mention_that_lacks_values_gets_a_button_that_opens_the_dialog_for_its_presser(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        asked = await here.teams.who("ana").says("declare", here.tenant.channel("watercooler"))

        pressed = await asked.presses("Open the form")
        form = await pressed.form()
        assert form.title == "Declare incident"
        await form.fill(title="Search is slow", priority="medium").submit()
        await card(here, 1, "INC-1 Search is slow")


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


async def test_an_incident_is_declared_and_its_timeline_added_to_from_a_message(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        place = here.tenant.channel("watercooler")
        ana, ben = here.teams.who("ana"), here.teams.who("ben")
        said = ben.said(await ben.says("Checkout is down", place, mention=False))

        form = await (await ana.acts(said, "declare")).form()
        assert "Checkout is down" in form.words
        await form.fill(priority="critical").submit()
        await card(here, 1, "INC-1 Checkout is down")

        room = await here.screen.room(1)
        more = ben.said(await ben.says("Carts fail as well", room, mention=False))
        await (await (await ana.acts(more, "note")).form()).submit()
        await settled(here.connector)
        assert "Carts fail as well" in await here.sitrep.says("export", "INC-1")
