"""What is done with a command, a press, a form and a mention: translate, hand over, answer the one who asked.

The effect is committed before an answer is given, and an answer waits for nothing outside: forms are opened and
messages are sent by tasks of our own (docs/architecture.md 2, invariant 3).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slack_bolt.response import BoltResponse

from adapters.inbound import Inbound, NotSaved, not_saved_card, not_saved_words
from adapters.offers import open_the_form
from adapters.sinks import SendFailed
from adapters.slack import payloads, views
from adapters.slack.addresses import spot
from adapters.slack.answers import LIMIT, Answers, Promised, Way, Write
from adapters.slack.budget import Haste
from adapters.slack.desk import Desk
from adapters.slack.intake import Body, at
from adapters.slack.offers import did_not_open
from adapters.slack.render import message
from adapters.slack.words import spoken_of
from adapters.tasks import Tasks
from bot.cards import Card, Names
from bot.plain import plain_text
from bot.questions import Form
from bot.refs import Identity
from bot.requests import Answer, Request

OPENING = 2.5
"""Seconds for opening a form; the trigger lives for three (docs/slack.md)."""
CLEAR: Mapping[str, str] = {"response_action": "clear"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Receives what people in one workspace type, press and send."""

    inbound: Inbound
    desk: Desk
    answers: Answers
    tasks: Tasks
    now: Callable[[], datetime]
    """The incident's clock, UTC."""

    async def commanded(self, body: Body) -> BoltResponse:
        """A slash command: answered in the acknowledgement. Raises BadPayload."""
        request = self._known(payloads.commanded(body, self._team()))
        way = Way(url=_text(body, "response_url"), replaceable=True)
        try:
            answer = await self.inbound.run(request)
        except NotSaved as fault:
            return self._privately(not_saved_card(request, fault), Names())
        if answer.form is not None:
            self._open(answer.form, answer.names, _text(body, "trigger_id"), request, way)
            return BoltResponse(status=200)
        self._promise_room(answer, way)
        return self._privately(answer.card, answer.names) if answer.card else BoltResponse(status=200)

    async def pressed(self, body: Body) -> BoltResponse:
        """A button or a choice from a menu: answered by its way back. Raises BadPayload."""
        found = payloads.pressed(body, self._team())
        if found is None:
            return BoltResponse(status=200)
        request = self._known(found)
        way = Way(url=_text(body, "response_url"), replaceable=at(body, "container.is_ephemeral") is True)
        try:
            answer = await self.inbound.run(request)
        except NotSaved as fault:
            self._reply(way, Answer(card=not_saved_card(request, fault)))
            return BoltResponse(status=200)
        if answer.form is not None:
            self._open(answer.form, answer.names, _text(body, "trigger_id"), request, way)
        else:
            self._reply(way, answer)
        return BoltResponse(status=200)

    async def submitted(self, body: Body) -> BoltResponse:
        """A form: findings in the acknowledgement, else it closes and the answer goes by the way it was opened.

        Raises BadPayload.
        """
        request = self._known(payloads.submitted(body, self._team()))
        view: dict[str, Any] = body["view"]
        try:
            answer = await self.inbound.run(request)
        except NotSaved as fault:
            return BoltResponse(status=200, body=views.refusal(view, not_saved_words(request, fault)))
        if answer.form is not None:
            again = views.again(answer.form, view, self.now(), answer.names, self.desk.workspace())
            return BoltResponse(status=200, body=again)
        if answer.refused and answer.card is not None and any(views.shown_fields(view)):
            sentence = plain_text(answer.card, self.now(), answer.names)
            return BoltResponse(status=200, body=views.refusal(view, sentence))
        self._reply(self.answers.of_view(str(view["id"])), answer, request)
        return BoltResponse(status=200, body=dict(CLEAR))

    async def mentioned(self, body: Body) -> BoltResponse:
        """Words after a mention of us: answered where only they see it.

        Raises BadPayload; NotSaved, so that Slack delivers it again.
        """
        found = payloads.mentioned(body, self._team(), self.desk.directory.required().user)
        if found is None:
            return BoltResponse(status=200)
        request = self._known(found)
        answer = await self.inbound.run(request)
        card = open_the_form(answer.form) if answer.form is not None else answer.card
        if card is not None:
            self._whisper(card, answer.names, request, str(at(body, "event.thread_ts") or ""))
        return BoltResponse(status=200)

    def _team(self) -> str:
        return self.desk.directory.required().team

    def _known(self, request: Request) -> Request:
        """With what the workspace's directory knows of the person, without asking anybody."""
        directory, place = self.desk.directory, spot(request.identity)
        user = place.user if place else ""
        profile = directory.profile(user)
        if profile is None:
            directory.hint()
        named = {Identity(name): spot(name) for name in spoken_of((request.text, *request.values.values()))}
        found = {name: directory.profile(place.user) for name, place in named.items() if place}
        others = {name: known for name, known in found.items() if known}
        return replace(request, profile=profile, others=others, groups=directory.groups_of(user))

    def _privately(self, card: Card, names: Names) -> BoltResponse:
        return BoltResponse(status=200, body={"response_type": "ephemeral", **self.answers.write(card, names)})

    def _reply(self, way: Way, answer: Answer, request: Request | None = None) -> None:
        """Say it by the way back; where there is none any more, in the conversation it came from, to them alone."""
        card, place = answer.card, request.place if request else None
        if way.open():
            if card is not None or answer.when_room is not None:
                self.tasks.start(self._say(way, answer), name="private answer", within=2 * LIMIT)
        elif card is not None and place is not None and request is not None:
            self._whisper(card, answer.names, request)

    async def _say(self, way: Way, answer: Answer) -> None:
        if answer.card is not None:
            await self.answers.say(way, answer.card, answer.names, replacing=way.replaceable)
        self._promise_room(answer, way)

    def _promise_room(self, answer: Answer, way: Way) -> None:
        if answer.when_room is None or answer.number is None or not way.open():
            return
        promised = Promised(way=way, card=answer.when_room, names=answer.names)
        room = self.answers.when_room(answer.number, promised)
        if room is not None:
            telling = self.answers.tell_room(answer.number, promised, room)
            self.tasks.start(telling, name="answer with a room", within=LIMIT)

    def _open(self, form: Form, names: Names, trigger: str, request: Request, way: Way) -> None:
        carried = {payloads.PLACE: str(request.place)} if request.place else {}
        view = views.view(form, self.now(), names, self.desk.workspace(), carried)
        self.tasks.start(self._opened(view, form, trigger, way), name="open a form", within=OPENING + LIMIT)

    async def _opened(self, view: dict[str, Any], form: Form, trigger: str, way: Way) -> None:
        try:
            async with asyncio.timeout(OPENING):
                opened = await self.desk.client.call("views.open", haste=Haste.FIRST, trigger_id=trigger, view=view)
        except (SendFailed, TimeoutError) as failed:
            why = failed.reason if isinstance(failed, SendFailed) else "it took too long"
            log.warning("a form did not open", extra={"word": form.command, "why": why})
            await self.answers.say(way, did_not_open(form), Names(), replacing=way.replaceable)
            return
        self.answers.keep(str(at(dict(opened), "view.id") or ""), way)

    def _whisper(self, card: Card, names: Names, request: Request, thread: str = "") -> None:
        place, person = spot(request.place or ""), spot(request.identity)
        if place is None or person is None or not place.channel:
            return
        where = {"channel": place.channel, "user": person.user} | ({"thread_ts": thread} if thread else {})
        self.tasks.start(self._whispered(where | self.answers.write(card, names)), name="private answer", within=LIMIT)

    async def _whispered(self, arguments: dict[str, Any]) -> None:
        try:
            await self.desk.client.call("chat.postEphemeral", haste=Haste.FIRST, **arguments)
        except SendFailed as failed:
            log.warning("a private answer did not arrive", extra={"why": failed.reason})


def writer(desk: Desk, now: Callable[[], datetime]) -> Write:
    """What makes a card a message of this moment and this workspace."""

    def write(card: Card, names: Names) -> dict[str, Any]:
        return message(card, now(), names, desk.workspace())

    return write


def _text(body: Body, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
