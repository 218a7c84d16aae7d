"""One activity's turn, on the SDK's dispatch: which kind it is, and who of ours takes it.

The SDK's models drop what they do not know (a mention's person, a tenant), so ours get the JSON as it came. Nothing is
said within a turn: what the core says goes by the outbox, an answer by `adapters.teams.answers`, and the body of an
invoke's answer back as plain JSON, for the SDK's own way of answering one fails (docs/teams.md).
"""

from collections.abc import Mapping
from typing import Any, Protocol

from botbuilder.core import ActivityHandler, BotAdapter, TurnContext
from botbuilder.schema import Activity, ConversationReference, ResourceResponse

from adapters.teams.payload_faults import BadPayload

RAW, ANSWER = "sitrep.raw", "sitrep.answer"

Body = dict[str, Any]


class Hears(Protocol):
    """Who takes what came. Each may raise BadPayload and what the database raises."""

    async def heard(self, activity: Mapping[str, Any]) -> None:
        """A message: words, or a button or form of a card."""

    async def invoked(self, activity: Mapping[str, Any]) -> Body | None:
        """Something that waits for an answer: its body; None: nobody serves that."""

    async def happened(self, activity: Mapping[str, Any]) -> None:
        """Something happened to a conversation or its people."""


class _Silent(BotAdapter):  # type: ignore[misc]  # the SDK has no types
    """The way out that the SDK wants a turn to have. Nothing of ours takes it."""

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        raise _nothing_is_said(context, activities)

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        raise _nothing_is_said(context, activity)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        raise _nothing_is_said(context, reference)


class _Handler(ActivityHandler):  # type: ignore[misc]  # as above
    """Hands each kind of activity on."""

    def __init__(self, hears: Hears) -> None:
        self._hears = hears

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._hears.heard(turn_context.turn_state[RAW])

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        turn_context.turn_state[ANSWER] = await self._hears.invoked(turn_context.turn_state[RAW])

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._hears.happened(turn_context.turn_state[RAW])

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._hears.happened(turn_context.turn_state[RAW])


async def take(raw: Mapping[str, Any], hears: Hears) -> Body | None:
    """Run the turn of an activity. Gives an invoke's answer. Raises BadPayload where the SDK cannot read it."""
    try:
        activity = Activity().deserialize(dict(raw))
    except Exception as fault:
        raise BadPayload("activity cannot be read") from fault
    context = TurnContext(_Silent(), activity)
    context.turn_state[RAW] = raw
    await _Handler(hears).on_turn(context)
    found: Body | None = context.turn_state.get(ANSWER)
    return found


def _nothing_is_said(*_: object) -> Exception:
    return RuntimeError("nothing is said within a turn")
