"""Who works at Larkfield, and what Slack knows of them."""

from dataclasses import dataclass

TEAM = "T000000001"
APP = "A0SITREP"
BOT = "U0SITREP"
BOT_ID = "B0SITREP"
BOT_TOKEN = "xoxb-sitrep-under-test"
APP_TOKEN = "xapp-sitrep-under-test"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"

PUBLIC = ("incidents", "leadership", "stakeholders", "watercooler")
PRIVATE = ("board",)
"""A private channel that Sitrep was never invited to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person as the workspace has them."""

    name: str
    real_name: str
    zone: str = "Etc/UTC"
    guest: bool = False
    """A restricted account: not a full member."""


PEOPLE = (
    Profile(name="ana", real_name="Ana Ruiz", zone="Europe/Madrid"),
    Profile(name="ben", real_name="Ben Vogel", zone="Europe/Berlin"),
    Profile(name="hana", real_name="Hana Lowe", zone="Europe/London"),
    Profile(name="dee", real_name="Dee Okafor"),
    Profile(name="chen", real_name="Chen Wu", zone="Asia/Shanghai"),
    Profile(name="lena", real_name="Lena Brandt", zone="Europe/Berlin"),
    Profile(name="kim", real_name="Kim Park", zone="America/New_York"),
    Profile(name="otto", real_name="Otto Outside"),
    Profile(name="gus", real_name="Gus Guest", guest=True),
)

GROUPS = {"sre-oncall": ("S0SREONCALL", ("chen", "dee"))}
"""User groups: handle to id and members."""
