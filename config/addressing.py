"""The forms of addresses a policy may write (docs/contract.md 7), and which of them this installation can reach.

An address may hold a password or a token, so only those of chats, mail and our own page are ever repeated to a reader.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.policy import STAKEHOLDERS, Audience, Policy, Priority

CHATS = ("slack", "teams")
LONGEST_NAME = 80
OTHER = "apprise"
"""What carries an address that no scheme of our own names: `ntfy://…`, and with `//` even one that does: `slack://…`."""

PLACES = {
    "slack": re.compile(r"slack:(#[^\s#@:/,]{1,80}|([TE][A-Z0-9]+/)?[CGD][A-Z0-9]+)"),
    "teams": re.compile(r"teams:[^\s#@/][^\s]*"),
    "local": re.compile(r"local:[^\s]+"),
    "mailto": re.compile(r"mailto:(?!//)[^\s@]+@[^\s@]+"),
    "https": re.compile(r"https://[^\s/]+[^\s]*|http://(127\.0\.0\.1|localhost|\[::1\])([:/][^\s]*)?"),
    "status": re.compile(r"status:"),
    "statuspage": re.compile(r"statuspage:[^\s/]*"),
    OTHER: re.compile(r"(apprise:)?(?!https?:)[a-z][a-z0-9+.-]*://[^\s]+"),
}
"""Where an audience is told, by scheme."""

PEOPLE = {
    "slack": re.compile(r"slack:(@[^\s#@:/,]{1,80}|([TE][A-Z0-9]+/)?[UWS][A-Z0-9]+)"),
    "teams": re.compile(r"teams:[^\s#]+"),
    "local": re.compile(r"local:[^\s]+"),
    "mailto": PLACES["mailto"],
}
"""Who can be called, or named in a permission."""

PAGERS = ("mailto", "https", OTHER)
"""Schemes of no chat by which somebody can be called."""

PUBLIC = ("status", "statuspage")
"""Schemes of pages that everybody can read: what is told there is what customers are told."""

PLACE_HINT = (
    "write slack:#name, slack:C…, teams:<conversation id>, local:<room>, mailto:…, https://…, status:, statuspage: "
    "or an apprise address"
)
PEOPLE_HINT = "write slack:@name, slack:U…, slack:S…, teams:<id> or mailto:<address>"
CALL_HINT = f"{PEOPLE_HINT}, https://… or an apprise address"

_SHOWN = frozenset({"slack", "teams", "local", "mailto", "status", "statuspage"})
_PLAIN = re.compile(r"[#@]?[\w -]{1,30}")


def is_place(text: str) -> bool:
    """Whether `text` has the form of an address that an audience can be told at."""
    return any(form.fullmatch(text) for form in PLACES.values())


def is_person(text: str) -> bool:
    """Whether `text` has the form of an address of a person or a group of people."""
    return any(form.fullmatch(text) for form in PEOPLE.values())


def is_page(text: str) -> bool:
    """Whether `text` has the form of an address that calls somebody by another way than a chat."""
    return any(PLACES[name].fullmatch(text) for name in PAGERS)


def scheme(address: str) -> str:
    """What carries the address: a key of `PLACES`."""
    for name, form in PLACES.items():
        if form.fullmatch(address):
            return name
    return address.partition(":")[0]


def shown(address: str) -> str:
    """The address for a sentence: without what may be secret in it."""
    name, colon, _ = address.partition(":")
    if not colon:
        return address if _PLAIN.fullmatch(address) else "…"
    return address if name in _SHOWN and "://" not in address else f"{name}:…"


def usable(policy: Policy, chats: frozenset[str]) -> tuple[Policy, tuple[str, ...]]:
    """The policy as this installation can carry it out, and a sentence for each thing it cannot.

    `chats` are the schemes that have somebody to carry them: `slack`, `teams`, `local`, `mailto`, `https`, `status`,
    `statuspage`, `apprise`. Addresses, calls and rooms of others are dropped: an audience left without an address
    is promised nothing (docs/promises.md 1.1).
    """
    audiences = {name: _reachable(audience, chats) for name, audience in policy.audiences.items()}
    priorities = tuple(_callable(row, chats) for row in policy.priorities)
    rooms = {chat: address for chat, address in policy.rooms.items() if chat in chats}
    link = _carried(policy.link, chats)
    usable = replace(policy, audiences=audiences, priorities=priorities, rooms=rooms, link=link)
    return usable, tuple(_dropped(policy, chats))


def tried_out(policy: Policy, *, built_in: bool) -> Policy:
    """The policy as the try-out chat carries it out: each channel of another chat is one of its own, of the same name.

    The built-in policy names none for stakeholders, who have one there: what they are told can be seen.
    """
    audiences = {name: _tried_out(audience) for name, audience in policy.audiences.items()}
    if built_in and not policy.addresses(STAKEHOLDERS):
        audiences[STAKEHOLDERS] = replace(audiences[STAKEHOLDERS], addresses=(f"local:{STAKEHOLDERS}",))
    return replace(policy, audiences=audiences)


def _tried_out(audience: Audience) -> Audience:
    return replace(audience, addresses=tuple(dict.fromkeys(map(_local, audience.addresses))))


def _local(address: str) -> str:
    """`slack:#incidents` as `local:incidents`; an id or a Teams conversation as a name that can be read."""
    chat, _, rest = address.partition(":")
    if chat not in CHATS:
        return address
    return f"local:{'-'.join(re.findall('[a-z0-9]+', rest.casefold()))[:LONGEST_NAME]}"


def _callable(row: Priority, chats: frozenset[str]) -> Priority:
    return replace(row, call=_carried(row.call, chats), pages=_carried(row.pages, chats))


def _reachable(audience: Audience, chats: frozenset[str]) -> Audience:
    return replace(audience, addresses=_carried(audience.addresses, chats))


def _carried(addresses: Iterable[str], chats: frozenset[str]) -> tuple[str, ...]:
    return tuple(_routed(address) for address in addresses if scheme(address) in chats)


def _routed(address: str) -> str:
    """The address so that its first part names what carries it: `slack://…` is not for Slack, but for apprise."""
    mistaken = scheme(address) == OTHER and address.partition(":")[0] in PLACES
    return f"{OTHER}:{address}" if mistaken and not address.startswith(f"{OTHER}:") else address


def _dropped(policy: Policy, chats: frozenset[str]) -> Iterable[str]:
    for audience in policy.audiences.values():
        for address in audience.addresses:
            if scheme(address) not in chats:
                yield f"audience {audience.name}: {shown(address)} is left out, for {scheme(address)} is not set up."
    for priority in policy.priorities:
        for address in (*priority.call, *priority.pages):
            if scheme(address) not in chats:
                yield f"call of {priority.name}: {shown(address)} is left out, for {scheme(address)} is not set up."
    for chat in policy.rooms:
        if chat not in chats:
            yield f"rooms: {chat} is left out, for it is not set up."
    for address in policy.link:
        if scheme(address) not in chats:
            yield f"rooms: {shown(address)} is not linked, for {scheme(address)} is not set up."
