"""WORDS 3.5: what is owed, to whom, by when, and why it reaches this person."""

from bot.cards import Action, Card, Due, Mention, Open, Span, Text, Tone, line
from tests.samples.world import ANA, BEN, CHEN, HANA, at, press, valued, when

UPDATE = press("Post update", "update", primary=True)
MOVE = press("Move promise", "next")


def owed(*body: Span, tone: Tone = Tone.WARNING, actions: tuple[Action, ...] = (UPDATE, MOVE)) -> Card:
    return Card(title=("Update on INC-42 is ", Due(at("02:40"))), tone=tone, body=(Text(body),), actions=actions)


REMINDER_CARDS = {
    "reminder-before": owed(
        "Promised to internal and customers by ",
        when("02:40"),
        ". Your last words are filled in.",
        tone=Tone.NEUTRAL,
        actions=(UPDATE, valued("Snooze 5 min", "snooze", {"length": "5m"}), MOVE),
    ),
    "reminder-due": owed(Mention(HANA), ": promised to internal and customers by ", when("02:40"), "."),
    "reminder-overdue": owed(
        Mention(BEN),
        ": promised to internal and customers by ",
        when("02:40"),
        ". It reaches you as incident commander, after reminders at ",
        when("02:35"),
        " and ",
        when("02:40"),
        ".",
        actions=(UPDATE, press("Reassign comms", "role"), MOVE),
    ),
    "reminder-escalated": owed(
        "Promised by ",
        when("02:40"),
        ". It reaches you by the policy: 20 minutes late, to leadership.",
        tone=Tone.CRITICAL,
        actions=(Open(label="Open room", room=42),),
    ),
    "reminder-nobody": owed(
        "Promised by ", when("02:40"), ". It reaches you because nobody holds a role and you declared."
    ),
    "reminder-after-downtime": owed(
        "Promised by ",
        when("02:40"),
        ". Sitrep was down from ",
        when("02:33"),
        " to ",
        when("03:02"),
        "; this replaces the reminders between.",
    ),
    "reminder-snooze-over": owed("Your quiet time ended. The promise is still ", when("02:40"), "."),
    "reminder-settled": line("Update 2 came at ", when("02:47"), "."),
    "reminder-roles": Card(
        title=("INC-42 needs a communications officer and a scribe",),
        tone=Tone.WARNING,
        body=(Text(("Critical incidents have both.",)),),
        actions=(
            valued("Claim comms", "claim", {"role": "communications_officer"}, primary=True),
            valued("Claim scribe", "claim", {"role": "scribe"}),
        ),
    ),
    "reminder-response": Card(
        title=("INC-42 has no first response yet",),
        tone=Tone.WARNING,
        body=(Text(("Its response SLA ends at ", when("02:15"), ". Claiming a role counts.")),),
        actions=(valued("Claim commander", "claim", {"role": "incident_commander"}, primary=True),),
    ),
    "reminder-sla": Card(
        title=("24 minutes left in the resolution SLA of INC-42",),
        tone=Tone.WARNING,
        body=(
            Text(
                (
                    "It ends at ",
                    when("04:00"),
                    ". If it will not hold, say so in the next update. Promise word, not a repair time.",
                )
            ),
        ),
        actions=(UPDATE,),
    ),
    "reminder-breach": Card(
        title=("INC-42 is past its resolution SLA",),
        tone=Tone.CRITICAL,
        body=(Text(("2 hours ended at ", when("04:00"), ". Work goes on as before; the next update says so.")),),
        actions=(UPDATE,),
    ),
    "reminder-silence": Card(
        title=("Nothing recorded on INC-42 for 30 minutes",),
        body=(Text(("Last: ", when("02:50"), ", note by ", Mention(CHEN), ". One line is enough.")),),
        actions=(press("Add note", "note", primary=True), press("Post update", "update")),
    ),
    "reminder-change": Card(
        title=("Did CHG-2 of INC-42 work?",),
        body=(Text(("Roll back release 5.8, by ", Mention(ANA), ", open since ", when("02:24"), ".")),),
        actions=tuple(
            valued(label, "change", {"done": "2", "result": label.lower()})
            for label in ("It worked", "No effect", "Made it worse", "Still running")
        ),
    ),
}

REMINDER_MOMENTS = {
    "reminder-before": at("02:35"),
    "reminder-due": at("02:40"),
    "reminder-overdue": at("02:45"),
    "reminder-escalated": at("03:00"),
    "reminder-nobody": at("02:45"),
    "reminder-after-downtime": at("03:02"),
    "reminder-snooze-over": at("02:50"),
}
