"""Sitrep's side of Teams on a real database and the real core; the connector is a book of what was said."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.inbound import Decides, Inbound
from adapters.metrics import Metrics, metrics
from adapters.remembering import Remembering
from adapters.reports import Reports
from adapters.sinks import SendFailed
from adapters.tasks import Tasks
from adapters.teams.answers import Answers
from adapters.teams.contacts import Contacts
from adapters.teams.desk import Desk
from adapters.teams.directory import Directory
from adapters.teams.doing import Doing
from adapters.teams.reception import Reception
from adapters.teams.watch import Watch
from bot.cards import Names
from bot.ports import Delivery
from bot.posts import Order
from bot.refs import Address
from storage.errors import is_busy
from tests.adapters.house import AT, House, house
from tests.adapters.teams.saying import CHANNEL, TENANT


def text_of(found: Any) -> str:
    """Every word in a message, its data left out."""
    if isinstance(found, list):
        return " ".join(filter(None, map(text_of, found)))
    if not isinstance(found, dict):
        return ""
    words = [value for name, value in found.items() if name in {"text", "title", "label", "value"}]
    parts = [value for value in words if isinstance(value, str)]
    return " ".join([*parts, *(text_of(value) for name, value in found.items() if name not in {"data", "fallback"})])


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of Sitrep's."""

    conversation: str
    activity: str
    words: Mapping[str, Any]
    edit: bool = False
    urgent: bool = False

    @property
    def text(self) -> str:
        return text_of(self.words)

    def button(self, title: str) -> dict[str, Any]:
        """What the button of that title carries."""
        return next(dict(one["data"]) for one in buttons(self.words) if one["title"] == title)


def buttons(found: Any) -> Iterator[Mapping[str, Any]]:
    """Every button in a message or dialog."""
    if isinstance(found, list):
        for one in found:
            yield from buttons(one)
    if isinstance(found, dict):
        if str(found.get("type")).startswith("Action.") and "data" in found:
            yield found
        for name, value in found.items():
            if name not in {"data", "fallback"}:
                yield from buttons(value)


