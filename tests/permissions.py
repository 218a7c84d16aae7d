"""Who may use which word: the whole answer, written by hand from docs/contract.md 7, "Who may".

Nothing here is computed from the code under test. `tests/core` plays it over every decision, `tests/adapters` over
every way in, and `python -m tests.permissions` writes docs/permissions.md from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "permissions.md"

WHO: Mapping[str, str] = {
    "unknown": "a member of whom Sitrep knows nothing yet: their first word",
    "guest": "a guest of the workspace or tenant, or a person of another organisation who is known as one",
    "stranger": "somebody who writes from another workspace or tenant: not answered at all",
    "member": "a member outside the room, without a role",
    "speaker": "a member without a role, inside the incident's room",
    "neighbour": "a member inside another incident's room",
    "scribe": "who holds a role other than the two that steer",
    "comms": "the communications officer",
    "commander": "the incident commander",
    "declarer": "who declared it, while there is a commander",
    "alone": "who declared it, while there is no commander",
}
"""The columns, and who stands in each. Roles are used from outside the room."""

IN_PRIVATE = {("retitle", "declarer"): False}
"""Cells that are otherwise for a private incident: with that press it would be shown to everybody."""

OUTSIDE = ("unknown", "guest", "stranger", "member", "neighbour")
"""Whom a private incident does not exist for."""

NAMELESS = ("declare", "list", "terms", "here", "maintenance", "me")
"""Words that speak of no incident, so that there is nothing to hide."""

REPORTS = ("room-opened", "room-lost", "room-renamed", "person-left", "delivery-failed")
"""What only a chat itself reports: nobody can say these, by whatever way."""

_TABLE = """
                                 | unknown guest stranger member speaker neighbour scribe comms commander declarer alone
declare critical Mail is down    | +       -     -        +      +       +         +      +     +         +        +
status                           | +       -     -        +      +       +         +      +     +         +        +
list                             | +       -     -        +      +       +         +      +     +         +        +
timeline                         | +       -     -        +      +       +         +      +     +         +        +
why                              | +       -     -        +      +       +         +      +     +         +        +
terms                            | +       -     -        +      +       +         +      +     +         +        +
roles                            | +       -     -        +      +       +         +      +     +         +        +
help update                      | +       -     -        +      +       +         +      +     +         +        +
here                             | +       -     -        +      +       +         +      +     +         +        +
me                               | +       -     -        +      +       +         +      +     +         +        +
subscribe                        | +       -     -        +      +       +         +      +     +         +        +
unsubscribe                      | +       -     -        +      +       +         +      +     +         +        +
maintenance                      | +       -     -        +      +       +         +      +     +         +        +
maintenance 22:30 2h New disks   | +       -     -        +      +       +         +      +     +         +        +
claim sme                        | +       -     -        +      +       +         +      +     +         +        +
accept                           | +       -     -        +      +       +         +      +     +         +        +
decline                          | +       -     -        +      +       +         +      +     +         +        +
approve                          | +       -     -        +      +       +         +      +     +         +        +
send-back Say what broke         | +       -     -        +      +       +         +      +     +         +        +
note Restarted it                | -       -     -        -      +       -         +      +     +         +        +
role sme none                    | -       -     -        -      +       -         +      +     +         +        +
release scribe                   | -       -     -        -      +       -         +      +     +         +        +
handover scribe @P-9             | -       -     -        -      +       -         +      +     +         +        +
title Mail is slow               | -       -     -        -      +       -         +      +     +         +        +
impact high                      | -       -     -        -      +       -         +      +     +         +        +
urgency low                      | -       -     -        -      +       -         +      +     +         +        +
services mail                    | -       -     -        -      +       -         +      +     +         +        +
detected 01:30                   | -       -     -        -      +       -         +      +     +         +        +
bridge https://meet.example/1    | -       -     -        -      +       -         +      +     +         +        +
investigating                    | -       -     -        -      +       -         +      +     +         +        +
identified                       | -       -     -        -      +       -         +      +     +         +        +
monitoring                       | -       -     -        -      +       -         +      +     +         +        +
snooze 10m busy                  | -       -     -        -      +       -         +      +     +         +        +
update We look into it           | -       -     -        -      +       -         +      +     +         +        +
next 20m                         | -       -     -        -      +       -         +      +     +         +        +
retitle                          | -       -     -        -      -       -         -      -     +         +        +
update We repair it to:customers | -       -     -        -      -       -         -      +     +         -        +
next customers 20m               | -       -     -        -      -       -         -      +     +         -        +
priority high                    | -       -     -        -      -       -         -      +     +         -        +
resolve Rolled back              | -       -     -        -      -       -         -      +     +         -        +
reopen It is back                | -       -     -        -      -       -         -      +     +         -        +
duplicate INC-5                  | -       -     -        -      -       -         -      +     +         -        +
link slack:#mail                 | -       -     -        -      -       -         -      +     +         -        +
close                            | -       -     -        -      -       -         -      -     +         -        +
cancel False alarm               | -       -     -        -      -       -         -      -     +         -        +
visibility private               | -       -     -        -      -       -         -      -     +         -        +
redact 1 It names a customer     | -       -     -        -      -       -         -      -     +         -        +
waive customers Nobody noticed   | -       -     -        -      -       -         -      -     +         -        +
room-opened                      | -       -     -        -      -       -         -      -     -         -        -
room-lost                        | -       -     -        -      -       -         -      -     -         -        -
room-renamed                     | -       -     -        -      -       -         -      -     -         -        -
person-left                      | -       -     -        -      -       -         -      -     -         -        -
delivery-failed                  | -       -     -        -      -       -         -      -     -         -        -
"""

ABOUT: Mapping[str, str] = {
    "accept": "takes effect for the one who was asked",
    "decline": "takes effect for the one who was asked",
    "approve": "takes effect for those the policy names, never for the writer",
    "send-back": "takes effect for those the policy names, and for the writer",
    "update We repair it to:customers": "telling anybody outside",
    "next customers 20m": "for anybody outside",
    "update We look into it": "to internal",
    "next 20m": "for internal",
    "retitle": "the button *It is part of the title*; of a private incident for who commands alone",
}
"""What else is to be said of a row."""

HEARD, REFUSED, HIDDEN, TURNED_AWAY = "heard", "refused", "hidden", "turned away"
"""What becomes of a word: done or asked about; refused by name; as if there were no such incident; not listened to."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line as people type it, and who may: a mark for each of `WHO`."""

    says: str
    marks: Mapping[str, bool]

    @property
    def word(self) -> str:
        """Its first word."""
        return self.says.partition(" ")[0]

    def answer(self, who: str, *, private: bool) -> str:
        """What becomes of it."""
        if who == "stranger":
            return TURNED_AWAY
        if private and who in OUTSIDE and self.word not in NAMELESS:
            return HIDDEN
        heard = IN_PRIVATE.get((self.word, who), self.marks[who]) if private else self.marks[who]
        return HEARD if heard else REFUSED


