"""The try-out chat's places as Sitrep writes them down, and back.

`local:incidents` a conversation · `local:@ana` a person, and their own conversation with Sitrep · a message's reference
is its number. A place is what stands after the colon.
"""

from bot.refs import Address, Identity

CHAT = "local"


def address(place: str) -> Address:
    """The address of a conversation."""
    return Address(f"{CHAT}:{place}")


def identity(person: str) -> Identity:
    """A person as this chat knows them; also the address of their conversation with Sitrep."""
    return Identity(f"{CHAT}:@{person}")


def place(found: str) -> str:
    """The place an address leads to; empty where it is none of this chat's. A policy may write `local:#incidents`."""
    chat, _, rest = found.partition(":")
    return rest.removeprefix("#") if chat == CHAT else ""


def person(found: str) -> str:
    """Whose identity it is; empty where it is nobody's here."""
    name = place(found)
    return name[1:] if name.startswith("@") else ""
