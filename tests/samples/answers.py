"""WORDS 3.6, 3.7 and 3.11: what goes back to the one who asked."""

from bot.cards import Card, Code, Mention, RoomLink, Text, line
from tests.samples.world import BEN, valued, when

ANSWER_CARDS = {
    "answer-declare": line("INC-42 is open. Critical. First update by ", when("02:30"), ". Its room follows."),
    "answer-declare-room": line("INC-42 is open in ", RoomLink(42), ". Critical. First update by ", when("02:30"), "."),
    "answer-declare-alone": line(
        "INC-1 is open in ",
        RoomLink(1),
        ". Nobody else was told: the policy names no address for ",
        Code("internal"),
        ".",
    ),
    "answer-declare-taken": Card(
        body=(Text(("INC-44 is open: low, disk on db-3. First update by ", when("06:00"), ". Its room follows.")),),
        actions=(valued("It is part of the title", "retitle", {"title": "low disk on db-3"}),),
    ),
    "answer-note": line("Noted at ", when("02:14"), "."),
    "answer-update": line("Update 2 is out to internal and customers. Next by ", when("03:17"), "."),
    "answer-snooze": line(
        "Quiet until ",
        when("02:50"),
        ", 10 minutes past the promise of ",
        when("02:40"),
        ". ",
        Code("next"),
        " moves the promise.",
    ),
    "answer-next": line("Promise moved to ", when("03:30"), "; internal and customers are told."),
    "answer-already": line("INC-42 is identified since ", when("02:21"), "; nothing changed."),
    "refused-not-allowed": line(
        "Resolving INC-42 is for the incident commander or communications officer: ask ", Mention(BEN), "."
    ),
    "refused-unknown-word": line("There is no word ", Code("resovle"), ": did you mean ", Code("resolve"), "?"),
    "refused-missing": line(Code("priority"), " needs a level: critical, high, medium or low."),
    "refused-time": line(Code("half four"), " is not a time Sitrep can read: write 30m, 2h or 16:45."),
    "refused-resolved": line(
        "INC-42 is resolved since ", when("03:50"), ": if the trouble is back, ", Code("reopen REASON"), "."
    ),
    "refused-no-incident": line(
        "This is not an incident's room: add the reference, as in ",
        Code("status INC-42"),
        ", or see ",
        Code("list"),
        ".",
    ),
    "refused-unverified": line(
        "INC-42 stays open until its fix is verified: say how in the second field of ", Code("resolve"), "."
    ),
    "refused-hidden": line("There is no INC-57 that you can see: look at ", Code("list"), "."),
    "refused-too-late": line(Mention(BEN), " resolved INC-42 a moment earlier: see its card."),
    "refused-old-button": line("INC-42 has moved on to monitoring: use its card."),
    "refused-nobody": line("Nobody called Jo was found: pick the name from the list after @."),
    "refused-not-saved": line(
        "INC-42 was not changed because the database does not answer: send it again in a minute."
    ),
}