def _rows() -> Iterator[Row]:
    head, *lines = _TABLE.strip("\n").splitlines()
    names = head.partition("|")[2].split()
    assert tuple(names) == tuple(WHO)
    for line in lines:
        says, _, marks = line.partition("|")
        yield Row(says.strip(), {name: mark == "+" for name, mark in zip(names, marks.split(), strict=True)})


ROWS = tuple(_rows())
CELLS = tuple((row, who, private) for row in ROWS for who in WHO for private in (False, True))


def page() -> str:
    """docs/permissions.md."""
    columns = [name for name in WHO if name != "neighbour"]
    rows = [
        f"| `{row.says}`{_about(row)} | " + " | ".join("yes" if row.marks[name] else "-" for name in columns) + " |"
        for row in ROWS
        if row.word not in REPORTS
    ]
    meanings = [f"- **{name}**: {what}." for name, what in WHO.items() if name in columns]
    return "\n".join(
        [
            "# Who may do what",
            "",
            "Made from the table in `tests/permissions.py` by `python -m tests.permissions`; the same table is played",
            "over every way in: typed lines, buttons, forms, mentions, dialogs and message actions, in Slack, in Teams",
            'and in the try-out chat. The rule behind it is "Who may" in [contract.md](contract.md).',
            "",
            *meanings,
            "",
            f"| word | {' | '.join(columns)} |",
            f"|---|{'---|' * len(columns)}",
            *rows,
            "",
            "**Private incidents.** For everybody in the first four columns, and for whoever is merely in another",
            "incident's room, each word answers exactly as if the number did not exist; those who may see it are",
            "refused or heard as above.",
            "",
            "**Deny by default.** A word that is not in the table fails the tests. What a chat reports by itself",
            f"({', '.join(f'`{word}`' for word in REPORTS)}) can be said by nobody, by whatever way.",
            "",
            "**Another rule** for a word stands in the policy, `[permissions]`: see [contract.md](contract.md). Guests",
            "may do what members may where the policy says `guests = true`.",
            "",
            "**What a button carries is not trusted.** Its word, number, values and people are judged as if whoever",
            "presses it had typed them.",
            "",
        ]
    )


def _about(row: Row) -> str:
    found = ABOUT.get(row.says) or ABOUT.get(row.word, "")
    return f" ({found})" if found else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
