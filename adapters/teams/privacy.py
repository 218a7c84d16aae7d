"""What may not be declared where a whole team reads along (docs/contract.md 6)."""

from collections.abc import Mapping

from bot.catalog import COMMANDS, find
from bot.commands.parse import read
from bot.policy import Policy
from bot.refusals import Refused
from bot.requests import Request

NOT_HERE = (
    "Nothing was declared, for the whole team reads along here: delete that message, then declare it to Sitrep in a "
    "personal chat, a group chat or a private channel."
)
"""It repeats nothing of what was typed."""
NOT_A_FORM_HERE = (
    "Nothing was declared, for the whole team reads along here: declare it to Sitrep in a personal chat, a group chat "
    "or a private channel."
)

DECLARE, PRIVATE = "declare", "private"


def asks_for_privacy(request: Request, policy: Policy) -> bool:
    """Whether it declares a private incident: typed, or by a form."""
    if request.word:
        spec = find(request.word)
        return spec is not None and spec.word == DECLARE and _ticked(request.values)
    try:
        typed = read(request.text, COMMANDS, policy)
    except Refused:
        return False
    return typed.spec is not None and typed.spec.word == DECLARE and _ticked(typed.values)


def _ticked(values: Mapping[str, str]) -> bool:
    return values.get(PRIVATE, "").strip().casefold() not in ("", "no", "false", "off")
