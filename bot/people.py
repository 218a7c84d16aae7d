"""What is known of people outside any incident."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person as the chats describe them."""

    name: str = ""
    zone: str = ""
    """IANA name; empty: not known yet, the organisation's counts."""
    guest: bool = False
    """A guest, or somebody of another organisation."""
    bot: bool = False
    gone: bool = False
    """Left or deactivated."""
    email: str = ""
