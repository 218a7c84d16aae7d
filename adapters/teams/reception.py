"""What is done with what people type, press and send in Teams: translate, hand over, answer the one who asked.

The effect is committed before the activity is acknowledged, and nothing here waits for Teams but somebody's first words
(`_introduced`): what is to be said is a row of the outbox, or a task of `adapters.teams.answers`. A form opens as a
dialog, for the asker only, from a button in a conversation that others read; where only the asker reads, it is a card
with inputs.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.inbound import Inbound, NotSaved, not_saved_words
from adapters.offers import open_the_form
from adapters.teams import payloads
from adapters.teams.answers import Answers
from adapters.teams.carried import Told, read
from adapters.teams.desk import Desk
from adapters.teams.doing import STATUS, Doing, Done
from adapters.teams.extensions import opened
from adapters.teams.payloads import Kind, Scene, scene
from adapters.teams.privacy import NOT_HERE, asks_for_privacy
from adapters.teams.repeats import Repeats
from adapters.teams.watch import Watch
from adapters.teams.words import mentioned, mentions, said
from bot.cards import Names, line
from bot.policy import Policy
from bot.requests import Answer, Request

Activity = Mapping[str, Any]
Body = dict[str, Any]

OLD = "That button is of another release of Sitrep: use the incident's card."
STRANGER = "Nothing was done, for Teams does not say who you are: send it again in a minute."
SOON = 1.0
"""Seconds that an activity waits for who sent it to be kept."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Receives what people in one tenant type, press and send."""

    inbound: Inbound
    desk: Desk
    answers: Answers
    doing: Doing
    watch: Watch
    policy: Policy
    tenant: str
    """The only one whose people may speak; empty: any."""
    repeats: Repeats = field(default_factory=Repeats)

    async def heard(self, activity: Activity) -> None:
        """A message: words, or the button or form of a card. Raises BadPayload and what the database raises."""
        seen = await self._met(activity)
        told = _told(activity.get("value"))
        if told is not None or _is_for_us(activity, seen):
            await self.repeats.once(_occasion("heard", activity, seen), lambda: self._heard(activity, seen, told))

    async def invoked(self, activity: Activity) -> Body | None:
        """Something that waits for an answer. Raises BadPayload and what the database raises."""
        seen, name = await self._met(activity), str(activity.get("name") or "")
        return await self.repeats.once(_occasion(name, activity, seen), lambda: self._invoked(activity, seen, name))

    async def happened(self, activity: Activity) -> None:
        """Something happened to a conversation or its people. Raises BadPayload and what the database raises."""
        seen = await self._scene(activity)
        await self.desk.contacts.meet(seen.met)
        await self.watch.happened(activity, seen)

    async def _heard(self, activity: Activity, met: Scene, told: Told | None) -> None:
        seen = await self._introduced(met)
        if seen is None:
            await self.answers.in_vain(met, STRANGER)
            return
        if told is not None:
            done = await self.doing.on_card(seen, told, activity["value"])
            if done.words and not done.stands:
                self.answers.privately(seen, line(done.words), Names())
            return
        known = {one.user: one.object_id for one in mentions(activity) if one.user != seen.met.bot}
        people = {user: await self.desk.contacts.identity(user, known[user]) for user in known}
        text = said(activity, seen.met.bot, lambda user, _: people[user])
        await self._worded(seen, self.doing.known(seen, payloads.said(seen, text)))

    async def _invoked(self, activity: Activity, met: Scene, name: str) -> Body | None:
        seen = await self._introduced(met)
        if seen is None:
            done = Done(words=STRANGER)
            return done.as_action() if name == "adaptiveCard/action" else done.as_dialog()
        value = activity.get("value")
        data = value if isinstance(value, dict) else {}
        match name:
            case "adaptiveCard/action":
                sent = payloads.at(data, "action.data")
                told = _told(sent)
                return (await self.doing.on_card(seen, told, sent) if told else Done(words=OLD)).as_action()
            case "task/fetch":
                told = _told(data.get("data"))
                return (await self.doing.fetched(seen, told)).as_dialog() if told else None
            case "task/submit" | "composeExtension/submitAction":
                told = _told(data.get("data"))
                return (await self.doing.submitted(seen, told, data["data"])).as_dialog() if told else {}
            case "composeExtension/fetchTask":
                return (await opened(self.doing, seen, data)).as_dialog()
            case _:
                return None

    async def _met(self, activity: Activity) -> Scene:
        """Who and where, kept for when they are to be written to; what cannot be kept now is kept the next time."""
        seen = await self._scene(activity)
        try:
            async with asyncio.timeout(SOON):
                await self.desk.contacts.meet(seen.met)
        except Exception as fault:  # noqa: BLE001 - the database's: what they want is tried, and they hear of it
            log.warning("who spoke is not kept yet", extra={"kind": type(fault).__name__})
        return seen

    async def _introduced(self, seen: Scene) -> Scene | None:
        """Who speaks for the first time is looked up before their words are judged; None: nothing may come of them.

        An activity does not say who is a guest, and a guest must not count as a member even once. Where Teams cannot be
        asked in time, whoever writes from our tenant counts as a member: nearly everybody is one, a guest was invited,
        and incidents must be declared just when Teams fails. Without a word of the tenant nothing speaks for them.
        They are not judged as a guest then, for that would be kept of a member.
        """
        if self.policy.guests:
            return seen
        introduced = await self.desk.directory.introduced(seen.met)
        if self.tenant and not introduced and not seen.at_home:
            return None
        if not introduced or seen.named:
            return seen
        return replace(seen, met=replace(seen.met, identity=await self.desk.contacts.identity(seen.met.user)))

    async def _scene(self, activity: Activity) -> Scene:
        """Who and where. One who is named by the bot's id of them alone is who that id is known to be."""
        contacts = self.desk.contacts
        seen = scene(activity, self.tenant or contacts.tenant)
        contacts.notice(seen.met)
        self.desk.directory.met(seen.met.conversation)
        if seen.named:
            return seen
        return replace(seen, met=replace(seen.met, identity=await contacts.identity(seen.met.user)))

    async def _worded(self, seen: Scene, request: Request) -> None:
        if not seen.closed and asks_for_privacy(request, self.policy):
            self.answers.privately(seen, line(NOT_HERE), Names(), otherwise=NOT_HERE)
            return
        try:
            answer = await self.inbound.run(request)
        except NotSaved as fault:
            await self.answers.in_vain(seen, not_saved_words(request, fault))
            return
        if answer.form is not None:
            await self._ask(seen, answer)
        elif answer.card is not None:
            self._answer(seen, answer)

    async def _ask(self, seen: Scene, answer: Answer) -> None:
        """A card with inputs for who reads alone; else a button that opens the dialog."""
        assert answer.form is not None
        if seen.kind is Kind.PERSONAL:
            self.answers.as_is(seen, await self.doing.form_card(seen, answer.form, answer.names))
        elif answer.private:
            self.answers.privately(seen, open_the_form(answer.form), answer.names)
        else:
            self.answers.here(seen, open_the_form(answer.form), answer.names)

    def _answer(self, seen: Scene, answer: Answer) -> None:
        assert answer.card is not None
        if answer.when_room is not None:
            self.answers.here(seen, answer.card, answer.names, answer.number, answer.when_room)
        else:
            shows = answer.number if answer.word == STATUS and not answer.refused else None
            self.answers.privately(seen, answer.card, answer.names, shows=shows)


def _told(data: object) -> Told | None:
    return read(data) if isinstance(data, dict) else None


def _is_for_us(activity: Activity, seen: Scene) -> bool:
    """Words of a person: to us alone, or with our mention. Where Sitrep may read everything, nothing else counts."""
    if seen.profile.bot or not isinstance(activity.get("text"), str):
        return False
    return seen.kind is Kind.PERSONAL or mentioned(activity, seen.met.bot)


def _occasion(what: str, activity: Activity, seen: Scene) -> str:
    """By what a repeat is known: its id; empty where a stand-in for Teams gives none."""
    return payloads.occasion(what, seen) if activity.get("id") else ""
