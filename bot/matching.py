"""What becomes of who is one person: written in the transaction of the word that proved it."""

from datetime import datetime
from typing import assert_never

from bot.people import CodeGiven, CodeMissed, Matching, SamePerson
from bot.ports import Transaction
from bot.requests import Request


def match(tx: Transaction, matching: Matching | None, request: Request, at: datetime) -> None:
    """Keep a code, count a wrong one, or join two people and tell the one who is not here."""
    match matching:
        case CodeGiven(code=code):
            tx.give_code(request.identity, code, at)
        case CodeMissed(shown=shown):
            tx.miss_code(shown)
        case SamePerson(other=other, told=told):
            tx.join(request.identity, other)
            tx.tell(other.identity, told, f"me-{request.key}", at)
        case None:
            pass
        case _:
            assert_never(matching)
