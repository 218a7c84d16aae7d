"""Slack as the outbox sees it: one errand for each kind of order."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from adapters.sinks import Delivered, Unreadable
from adapters.slack.desk import Desk
from adapters.slack.effects import invite, pin, set_topic
from adapters.slack.readback import find
from adapters.slack.rooms import open_room
from adapters.slack.sending import post
from bot.ports import Delivery
from bot.posts import Invite, OpenRoom, Pin, Post, SetTopic


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSink:
    """One workspace."""

    desk: Desk

    async def deliver(self, delivery: Delivery, at: datetime) -> Delivered:
        """Do what the order asks. `at` is the moment of sending on the incident's clock. Raises SendFailed."""
        order = delivery.order
        match order:
            case Post():
                return await post(self.desk, delivery, order, at)
            case OpenRoom():
                return await open_room(self.desk, delivery, order)
            case SetTopic():
                return await set_topic(self.desk, delivery, order)
            case Invite():
                return await invite(self.desk, delivery, order)
            case Pin():
                return await pin(self.desk, delivery, order)
            case _:
                assert_never(order)

    async def find(self, delivery: Delivery) -> str | Unreadable | None:
        """The reference of a message that an earlier attempt may have sent; None: not there. Raises SendFailed."""
        return await find(self.desk, delivery)
