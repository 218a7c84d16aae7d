"""Writing down what becomes of planned maintenance."""

from datetime import datetime
from typing import assert_never

from bot.maintenance import CalledOff, Planned, Planning
from bot.ports import Transaction


def keep(tx: Transaction, planning: Planning | None, at: datetime) -> None:
    """Keep what was planned, or call it off."""
    match planning:
        case Planned(maintenance=maintenance):
            tx.plan(maintenance)
        case CalledOff(number=number):
            tx.call_off(number, at)
        case None:
            pass
        case _:
            assert_never(planning)
