"""What a button or a form does, whichever way it came: the command, and what its presser is told at once.

A form says which fields it showed (`FIELDS`, carried along), so that one left empty takes back what was settled. Where
a press asks first, the question is a card or a dialog of its own, and its "yes" is the press.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters.inbound import Inbound, NotSaved, not_saved_words
from adapters.offers import open_the_form
from adapters.teams import forms, payloads
from adapters.teams.addresses import spot
from adapters.teams.answers import Answers
from adapters.teams.carried import Told, answers
from adapters.teams.desk import Desk
from adapters.teams.payloads import Kind, Scene
from adapters.teams.privacy import NOT_A_FORM_HERE, asks_for_privacy
from adapters.teams.spans import Setting
from adapters.teams.words import spoken_of
from bot.cards import Card, Names, Text, line
from bot.plain import plain_text
from bot.policy import Policy
from bot.questions import Form
from bot.refs import Identity, reference
from bot.requests import Answer, Request

FIELDS = "fields"
"""Under this name a form carries along which fields it showed."""
STATUS = "status"
"""The word that shows an incident's card."""
BELOW = "Its form is below."
IN_CHAT = "It is in your personal chat with Sitrep."
IN_DIALOG = "It asks first, in a form of its own: press it on the incident's card."
UNCHANGED = "Nothing was changed."
SEEN = "Done: the card shows it."
SENT = "Sent."
TYPED = "What you typed: "

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the presser is told at once: a dialog, words, or nothing."""

    words: str = ""
    dialog: Body | None = None
    stands: bool = False
    """What the words say stands, or will stand, where they read it: nobody need say it again."""

    def as_action(self) -> Body:
        """As the answer to a button of a card."""
        return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": self.words or SEEN}

    def as_dialog(self) -> Body:
        """As the answer to a dialog; an empty one closes it."""
        if self.dialog is not None:
            return {"task": {"type": "continue", "value": self.dialog}}
        return {"task": {"type": "message", "value": self.words}} if self.words else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Carries out presses and forms."""

    inbound: Inbound
    desk: Desk
    answers: Answers
    policy: Policy
    now: Callable[[], datetime]
    """The incident's clock, UTC."""

    def known(self, seen: Scene, request: Request) -> Request:
        """With what the directory knows of the person and of those they name, without asking anybody."""
        directory, who = self.desk.directory, seen.met.identity
        profile = directory.profile(who, seen.profile)
        named = map(Identity, spoken_of((request.text, *request.values.values())))
        others = {one: directory.known[one] for one in named if one in directory.known}
        place = spot(who)
        ids = {f"teams:{place.user}", f"teams:{seen.met.user}", str(who)} if place else set()
        mail = {f"mailto:{profile.email}"} if profile.email else set()
        return replace(request, profile=profile, others=others, groups=frozenset(ids | mail))

    async def on_card(self, seen: Scene, told: Told, data: Mapping[str, Any]) -> Done:
        """A button of a message, or a form that is a message. Raises BadPayload."""
        if told.closing:
            return self._in_place(seen, line(UNCHANGED), Names(), UNCHANGED)
        if FIELDS in told.carried:
            return await self._form_on_card(seen, told, data)
        if told.question is not None and not told.confirmed:
            return await self._asks_first(seen, told)
        done = await self._pressed(seen, told)
        if not told.confirmed:
            return done
        words = done.words or SENT
        return self._in_place(seen, line(words), Names(), words)

    async def _asks_first(self, seen: Scene, told: Told) -> Done:
        """Where others read along a button opens a dialog (`fetched`): nothing is asked before their eyes."""
        if seen.kind is not Kind.PERSONAL or told.question is None:
            return Done(words=IN_DIALOG)
        self.answers.as_is(seen, forms.question_message(told, await self._setting(seen)))
        return Done(words=told.question.title, stands=True)

    def _in_place(self, seen: Scene, card: Card, names: Names, words: str) -> Done:
        """In the place of the question or form that was answered. Those stand in personal chats only."""
        stands = _is_form(seen)
        if stands:
            self.answers.replaced(seen, card, names)
        return Done(words=words, stands=stands)

    async def fetched(self, seen: Scene, told: Told) -> Done:
        """A button that opens a dialog. Raises BadPayload."""
        if told.closing:
            return Done()
        if told.question is not None:
            return Done(dialog=forms.question_dialog(told, await self._setting(seen)))
        return await self._pressed(seen, told, opens=True)

    async def submitted(self, seen: Scene, told: Told, data: Mapping[str, Any]) -> Done:
        """A dialog was sent. Raises BadPayload."""
        if told.closing:
            return Done()
        if told.confirmed:
            return await self._pressed(seen, told, opens=True)
        request = self._submission(seen, told, data)
        answer, refusal = await self._run(seen, request)
        if answer is None:
            return Done(words=_with_typed(refusal, request))
        if answer.form is not None:
            return Done(dialog=await self.dialog(seen, answer.form, answer.names))
        if answer.refused and answer.card is not None:
            return Done(words=_with_typed(self._plain(answer.card, answer.names), request))
        return self._told(seen, answer)

    async def dialog(self, seen: Scene, form: Form, names: Names) -> Body:
        """The form as a dialog."""
        return forms.dialog(form, self.now(), names, await self._setting(seen, names), _carried(form))

    async def form_card(self, seen: Scene, form: Form, names: Names) -> Body:
        """The form as a message with inputs."""
        return forms.form_message(form, self.now(), names, await self._setting(seen, names), _carried(form))

    async def asked(self, seen: Scene, request: Request) -> Answer | None:
        """The answer to words that stand for a press, a message's extension; None: nothing was saved."""
        return (await self._run(seen, self.known(seen, request)))[0]

    async def _form_on_card(self, seen: Scene, told: Told, data: Mapping[str, Any]) -> Done:
        request = self._submission(seen, told, data)
        answer, refusal = await self._run(seen, request)
        if answer is None:
            return Done(words=refusal)  # the form stands as it was filled in
        if answer.form is not None and _is_form(seen):
            self.answers.instead(seen, await self.form_card(seen, answer.form, answer.names))
            return Done(words="Something is missing: see the form.", stands=True)
        if answer.form is not None:
            return await self._elsewhere(seen, answer.form, answer.names)
        if answer.refused and answer.card is not None:
            return Done(words=self._plain(answer.card, answer.names))
        done = self._told(seen, answer)
        words = done.words or _sent(answer)
        card = answer.card if done.words and answer.card is not None else line(words)
        return self._in_place(seen, card, answer.names, words)

    async def _pressed(self, seen: Scene, told: Told, *, opens: bool = False) -> Done:
        answer, refusal = await self._run(seen, self.known(seen, payloads.pressed(seen, told)))
        if answer is None:
            return Done(words=refusal)
        if answer.form is None:
            if answer.changed:
                await self._show_anew(seen)
            return self._told(seen, answer)
        if opens:
            return Done(dialog=await self.dialog(seen, answer.form, answer.names))
        return await self._elsewhere(seen, answer.form, answer.names)

    async def _elsewhere(self, seen: Scene, form: Form, names: Names) -> Done:
        """The form as a message of its own, where its reader is alone."""
        if seen.kind is Kind.PERSONAL:
            self.answers.as_is(seen, await self.form_card(seen, form, names))
            return Done(words=BELOW, stands=True)
        self.answers.privately(seen, open_the_form(form), names)
        return Done(words=IN_CHAT, stands=True)

    async def _show_anew(self, seen: Scene) -> None:
        """A card that they asked for shows what they did with it: the outbox knows only the room's."""
        number = self.answers.shown(seen)
        if number is None:
            return
        answer, _ = await self._run(seen, self.known(seen, replace(payloads.asked(seen, STATUS), incident=number)))
        if answer is not None and answer.card is not None and not answer.refused:
            self.answers.replaced(seen, answer.card, answer.names)

    def _submission(self, seen: Scene, told: Told, data: Mapping[str, Any]) -> Request:
        filled = answers(data, seen.met.tenant)
        shown = frozenset(told.carried.get(FIELDS, "").split())
        return self.known(seen, payloads.submitted(seen, told, filled, shown))

    async def _run(self, seen: Scene, request: Request) -> tuple[Answer | None, str]:
        """The answer, or why there is none."""
        if not seen.closed and asks_for_privacy(request, self.policy):
            return None, NOT_A_FORM_HERE
        try:
            return await self.inbound.run(request), ""
        except NotSaved as fault:
            return None, not_saved_words(request, fault)

    def _told(self, seen: Scene, answer: Answer) -> Done:
        """One line is said at once; more goes where it can be read again."""
        if answer.card is None:
            return Done()
        if answer.when_room is not None:
            self.answers.here(seen, answer.card, answer.names, answer.number, answer.when_room)
            return Done()
        if _is_line(answer.card):
            return Done(words=self._plain(answer.card, answer.names))
        self.answers.privately(seen, answer.card, answer.names)
        return Done(words="" if seen.kind is Kind.PERSONAL else IN_CHAT, stands=True)

    def _plain(self, card: Card, names: Names) -> str:
        return plain_text(card, self.now(), names)

    async def _setting(self, seen: Scene, names: Names | None = None) -> Setting:
        personal = seen.kind is Kind.PERSONAL
        return await self.desk.setting(names or Names(), seen.met.conversation, personal=personal)


def _sent(answer: Answer) -> str:
    """What takes a form's place where its command has nothing to say: where to look."""
    if answer.changed and answer.number is not None and answer.when_room is None:
        return f"Done: the card of {reference(answer.number)} shows it."
    return SENT


def _is_form(seen: Scene) -> bool:
    """Whether what was pressed can be a form or question of ours, whose place something may take."""
    return seen.kind is Kind.PERSONAL and bool(seen.reply_to)


def _carried(form: Form) -> dict[str, str]:
    return {FIELDS: " ".join(field.name for field in form.fields)}


def _is_line(card: Card) -> bool:
    return not card.title and not card.actions and len(card.body) == 1 and isinstance(card.body[0], Text)


def _with_typed(sentence: str, request: Request) -> str:
    """With what was typed, for the dialog closes and nothing may be lost."""
    typed = [value for value in request.values.values() if " " in value.strip()]
    return "\n\n".join((sentence, *(f"{TYPED}{value}" for value in typed)))
