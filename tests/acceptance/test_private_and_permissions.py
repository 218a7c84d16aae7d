"""Who may, by every way in; and what must be seen by its people only."""

import pytest

from tests.acceptance.chats import Opens, Told, World

SECRET = "Payroll data is exposed"
OTHERS = (SECRET, "Copies were made", "revoking access")
"""What must be read by its people only."""


async def _declared(here: World) -> str:
    """An incident of Ben's; its room."""
    await here.types("ana", "declare critical Checkout is down")
    room = await here.room(1)
    await here.types("ben", "claim commander", room)
    await here.card(1, here.mention("ben"))
    return room


@pytest.mark.parametrize("way", ["word", "button", "form"])
async def test_who_may_not_resolve_is_refused_by_every_way(world: Opens, way: str) -> None:
    async with world() as here:
        await _declared(here)

        match way:
            case "word":
                answer = await here.types("otto", "INC-1 resolve It works again verified:tried it")
            case "button":
                answer = await here.presses("otto", await here.card(1, "INC-1"), "Resolve")
            case _:
                answer = await _with_bens_form(here)

        await answer.hears("Resolving INC-1 is for")
        await here.settled()
        assert "Resolved" not in (await here.card(1, "INC-1")).words


async def _with_bens_form(here: World) -> Told:
    """A form that Ben opened, sent in Otto's name."""
    form = await (await here.presses("ben", await here.card(1, "INC-1"), "Resolve")).form()
    return await form.fill(how="It works again", verified="Tried it").submit(by="otto")


async def test_a_guest_may_not_declare(world: Opens) -> None:
    async with world() as here:
        await here.types("gus", "help")
        await here.settled()

        answer = await here.types("gus", "declare critical Checkout is down")

        await answer.hears("member")
        await here.settled()
        assert await here.rooms() == set()


async def test_whoever_speaks_in_the_room_is_a_responder(world: Opens) -> None:
    async with world() as here:
        room = await _declared(here)

        await here.types("otto", "identified", room)

        await here.in_room(1, "INC-1 is identified")


async def test_a_private_incident_is_seen_by_its_people_only(world: Opens) -> None:
    async with world(settings={"SITREP_LOG_LEVEL": "info"}) as here:
        anywhere = here.ways.declares_in_private_anywhere
        place = await here.place("incidents") if anywhere else await here.confidential()
        await here.types("ana", f"declare private critical {SECRET}", place)
        await here.card(1, SECRET)
        room = await here.room(1)
        await here.types("ana", "role comms @hana", room)
        await here.types("ana", "update Copies were made steps:revoking access next:30m", room)
        await here.in_room(1, "Copies were made")
        await here.settled()

        await _is_as_if_it_were_not(here)

        await here.settled()
        await _nowhere_else(here, room)


async def _is_as_if_it_were_not(here: World) -> None:
    """To whoever is not of its people, by every word."""
    for word in (
        "status INC-1",
        "why INC-1",
        "timeline INC-1",
        "INC-1 note x",
        "INC-1 claim commander",
        "INC-1 resolve a verified:b",
    ):
        hidden = await (await here.types("otto", word)).hears("INC-1")
        missing = await (await here.types("otto", word.replace("INC-1", "INC-99"))).hears("INC-99")
        assert hidden.replace("INC-1", "INC-N") == missing.replace("INC-99", "INC-N"), word
    for word in ("list", "list all"):
        answer = await here.types("otto", word)
        await answer.hears("ncident")
        assert all("INC-1" not in said and SECRET not in said for said in answer.heard())


async def _nowhere_else(here: World, room: str) -> None:
    places = {
        "messages elsewhere": await here.everywhere_but(room),
        "the log": here.sitrep.log,
        "the metrics": (await here.sitrep.page("/metrics"))[1],
        "the status page": (await here.sitrep.page("/status"))[1],
    }
    assert [(name, words) for name, said in places.items() for words in OTHERS if words in said] == []
