"""`sitrep db check | restored | prune | forget`: the whole record, looked through and changed beside a Sitrep."""

import argparse
import getpass
import logging
import os
import re
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters import logs
from adapters.cli_setup import opened, secrets_of, setup
from bot.deadlines import deadlines
from bot.refs import reference
from bot.saving import index
from config.errors import ConfigError
from config.fingerprint import rules_fingerprint
from storage.checking import Rules

log = logging.getLogger(__name__)

DAYS: Mapping[str, int] = {"d": 1, "w": 7, "y": 365}
AGE = re.compile(r"([1-9]\d{0,4})([dwy])", re.ASCII)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
NO_AGE = "Say how old: a number of days, weeks or years, as in `--older 2y`."
PRUNED = (
    "They cannot be brought back but from a backup. Backups hold them still. On PostgreSQL, where Sitrep's own "
    "user may only add to the log, run this as the owner of the tables."
)


def add(words: "argparse._SubParsersAction[Any]") -> None:
    """The words after `sitrep db`."""
    words.add_parser("check", help="whether what is stored agrees with itself; 1 where it does not")
    words.add_parser("restored", help="say, before the start, that it was restored from a dump of PostgreSQL")
    pruning = words.add_parser("prune", help="delete incidents that ended long ago", description=PRUNED)
    pruning.add_argument("--older", required=True, metavar="AGE", help="ended longer ago than that: 90d, 26w, 2y")
    pruning.add_argument("--yes", action="store_true", help="delete them; without it they are only counted")
    forgetting = words.add_parser("forget", help="overwrite what is kept of a person who left")
    forgetting.add_argument("person", metavar="PERSON", help="an e-mail address, slack:T…/U…, or P-17")
    forgetting.add_argument("--reason", required=True, metavar="TEXT", help="why; it is logged, with who ran this")


def check() -> int:
    """Say what does not agree; 1 where something is wrong. Raises ConfigError and StorageError."""
    ready = setup()
    policy, wrong = ready.policy, 0
    with closing(opened(ready.settings)) as db:
        now = datetime.now(UTC)
        rules = Rules(
            index=lambda incident: index(incident, policy),
            deadlines=lambda incident: deadlines(incident, policy),
            fingerprint=rules_fingerprint(policy),
            incidents_now=now + db.clock_ahead(),
            now=now,
        )
        for finding in db.upkeep.findings(rules):
            print(finding.sentence, flush=True)
            wrong += finding.wrong
    if not wrong:
        print("Everything stored agrees with itself.")
    return 1 if wrong else 0


def restored() -> int:
    """What waits is looked for before it is sent. Raises ConfigError and StorageError."""
    with closing(opened(setup().settings)) as db:
        count = db.upkeep.restored()
    messages = "1 message" if count == 1 else f"{count} messages"
    print(f"{messages} may have been sent since the copy was made: where a chat can tell, it is asked first.")
    return 0


def prune(older: str, *, yes: bool) -> int:
    """Delete incidents ended longer ago than that, or say which. Raises ConfigError and StorageError."""
    age, count = age_of(older), 0
    with closing(opened(setup().settings)) as db:
        now = datetime.now(UTC) + db.clock_ahead()
        before = now - min(age, now - EARLIEST)
        for number in db.upkeep.endings(before):
            if not yes:
                print(f"{reference(number)} would be deleted.")
            elif db.upkeep.prune(number, before):
                print(f"{reference(number)} is deleted.")
            else:
                continue
            count += 1
    incidents = "1 incident" if count == 1 else f"{count} incidents"
    print(f"{incidents} ended more than {older} ago {'deleted' if yes else 'found: add --yes to delete'}.")
    return 0


def forget(words: str, reason: str) -> int:
    """Overwrite what is kept of one person. Raises ConfigError and StorageError."""
    ready = setup()
    if not reason.strip():
        raise ConfigError("Say why with --reason: it is logged.")
    with closing(opened(ready.settings)) as db:
        found = db.upkeep.people(words)
        if len(found) != 1:
            raise ConfigError("That names nobody." if not found else f"That names {', '.join(found)}: name one.")
        forgotten = db.upkeep.forget(found[0])
    logs.configure(style=ready.settings.log, level=ready.settings.log_level, secrets=secrets_of(ready.settings))
    log.warning("a person was forgotten", extra={"person": found[0], "by": _who(), "reason": reason})
    print(f"{found[0]} is a former member from now on: name, address and identities are gone. Backups hold them still.")
    for number, entry in forgotten.spoken_of:
        print(f"{reference(number)}, entry {entry}, holds their name in somebody's words: `redact` can overwrite it.")
    return 0


def age_of(words: str) -> timedelta:
    """The age in `90d`, `26w`, `2y`. Raises ConfigError for anything else."""
    found = AGE.fullmatch(words.strip().lower())
    if found is None:
        raise ConfigError(NO_AGE)
    return timedelta(days=int(found[1]) * DAYS[found[2]])


def _who() -> str:
    """Who runs this, as the machine knows them; a container may give nobody a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
