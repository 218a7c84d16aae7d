"""Slack plays the scenarios: over the emulator, its proxy and signed requests."""

import asyncio
import html
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests.acceptance import story
from tests.acceptance.chats import POLICY, Broken, Heard, Said, Sent, Told, Trouble, Ways
from tests.acceptance.faults import Params
from tests.acceptance.people import BOT_TOKEN, PEOPLE, SIGNING_SECRET, Profile
from tests.acceptance.process import Sitrep
from tests.acceptance.reading import Message, until
from tests.acceptance.slack import Answer, settled
from tests.acceptance.told_in_slack import SlackTold
from tests.acceptance.world import World, world

WAYS = Ways(
    invites_people=True,
    opens_forms_from_words=True,
    answers_in_place=True,
    declares_in_private_anywhere=True,
    replies_within_a_room=True,
    asks_back_in_the_button=True,
    reads_back=True,
)
TROUBLE = Trouble(
    kinds=("429", "500", "html", "internal_error", "drop_before", "drop_after"),
    of_a_declaration=(
        "conversations.create",
        "conversations.setTopic",
        "conversations.invite",
        "chat.postMessage",
        "pins.add",
    ),
    of_an_update=("chat.postMessage", "chat.update"),
)


@dataclass(slots=True)
class InSlack:
    """One workspace."""

    here: World
    name: str = "slack"
    ways: Ways = WAYS
    counted: tuple[str, ...] = ("chat.postMessage",)

    @property
    def sitrep(self) -> Sitrep:
        return self.here.sitrep

    def secrets(self, told: Told) -> tuple[str, ...]:
        return BOT_TOKEN, SIGNING_SECRET, cast("SlackTold", told).answer.response_url.rpartition("/")[2]

    async def place(self, name: str) -> str:
        return await self.here.workspace.channel(name)

    async def confidential(self) -> str:
        return await self.place("board")

    async def room(self, number: int, within: float = 5) -> str:
        return str((await self.here.workspace.room(number, within))["id"])

    async def rooms(self) -> set[int]:
        named = [re.match(r"inc-(\d+)", name) for name in await self.here.workspace.channels()]
        return {int(found[1]) for found in named if found}

    async def members(self, number: int) -> set[str]:
        return await self.here.workspace.members(await self.room(number))

    def mention(self, name: str) -> str:
        return self.here.workspace.mention(name)

    async def types(self, name: str, text: str, place: str = "") -> SlackTold:
        typed = SlackTold(await self.here.slack.who(name).types(text, place or await self.place("watercooler")))
        assert typed.status == 200, typed.answer.ack
        return typed

    async def again(self, told: Told) -> SlackTold:
        return SlackTold(await self.here.slack.again(cast("SlackTold", told).answer))

    async def twice(self, name: str, text: str, place: str) -> Sequence[SlackTold]:
        """Every third as a mention."""
        turn, slack = next(self.here.slack.counter), self.here.slack
        who, at = slack.who(name), time.time()
        if turn % 3 == 0:
            key = f"Ev0BURST{turn:04}"
            both = [who.mentions(text, place, event_id=key) for _ in range(2)]
            return [SlackTold(answer) for answer in await asyncio.gather(*both)]
        payload = who.command(text, place, trigger=f"1.{turn}.burst")
        acks = await asyncio.gather(*(slack.transport.send("slash_commands", payload) for _ in range(2)))
        url = str(payload["response_url"])
        return [SlackTold(Answer(slack, name, ack, url, "", at, ("slash_commands", payload))) for ack in acks]

    async def presses(self, name: str, message: Said, label: str) -> SlackTold:
        pressed = SlackTold(await self.here.slack.who(name).presses(cast("Message", message), label))
        assert pressed.status == 200, pressed.answer.ack
        return pressed

    async def now(self, message: Said) -> Said:
        old = cast("Message", message)
        return next(one for one in await self.here.workspace.messages(old.channel) if one.ts == old.ts)

    def seen(self, message: Said) -> str:
        return html.unescape(f"{message.words}\n{message.text}")

    async def card(self, number: int, *words: str, within: float = 5) -> Said:
        return await story.card(self.here, number, *words, within=within)

    async def cards(self, number: int) -> Sequence[Said]:
        return await self.here.workspace.pinned(await self.room(number))

    async def in_room(self, number: int, *words: str, within: float = 5) -> Said:
        return await story.in_room(self.here, number, *words, within=within)

    async def somewhere(self, place: str, *words: str, within: float = 5) -> Said:
        return await story.somewhere(self.here, place, *words, within=within)

    async def to_person(self, name: str, *words: str, within: float = 5) -> Said:
        return await story.to_person(self.here, name, *words, within=within)

    async def everything(self, place: str) -> Sequence[Said]:
        return await self.here.workspace.everything(place)

    async def messages(self, place: str) -> Sequence[Said]:
        return await self.here.workspace.messages(place)

    async def private(self, name: str) -> Sequence[Said]:
        return await self.here.workspace.private(name)

    async def under_announcement(self, said: Said) -> bool:
        reply = cast("Message", said)
        first = (await self.here.workspace.messages(reply.channel))[0]
        return bool(reply.raw["thread_ts"] == first.ts and not reply.broadcast)

    async def complete(self, number: int, *words: str, within: float = 12) -> None:
        await self.card(number, f"INC-{number}", *words, within=within)
        await self.somewhere(await self.place("incidents"), f"INC-{number}", *words, within=within)
        room = await self.room(number)

        async def stands() -> bool:
            topic = (await self.here.workspace.room(number))["topic"]["value"]
            return bool(topic) and "ana" in await self.here.workspace.members(room)

        await until(stands, within=within, what=f"topic and declarer of INC-{number}")

    async def everywhere_but(self, room: str) -> str:
        found: list[object] = [call.params.get("metadata") for call in self.here.proxy.calls]
        for channel in (await self.here.workspace.channels()).values():
            if channel["id"] != room and channel["is_member"]:
                found += [message.raw for message in await self.here.workspace.everything(channel["id"])]
        for name in self.here.workspace.ids:
            found += [message.raw for message in await self.here.workspace.private(name)]
        return str(found)

    async def sent(self, number: int, words: str) -> list[Sent]:
        places = await self._places()
        found = []
        for call in self.here.proxy.calls:
            text = str(call.params.get("text", ""))
            if call.method != "chat.postMessage" or call.result != "ok" or words not in text:
                continue
            place = places[str(call.params["channel"])]
            to = "room" if re.match(rf"inc-{number}(-|$)", place) else place
            found.append(Sent(at=call.at, to=to, words=f"{Message(place, call.params).words}\n{text}"))
        return found

    async def heard(self, number: int, name: str) -> Heard:
        room, incidents = await self.room(number), await self.place("incidents")
        announced = [
            message for message in await self.here.workspace.messages(incidents) if f"INC-{number} " in message.words
        ]
        replies = [reply for message in announced for reply in await self.here.workspace.thread(message)]
        return Heard(
            room=len(await self.here.workspace.messages(room)),
            thread=len(announced) + len(replies),
            private=len(await self.private(name)),
        )

    async def settled(self, *, quiet: float = 0.7) -> None:
        await settled(self.here.proxy, quiet=quiet)

    def fail(self, call: str, kind: str, *, seconds: float = 1.0) -> Broken:
        return self.here.proxy.fail(call, kind, seconds=seconds)

    def repeated_after(self, call: str, since: float) -> float | None:
        calls = self.here.proxy.since(since, call)
        failed = next(one for one in calls if one.fault)
        same = [one for one in calls if one.at > failed.at and _about(one.params) == _about(failed.params)]
        return same[0].at - failed.at if same else None

    def lose(self, words: str) -> None:
        self.here.proxy.fail("chat.postMessage", "500", times=-1, when=lambda params: _names(params, words))

    def go_away(self) -> None:
        self.here.proxy.fail("*", "drop_before", times=-1)

    def turn_away(self) -> None:
        self.here.proxy.fail("*", "invalid_auth", times=-1)

    def slow_down(self, seconds: float) -> None:
        self.here.proxy.latency = seconds

    def mend(self) -> None:
        self.here.proxy.mend()
        self.here.proxy.latency = 0

    async def _places(self) -> dict[str, str]:
        """Channels, direct messages and people: their names by their ids."""
        names = {key: name for name, key in self.here.workspace.ids.items()}
        direct = await self.here.workspace.call("conversations.list", types="im", limit=1000)
        people = {one["id"]: names[one["user"]] for one in direct["channels"] if one.get("user") in names}
        return {one["id"]: name for name, one in (await self.here.workspace.channels()).items()} | people | names


@asynccontextmanager
async def in_slack(
    folder: Path,
    *,
    policy: str = POLICY,
    people: tuple[Profile, ...] = PEOPLE,
    settings: dict[str, str] | None = None,
) -> AsyncIterator[InSlack]:
    """A workspace and Sitrep, over http."""
    written = policy.replace("chat:", "slack:#")
    async with world(folder, policy=written, people=people, settings=settings) as here:
        yield InSlack(here)


def _about(params: Params) -> tuple[object, object]:
    return params.get("channel"), params.get("name")


def _names(params: Params, words: str) -> bool:
    return words in str(params.get("text"))
