"""An organisation that tells people by every way there is: the servers it tells, and how an update is written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.reading import until
from tests.acceptance.story import in_room
from tests.acceptance.world import World, world
from tests.receivers.hook import Hook
from tests.receivers.mailbox import Mailbox
from tests.receivers.statuspage import KEY, PAGE, FakeStatuspage

SECRET = "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcyBoZXJl"

POLICY = """
[organisation]
name = "Larkfield"
default_priority = "critical"

[[status.services]]
name = "Checkout"

[[priorities]]
name = "critical"
major = true
respond_within = "3h"
resolve_within = "4h"
update_every = {{ internal = "30m", stakeholders = "1h", customers = "30m" }}
roles = []
call = ["slack:@sre-oncall", "mailto:oncall@larkfield.example", "json://user:pager-word@127.0.0.1:{pager}/page"]

[audiences.internal]
addresses = ["slack:#incidents", "mailto:staff@larkfield.example"]

[audiences.stakeholders]
addresses = ["slack:#stakeholders", "mailto:board@larkfield.example", "http://127.0.0.1:{hook}/in?key=hook-word"]

[audiences.customers]
addresses = ["status:", "statuspage:", "mailto:news@larkfield.example", "json://user:other-word@127.0.0.1:{other}/in"]

[communication.internal]
must_say = ["what"]

[communication.stakeholders]
must_say = ["what"]

[communication.customers]
must_say = ["what"]
"""
SECRETS = ("pager-word", "hook-word", "other-word", "smtp-word", KEY, SECRET)


@dataclass(slots=True, kw_only=True)
class Told:
    """Everybody who is told something."""

    here: World
    mail: Mailbox
    page: FakeStatuspage
    hook: Hook
    other: Hook
    """What a service of the library takes, told as customers are."""
    pager: Hook

    def read(self) -> dict[str, list[str]]:
        """What each has, in their own words."""
        return {
            "mail": [text(mail) for mail in self.mail.to("news@")],
            "statuspage": [words for one in range(len(self.page.incidents)) for _, words in self.page.said(one)],
            "hook": [str(message["text"]) for message in self.hook.messages],
            "other": [str(message["message"]) for message in self.other.messages],
        }

    async def everywhere(self, words: str, *, but: str = "", within: float = 9) -> None:
        """Until these words are everywhere, one place left out."""
        for name in self.read():
            if name != but:
                await self.there(name, words, within=within)

    async def there(self, name: str, words: str, *, within: float = 9) -> None:
        """Until these words are there."""

        async def look() -> bool:
            return any(words in found for found in self.read()[name])

        await until(look, within=within, what=f"{words!r} at {name}")


@asynccontextmanager
async def told(folder: Path) -> AsyncIterator[Told]:
    """The servers, and a Sitrep that tells them."""
    mail = Mailbox(login=("sitrep", "smtp-word"))
    mail.start()
    page, hook = FakeStatuspage().with_components("Checkout", "Search"), Hook(secret=SECRET)
    other, pager = Hook(), Hook()
    for one in (page, hook, other, pager):
        await one.start()
    settings = {
        "SMTP_URL": mail.url.replace("//", "//sitrep:smtp-word@"),
        "MAIL_FROM": "Larkfield incidents <incidents@larkfield.example>",
        "MAIL_UNSUBSCRIBE": "https://larkfield.example/mails",
        "STATUSPAGE_API_KEY": KEY,
        "STATUSPAGE_PAGE_ID": PAGE,
        "STATUSPAGE_API_URL": f"{page.url}/v1",
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_HOSTS": f"127.0.0.1:{hook.port}",
        "SITREP_LOG_LEVEL": "debug",
    }
    policy = POLICY.format(pager=pager.port, hook=hook.port, other=other.port)
    try:
        async with world(folder, policy=policy, settings=settings) as here:
            yield Told(here=here, mail=mail, page=page, hook=hook, other=other, pager=pager)
    finally:
        mail.stop()
        for one in (page, hook, other, pager):
            await one.stop()


async def declared(here: World, words: str = "declare critical Checkout is down") -> str:
    """Ana declares, Ben leads and writes; gives the room."""
    await here.slack.who("ana").types(words, await here.workspace.channel("incidents"))
    room = str((await here.workspace.room(1))["id"])
    await here.slack.who("ben").types("claim commander", room)
    await in_room(here, 1, "is incident commander of INC-1")
    return room


async def publish(here: World, room: str, words: str, *, to: str = "stakeholders,customers") -> None:
    """Ben fills in the form, sees what is read, and publishes."""
    form = await (await here.slack.who("ben").types(f"update to:{to}", room)).form()
    values = {"what": words, "who": "Customers in Europe.", "expect": "Bank transfer works.", "words": words}
    values |= {"steps": "Comparing settings.", "headline": "Card payments"}
    form.fill(**{name: value for name, value in values.items() if name in form.inputs})
    await form.submit()
    await form.submit()


def text(mail: object) -> str:
    """The plain part of a mail."""
    part = mail.get_body(("plain",))  # type: ignore[attr-defined]
    return str(part.get_content()).replace("\n", " ")
