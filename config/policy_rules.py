"""Rules between the rows of a policy file, beyond the kind of each value. Each function yields what it finds wrong.

Mentions of priorities, roles and audiences are in `policy_mentions.py`, for they need the whole policy.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.policy import CUSTOMERS, INTERNAL, ROOM
from config.addressing import CALL_HINT, PLACE_HINT, PLACES, PUBLIC, is_page, is_person, is_place
from config.addressing import scheme as scheme_of
from config.addressing import shown as shown_address
from config.clock import CLOCK_HINT
from config.nearest import advice, nearest
from config.policy_faults import Fault, shown
from config.policy_lines import Path
from config.policy_schema import (
    OrganisationTable,
    PolicyFile,
    PriorityTable,
    QuietTable,
    RemindersTable,
    RoleStepTable,
    RoleTable,
    SlaStepTable,
    StatusTable,
    UpdateStepTable,
)
from config.policy_status import status_faults
from config.policy_wording import wording_faults

ANYONE = "anyone"
GROUPS = (ANYONE, "responders", "commander")
"""Who may, beside roles and people (docs/contract.md 7)."""

FIELDS = ("services", "impact", "urgency", "detected", "bridge")
"""Fields of an incident that a step can ask for."""

ROOMS = ("slack", "teams", "local")
"""Chats that can hold rooms."""
LINK = "link"
"""Beside them in `[rooms]`: where second rooms are opened."""

RESERVED = {
    "priorities.name": ("private",),  # `declare private …`
    "priorities.aliases": ("private",),
    "roles.name": (ROOM, *GROUPS),
    "audiences": (ROOM, "all", "none"),  # `next all …`
}
"""Names that mean something else where these are written."""

TERMS = ("alert", "incident", "major_incident")
AUDIENCES = ("internal", "stakeholders", "customers", "leadership")
A_SLIP = 0.85
"""How alike a name must be to one of these to be no name of the organisation's own."""

_NAME = re.compile(r"\w[\w.-]*")
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")


def rule_faults(file: PolicyFile) -> Iterator[Fault]:
    """Everything in the file that breaks a rule of its own."""
    yield from _organisation(file.organisation or OrganisationTable())
    yield from _named_rows("priorities", file.priorities)
    for number, priority in enumerate(file.priorities or ()):
        yield from _priority(("priorities", number), priority)
    yield from _named_rows("roles", file.roles)
    yield from _reminders(file.reminders or RemindersTable())
    yield from _matrix(file.matrix)
    yield from _audiences(file)
    yield from _misspelt("terms", file.terms or {}, TERMS)
    yield from _approval(file)
    yield from _required(file)
    yield from _rooms(file)
    yield from status_faults(file.status or StatusTable())
    yield from wording_faults(file)
    yield from _maintenance(file)


def _organisation(table: OrganisationTable) -> Iterator[Fault]:
    home = "organisation"
    if table.name is not None and not table.name.strip():
        yield Fault(path=(home, "name"), sentence="`name` is empty: write the organisation's name.")
    if table.time_zone is not None and not _is_zone(table.time_zone):
        near = nearest(table.time_zone, available_timezones())
        hint = f"did you mean `{near}`?" if near else "write one such as Europe/Berlin."
        yield Fault(path=(home, "time_zone"), sentence=f"there is no time zone {shown(table.time_zone)}: {hint}")
    strange = [part for part in _BRACED.findall(table.bridge or "") if part != "{number}"]
    if strange:
        sentence = f"`bridge` cannot fill {shown(strange[0])}: it knows only {{number}}."
        yield Fault(path=(home, "bridge"), sentence=sentence)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _named_rows(section: str, rows: Sequence[PriorityTable | RoleTable] | None) -> Iterator[Fault]:
    """Names and aliases are words, and each stands once in its section, capitals aside."""
    if rows is None:
        return
    if not rows:
        yield Fault(path=(section,), sentence=f"`{section}` is empty: name at least one, or leave it out.")
    taken: set[str] = set()
    for number, row in enumerate(rows):
        names: list[tuple[Path, str]] = [((section, number, "name"), row.name)]
        names += [((section, number, "aliases", place), alias) for place, alias in enumerate(row.aliases)]
        for path, name in names:
            yield from _name(f"{section}.{path[2]}", path, name)
            if name.casefold() in taken:
                yield Fault(path=path, sentence=f"{shown(name)} stands twice in `{section}`: keep one.")
            taken.add(name.casefold())


