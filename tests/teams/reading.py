"""What a person sees in Teams: channels with their threads, chats, and how messages look by now."""

import re
from dataclasses import dataclass

from tests.acceptance.reading import until
from tests.teams.tenant import ROOT, Message, Tenant, channel_of


@dataclass(frozen=True, slots=True)
class Screen:
    """The tenant as people see it now."""

    tenant: Tenant

    def messages(self, place: str) -> list[Message]:
        """Oldest first: of a channel its posts without the replies, of a thread all of it, of a chat all of it."""
        kept = [one for one in self.tenant.messages if not one.gone]
        if ROOT in place or not self._is_channel(place):
            return [one for one in kept if one.conversation == place]
        return [one for one in kept if one.root and channel_of(one.conversation) == place]

    def thread(self, message: Message) -> list[Message]:
        """Replies, oldest first."""
        return [one for one in self.messages(message.conversation) if one.id != message.id]

    def everything(self, place: str) -> list[Message]:
        """Posts and their replies."""
        return [one for one in self.tenant.messages if not one.gone and channel_of(one.conversation) == place]

    def private(self, name: str) -> list[Message]:
        """What the bot wrote to a person alone, oldest first."""
        return [one for one in self.messages(self.tenant.personal(name)) if not one.author]

    def mention(self, name: str) -> str:
        """A person, as a text that mentions them shows it."""
        return f"@{self.tenant.people[name].full_name}"

    def cards(self, number: int) -> list[Message]:
        """The cards of an incident in its room: posts of their own in a channel; where there is none, in a chat the
        first, for an answer in private may look just like it."""
        found = [one for one in self.tenant.messages if not one.gone and not one.author and _is_card(one, number)]
        posts = [one for one in found if one.root]
        return posts or [one for one in found if not self._is_channel(one.conversation)][:1]

    async def room(self, number: int, within: float = 5) -> str:
        """The conversation of an incident, with its thread, once its card is there."""

        async def look() -> str:
            found = self.cards(number)
            return found[0].conversation if found else ""

        return await until(look, within=within, what=f"the room of INC-{number}")

    def _is_channel(self, place: str) -> bool:
        found = self.tenant.at(place)
        return found is not None and found.kind == "channel"


def _is_card(message: Message, number: int) -> bool:
    """By its title, and by the line that says who reported it: nothing else that is said of an incident has both."""
    title = next(iter(message.words.splitlines()), "")
    return "eported by @" in message.words and re.match(rf"\W*(DRILL )?INC-{number}\b", title) is not None
