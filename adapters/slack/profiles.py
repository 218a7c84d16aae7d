"""What Slack tells of people, kept in memory for the requests to come and handed on to be stored.

The list of all people is read once, early, so that a guest is known as one at the first word; who is not in it is asked
for by name of their id. Neither is ever waited for by an acknowledgement.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.bounded import put
from adapters.sinks import SendFailed
from adapters.slack.addresses import person, spot
from adapters.slack.channels import next_cursor
from adapters.slack.client import Client
from bot.commands.spec import Profile
from bot.refs import Identity

PAGE = 200
MOST_PAGES = 15
"""Of the list of all people: a larger workspace is learned person by person."""

ASKED_AT_ONCE = 20

MOST = 5000
"""People kept in memory, more than the list is read of; those told of longest ago go first."""

SLACKBOT = "USLACKBOT"
SLACKBOTS = Profile(name="Slackbot", bot=True)

log = logging.getLogger(__name__)

Unnamed = Callable[[], Awaitable[Iterable[Identity]]]
"""Identities of people whose name is not stored yet."""

Learn = Callable[[Identity, Profile], Awaitable[None]]
"""Stores what is known of somebody."""


@dataclass(slots=True, kw_only=True)
class Profiles:
    """The people of the workspace, as far as they are known."""

    client: Client
    unnamed: Unnamed
    learn: Learn
    known: dict[str, Profile] = field(default_factory=dict[str, Profile])
    """By user id."""

    def get(self, user: str) -> Profile | None:
        """What is known of them, without asking anybody."""
        return SLACKBOTS if user == SLACKBOT else self.known.get(user)

    async def read_all(self, team: str) -> None:
        """Read the list of all people, as far as it goes. Raises SendFailed; what was read stays."""
        cursor = ""
        for _ in range(MOST_PAGES):
            page: dict[str, Any] = {"cursor": cursor} if cursor else {}
            answer = await self.client.call("users.list", limit=PAGE, **page)
            members = answer.get("members")
            for one in members if isinstance(members, list) else []:
                self.note(one, team)
            cursor = next_cursor(answer)
            if not cursor:
                return
        log.info("not everybody is read at the start", extra={"read": len(self.known)})

    def note(self, user: Any, team: str) -> tuple[Identity, Profile] | None:
        """Remember somebody as Slack describes them, in a list or in an event; None where that is nobody."""
        if not isinstance(user, dict) or not user.get("id"):
            return None
        found = profile_of(user, team)
        put(self.known, str(user["id"]), found, MOST)
        return person(team, str(user["id"])), found

    async def name_people(self, team: str) -> int:
        """Store the profile of everybody whose name is missing; how many were learned. Raises SendFailed."""
        learned = 0
        for identity in tuple(await self.unnamed()):
            user = _user_in(identity, team)
            if not user:
                continue
            await self.learn(identity, self.known.get(user) or await self._ask(user, team))
            learned += 1
            if learned >= ASKED_AT_ONCE:
                break
        return learned

    async def _ask(self, user: str, team: str) -> Profile:
        """What Slack says of them; nothing of somebody it does not know, so that nobody asks for them again."""
        try:
            answer = await self.client.call("users.info", user=user)
        except SendFailed as failed:
            if failed.gone != "person":
                raise
            log.info("somebody cannot be looked up", extra={"why": failed.reason})
            return Profile()
        noted = self.note(answer.get("user"), team)
        return noted[1] if noted else Profile()


def profile_of(user: Mapping[str, Any], team: str) -> Profile:
    """Slack's description of a person as ours. Guests are restricted accounts and people of other organisations."""
    own = user.get("profile")
    details: Mapping[str, Any] = own if isinstance(own, dict) else {}
    names = (details.get("display_name"), details.get("real_name"), user.get("real_name"), user.get("name"))
    elsewhere = user.get("team_id", team) != team and not user.get("enterprise_user")
    return Profile(
        name=next((str(name) for name in names if name), ""),
        zone=str(user.get("tz") or ""),
        guest=any(bool(user.get(flag)) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger"))
        or elsewhere,
        bot=bool(user.get("is_bot")) or user.get("id") == SLACKBOT,
        gone=bool(user.get("deleted")),
        email=str(details.get("email") or ""),
    )


def _user_in(identity: Identity, team: str) -> str:
    place = spot(identity)
    return place.user if place and place.team == team else ""
