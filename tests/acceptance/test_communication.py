"""An update that keeps its word: what is missing is refused, what is risky is found, what is good reaches everybody."""

from tests.acceptance.chats import Form, Opens, World

POLICY = """
[organisation]
name = "Larkfield"
default_priority = "critical"

[audiences.internal]
addresses = ["chat:incidents"]

[audiences.stakeholders]
addresses = ["chat:stakeholders"]

[audiences.customers]
addresses = ["chat:leadership"]

[communication.internal]
must_say = ["what", "steps", "next"]

[communication.stakeholders]
must_say = ["what", "who", "expect", "next"]
look_at = "the stakeholders' channel"

[communication.customers]
must_say = ["what", "who", "expect", "next"]
look_at = "https://status.example.com"
support = "help@example.com"
"""
EVERYBODY = "update to:internal,stakeholders,customers"
GOOD = {
    "what": "About 4 in 10 card payments do not go through.",
    "steps": "Rolling back release 5.8 on db-7.",
    "who": "Customers in Europe.",
    "expect": "Bank transfer works. Nothing is charged twice.",
    "words": "Some card payments in Europe fail. Bank transfer works, and nothing is charged twice.",
    "headline": "Card payments in Europe",
}


async def opened(here: World, line: str) -> Form:
    """The composer, as Hana, who writes the updates, opens it in the incident's room."""
    return await (await here.types("hana", line, await here.room(1))).form()


async def declared(here: World) -> None:
    await here.types("ana", "declare critical Checkout is down")
    room = await here.room(1)
    await here.types("ben", "claim commander", room)
    await here.types("ben", "role comms @hana", room)
    await here.in_room(1, "is incident commander of INC-1")
    await here.to_person("hana", "You are communications officer of INC-1")


async def test_missing_parts_are_refused_risky_ones_overruled_and_good_words_reach_everybody(world: Opens) -> None:
    async with world(policy=POLICY) as here:
        await declared(here)

        form = await opened(here, EVERYBODY)
        await form.fill(**{**GOOD, "who": " "}).submit()
        assert "Say who is affected, or that it is not known yet." in form.findings

        await form.fill(**{**GOOD, "words": "It is fixed on db-7, all is back by 04:00 UTC. Ask Ben."}).submit()
        for finding in (
            "'fixed' says more than investigating: wait for resolve.",
            "'db-7' is an internal name: customers do not know it.",
            "'back by 04:00' promises a repair time: promise the next update instead.",
            "'Ben' names a person: say what changed.",
        ):
            assert finding in form.words
        await form.fill(publish_as_it_is="The regulator asked for these words").submit()
        await here.in_room(1, "Update 1 on INC-1", "Rolling back release 5.8")
        timeline = await here.types("dee", "timeline", await here.room(1))
        await timeline.hears("published as it is: The regulator asked for these words", "'fixed' says more than")

        form = await opened(here, EVERYBODY)
        await form.fill(**GOOD).submit()
        assert "Customers will read:" in form.words
        await form.submit()

        await here.in_room(1, "Update 2 on INC-1", "About 4 in 10", "Next update by")
        customers = await here.somewhere(
            await here.place("leadership"), "Some card payments in Europe", "Next update by"
        )
        assert "help@example.com" in customers.words
        assert "INC-1" not in customers.words
        assert "db-7" not in customers.words
        others = await here.place("stakeholders")
        await here.somewhere(others, "INC-1", "Bank transfer works.", "Next update by", "the stakeholders' channel")


async def test_a_template_fills_the_form_and_what_it_leaves_open_must_be_written(world: Opens) -> None:
    async with world(policy=POLICY) as here:
        await declared(here)

        form = await opened(here, "update template:outage to:internal,customers")
        assert "The service cannot be used since" in form.words

        await form.fill(steps="Rolling back.", who="Everybody.", expect="Please wait.").submit()
        assert "Write what you know instead of [What exactly does not work?]" in form.words + form.findings
