"""`me [CODE]`: one person in two chats, proved by a code that is given in one and typed in the other."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from bot.cards import Card, Code, When, line
from bot.commands.spec import Context, Outcome, Param, Spec, Who
from bot.incident import Incident
from bot.people import CodeGiven, CodeMissed, OpenCode, SamePerson
from bot.policy import Policy
from bot.refs import Person, chat_of
from bot.refusals import Unreadable

LIVES = timedelta(minutes=10)
"""How long a code is good for."""
TRIES = 5
"""Wrong codes, whoever types them, that end every code that is out: nobody guesses one of a million."""
FORM = re.compile(r"\d{6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Makes you one person in two chats: gives a code here, which you type in the other chat."""

    code: Annotated[
        str,
        Param(label="Code", help="The six digits that `me` gave you in the other chat.", typed="[CODE]", limit=40),
    ] = ""


def decide(incident: Incident, command: Me, context: Context, policy: Policy) -> Outcome:
    """A code, or two people who are one from now on."""
    del incident, policy
    assert context.codes is not None, "the word asks for them"
    if not command.code:
        return _given(context)
    typed = re.sub(r"[\s-]", "", command.code)
    if not FORM.fullmatch(typed):
        raise Unreadable("A code has six digits: type `me` in the other chat, and you get one.", field="code")
    found = next((each for each in context.codes.open if each.code == typed), None)
    if found is None or not _good(found, context):
        shown = found if found and _of_this_chat(found, context) else None
        again = "This code is not good, or no longer: type `me` in the other chat for a new one."
        return Outcome(matching=CodeMissed(shown=shown), reply=line(again))
    return _same(found, context)


def _good(found: OpenCode, context: Context) -> bool:
    """Whether it may still be typed, here, and by this person.

    A code of the same chat would make two accounts there one person's, and so would one of a person who has another
    account here.
    """
    fresh = context.at < found.at + LIVES and found.misses < TRIES
    known = context.people.get(found.person)
    member = known is None or not (known.guest or known.bot or known.gone)
    return fresh and member and not _chats(found.person, context) & _chats(context.actor, context)


def _of_this_chat(found: OpenCode, context: Context) -> bool:
    return context.identity is not None and chat_of(found.identity) == chat_of(context.identity)


def _chats(person: Person | None, context: Context) -> set[str]:
    return {chat_of(identity) for identity in context.names.identities.get(person, ())} if person else set()


def _given(context: Context) -> Outcome:
    assert context.codes is not None
    code, until = context.codes.drawn, context.at + LIVES
    return Outcome(
        matching=CodeGiven(code=code),
        reply=line("Type ", Code(f"me {code}"), " to Sitrep in the other chat by ", When(until), _PROMISE),
    )


_PROMISE = (
    ": then you are one person in both, with the same roles, and what is for you alone comes where you last wrote. "
    "Give the code to nobody."
)


def _same(found: OpenCode, context: Context) -> Outcome:
    known = context.people.get(context.actor) if context.actor else None
    joined = "You are one person in both chats now, with the same roles. "
    return Outcome(
        matching=SamePerson(other=found, told=_told(known.name if known else "")),
        reply=line(joined + "What is for you alone comes where you last wrote."),
    )


def _told(name: str) -> Card:
    who = f"{name} in the other chat" if name else "Somebody in the other chat"
    return line(
        f"{who} typed your code: you are one person in both chats now, with the same roles. "
        "If that was not you, tell who runs Sitrep at once."
    )


SPEC = Spec(
    word="me",
    command=Me,
    decide=decide,
    who=Who.ANYONE,
    group="People",
    line=("code",),
    about="none",
    codes=True,
    doing="Being one person in two chats",
)
