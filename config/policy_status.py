"""Rules of `[status]` in a policy file, beyond the kind of each value."""

import re
from collections.abc import Iterator

from config.policy_faults import Fault, shown
from config.policy_schema import StatusTable

PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp")
"""How the name of a logo ends."""
_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
LONGEST = 80
"""Characters of a service's name."""


def status_faults(table: StatusTable) -> Iterator[Fault]:
    """Everything in the table that breaks a rule."""
    if table.url and not _URL.fullmatch(table.url):
        sentence = f"`url` cannot be {shown(table.url)}: write an address as in https://status.example.com."
        yield Fault(path=("status", "url"), sentence=sentence)
    if table.logo and not table.logo.lower().endswith(PICTURES):
        sentence = f"`logo` cannot be {shown(table.logo)}: name a file that ends in {', '.join(PICTURES)}."
        yield Fault(path=("status", "logo"), sentence=sentence)
    taken: set[str] = set()
    for number, row in enumerate(table.services or ()):
        path = ("status", "services", number)
        if not row.name.strip() or len(row.name) > LONGEST or not row.name.isprintable():
            sentence = f"`name` of a service cannot be {shown(row.name)}: write 1 to {LONGEST} characters on one line."
            yield Fault(path=(*path, "name"), sentence=sentence)
        for key, name in (("name", row.name), *(("also", name) for name in row.also)):
            if key == "also" and not name.strip():
                yield Fault(path=(*path, key), sentence="`also` holds an empty name: write it, or take it out.")
            elif name.casefold() in taken:
                sentence = f"{shown(name)} names two services: keep one."
                yield Fault(path=(*path, key), sentence=sentence)
            taken.add(name.casefold())
