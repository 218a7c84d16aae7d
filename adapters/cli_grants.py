"""`sitrep db grants ROLE [--apply]`: PostgreSQL's rights for the user that Sitrep works as."""

import argparse
from typing import Any

from config.settings import load
from storage.engines import database_url, is_sqlite
from storage.errors import Unusable
from storage.grants import NO_SERVER, give, script

ABOUT = (
    "Rights for a PostgreSQL user that is not the owner of the tables: all that Sitrep needs at work, and none to "
    "change or delete what is in the log. Run it as the owner, then start Sitrep as that user with SITREP_MIGRATE=off: "
    "`sitrep db upgrade` and `sitrep db prune` stay the owner's."
)


def add(words: "argparse._SubParsersAction[Any]") -> None:
    """The word after `sitrep db`."""
    grants = words.add_parser("grants", help="PostgreSQL: rights for Sitrep's own user", description=ABOUT)
    grants.add_argument("role", metavar="ROLE", help="the user that Sitrep works as; it must be there")
    grants.add_argument("--apply", action="store_true", help="give them; without it they are printed, for psql")


def grants(role: str, *, apply: bool) -> int:
    """Print the statements, or run them. Raises `storage.errors.Unusable`."""
    url = load().database_url.get_secret_value()
    if is_sqlite(database_url(url)):
        raise Unusable(NO_SERVER)
    if not apply:
        print(script(role), end="")
        return 0
    give(url, role)
    print(f"{role} may do Sitrep's work, and only add to the log.")
    return 0
