"""WORDS 3.4, 3.9 and 3.10: updates, the end, and what did not arrive."""

from bot.cards import Card, Mention, Note, Open, RoomLink, Strong, Text, Tone, line
from tests.samples.world import ANA, BEN, HANA, press, when

WHAT = "About 4 in 10 card payments in Europe do not go through"

NEWS_CARDS = {
    "update-internal": Card(
        title=("Update 1 on INC-42 Checkout is down",),
        body=(
            Text(
                (
                    f"{WHAT} since ",
                    when("01:52"),
                    ". Other ways to pay work. Release 5.8 of ",
                    when("01:40"),
                    " is suspected; its settings are being compared.",
                )
            ),
            Text(("Meanwhile support offers bank transfer. Critical, investigating.",)),
            Text((Strong(("Next update by ", when("02:40"), ".")),)),
            Note(("By ", Mention(HANA), ", to internal, stakeholders, customers.")),
        ),
    ),
    "update-stakeholders": Card(
        title=("INC-42 Checkout is down: update 1",),
        tone=Tone.CRITICAL,
        body=(
            Text(
                (
                    f"{WHAT} since ",
                    when("01:52"),
                    ". No order is lost. The cause is not known yet. Support has the words for customers.",
                )
            ),
            Text((Strong(("Next update by ", when("03:10"), ".")),)),
        ),
        actions=(
            press("Subscribe", "subscribe"),
            Open(label="Open status page", url="https://status.example.com/incidents/42"),
        ),
    ),
    "update-customers": Card(
        title=("Card payments in Europe",),
        body=(
            Text(
                (
                    "At 01:52 UTC we noticed that some card payments in Europe do not go through. About 4 in 10 are ",
                    "affected. Your basket is kept and nobody is charged twice. Bank transfer works meanwhile. ",
                    "Next update by 02:40 UTC.",
                )
            ),
        ),
    ),
    "update-last": Card(
        title=("Update 4 on INC-42 Checkout is down",),
        body=(
            Text(("Card payments go through again.",)),
            Text((Strong(("No further update is expected:",)), " resolved and verified.")),
        ),
    ),
    "update-moved": line(
        "The next update on INC-42 comes by ",
        when("03:30"),
        ", not ",
        when("03:17"),
        ": the rollback takes one more step.",
    ),
    "resolved": Card(
        title=("INC-42 Checkout is down is resolved",),
        tone=Tone.GOOD,
        body=(
            Text(("How: release 5.8 was rolled back on all payment hosts (CHG-2).",)),
            Text(("Verified: 200 test payments went through, errors under 0.1 % for 30 minutes, checked by @Chen.",)),
            Text(("Lasted 1 h 58 min from detection. ", Strong(("No further update is expected.",)))),
        ),
    ),
    "closed": line("INC-42 is closed, by ", Mention(BEN), ". 3 actions stay open; their people are reminded."),
    "reopened": line(
        "INC-42 is open again, by ",
        Mention(ANA),
        ": card errors at 6 %. Roles are as before. Next update by ",
        when("04:40"),
        ".",
    ),
    "cancelled": line(
        "INC-44 is cancelled, by ",
        Mention(BEN),
        ": false alarm, a probe was set wrongly. No further update is expected.",
    ),
    "duplicate": line(
        "INC-45 is the same as INC-42. Go on in ", RoomLink(42), "; 2 actions and 4 subscribers moved there."
    ),
    "undelivered": Card(
        title=("Update 2 of INC-42 did not reach customers",),
        tone=Tone.WARNING,
        body=(Text(("The status page refused its key. Internal and stakeholders have the update.",)),),
        actions=(press("Try again", "retry", primary=True),),
    ),
    "undelivered-person": line(Mention(HANA), " cannot be reached in private, so this is said here."),
    "undelivered-room": line("The room of INC-42 was archived. It goes on in #incidents."),
}