def _name(where: str, path: Path, name: str) -> Iterator[Fault]:
    if not _NAME.fullmatch(name):
        yield Fault(path=path, sentence=f"{shown(name)} cannot be a name: write one word, with _ for a space.")
    elif name.casefold() in RESERVED.get(where, ()):
        yield Fault(path=path, sentence=f"{shown(name)} has a meaning of its own here: choose another name.")


def _priority(path: Path, row: PriorityTable) -> Iterator[Fault]:
    if INTERNAL not in row.update_every:
        sentence = f'`update_every` of {row.name} names no `{INTERNAL}`: add it, as in {{ {INTERNAL} = "30m" }}.'
        yield Fault(path=(*path, "update_every"), sentence=sentence)
    for audience in row.first_word_within:
        if audience not in row.update_every:
            sentence = f"`update_every` of {row.name} does not name `{audience}`: add it there, or take it from here."
            yield Fault(path=(*path, "first_word_within", audience), sentence=sentence)
    for number, person in enumerate(row.call):
        if not is_person(person) and not is_page(person):
            sentence = f"`call` cannot reach {shown(shown_address(person))}: {CALL_HINT}."
            yield Fault(path=(*path, "call", number), sentence=sentence)


def _reminders(table: RemindersTable) -> Iterator[Fault]:
    yield from _ladder(("reminders", "update"), table.update or ())
    yield from _ladder(("reminders", "role"), table.role or ())
    yield from _ladder(("reminders", "sla"), table.sla or ())
    yield from _repeats(("reminders", "update"), table.update or ())
    if table.quiet:
        yield from _quiet(("reminders", "quiet"), table.quiet)


def _ladder(path: Path, steps: Sequence[UpdateStepTable | RoleStepTable | SlaStepTable]) -> Iterator[Fault]:
    taken: set[timedelta | float] = set()
    for number, step in enumerate(steps):
        if step.at in taken:
            sentence = "two steps have the same `at`: make one of them, or move one."
            yield Fault(path=(*path, number, "at"), sentence=sentence)
        taken.add(step.at)
        if not step.to:
            yield Fault(path=(*path, number, "to"), sentence="`to` is empty: name a role, an audience or the room.")
        if step.to == [ROOM] and step.where == "private":
            yield Fault(path=(*path, number, "where"), sentence="the room has no private place: leave `where` out.")


def _repeats(path: Path, steps: Sequence[UpdateStepTable]) -> Iterator[Fault]:
    last = max((step.at for step in steps), default=None)
    for number, step in enumerate(steps):
        if step.repeat is not None and step.at != last:
            sentence = "only the last step can `repeat`: move it to the step with the latest `at`."
            yield Fault(path=(*path, number, "repeat"), sentence=sentence)


def _quiet(path: Path, table: QuietTable) -> Iterator[Fault]:
    if not table.priorities:
        return
    for key, value in (("from", table.starts), ("to", table.ends)):
        if value is None:
            sentence = f"`{key}` is missing in `quiet`: {CLOCK_HINT}."
            yield Fault(path=(*path, key), sentence=sentence)
    if table.starts is not None and table.ends is not None and table.starts <= table.ends:
        sentence = "`quiet` begins in the evening and ends in the morning: write a `from` later in the day than `to`."
        yield Fault(path=(*path, "from"), sentence=sentence)


def _matrix(matrix: dict[str, dict[str, str]] | None) -> Iterator[Fault]:
    """Every level of impact meets every level of urgency, and they are the same levels."""
    if matrix is None:
        return
    levels = tuple(matrix)
    if not levels:
        yield Fault(path=("matrix",), sentence="`matrix` is empty: give each impact a row, or leave it out.")
    for impact, row in matrix.items():
        for missing in (level for level in levels if level not in row):
            sentence = f"impact `{impact}` has no priority for urgency `{missing}`: add it to this row."
            yield Fault(path=("matrix", impact), sentence=sentence)
        for extra in (level for level in row if level not in levels):
            sentence = f"urgency `{extra}` is no row of `matrix`: {advice(extra, levels)}"
            yield Fault(path=("matrix", impact, extra), sentence=sentence)
        if not _NAME.fullmatch(impact):
            yield Fault(path=("matrix", impact), sentence=f"{shown(impact)} cannot be a level: write one word.")


