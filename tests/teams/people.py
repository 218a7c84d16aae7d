"""The tenant of Larkfield: who works there, and what Teams knows of them."""

import uuid
from dataclasses import dataclass

from tests.acceptance.people import PEOPLE as PROFILES
from tests.acceptance.people import Profile

TENANT = "6b0e1d1c-0000-4000-8000-00000000a1b2"
ANOTHER_TENANT = "6b0e1d1c-0000-4000-8000-00000000ffff"
APP_ID = "11112222-aaaa-4bbb-8ccc-333344445555"
APP_PASSWORD = "the-password-under-test"
BOT = f"28:{APP_ID}"
BOT_NAME = "Sitrep"

_SPACE = uuid.UUID(TENANT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as the tenant has them."""

    name: str
    """What the tests call them."""
    full_name: str
    zone: str
    guest: bool = False

    @property
    def id(self) -> str:
        """By which this bot knows them; another bot would know them by another."""
        return f"29:1{uuid.uuid5(_SPACE, f'{APP_ID}/{self.name}').hex}-{self.name}"

    @property
    def object_id(self) -> str:
        return str(uuid.uuid5(_SPACE, self.name))

    @property
    def mail(self) -> str:
        return f"{self.name}@{'partner' if self.guest else 'larkfield'}.example"

    @property
    def principal(self) -> str:
        """The user principal name; a guest's is made of their address at home."""
        return f"{self.name}_partner.example#EXT#@larkfield.example" if self.guest else self.mail

    @property
    def account(self) -> dict[str, str]:
        """As activities name who did something."""
        return {"id": self.id, "name": self.full_name, "aadObjectId": self.object_id}

    @property
    def member(self) -> dict[str, str]:
        """As the connector lists who is in a conversation."""
        given, _, family = self.full_name.partition(" ")
        return {
            "id": self.id,
            "name": self.full_name,
            "objectId": self.object_id,
            "givenName": given,
            "surname": family,
            "email": self.mail,
            "userPrincipalName": self.principal,
            "tenantId": TENANT,
            "userRole": "guest" if self.guest else "user",
        }


def person(profile: Profile) -> Person:
    """Somebody who works at Larkfield, whichever chat they use."""
    return Person(name=profile.name, full_name=profile.real_name, zone=profile.zone, guest=profile.guest)


PEOPLE = tuple(person(profile) for profile in PROFILES)
