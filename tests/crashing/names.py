"""The named points at which a process can be made to die, by the name of the step and where in it.

Written down apart from what reaches them, so that the campaign can read them without importing anything of ours.
"""

TRANSACTIONS = ("command", "fire", "tick", "claim", "sent", "record")
"""What is done to the database: a command from outside, an incident's due reminders, the clock's look, and what the
outbox writes down."""
CALLS = (
    "conversations.create",
    "conversations.setTopic",
    "conversations.invite",
    "chat.postMessage",
    "pins.add",
    "chat.update",
)
"""Calls to Slack, with the steps of opening a room among them."""
ERRANDS = ("create thread", "create chat", "send", "update")
"""Calls to Teams: a room or an announcement is a thread."""
MARK = "X-Row"
"""A header of calls to Teams, which says in no message whose row it is: the token of that row."""

TOGETHER = ("shared: begun", "shared: before commit", "shared: after commit")
"""On SQLite alone: one commit for several of these transactions, which then are parts of it."""

POINTS = (
    *(f"{name}: {where}" for name in TRANSACTIONS for where in ("begun", "before commit", "after commit")),
    *(f"{name}: {where}" for name in (*CALLS, *ERRANDS) for where in ("before", "after")),
    *TOGETHER,
    *(f"ack {way}: {where}" for way in ("to Slack", "to Teams") for where in ("before", "after")),
    "start: schema",
    "start: refreshed",
    "start: recovered",
    "start: connected",
    "stop: begun",
    "stop: outbox ended",
    "stop: closing",
)
