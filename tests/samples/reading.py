"""WORDS 3.8: what is read in private."""

from bot.cards import Card, Code, Lines, Mention, Strong, Text, line
from tests.samples.world import ANA, BEN, DEE, HANA, press, when

READING_CARDS = {
    "help": Card(
        title=("Words for INC-42",),
        body=(
            Text((Code("help WORD"), " explains one.")),
            Lines(
                (
                    (
                        "Tell: update, next, snooze · People: role, claim, release, handover, roles · ",
                        "Record: note, change, action",
                    ),
                    (
                        "Steer: priority, impact, urgency, services, identified, monitoring · ",
                        "Finish: resolve, close, reopen, cancel, duplicate",
                    ),
                    ("Look: status, list, timeline, why · Start: declare",),
                )
            ),
        ),
    ),
    "help-word": line(
        Code("update [TEXT]"),
        " publishes an update and sets the next promise. For: communications officer, incident commander.",
    ),
    "list": Card(
        title=("2 open incidents",),
        body=(
            Lines(
                (
                    (
                        "INC-42 Checkout is down · Critical · Identified · ",
                        Mention(BEN),
                        " · ",
                        Strong(("update overdue since ", when("02:40"))),
                    ),
                    ("INC-41 Slow search · Medium · Monitoring · nobody yet · next update by ", when("06:00")),
                )
            ),
        ),
    ),
    "list-none": line("No open incident. ", Code("list all"), " shows earlier ones."),
    "why": Card(
        title=("Reminders of INC-42",),
        body=(
            Lines(
                (
                    (when("02:35"), " before due, to ", Mention(HANA), ", private: sent ", when("02:35")),
                    (
                        when("02:40"),
                        " due, room, to ",
                        Mention(HANA),
                        ": held back, snoozed by ",
                        Mention(HANA),
                        " until ",
                        when("02:50"),
                    ),
                    (when("02:45"), " overdue, to ", Mention(BEN), ": sent ", when("02:45")),
                    (when("03:36"), " resolution SLA at 80 %, to ", Mention(BEN), ": will come"),
                )
            ),
        ),
    ),
    "timeline": Card(
        title=("INC-42, last 4 of 23",),
        body=(
            Lines(
                (
                    (
                        when("02:14"),
                        " Note by ",
                        Mention(DEE),
                        ": first alert at ",
                        when("01:52"),
                        " (added ",
                        when("02:40"),
                        ")",
                    ),
                    (when("02:21"), " Identified, by ", Mention(ANA)),
                    (when("02:24"), " CHG-2 opened, by ", Mention(ANA), ": Roll back release 5.8"),
                    (when("02:35"), " Reminder to ", Mention(HANA)),
                )
            ),
        ),
        actions=(press("Show earlier", "timeline"),),
    ),
}
