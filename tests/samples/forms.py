"""WORDS 4: the forms, as a person meets them."""

from dataclasses import replace

from bot.questions import Ask, Field, Form, Option
from tests.samples.world import when

PRIORITIES = (
    Option(
        value="critical",
        label="Critical: severe disruption or degradation",
        description="Such as: the shop cannot be reached. Resolve within 2 h.",
    ),
    Option(
        value="high",
        label="High: a main function is impaired",
        description="Such as: one way to pay fails. Resolve within 4 h.",
    ),
    Option(
        value="medium",
        label="Medium: a side function is impaired",
        description="Such as: search is slow. Resolve within 1 day.",
    ),
    Option(
        value="low",
        label="Low: an annoyance",
        description="Such as: a wrong picture. Resolve within 3 days.",
    ),
)
ROLES = (
    Option(
        value="communications_officer",
        label="Communications officer",
        description="Writes every update and keeps the promise of the next one.",
    ),
    Option(value="scribe", label="Scribe", description="Records what happens."),
    Option(value="incident_commander", label="Incident commander", description="Leads and decides."),
)

WHAT = Field(name="text", label="What is happening?", ask=Ask.LONG_TEXT, value="About 4 in 10 card payments fail.")
UPDATE = Form(
    title="Post update: INC-42",
    command="update",
    submit="Preview",
    incident=42,
    above=("Detected ", when("01:52"), ", last update ", when("02:10"), "."),
    fields=(
        WHAT,
        Field(name="steps", label="What is being done? (internal)", ask=Ask.LONG_TEXT),
        Field(name="who", label="Who is affected?", ask=Ask.TEXT, value="Shoppers in Europe."),
        Field(name="expect", label="What can people expect or do?", ask=Ask.LONG_TEXT),
        Field(
            name="next",
            label="Next update",
            ask=Ask.MOMENT,
            value="30m",
            options=tuple(
                Option(value=value, label=label)
                for value, label in (
                    ("15m", "In 15 minutes"),
                    ("30m", "In 30 minutes"),
                    ("60m", "In 60 minutes"),
                    ("none", "None is expected"),
                )
            ),
        ),
        Field(
            name="to",
            label="To",
            ask=Ask.AUDIENCE,
            several=True,
            value="internal customers",
            options=tuple(
                Option(value=name, label=name.capitalize()) for name in ("internal", "stakeholders", "customers")
            ),
        ),
        Field(
            name="words",
            label="Words for customers",
            ask=Ask.LONG_TEXT,
            required=False,
            hint="Empty: the text above.",
        ),
        Field(
            name="status",
            label="Status",
            ask=Ask.STATUS,
            required=False,
            value="identified",
            options=tuple(
                Option(value=name, label=name.capitalize()) for name in ("investigating", "identified", "monitoring")
            ),
        ),
    ),
)

FORMS: dict[str, Form] = {
    "declare": Form(
        title="Declare incident",
        command="declare",
        submit="Declare",
        fields=(
            Field(
                name="title",
                label="What is wrong?",
                ask=Ask.TEXT,
                hint="A few words, as a customer would say it.",
                limit=100,
            ),
            Field(name="priority", label="Priority", ask=Ask.PRIORITY, value="high", options=PRIORITIES),
            Field(name="services", label="Affected services", ask=Ask.TEXT, required=False),
            Field(
                name="private",
                label="Private",
                ask=Ask.FLAG,
                required=False,
                hint="Only people you invite see it.",
            ),
        ),
    ),
    "update": UPDATE,
    "update-findings": replace(
        UPDATE,
        fields=(
            replace(WHAT, finding="'fixed' says more than identified: wait for resolve."),
            replace(UPDATE.fields[2], finding="Say who is affected, or that it is not known yet."),
            Field(name="reason", label="Reason to publish as it is", ask=Ask.TEXT, required=False),
        ),
        values={"to": "internal customers", "next": "30m"},
    ),
    "resolve": Form(
        title="Resolve INC-42",
        command="resolve",
        submit="Resolve",
        incident=42,
        fields=(
            Field(name="how", label="How was it resolved?", ask=Ask.LONG_TEXT),
            Field(
                name="verified",
                label="How was it verified?",
                ask=Ask.LONG_TEXT,
                hint="A test, a measure, a person who looked.",
            ),
            Field(name="words", label="Words for customers", ask=Ask.LONG_TEXT),
        ),
    ),
    "role": Form(
        title="Assign role: INC-42",
        command="role",
        submit="Assign",
        incident=42,
        fields=(
            Field(name="role", label="Role", ask=Ask.ROLE, options=ROLES, value="communications_officer"),
            Field(name="people", label="People", ask=Ask.PERSON, several=True, value="P-5"),
        ),
    ),
    "snooze": Form(
        title="Snooze: INC-42",
        command="snooze",
        submit="Snooze",
        incident=42,
        above=("The promise is still ", when("02:40"), "."),
        fields=(
            Field(
                name="length",
                label="How long?",
                ask=Ask.DURATION,
                value="5m",
                options=tuple(Option(value=f"{m}m", label=f"{m} minutes") for m in (5, 10, 15)),
            ),
            Field(name="reason", label="Reason", ask=Ask.TEXT, required=False),
        ),
    ),
    "next": Form(
        title="Next update: INC-42",
        command="next",
        submit="Move promise",
        incident=42,
        fields=(
            Field(name="when", label="When?", ask=Ask.MOMENT, hint="30m, 2h, 16:45 or 2026-11-24 09:00."),
            Field(
                name="reason",
                label="Reason",
                ask=Ask.TEXT,
                required=False,
                hint="Those who were promised an earlier time read it.",
            ),
        ),
    ),
    "choose": Form(
        title="Which incident?",
        command="status",
        submit="Show",
        fields=(
            Field(
                name="incident",
                label="Incident",
                ask=Ask.INCIDENT,
                options=tuple(
                    Option(value=str(number), label=f"INC-{number} {title}")
                    for number, title in ((42, "Checkout is down"), (41, "Slow search"))
                ),
            ),
        ),
    ),
}
