"""Slack's places and messages as Sitrep writes them down, and back.

`slack:T1/C1` a conversation · `slack:T1/C1/1700000000.000100` a thread · `slack:T1/U1` a person · as a policy writes
them: `slack:#incidents`, `slack:C1`, `slack:U1`, `slack:@sre-oncall`, `slack:S1` (a user group).
A message's reference is `C1/1700000000.000100`.
"""

import re
from dataclasses import dataclass

from bot.refs import Address, Identity

CHAT = "slack"

TEAM = re.compile(r"[TE][A-Z0-9]+")
CONVERSATION = re.compile(r"[CDG][A-Z0-9]+")
PERSON = re.compile(r"[UW][A-Z0-9]+")
GROUP = re.compile(r"S[A-Z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An address taken apart. One of `channel`, `user`, `name` and `group` is set."""

    team: str = ""
    """Empty where the policy names none."""
    channel: str = ""
    thread: str = ""
    """The `ts` of the thread's first message."""
    user: str = ""
    name: str = ""
    """Of a channel, without `#`: still to be looked up."""
    group: str = ""
    """The handle of a user group, without `@`, or its id."""


def spot(address: str) -> Spot | None:
    """The address taken apart; None where it is none of Slack's."""
    chat, _, rest = address.partition(":")
    if chat != CHAT or not rest:
        return None
    if rest[0] == "#":
        return Spot(name=rest[1:]) if rest[1:] else None
    if rest[0] == "@":
        return Spot(group=rest[1:]) if rest[1:] else None
    first, *others = rest.split("/")
    if not others:
        return _within("", first, "")
    if len(others) > 2 or not TEAM.fullmatch(first):
        return None
    return _within(first, others[0], others[1] if len(others) > 1 else "")


def _within(team: str, place: str, thread: str) -> Spot | None:
    if CONVERSATION.fullmatch(place):
        return Spot(team=team, channel=place, thread=thread)
    if PERSON.fullmatch(place) and not thread:
        return Spot(team=team, user=place)
    if GROUP.fullmatch(place) and not thread:
        return Spot(team=team, group=place)
    return None


def conversation(team: str, channel: str, thread: str = "") -> Address:
    """The address of a conversation, or of a thread in it."""
    return Address(f"{CHAT}:{team}/{channel}/{thread}" if thread else f"{CHAT}:{team}/{channel}")


def person(team: str, user: str) -> Identity:
    """A person as Slack knows them; also the address of a direct message to them."""
    return Identity(f"{CHAT}:{team}/{user}")


def message_ref(channel: str, ts: str) -> str:
    """The reference of a message."""
    return f"{channel}/{ts}"


def message_at(ref: str) -> tuple[str, str]:
    """The channel and `ts` of a message's reference; both empty where it is none."""
    channel, slash, ts = ref.partition("/")
    return (channel, ts) if slash else ("", "")
