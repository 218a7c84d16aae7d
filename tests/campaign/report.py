"""`docs/campaign.md`: the table, and what it says, in a form in which two campaigns can be compared."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.acceptance.process import ROOT
from tests.campaign.table import rows, written

PAGE = ROOT / "docs" / "campaign.md"

HEAD = """# The crash campaign

`make campaign` kills, pauses, stops and starves Sitrep for about half an hour, on both databases, with one process and
with two, while people declare incidents, write updates and let promises run out, and while reminders fall due. Every
incident lives in both chats: declared in Slack and given a second room in Teams, or declared in Teams and announced in
both. Then it compares what was asked for, what the database says, and what each chat received. This page is written by
it.

"""

TAIL = """
{ratios}

- **tried**: kills, pauses, stops and so on. For named points, how many lives ended at one: the first time it is
  reached, the second, and so on, until a life passes untouched.
- **asked**: deliveries of the chats that were acknowledged, each repeated until it was. **due**: steps of reminders
  that fell due. **lost**: acknowledged and nowhere in the log; due and never said, though somebody was there for three
  seconds to say it. **changed twice**: in the log twice, or there although the sender was told that it is not.
- **sent in**, **lost in**, **doubled in** a chat: messages that the outbox was to send there, those that never arrived,
  and those that arrived once too often. A double comes from a death between a message's arrival and its being noted, or
  from an answer that got lost. In Slack it is looked for before it is said again. A bot cannot do that in Teams, where
  each message on its way may stand twice.
- **given up**: messages that will never arrive, and are shown as such.
- **late**: messages that took longer than a lease and two seconds, counted from the moment at which somebody was there
  to send them. Leases are shorter here than in production, so that the campaign has time for more: {lease:g} seconds.

**Read-back cut out** is the control: a process that dies after each message to Slack and looks for none before it says
it again. A campaign that found no double there would find nothing anywhere.

**Paused**: a replica is stopped and goes on as if nothing had been. On a server it is stopped every other time in the
middle of several statements that are sent together, if it comes to some: no limit of the server's own counts there.

**Disk full**: under SQLite a file system of its own is filled. Under PostgreSQL the server's is: tables cannot grow,
and every other time its log cannot either, then the server ends and is started again once there is room. Where no file
system may be made, no file of the writing process may grow instead.

What the campaign's processes are: forks of one that has loaded everything, each of which then runs `sitrep run`. On
SQLite one process at a time is promised, so two replicas are tried on PostgreSQL alone.
"""


def write(outcomes: Sequence[Mapping[str, Any]], *, lease: float) -> None:
    """The page, anew."""
    tail = TAIL.format(lease=lease, ratios=ratios(outcomes))
    PAGE.write_text(f"{HEAD}{written(rows(outcomes))}\n{tail}", encoding="utf-8")


def ratios(outcomes: Sequence[Mapping[str, Any]]) -> str:
    """Doubles for each kill at random, and how soon all was well again."""
    kills = [one["figures"] for one in outcomes if one["nemesis"] == "kills"]
    tried, slack, teams = (
        sum(figures[name] for figures in kills) for name in ("tried", "slack doubled", "teams doubled")
    )
    healed = max((one["healed"] for one in outcomes), default=0.0)
    return (
        f"Of {tried} kills at random: {slack} doubles in Slack, {teams} in Teams, "
        f"{slack / max(1, tried):.1%} and {teams / max(1, tried):.2f} for each kill. "
        f"Ready again after a database was back, or had room: {healed:.1f} s at the most."
    )
