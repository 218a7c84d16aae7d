"""Teams' side of the conversation: what people do in the client, signed and sent as Teams sends it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.acceptance.reading import until
from tests.teams import activities
from tests.teams.activities import Activity
from tests.teams.cards import CONTENT, Card, Element, merged, pressable, words
from tests.teams.checks import ACTION_MESSAGE, complaints_of_answer
from tests.teams.forging import FORGERIES
from tests.teams.forms import Form
from tests.teams.openid import OpenId
from tests.teams.people import TENANT, Person
from tests.teams.tenant import Message, Tenant


@dataclass(slots=True, kw_only=True)
class Teams:
    """One tenant talking to one bot."""

    tenant: Tenant
    keys: OpenId
    session: aiohttp.ClientSession
    url: str
    """Of the bot, without its path."""

    def who(self, name: str) -> "Somebody":
        return Somebody(teams=self, person=self.tenant.people[name])

    async def deliver(self, activity: Activity, headers: Mapping[str, str] | None = None) -> "Answer":
        """Send an activity. `headers`: in place of a proper signature."""
        signed = {"Authorization": self.keys.bearer(activity["serviceUrl"])} if headers is None else dict(headers)
        routing = {"x-ms-conversation-id": activity["conversation"]["id"], "x-ms-tenant-id": TENANT}
        kind = {"Content-Type": "application/json; charset=utf-8"}
        start, seen = time.monotonic(), len(self.tenant.messages)
        async with self.session.post(
            f"{self.url}/api/messages", data=json.dumps(activity), headers={**kind, **routing, **signed}
        ) as response:
            body = await response.text()
        answer = Answer(
            teams=self,
            activity=activity,
            status=response.status,
            body=body,
            took=time.monotonic() - start,
            seen=seen,
        )
        if headers is None:
            people = self.tenant.mentionable()
            found = complaints_of_answer(activity, answer.status, answer.payload, answer.took, people)
            self.tenant.complaints += found
        return answer

    async def again(self, answer: "Answer") -> "Answer":
        """The same request once more, as Teams repeats one that it takes for lost."""
        return await self.deliver(answer.activity)

    async def forged(self, kind: str, activity: Activity) -> "Answer":
        """Somebody who is not Teams sends it; `kind` is one of `FORGERIES`."""
        headers, sent = FORGERIES[kind](self.keys, activity)
        return await self.deliver(sent, headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of something a person did: what came straight back, and what the bot said since."""

    teams: Teams
    activity: Activity
    status: int
    body: str
    took: float
    """Seconds."""
    seen: int
    """How many messages there were before."""

    @property
    def person(self) -> Person:
        found = self.teams.tenant.whose(self.activity["from"]["id"])
        assert found is not None
        return found

    @property
    def payload(self) -> dict[str, Any]:
        found = json.loads(self.body) if self.body.startswith("{") else {}
        return found if isinstance(found, dict) else {}

    @property
    def task(self) -> dict[str, Any]:
        """Of a dialog's answer."""
        found = self.payload.get("task")
        return found if isinstance(found, dict) else {}

    @property
    def told(self) -> str:
        """What the presser alone reads at once: words in answer to a button or a dialog, or the card that opens."""
        value = self.task.get("value")
        if isinstance(value, dict):
            return f"{value.get('title', '')}\n{words(value['card']['content'])}"
        if isinstance(value, str):
            return value
        if self.payload.get("type") == ACTION_MESSAGE:
            return str(self.payload["value"])
        return words(self.payload["value"]) if self.payload.get("type") == CONTENT else ""

    def since(self, place: str) -> list[Message]:
        """What the bot has said there since."""
        later = self.teams.tenant.messages[self.seen :]
        return [one for one in later if not one.author and not one.gone and one.conversation == place]

    def privately(self) -> list[Message]:
        """What the bot has said to this person alone since."""
        return self.since(self.teams.tenant.personal(self.person.name))

    def nearby(self) -> list[Message]:
        """What the bot has said since where the person was: in that thread, in that chat."""
        return self.since(self.activity["conversation"]["id"])

    async def hears(self, *parts: str, within: float = 3) -> str:
        """What the person was told that has all of these words in it: at once, in private or where they were."""

        async def look() -> str:
            said = [self.told, *(one.words for one in (*self.privately(), *self.nearby()))]
            return next((told for told in said if told and all(part in told for part in parts)), "")

        try:
            return await until(look, within=within, what=f"{parts} to {self.person.name}")
        except AssertionError:
            said = [self.told, *(one.words for one in (*self.privately(), *self.nearby()))]
            raise AssertionError(f"{self.person.name} was not told {parts}, but: {said}") from None

    async def form(self, within: float = 3) -> "Form[Answer]":
        """The dialog that opened; where none did, the card with inputs that came."""
        value, people = self.task.get("value"), self.teams.tenant.people
        if isinstance(value, dict):
            card, heading = value["card"]["content"], str(value.get("title", ""))
            return Form(card=card, heading=heading, people=people, send=self._send_dialog)

        async def look() -> Message | None:
            said = [*self.privately(), *self.nearby()]
            return next((one for one in reversed(said) if one.inputs), None)

        found = await until(look, within=within, what=f"a form for {self.person.name}; told at once: {self.told!r}")
        assert found is not None
        return self.teams.who(self.person.name).form_on(found)

    async def presses(self, label: str, within: float = 3) -> "Answer":
        """Press a button of what the bot answered."""

        async def look() -> Message | None:
            return next((one for one in (*self.privately(), *self.nearby()) if label in one.buttons), None)

        found = await until(look, within=within, what=f"a button {label!r}; told at once: {self.told!r}")
        assert found is not None
        return await self.teams.who(self.person.name).presses(found, label)

    async def _send_dialog(self, form: "Form[Answer]", label: str) -> "Answer":
        """A button of the dialog. Another that comes in answer takes its place."""
        action, asked = pressable(form.card, label), self.activity
        assert action["type"] == "Action.Submit", f"{label!r} does nothing in a dialog: {action['type']}"
        told = asked["value"]
        extension = {key: told[key] for key in ("commandId", "commandContext", "messagePayload") if key in told}
        name = "composeExtension/submitAction" if extension else "task/submit"
        value = {"data": merged(action, form.typed()), "context": {"theme": "default"}, **extension}
        place, about = asked["conversation"]["id"], str(asked.get("replyToId", ""))
        sender = self.teams.tenant.people.get(form.by, self.person)
        answer = await self.teams.deliver(
            activities.invoked(self.teams.tenant, sender, place, name, value, about=about)
        )
        found = answer.task.get("value")
        if isinstance(found, dict):
            form.turned(found["card"]["content"], str(found.get("title", "")))
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """Somebody with a keyboard."""

    teams: Teams
    person: Person

    @property
    def tenant(self) -> Tenant:
        return self.teams.tenant

    async def says(
        self, text: str, place: str = "", *, mention: bool | None = None, split: bool = False, **more: Any
    ) -> Answer:
        """Type something: in a channel (a new post), a thread, a chat; where none is named, to the bot alone.

        `@name` becomes a mention. Unless said, it begins with a mention of the bot anywhere but in the personal chat.
        What the bot may not read does not reach it: the answer then has status 0.
        """
        place = place or self.tenant.personal(self.person.name)
        alone = place == self.tenant.personal(self.person.name)
        speaks = (not alone) if mention is None else mention
        typed = activities.spoken(self.tenant, self.person, place, text, mention=speaks, split=split)
        message = self.tenant.post(place, self.person.name, typed)
        typed |= {"id": message.id, "conversation": self.tenant.described(message.conversation), **more}
        conversation = self.tenant.at(place)
        assert conversation is not None
        if conversation.installed and (alone or speaks or self.tenant.reads_all):
            return await self.teams.deliver(typed)
        return Answer(teams=self.teams, activity=typed, status=0, body="", took=0.0, seen=len(self.tenant.messages))

    def said(self, answer: Answer) -> Message:
        """The message that something was said with."""
        found = self.tenant.find(answer.activity["conversation"]["id"], answer.activity["id"])
        assert found is not None
        return found

    async def presses(
        self, message: Message, label: str, *, typed: Mapping[str, Any] | None = None, old_client: bool = False
    ) -> Answer:
        """Press a button of a message.

        `typed`: what its inputs hold. `old_client`: one that knows no Action.Execute.
        """
        card = message.views.get(self.person.name) or message.card or {}
        return await self.press_on(card, message, label, typed=typed or {}, old_client=old_client)

    async def press_on(
        self, card: Card, message: Message, label: str, *, typed: Mapping[str, Any], old_client: bool = False
    ) -> Answer:
        """Press a button of that card of a message, as this person sees it."""
        action = pressable(card, label)
        if old_client and action["type"] == "Action.Execute":
            assert isinstance(action.get("fallback"), dict), f"{label!r} has nothing for older clients"
            action = action["fallback"]
        data = merged(action, typed)
        if action["type"] == "Action.Execute":
            return await self._executes(message, {**action, "data": data})
        assert action["type"] == "Action.Submit", f"{label!r} is {action['type']}: {action.get('url')}"
        if isinstance(data, dict) and (data.get("msteams") or {}).get("type") == "task/fetch":
            value = {"data": data, "context": {"theme": "default"}}
            return await self._invokes(message.conversation, "task/fetch", value, about=message.id)
        return await self.teams.deliver(activities.submitted(self.tenant, self.person, message, data))

    async def acts(self, message: Message, command: str) -> Answer:
        """Take an action of the message extension on a message: its dialog comes back."""
        value = activities.extension(self.tenant, self.person, message, command)
        return await self._invokes(message.conversation, "composeExtension/fetchTask", value, about=message.id)

    async def reacts(self, message: Message, kind: str = "like", *, added: bool = True) -> Answer:
        return await self.teams.deliver(activities.reacted(self.tenant, self.person, message, kind, added=added))

    async def edits(self, message: Message, text: str) -> Answer:
        """Put other words in the place of what they said."""
        typed = activities.spoken(self.tenant, self.person, message.conversation, text, mention=True)
        message.activity, message.edits = {**typed, "id": message.id}, message.edits + 1
        return await self.teams.deliver(activities.changed(self.tenant, self.person, message, typed))

    async def refreshes(self, message: Message) -> Answer:
        """The client asks for this person's own view of a card, where the card says so."""
        refresh = (message.card or {}).get("refresh") or {}
        listed = refresh.get("userIds")
        assert refresh, "the card has no views of their own for people"
        assert listed is None or self.person.id in listed, f"the card has no view of its own for {self.person.name}"
        action = {**refresh["action"], "data": refresh["action"].get("data") or {}}
        sent = activities.executed(self.tenant, self.person, message, action)
        sent["value"]["trigger"] = "automatic"
        return self._viewed(message, await self.teams.deliver(sent))

    def form_on(self, message: Message) -> Form[Answer]:
        """The inputs of a message, to be filled in."""

        async def send(form: Form[Answer], label: str) -> Answer:
            return await self.press_on(form.card, message, label, typed=form.typed())

        card = message.views.get(self.person.name) or message.card
        assert card is not None
        return Form(card=card, people=self.tenant.people, send=send)

    async def _executes(self, message: Message, action: Element) -> Answer:
        sent = activities.executed(self.tenant, self.person, message, action)
        return self._viewed(message, await self.teams.deliver(sent))

    async def _invokes(self, place: str, name: str, value: Element, *, about: str) -> Answer:
        return await self.teams.deliver(
            activities.invoked(self.tenant, self.person, place, name, value, about=about),
        )

    def _viewed(self, message: Message, answer: Answer) -> Answer:
        """A card in answer to a press takes the message's place, for who pressed."""
        if answer.payload.get("type") == CONTENT:
            message.views[self.person.name] = answer.payload["value"]
        return answer
