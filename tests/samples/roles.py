"""WORDS 3.3: roles given, offered, taken, left."""

from bot.cards import Card, Code, Group, Lines, Mention, Note, Open, Text, Tone, line
from tests.samples.world import ANA, BEN, CHEN, DEE, HANA, listed, press, valued, when

COMMS = {"role": "communications_officer"}

ROLE_CARDS = {
    "role-taken": line(Mention(BEN), " is incident commander of INC-42."),
    "role-called": line(Group("slack:@sre-oncall"), ": INC-42 is critical. Its card above says what is owed next."),
    "role-assigned": Card(
        title=("You are communications officer of INC-42 Checkout is down",),
        body=(
            Text(
                (
                    Mention(BEN),
                    " gave you the role. You write every update and keep the promise of the next one.",
                )
            ),
            Text(("First: internal and customers by ", when("02:30"), ", stakeholders by ", when("03:00"), ".")),
        ),
        actions=(
            press("Post update", "update", primary=True),
            Open(label="Open room", room=42),
            valued("Decline role", "release", COMMS),
        ),
    ),
    "role-handover": Card(
        title=("Will you be communications officer of INC-42 Checkout is down?",),
        body=(
            Text((Mention(HANA), " hands the role over.")),
            Lines(
                (
                    (
                        "Now: critical, identified since ",
                        when("02:21"),
                        ". About 4 in 10 card payments in Europe do not go through.",
                    ),
                    ("Cause: release 5.8 points to a wrong payment address.",),
                    ("Tried: CHG-1 restart of payment hosts, no effect. Open: CHG-2 Roll back release 5.8.",),
                    (
                        "People: incident commander ",
                        Mention(BEN),
                        ", scribe ",
                        Mention(DEE),
                        ", subject matter experts ",
                        *listed(ANA, CHEN),
                        ".",
                    ),
                    ("Told: update 2 at ", when("02:47"), ", to internal and customers."),
                    (
                        "You will owe: stakeholders by ",
                        when("03:10"),
                        "; internal and customers by ",
                        when("03:17"),
                        ".",
                    ),
                )
            ),
            Note(
                (
                    "Until you accept, the role and its reminders stay with ",
                    Mention(HANA),
                    ". This request ends at ",
                    when("03:00"),
                    ".",
                )
            ),
        ),
        actions=(
            valued("Accept role", "accept", COMMS, primary=True),
            valued("Decline role", "decline", COMMS),
        ),
    ),
    "role-accepted": line(
        Mention(DEE),
        " is communications officer of INC-42, taken over from ",
        Mention(HANA),
        ". Next update by ",
        when("03:10"),
        ".",
    ),
    "role-unanswered": line(
        "The handover of INC-42 ended without an answer: ", Mention(HANA), " is still communications officer."
    ),
    "role-vacant": Card(
        title=("INC-42 has no communications officer",),
        tone=Tone.WARNING,
        body=(Text((Mention(HANA), " released the role. Reminders go to ", Mention(BEN), " meanwhile.")),),
        actions=(valued("Claim comms", "claim", COMMS, primary=True),),
    ),
    "role-conflict": line(
        Mention(CHEN),
        " now repairs and writes the updates of INC-42. One of the two usually stops: name another with ",
        Code("role comms @person"),
        ".",
    ),
}
