"""Which incidents a decision needs to know beside the one it is about."""

import re
from collections.abc import Mapping

from bot.commands.fields import fields_of
from bot.commands.spec import Spec
from bot.incident import Incident
from bot.ports import Transaction
from bot.questions import Ask
from bot.refs import Person


def named(spec: Spec, values: Mapping[str, str]) -> set[int]:
    """The incidents that values name, beside the one it is about."""
    naming = (each.name for each in fields_of(spec) if each.param.ask is Ask.INCIDENT)
    return {int(number) for name in naming for number in re.findall(r"\d{1,9}", values.get(name, ""))}


def others(tx: Transaction, spec: Spec, values: Mapping[str, str]) -> tuple[Incident, ...]:
    """Other incidents a word may speak of: the open ones, all where it only reads, and one that it names."""
    naming = any(each.param.ask is Ask.INCIDENT for each in fields_of(spec))
    if (spec.about == "incident" and not naming) or spec.codes:
        return ()
    if spec.reads and not spec.line:
        return ()
    opened = tx.opened(ended=spec.reads and "all" in values.values())
    numbers = {incident.number for incident in opened}
    loaded = (tx.load(number) for number in sorted(named(spec, values) - numbers))
    return (*opened, *(incident for incident in loaded if incident))


def mine(tx: Transaction, spec: Spec, number: int | None, place: int | None, actor: Person) -> tuple[Incident, ...]:
    """The incidents the person works on, where nothing else tells which is meant."""
    if number is not None or place is not None or spec.about != "incident":
        return ()
    return tuple(incident for incident in tx.opened() if incident.roles_of(actor))
