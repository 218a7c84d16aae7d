"""What an organisation decides about its public status page: its name, its services, what it promises in public."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something customers use, as they call it."""

    name: str
    group: str = ""
    """The heading it stands under; empty: none."""
    description: str = ""
    also: tuple[str, ...] = ()
    """What it is called inside: these names are never shown, and mean this service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage:
    """The `[status]` table of the policy."""

    name: str = ""
    """Of the page; empty: the organisation's."""
    logo: str = ""
    """Path of a picture; a path that is not absolute begins at the policy file's folder."""
    url: str = ""
    """Where the public finds the page, without a slash at its end; empty: this installation's `/status`."""
    show_overdue: bool = False
    """Whether the public reads since when an update is overdue."""
    publish_targets: tuple[str, ...] = ()
    """What of the priorities' targets the public may read: `updates`, `respond`, `resolve`."""
    services: tuple[Service, ...] = ()
    """In the order of the page."""

    def public(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the services named that the page lists, in its order. Names of the inside are left out."""
        said = {name.casefold() for name in names}
        return tuple(row.name for row in self.services if said & {word.casefold() for word in (row.name, *row.also)})
