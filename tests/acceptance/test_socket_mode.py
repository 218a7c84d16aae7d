"""The same over Socket Mode: no public address, two connections, one always up."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.reading import until
from tests.acceptance.slack import Http
from tests.acceptance.socket_server import SocketServer
from tests.acceptance.story import card, in_room, to_person
from tests.acceptance.world import World, world


async def _connected(here: World, enough: Callable[[SocketServer], bool]) -> SocketServer:
    server = here.sockets
    assert server is not None

    async def look() -> bool:
        return enough(server)

    await until(look, within=10, what="connections")
    return server


async def test_an_incident_is_run_over_two_sockets(tmp_path: Path) -> None:
    async with world(tmp_path, mode="socket") as here:
        await _connected(here, lambda server: len(server.connections) == 2)
        ana, ben = here.slack.who("ana"), here.slack.who("ben")
        incidents = await here.workspace.channel("incidents")

        answer = await ana.types("declare critical Checkout is down", incidents)
        await answer.hears("INC-1 is open")
        found = await card(here, 1, "INC-1 Checkout is down")
        await ben.presses(found, "Claim commander")
        await card(here, 1, here.workspace.mention("ben"))
        form = await (await ben.presses(await card(here, 1, here.workspace.mention("ben")), "Post update")).form()
        refused = await form.fill(what="Half of all carts fail", steps=" ").submit()
        assert refused.ack.payload.get("response_action") == "errors"
        await form.fill(steps="Looking").submit()
        await in_room(here, 1, "Update 1 on INC-1", "Half of all carts fail")
        mentioned = await ana.mentions("INC-1 note Seen by two people", incidents)
        await mentioned.hears("Noted")


async def test_an_envelope_that_comes_again_on_the_other_socket_has_no_second_effect(tmp_path: Path) -> None:
    async with world(tmp_path, mode="socket") as here:
        server = await _connected(here, lambda server: len(server.connections) == 2)
        incidents = await here.workspace.channel("incidents")
        payload = here.slack.who("ana").command("declare critical Checkout is down", incidents, trigger="9.1.twice")

        for via in (0, 1, 0):
            assert await server.send("slash_commands", payload, via=via) is not None

        await card(here, 1, "INC-1")
        await asyncio.sleep(1)
        assert not [name for name in await here.workspace.channels() if name.startswith("inc-2")]


async def test_one_socket_is_refreshed_while_the_other_serves(tmp_path: Path) -> None:
    async with world(tmp_path, mode="socket") as here:
        server = await _connected(here, lambda server: len(server.connections) == 2)
        incidents = await here.workspace.channel("incidents")

        await server.refresh(0)
        answer = await here.slack.who("ana").types("declare critical Checkout is down", incidents)

        await answer.hears("INC-1 is open")
        await _connected(here, lambda server: server.opened >= 3 and len(server.connections) == 2)
        await card(here, 1, "INC-1")


async def test_a_socket_that_breaks_is_opened_again(tmp_path: Path) -> None:
    async with world(tmp_path, mode="socket") as here:
        server = await _connected(here, lambda server: len(server.connections) == 2)

        await server.drop(0)

        await _connected(here, lambda server: server.opened >= 3 and len(server.connections) == 2)
        answer = await here.slack.who("ana").types("declare critical Checkout is down")
        await answer.hears("INC-1 is open")


async def test_without_a_signing_secret_nothing_is_taken_over_http(tmp_path: Path) -> None:
    async with world(tmp_path, mode="socket") as here:
        http = Http(here.workspace.session, here.sitrep.url)
        incidents = await here.workspace.channel("incidents")

        ack = await http.send(
            "slash_commands", here.slack.who("ana").command("declare critical Forged", incidents, trigger="1.1.1")
        )

        assert ack.status in {400, 401, 403, 404}


async def test_a_room_that_was_archived_while_nobody_listened_is_found_out(tmp_path: Path) -> None:
    async with world(tmp_path, mode="socket") as here:
        await _connected(here, lambda server: len(server.connections) == 2)
        await here.slack.who("ana").types("declare critical Checkout is down")
        await card(here, 1, "INC-1")
        room = await here.workspace.room(1)
        await here.sitrep.stop()
        await here.workspace.call("conversations.archive", channel=room["id"])

        await here.sitrep.start()

        await to_person(here, "ana", "The room of INC-1 is gone: it was archived.")
