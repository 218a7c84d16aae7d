"""Teams' places and messages as Sitrep writes them down, and back.

`teams:19:…@thread.tacv2` a channel, a group chat or a personal chat: whatever the conversation's id is ·
`teams:19:…@thread.tacv2;messageid=1700000000000` a thread in a channel · `teams:<tenant>/<object id>` a person, also
by the bot's own id of them, `teams:<tenant>/29:…`, until their object id is known.
A message's reference is `<conversation>|<activity>`.
"""

import re
from dataclasses import dataclass

from bot.refs import Address, Identity

CHAT = "teams"

PERSON = re.compile(r"[^\s\x00-\x1f\x7f/|;{}]{1,300}")
"""An object id, or the bot's own id of somebody, which begins with `29:`. It stands in a line as `@{teams:…}`."""
CONVERSATION = re.compile(r"[^\s\x00-\x1f\x7f/|]{1,600}")
TENANT = re.compile(r"[A-Za-z0-9.-]{1,100}")
ACTIVITY = re.compile(r"[^\s\x00-\x1f\x7f/|]{1,300}")

CHANNEL_ENDS = ("@thread.tacv2", "@thread.skype")
"""How the ids of channels end; those of chats end in others."""

_ROOT = ";messageid="


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """An address taken apart. One of `conversation` and `user` is set."""

    conversation: str = ""
    """As the connector takes it, the thread included."""
    tenant: str = ""
    user: str = ""

    @property
    def channel(self) -> str:
        """The conversation without the thread."""
        return without_thread(self.conversation)

    @property
    def root(self) -> str:
        """The first message of the thread; empty: the conversation itself is meant."""
        return self.conversation.partition(_ROOT)[2]


def spot(address: str) -> Spot | None:
    """The address taken apart; None where it is none of Teams'."""
    chat, _, rest = address.partition(":")
    if chat != CHAT or not rest:
        return None
    tenant, slash, user = rest.partition("/")
    if slash:
        good = TENANT.fullmatch(tenant) and PERSON.fullmatch(user)
        return Spot(tenant=tenant, user=user) if good else None
    return Spot(conversation=rest) if CONVERSATION.fullmatch(rest) else None


def conversation(name: str, root: str = "") -> Address:
    """The address of a conversation, or of a thread in it."""
    return Address(f"{CHAT}:{name}{_ROOT}{root}" if root else f"{CHAT}:{name}")


def person(tenant: str, user: str) -> Identity:
    """A person as Teams knows them; also the address of a personal chat with them."""
    return Identity(f"{CHAT}:{tenant}/{user}")


def message_ref(conversation_id: str, activity: str) -> str:
    """The reference of a message."""
    return f"{conversation_id}|{activity}"


def message_at(ref: str) -> tuple[str, str]:
    """The conversation and the activity of a message's reference; both empty where it is none."""
    name, bar, activity = ref.partition("|")
    return (name, activity) if bar else ("", "")


def without_thread(conversation_id: str) -> str:
    """The conversation that a thread is in; the conversation itself where it is none."""
    return conversation_id.partition(_ROOT)[0]


def in_thread(conversation_id: str, root: str) -> str:
    """The id of the thread under a message, as the connector takes it."""
    return f"{without_thread(conversation_id)}{_ROOT}{root}"


def is_channel(conversation: str) -> bool:
    """Whether the id is a channel's, where every message is a post of its own with a thread under it."""
    return conversation.endswith(CHANNEL_ENDS)
