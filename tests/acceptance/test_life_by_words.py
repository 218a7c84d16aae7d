"""An incident from its declaration to its close, by typed words alone."""

from dataclasses import dataclass

from tests.acceptance.chats import Opens, Told, World
from tests.acceptance.story import plain


@dataclass(frozen=True, slots=True)
class Room:
    """People typing in the incident's room."""

    here: World
    place: str

    async def __call__(self, name: str, text: str) -> Told:
        return await self.here.types(name, text, self.place)


async def declared(here: World) -> Room:
    """An incident of Ana's."""
    await here.types("ana", "declare critical Checkout is down")
    return Room(here, await here.room(1))


async def test_the_life_of_an_incident_by_words(world: Opens) -> None:
    async with world() as here:
        typed = await declared(here)
        await _people_come(here, typed)
        await _it_is_worked_on(here, typed)
        await _it_is_resolved(here, typed)
        await _it_is_reopened_and_closed(here, typed)

        await here.settled()
        assert len(await here.cards(1)) == 1
        _check_export(await here.sitrep.says("export", "INC-1", "--format", "md"))
        assert "INC-1" not in await here.sitrep.says("list")
        assert "INC-1" in await here.sitrep.says("show", "INC-1")


async def _people_come(here: World, typed: Room) -> None:
    mention = here.mention
    await typed("ben", "claim commander")
    await here.in_room(1, mention("ben"), "is incident commander of INC-1")
    await typed("ben", "role comms @hana")
    await here.to_person("hana", "You are communications officer of INC-1 Checkout is down")
    await typed("ben", "role sme @chen @dee")
    await here.card(1, mention("ben"), mention("hana"), mention("chen"), mention("dee"))


async def _it_is_worked_on(here: World, typed: Room) -> None:
    await typed("ben", "priority high only one region is affected")
    await here.in_room(1, "INC-1 is high, before critical", "only one region is affected")

    await typed("hana", "update About 4 in 10 payments do not go through steps:comparing settings next:45m")
    await here.in_room(1, "Update 1 on INC-1 Checkout is down", "About 4 in 10 payments", "Next update by")
    incidents = await here.place("incidents")
    reply = await here.somewhere(incidents, "Update 1 on INC-1", "About 4 in 10 payments")
    assert await here.under_announcement(reply)

    await (await typed("dee", "note The first alert came at 01:52")).hears("Noted at")
    await (await typed("dee", "timeline")).hears("The first alert came at 01:52")

    await typed("ana", "identified")
    await here.in_room(1, "INC-1 is identified", here.mention("ana"))
    await typed("ana", "monitoring")
    await here.in_room(1, "INC-1 is monitoring")


async def _it_is_resolved(here: World, typed: Room) -> None:
    lacking = await typed("ben", "resolve Release 5.8 was rolled back")
    assert "verified" in (await lacking.form()).required
    await here.card(1, "monitoring since")
    await typed("ben", "resolve Release 5.8 was rolled back verified:errors normal for 20 min")
    said = ("INC-1 Checkout is down is resolved", "errors normal for 20 min")
    await here.in_room(1, *said, "Release 5.8 was rolled back")
    await here.somewhere(await here.place("incidents"), *said)


async def _it_is_reopened_and_closed(here: World, typed: Room) -> None:
    await typed("ben", "close")
    await here.in_room(1, "INC-1 is closed")
    await typed("ben", "reopen card errors at 6 percent")
    await here.in_room(1, "INC-1 is open again", "card errors at 6 percent")
    await typed("ben", "resolve A host was replaced verified:payments went through")
    await here.in_room(1, "is resolved", "A host was replaced")
    await typed("ben", "close")
    await here.card(1, "Closed at")


def _check_export(markdown: str) -> None:
    """Its whole timeline with times, people, and what was sent where."""
    for said in (
        "Checkout is down",
        "ben",
        "hana",
        "only one region is affected",
        "About 4 in 10 payments",
        "The first alert came at 01:52",
        "identified",
        "monitoring",
        "Release 5.8 was rolled back",
        "errors normal for 20 min",
        "closed",
        "card errors at 6 percent",
        "A host was replaced",
        "UTC",
        "incidents",
    ):
        assert said.casefold() in markdown.casefold(), said


async def test_an_unknown_word_changes_nothing_and_names_the_nearest(world: Opens) -> None:
    async with world() as here:
        answer = await here.types("ana", "declaer critical Checkout is down")

        await answer.hears("declaer", "declare")
        await here.settled()
        assert await here.rooms() == set()


async def test_next_moves_the_promise_and_says_so(world: Opens) -> None:
    async with world() as here:
        typed = await declared(here)

        await typed("ana", "next 50m the rollback takes one more step")

        await here.in_room(1, "The next update on INC-1 comes by", "the rollback takes one more step")


async def test_reading_words_answer_privately_and_leave_no_trace(world: Opens) -> None:
    async with world() as here:
        typed = await declared(here)
        await here.settled()
        before = [message.words for message in await here.everything(typed.place)]

        for word, said in (
            ("status", "INC-1 Checkout is down"),
            ("list", "INC-1 Checkout is down"),
            ("timeline", "INC-1"),
            ("why", "Reminders of INC-1"),
            ("terms", "Severe disruption or degradation"),
            ("help", "declare"),
            ("help update", "update"),
            ("roles", "ommander"),
            ("here", typed.place.partition(";")[0]),
        ):
            await (await typed("otto", word)).hears(said)

        await here.settled()
        assert [message.words for message in await here.everything(typed.place)] == before


async def test_times_are_in_the_readers_zone_with_utc_beside_them(world: Opens) -> None:
    async with world() as here:
        typed = await declared(here)
        await here.settled()

        answer = await typed("ben", "next 45m")

        said = await answer.hears("moved") if answer.heard() else (await here.in_room(1, "comes by")).words
        assert "UTC" in plain(said)
