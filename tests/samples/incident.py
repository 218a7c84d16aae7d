"""WORDS 3.1 and 3.2: the incident's card in each of its states, and the announcement."""

from dataclasses import replace

from bot.cards import (
    Action,
    Card,
    Confirm,
    Facts,
    Mention,
    Note,
    Open,
    Part,
    Press,
    RoomLink,
    Strong,
    Style,
    Text,
    Tone,
    line,
)
from tests.samples.world import ANA, BEN, CHEN, DEE, HANA, listed, press, when

CANCEL = Press(
    label="Cancel INC-42",
    command="cancel",
    incident=42,
    style=Style.DANGER,
    more=True,
    confirm=Confirm(
        title="Cancel INC-42?",
        text="The room reads that it was a false alarm.",
        yes="Cancel INC-42",
        no="Keep it open",
    ),
)
MORE: tuple[Action, ...] = (
    press("Set priority", "priority", more=True),
    press("Move promise", "next", more=True),
    press("Add note", "note", more=True),
    press("Resolve", "resolve", more=True),
    CANCEL,
)
UPDATE = press("Post update", "update", primary=True)
ASSIGN = press("Assign role", "role")

PROMISE = Text(
    (
        Strong(("Next update by ", when("02:40"))),
        " for internal and customers. Stakeholders by ",
        when("03:10"),
        ".",
    )
)
STANDING = Text(("Critical, investigating since ", when("02:00"), ". Affected: checkout, card payments."))
ROLES = Facts(
    (
        ("Incident commander", listed(BEN)),
        ("Communications officer", listed(HANA)),
        ("Scribe", listed(DEE)),
        ("Subject matter experts", listed(ANA, CHEN)),
    )
)
LAST = Text(
    ("Last update, ", when("02:10"), ": About 4 in 10 card payments in Europe do not go through."),
)
DETECTED = Note(("Detected ", when("01:52"), ", reported by ", Mention(ANA), ". Resolution SLA ", when("04:00"), "."))

OPEN_CARD = Card(
    title=("INC-42 Checkout is down",),
    tone=Tone.CRITICAL,
    body=(PROMISE, STANDING, ROLES, LAST, DETECTED),
    actions=(UPDATE, press("Mark identified", "identified"), ASSIGN, *MORE),
    headline=True,
)


def with_body(*body: Part, card: Card = OPEN_CARD) -> Card:
    return replace(card, body=body)


INCIDENT_CARDS = {
    "card": OPEN_CARD,
    "card-declared": Card(
        title=("INC-42 Checkout is down",),
        tone=Tone.CRITICAL,
        body=(PROMISE, STANDING, Facts((("Incident commander", ("nobody yet",)),)), DETECTED),
        actions=(press("Claim commander", "claim", primary=True), press("Post update", "update"), ASSIGN, *MORE),
        headline=True,
    ),
    "card-identified": replace(
        OPEN_CARD,
        body=(
            PROMISE,
            Text(("Critical, identified since ", when("02:21"), ". Affected: checkout, card payments.")),
            Text(("Open change: CHG-2 Roll back release 5.8, by ", Mention(ANA), ".")),
            ROLES,
            LAST,
            DETECTED,
        ),
        actions=(UPDATE, press("Mark monitoring", "monitoring"), ASSIGN, *MORE),
    ),
    "card-monitoring": replace(
        OPEN_CARD,
        body=(PROMISE, Text(("Critical, monitoring since ", when("03:05"), ".")), ROLES, LAST, DETECTED),
        actions=(press("Resolve", "resolve", primary=True), press("Post update", "update"), ASSIGN, *MORE[:3], CANCEL),
    ),
    "card-overdue": with_body(
        Text(
            (
                Strong(("Update overdue since ", when("02:40"))),
                " for internal and customers. Stakeholders by ",
                when("03:10"),
                ".",
            )
        ),
        STANDING,
        ROLES,
        LAST,
        DETECTED,
    ),
    "card-snoozed": with_body(
        PROMISE,
        STANDING,
        ROLES,
        LAST,
        Note(("Reminders quiet until ", when("02:50"), ", by ", Mention(HANA), ": waiting for the rollback.")),
    ),
    "card-unconfirmed": Card(
        title=("INC-41 Slow search",),
        tone=Tone.WARNING,
        body=(PROMISE, Text(("High (not confirmed), investigating since ", when("02:00"), ".")), DETECTED),
        actions=(
            press("Claim commander", "claim", number=41, primary=True),
            *(
                Press(label=level.capitalize(), command="priority", values={"level": level}, incident=41)
                for level in ("critical", "high", "medium", "low")
            ),
            press("Post update", "update", number=41, more=True),
            press("Assign role", "role", number=41, more=True),
        ),
        headline=True,
    ),
    "card-resolved": Card(
        title=("INC-42 Checkout is down",),
        tone=Tone.GOOD,
        body=(
            Text(
                (
                    "Resolved at ",
                    when("03:50"),
                    " by ",
                    Mention(BEN),
                    ", after 1 h 50 min. No further update is expected.",
                )
            ),
            Text(("How: release 5.8 was rolled back on all payment hosts (CHG-2).",)),
            Text(("Verified: 200 test payments went through, errors under 0.1 % for 30 minutes.",)),
        ),
        actions=(press("Close", "close"), press("Reopen", "reopen")),
        headline=True,
    ),
    "card-closed": Card(
        title=("INC-42 Checkout is down",),
        body=(Text(("Closed at ", when("08:30"), " by ", Mention(BEN), ", resolved at ", when("03:50"), ".")),),
        actions=(press("Reopen", "reopen"),),
        headline=True,
    ),
    "card-cancelled": Card(
        title=("INC-44 Low disk on db-3",),
        body=(
            Text(
                (
                    "Cancelled at ",
                    when("02:09"),
                    " by ",
                    Mention(BEN),
                    ": false alarm, a probe was set wrongly. No further update is expected.",
                )
            ),
        ),
        headline=True,
    ),
    "card-drill": Card(
        title=("DRILL INC-43 Checkout is down",),
        tone=Tone.DRILL,
        body=(PROMISE, STANDING, Note(("Practice run. Nothing here is real; no customer is told.",))),
        actions=(press("Post update", "update", number=43, primary=True),),
        headline=True,
    ),
    "card-private": Card(
        title=("INC-57 (private) Access keys in a public place",),
        tone=Tone.CRITICAL,
        body=(
            PROMISE,
            STANDING,
            Note(
                (
                    "Only people in this room see this. Not announced, listed or counted. ",
                    "Personal messages give its number only.",
                )
            ),
        ),
        actions=(press("Post update", "update", number=57, primary=True),),
        headline=True,
    ),
    "announcement": Card(
        title=("INC-42 Checkout is down",),
        tone=Tone.CRITICAL,
        body=(
            Text(
                (
                    Strong(("Next update by ", when("02:40"), ".")),
                    " Critical, investigating since ",
                    when("02:00"),
                    ". Affected: checkout, card payments.",
                )
            ),
            Note(
                (
                    "Updates follow in this thread. To help, join ",
                    RoomLink(42),
                    "; to read along, subscribe.",
                )
            ),
        ),
        actions=(Open(label="Join room", room=42), press("Subscribe", "subscribe")),
        headline=True,
    ),
    "announcement-priority": line(
        "Priority is critical, before high, by ",
        Mention(BEN),
        ": all of Europe is affected. Next update by ",
        when("02:40"),
        ".",
    ),
}
