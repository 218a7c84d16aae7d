"""Who can be played in the try-out chat: a dozen people on four continents, not all of whom write as we do."""

from dataclasses import dataclass

from bot.people import Profile

SITREP = "sitrep"
"""How Sitrep itself is mentioned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person to play."""

    id: str
    """What is typed after `@`."""
    name: str
    zone: str
    """IANA name."""


EVERYBODY = (
    Somebody(id="ana", name="Ana Souza", zone="America/Sao_Paulo"),
    Somebody(id="ben", name="Ben Hartmann", zone="Europe/Berlin"),
    Somebody(id="chen", name="陈伟", zone="Asia/Shanghai"),
    Somebody(id="dee", name="Dee Okafor", zone="Africa/Lagos"),
    Somebody(id="hana", name="Hana Nováková", zone="Europe/London"),
    Somebody(id="kim", name="김민준", zone="Asia/Seoul"),
    Somebody(id="layla", name="ليلى حداد", zone="Asia/Beirut"),
    Somebody(id="noam", name="נועם לוי", zone="Asia/Jerusalem"),
    Somebody(id="priya", name="प्रिया शर्मा", zone="Asia/Kolkata"),
    Somebody(id="sam", name="Sam Whitehorse", zone="America/Denver"),
    Somebody(id="tui", name="Tūī Parata", zone="Pacific/Chatham"),
    Somebody(id="zoe", name="Zoë Lindqvist", zone="Europe/Stockholm"),
)

BY_ID = {one.id: one for one in EVERYBODY}


def profile(one: Somebody) -> Profile:
    """As the core knows them."""
    return Profile(name=one.name, zone=one.zone)
