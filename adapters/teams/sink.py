"""Teams as the outbox sees it: messages, said once and then edited, and the room, which is a post with its thread.

Nobody is invited and nothing is pinned: who is in the channel reads the thread, and its first message is the card.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from adapters.meter import Meter, Silent
from adapters.sinks import Delivered, Unreadable
from adapters.teams.addresses import CHAT, message_at
from adapters.teams.desk import Desk
from adapters.teams.rooms import open_room
from adapters.teams.sending import first_message, post
from bot.ports import Delivery
from bot.posts import Invite, OpenRoom, Pin, Post, SetTopic


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsSink:
    """One tenant."""

    desk: Desk
    meter: Meter = field(default_factory=Silent)

    async def deliver(self, delivery: Delivery, at: datetime) -> Delivered:
        """Do what the order asks. `at` is the moment of sending on the incident's clock. Raises SendFailed."""
        order = delivery.order
        match order:
            case Post():
                return await post(self.desk, delivery, order, at)
            case OpenRoom():
                return await self._room(delivery, order)
            case SetTopic() | Invite() | Pin():
                return Delivered(ref=delivery.thread_ref or delivery.address)
            case _:
                assert_never(order)

    async def _room(self, delivery: Delivery, order: OpenRoom) -> Delivered:
        """A post whose earlier attempt has an unknown outcome may stand there twice."""
        made = await open_room(self.desk, delivery, order)
        if delivery.tried_at is not None and message_at(made.ref)[1]:
            self.meter.perhaps_double(CHAT)
        return made

    async def find(self, delivery: Delivery) -> str | Unreadable | None:
        """The room's first message is there for certain; of everything else a bot cannot read what it said."""
        return first_message(delivery) or Unreadable(reason="a bot cannot read back what it said in Teams")