@dataclass(slots=True, kw_only=True)
class Book:
    """The connector: what was said, and whom it refuses."""

    said: list[Said] = field(default_factory=list)
    refuses: dict[str, SendFailed] = field(default_factory=dict)
    """By conversation, or by person for a personal chat that cannot be begun."""
    people: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Messages that somebody deleted."""
    hangs: bool = False

    async def send(
        self,
        service_url: str,
        conversation: str,
        activity: Mapping[str, Any],
        *,
        to: str = "room",
        urgent: bool = False,
    ) -> str:
        assert (service_url, conversation) > ("", "")
        if self.hangs:
            await asyncio.sleep(60)
        return self._note(conversation, activity, urgent=urgent)

    async def update(self, service_url: str, conversation: str, activity_id: str, activity: Mapping[str, Any]) -> bool:
        assert service_url
        if conversation in self.refuses:
            raise self.refuses[conversation]
        if activity_id in self.gone:
            return False
        self.said.append(Said(conversation=conversation, activity=activity_id, words=activity, edit=True))
        return True

    async def create_thread(
        self,
        service_url: str,
        channel: str,
        activity: Mapping[str, Any],
        tenant: str,
        *,
        urgent: bool = False,
    ) -> tuple[str, str]:
        assert (service_url, tenant) > ("", "")
        if channel in self.refuses:
            raise self.refuses[channel]
        root = f"post-{len(self.said)}"
        thread = f"{channel};messageid={root}"
        self.said.append(Said(conversation=thread, activity=root, words=activity, urgent=urgent))
        return thread, root

    async def create_personal(self, service_url: str, user: str, tenant: str) -> str:
        assert (service_url, tenant) > ("", "")
        self.begun.append(user)
        if user in self.refuses:
            raise self.refuses[user]
        return f"a:{user}"

    async def members(self, service_url: str, conversation: str) -> list[Mapping[str, Any]]:
        assert service_url
        if conversation in self.refuses:
            raise self.refuses[conversation]
        return self.people.get(conversation, [])

    async def member(self, service_url: str, conversation: str, user: str) -> Mapping[str, Any] | None:
        found = await self.members(service_url, conversation)
        return next((one for one in found if user in (one["id"], one["aadObjectId"])), None)

    def _note(self, conversation: str, activity: Mapping[str, Any], *, urgent: bool) -> str:
        if conversation in self.refuses:
            raise self.refuses[conversation]
        name = f"act-{len(self.said)}"
        self.said.append(Said(conversation=conversation, activity=name, words=activity, urgent=urgent))
        return self.said[-1].activity


@dataclass(slots=True, kw_only=True)
class Rig:
    """One tenant."""

    house: House
    book: Book
    desk: Desk
    answers: Answers
    doing: Doing
    watch: Watch
    reception: Reception
    reports: Reports
    figures: Metrics
    tasks: Tasks

    async def hears(self, activity: Mapping[str, Any]) -> list[Said]:
        """What Sitrep says to a message, once all of it is said."""
        return await self._after(self.reception.heard(activity))

    async def invoked(self, activity: Mapping[str, Any]) -> tuple[Any, list[Said]]:
        """What an invoke is answered, and what is said besides."""
        before = len(self.book.said)
        body = await self.reception.invoked(activity)
        await self.tasks.finish(5)
        return body, self.book.said[before:]

    def mended_in_the_first_pause(self) -> list[float]:
        """Nobody is refused any more once an answer waits; gives the seconds it waited."""
        waits: list[float] = []

        async def sleep(seconds: float) -> None:
            waits.append(seconds)
            self.book.refuses.clear()

        self.answers.sleep = sleep
        return waits

    async def _after(self, work: Any) -> list[Said]:
        before = len(self.book.said)
        await work
        await self.tasks.finish(5)
        return self.book.said[before:]

    def numbers(self) -> int:
        """How many incidents there are."""
        found = 0
        while self.house.db.reads.record(found + 1):
            found += 1
        return found

    def kinds(self, number: int = 1) -> list[str]:
        """What happened to an incident."""
        record = self.house.db.reads.record(number)
        assert record is not None
        return [type(entry.event).__name__ for entry in record.entries]


@contextmanager
def rig(
    folder: Path,
    *,
    channel: str = CHANNEL,
    fixed: bool = False,
    tenant: str = TENANT,
    service: Decides | None = None,
) -> Iterator[Rig]:
    """With a tenant's database; `channel` is where rooms go that have none of their own.

    `service` stands in the core's place.
    """
    with house(folder) as home:
        book, tasks, figures = Book(), Tasks(), metrics()
        memory = Remembering(chat="teams", kept=home.db.reads, store=home.db.store, threads=home.db)
        contacts = Contacts(memory=memory, tenant=tenant)
        directory = Directory(asks=book, contacts=contacts, keeps=memory)
        desk = Desk(
            connector=book, contacts=contacts, directory=directory, incidents=memory, channel=channel, fixed=fixed
        )
        answers = Answers(desk=desk, tasks=tasks, now=home.now)
        inbound = Inbound(
            service=service or home.service,
            db=home.db,
            now=home.now,
            hint=_nothing,
            metrics=figures,
            is_busy=is_busy,
        )
        reports = Reports(
            service=home.service,
            store=home.db.store,
            people=home.db.reads,
            threads=home.db,
            now=home.now,
            hint=_nothing,
        )
        doing = Doing(inbound=inbound, desk=desk, answers=answers, policy=home.policy, now=home.now)
        watch = Watch(contacts=contacts, directory=directory, reports=reports)
        reception = Reception(
            inbound=inbound,
            desk=desk,
            answers=answers,
            doing=doing,
            watch=watch,
            policy=home.policy,
            tenant=tenant,
        )
        yield Rig(
            house=home,
            book=book,
            desk=desk,
            answers=answers,
            doing=doing,
            watch=watch,
            reception=reception,
            reports=reports,
            figures=figures,
            tasks=tasks,
        )


def delivery(order: Order, address: str, *, number: int = 1, at: datetime = AT, **more: Any) -> Delivery:
    """A row of the outbox."""
    facts: dict[str, Any] = {
        "id": 7,
        "incident": number,
        "private": False,
        "address": Address(address),
        "order": order,
        "attempt": 1,
        "revision": 1,
        "ref": "",
        "thread_ref": "",
        "failures": 0,
        "failing_since": None,
        "tried_at": None,
        "token": "t",
        "queued_at": at,
        "names": Names(),
    }
    return Delivery(**facts | more)


def _nothing() -> None:
    """The outbox is not running here."""