def _misspelt(table: str, names: Collection[str], known: Collection[str]) -> Iterator[Fault]:
    """An organisation may have terms and audiences of its own; a name almost like a known one is a slip."""
    for name in names:
        meant = nearest(name, known, alike=A_SLIP)
        if meant and name not in known:
            yield Fault(path=(table, name), sentence=f"there is no key `{name}`: did you mean `{meant}`?")


def _audiences(file: PolicyFile) -> Iterator[Fault]:
    yield from _misspelt("audiences", file.audiences or {}, AUDIENCES)
    for name, table in (file.audiences or {}).items():
        yield from _name("audiences", ("audiences", name), name)
        for number, address in enumerate(table.addresses):
            path = ("audiences", name, "addresses", number)
            if not is_place(address):
                yield Fault(path=path, sentence=f"{_seen(address)} is no address: {_address_hint(address)}")
            elif name != CUSTOMERS and scheme_of(address) in PUBLIC:
                sentence = f"{_seen(address)} can be read by everybody: it is an address of `{CUSTOMERS}` alone."
                yield Fault(path=path, sentence=sentence)
            elif address in table.addresses[:number]:
                yield Fault(path=path, sentence=f"{_seen(address)} stands twice in `{name}`: keep one.")


def _seen(address: str) -> str:
    return shown(shown_address(address))


def _address_hint(address: str) -> str:
    """What was probably meant, else all that can be."""
    scheme, _, rest = address.partition(":")
    if address.startswith("#"):
        return f"name its chat, as in slack:{address}."
    if scheme == "slack" and PLACES["slack"].fullmatch(f"slack:#{rest}"):
        return f"a channel's name has a #, as in slack:#{rest}."
    near = nearest(scheme, PLACES) if rest else ""
    return f"did you mean `{near}:`?" if near and near != scheme else f"{PLACE_HINT}."


def _approval(file: PolicyFile) -> Iterator[Fault]:
    """Internal is never kept waiting, and where approval is asked for, somebody gives it."""
    for audience, row in (file.communication or {}).items():
        path = ("communication", audience)
        if audience == INTERNAL and row.approve:
            sentence = f"`approve` cannot stand at {INTERNAL}: the room is told at once."
            yield Fault(path=(*path, "approve"), sentence=sentence)
        if row.approve and not row.approvers:
            sentence = f"`approvers` of {audience} is empty: name a role, or leave it out for the commander."
            yield Fault(path=(*path, "approvers"), sentence=sentence)


def _maintenance(file: PolicyFile) -> Iterator[Fault]:
    """Maintenance concerns no incident, so that nobody holds a role in it."""
    for number, name in enumerate((file.permissions or {}).get("maintenance", ())):
        if name != ANYONE and ":" not in name:
            sentence = f"`maintenance` concerns no incident, so {shown(name)} is nobody: name people, groups or anyone."
            yield Fault(path=("permissions", "maintenance", number), sentence=sentence)


def _required(file: PolicyFile) -> Iterator[Fault]:
    for word, names in (file.required or {}).items():
        for number, name in enumerate(names):
            if name not in FIELDS:
                sentence = f"there is no field `{name}` to ask for: {advice(name, FIELDS)}"
                yield Fault(path=("required", word, number), sentence=sentence)


def _rooms(file: PolicyFile) -> Iterator[Fault]:
    for chat, place in (file.rooms or {}).items():
        if chat == LINK:
            yield from _linked(place)
        elif chat not in ROOMS:
            yield Fault(path=("rooms", chat), sentence=f"there is no chat `{chat}`: {advice(chat, (*ROOMS, LINK))}")
        elif not isinstance(place, str):
            yield Fault(path=("rooms", chat), sentence=f"`{chat}` is one address, not a list.")
        elif not PLACES[chat].fullmatch(place):
            sentence = f"{_seen(place)} is no place in {chat}: write the address that `here` gives there."
            yield Fault(path=("rooms", chat), sentence=sentence)


def _linked(places: str | list[str]) -> Iterator[Fault]:
    if isinstance(places, str):
        yield Fault(path=("rooms", LINK), sentence=f"`{LINK}` is a list of addresses: put brackets around it.")
        return
    for number, address in enumerate(places):
        if not any(PLACES[chat].fullmatch(address) for chat in ROOMS):
            sentence = f"{_seen(address)} is no place in a chat: write the address that `here` gives there."
            yield Fault(path=("rooms", LINK, number), sentence=sentence)
