"""People who are in no chat are told too: by mail, Statuspage, webhook and whatever else, whichever of them fails."""

import asyncio
from pathlib import Path

import pytest

from tests.acceptance.channels import SECRETS, Told, declared, publish, told
from tests.acceptance.reading import until
from tests.acceptance.slack import settled
from tests.acceptance.story import somewhere, to_person
from tests.receivers.mailbox import Mailbox
from tests.receivers.troubles import Trouble
from tests.receivers.web import WebReceiver

pytestmark = pytest.mark.timeout(240)

FIRST, SECOND, LAST = "Some card payments fail.", "Fewer card payments fail.", "Cards are accepted as before."


async def test_one_incidents_whole_life_arrives_by_every_way(tmp_path: Path) -> None:
    async with told(tmp_path) as all_:
        here = all_.here
        room = await declared(here)
        await _called(all_)
        (page,) = all_.pager.messages
        assert page["title"] == "INC-1 Checkout is down: you are called"
        await here.slack.who("ben").types("services Checkout", room)

        await publish(here, room, FIRST, to="internal,stakeholders,customers")
        await all_.everywhere(FIRST)
        assert all_.page.states() == {"Checkout": "major_outage", "Search": "operational"}
        await here.slack.who("ben").types("identified", room)
        await publish(here, room, SECOND)
        await all_.everywhere(SECOND)
        await here.slack.who("ben").types("resolve Rolled back 4.2 verified:errors normal for 20 min", room)
        await publish(here, room, LAST)
        await all_.everywhere(LAST)
        await settled(here.proxy)

        assert [status for status, _ in all_.page.said()] == ["investigating", "identified", "resolved"]
        assert all_.page.states() == {"Checkout": "operational", "Search": "operational"}
        assert [len(found) for found in all_.read().values()] == [3, 3, 3, 3]
        assert [message["final"] for message in all_.hook.messages] == [False, False, True]
        assert all_.hook.refused == all_.page.complaints == []
        news, staff = all_.mail.to("news@"), all_.mail.to("staff@")
        assert {str(mail["Subject"]) for mail in news} == {"Card payments"}
        assert len({str(mail["References"]) for mail in (*news, *staff)}) == 2, "a thread for each audience"
        assert "is resolved" in " ".join(str(mail.get_content()) for one in staff for mail in one.iter_parts())
        told_customers = " ".join(
            (*all_.read()["mail"], *all_.read()["statuspage"], *all_.read()["other"], *map(str, news))
        )
        assert not [inside for inside in ("INC-1", "Checkout is down", "Comparing") if inside in told_customers]
        assert not [secret for secret in SECRETS if secret in here.sitrep.log]
        assert not [secret for secret in SECRETS if secret in await here.sitrep.says("export", "INC-1")]


@pytest.mark.parametrize("way", ["mail", "statuspage", "hook", "other"])
async def test_a_way_that_fails_loses_nothing_doubles_nothing_and_delays_no_other(tmp_path: Path, way: str) -> None:
    async with told(tmp_path) as all_:
        here = all_.here
        room = await declared(here)
        await publish(here, room, "Round 0: some card payments fail.")
        await all_.everywhere("Round 0")

        for number, kind in enumerate(("429", "500", "slow", "drop_before", "drop_after", "refused"), start=1):
            await _trouble(all_, way, kind)
            await publish(here, room, f"Round {number}: some card payments fail.")
            await all_.everywhere(f"Round {number}", but=way)
            await somewhere(here, await here.workspace.channel("stakeholders"), f"Round {number}")
            await _over(all_, way)
            await all_.there(way, f"Round {number}", within=40)

        await settled(here.proxy)
        found = {name: [words for words in said if "Round" in words] for name, said in all_.read().items()}
        once = {name: len(said) for name, said in found.items() if name != way}
        assert once == dict.fromkeys(once, 7)
        assert len(found[way]) <= (8 if way in {"mail", "other"} else 7), "once more at most, where nobody can look"
        ids = [str(mail["Message-ID"]) for mail in all_.mail.to("news@")]
        assert len(set(ids)) == 7, "a mail that comes twice is the same mail"


async def test_what_will_never_arrive_is_told_to_the_commander(tmp_path: Path) -> None:
    async with told(tmp_path) as all_:
        here = all_.here
        room = await declared(here)
        all_.mail.trouble = Trouble("550", times=-1)
        all_.hook.trouble = Trouble("410", times=-1)

        await publish(here, room, FIRST)

        mail = await to_person(here, "ben", "Update 1 of INC-1 did not reach customers", "(550)")
        assert "Mail to news@larkfield.example: the mail server refuses it (550)." in mail.words
        hook = await to_person(here, "ben", "Update 1 of INC-1 did not reach stakeholders", "(410)")
        assert "The webhook at 127.0.0.1: it refuses the message (410)." in hook.words
        await all_.there("statuspage", FIRST)
        timeline = await here.slack.who("dee").types("timeline", room)
        await timeline.hears("Update 1 did not reach customers")


@pytest.mark.parametrize("words", ["declare private Checkout is down", "declare critical Checkout is down"])
async def test_of_a_private_incident_nothing_is_told_by_any_way(tmp_path: Path, words: str) -> None:
    async with told(tmp_path) as all_:
        here = all_.here
        await here.slack.who("ana").types(words, await here.workspace.channel("incidents"))
        room = str((await here.workspace.room(1))["id"])
        if "private" not in words:
            await _called(all_)
            await here.slack.who("ana").types("visibility private", room)
        mails, pages = len(all_.mail.mails), len(all_.pager.messages)

        await here.slack.who("ana").types("claim commander", room)
        await here.slack.who("ana").types("update We look at it. steps:Comparing. next:20m", room)
        await here.slack.who("ana").types("priority critical it spreads", room)
        await here.slack.who("ana").types("identified", room)
        await here.slack.who("ana").types("resolve Rolled back verified:errors normal for 20 min", room)
        await here.slack.who("ana").types("close", room)
        await asyncio.sleep(3)

        assert (len(all_.mail.mails), len(all_.pager.messages)) == (mails, pages)
        assert (all_.page.seen, all_.hook.seen, all_.other.seen) == (0, 0, 0)
        assert mails == (0 if "private" in words else 2)


async def _called(all_: Told) -> None:
    """Staff read of the incident, and whoever is on call was paged."""

    async def look() -> bool:
        return bool(all_.mail.to("staff@") and all_.mail.to("oncall@") and all_.pager.messages)

    await until(look, within=8, what="mails and a page of the declaration")


def _server(all_: Told, way: str) -> Mailbox | WebReceiver:
    servers: dict[str, Mailbox | WebReceiver] = {"mail": all_.mail, "statuspage": all_.page}
    return {**servers, "hook": all_.hook, "other": all_.other}[way]


async def _trouble(all_: Told, way: str, kind: str) -> None:
    """A mail server has words of its own for what a web server calls 429 and 500."""
    server = _server(all_, way)
    if kind == "refused":
        stopped = server.stop()
        if stopped is not None:
            await stopped
        return
    code = {"429": "421", "500": "451"}.get(kind, kind) if way == "mail" else kind
    writes = "PATCH" if way == "statuspage" and kind.startswith("drop") else ""
    server.trouble = Trouble(code, times=1, seconds=2, only=writes)


async def _over(all_: Told, way: str) -> None:
    """Whoever went away is back."""
    server = _server(all_, way)
    if not server.running:
        started = server.start()
        if started is not None:
            await started
