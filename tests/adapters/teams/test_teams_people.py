"""Whom and what the bot has met is kept; who is who is read behind our back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from adapters.remembering import Remembering
from adapters.sinks import SendFailed
from adapters.teams import contacts as book
from adapters.teams import directory
from adapters.teams.contacts import ANYWHERE, Contacts, Met
from adapters.teams.directory import AGAIN, Directory, profile_of
from bot.people import Profile
from bot.refs import Address, Identity
from tests.adapters.house import house

TENANT = "larkfield"
CHANNEL = "19:incidents@thread.tacv2"
ANA = Identity(f"teams:{TENANT}/o-ana")


@dataclass
class Kept:
    """What a database would keep."""

    names: dict[str, Address] = field(default_factory=dict)
    unknown: list[Identity] = field(default_factory=list)
    learned: dict[Identity, Profile] = field(default_factory=dict)
    joined: list[tuple[Identity, Identity]] = field(default_factory=list)
    writes: int = 0

    async def recall(self, name: str) -> Address | None:
        return self.names.get(name)

    async def keep(self, name: str, address: Address) -> None:
        self.writes += 1
        self.names[name] = address

    async def unnamed(self) -> tuple[Identity, ...]:
        return tuple(one for one in self.unknown if one not in self.learned)

    async def learn(self, identity: Identity, profile: Profile) -> None:
        self.learned[identity] = profile

    async def same(self, identity: Identity, other: Identity) -> None:
        self.joined.append((identity, other))


@dataclass
class Rosters:
    """Who is where, as the connector would say."""

    people: Sequence[Mapping[str, Any]]
    asked: list[str] = field(default_factory=list)
    refuses: dict[str, SendFailed] = field(default_factory=dict)

    async def members(self, service_url: str, conversation: str) -> list[Mapping[str, Any]]:
        assert service_url
        self.asked.append(conversation)
        if conversation in self.refuses:
            raise self.refuses[conversation]
        return list(self.people)

    async def member(self, service_url: str, conversation: str, user: str) -> Mapping[str, Any] | None:
        assert service_url
        self.asked.append(f"{conversation}/{user}")
        if f"{conversation}/" in self.refuses:
            raise self.refuses[f"{conversation}/"]
        return next((one for one in self.people if user in (one["id"], one["aadObjectId"])), None)


def met(**more: Any) -> Met:
    facts: dict[str, Any] = {
        "tenant": TENANT,
        "service": "https://smba.example/emea/",
        "conversation": CHANNEL,
        "personal": False,
        "user": "29:ana",
        "identity": ANA,
        "bot": "28:bot",
    }
    return Met(**facts | more)


def member(name: str, **more: str) -> dict[str, Any]:
    return {"id": f"29:{name}", "aadObjectId": f"o-{name}", "name": name.title(), "userRole": "user"} | more


async def test_what_an_activity_says_of_itself_survives_a_restart() -> None:
    kept = Kept()
    await Contacts(memory=kept, tenant=TENANT).meet(met(personal=True, conversation="a:1"))

    after = Contacts(memory=kept, tenant=TENANT)
    await after.start()

    assert await after.personal(ANA) == "a:1"
    assert await after.user(ANA) == "29:ana"
    assert await after.identity("29:ana") == ANA
    assert await after.service("a:1") == "https://smba.example/emea/"
    assert await after.is_personal("a:1")
    assert after.bot == "28:bot"


async def test_what_is_known_already_is_not_written_again() -> None:
    kept = Kept()
    contacts = Contacts(memory=kept, tenant=TENANT)
    await contacts.meet(met())
    written = kept.writes

    await contacts.meet(met())

    assert kept.writes == written


async def test_a_service_address_that_changed_is_the_one_that_holds() -> None:
    contacts = Contacts(memory=Kept(), tenant=TENANT)
    await contacts.meet(met())

    await contacts.meet(met(service="https://smba.example/amer/"))

    assert await contacts.service(CHANNEL) == "https://smba.example/amer/"


async def test_a_conversation_nobody_spoke_in_is_reached_where_others_were() -> None:
    contacts = Contacts(memory=Kept(), tenant=TENANT)
    assert await contacts.service("19:new@thread.tacv2") == ANYWHERE

    await contacts.meet(met())

    assert await contacts.service("19:new@thread.tacv2") == "https://smba.example/emea/"


async def test_somebody_never_met_is_known_by_the_bots_own_id() -> None:
    assert await Contacts(memory=Kept(), tenant=TENANT).identity("29:new") == f"teams:{TENANT}/29:new"


def people_of(rosters: Rosters, kept: Kept, at: list[float] | None = None) -> Directory:
    contacts = Contacts(memory=kept, tenant=TENANT)
    moments = at if at is not None else [0.0]
    return Directory(asks=rosters, contacts=contacts, keeps=kept, clock=lambda: moments[0])


async def test_who_is_in_a_conversation_is_read_once_it_is_met_and_again_after_a_while() -> None:
    rosters, at = Rosters([member("ana")]), [0.0]
    people = people_of(rosters, Kept(), at)

    for moment, times in ((0.0, 1), (1.0, 1), (AGAIN, 2)):
        at[0] = moment
        people.met(CHANNEL)
        await people.look()
        assert len(rosters.asked) == times


async def test_a_guest_is_known_as_one() -> None:
    people = people_of(Rosters([member("zoe", userRole="guest"), member("max", tenantId="other")]), Kept())
    people.met(CHANNEL)
    await people.look()

    for name in ("zoe", "max"):
        assert people.profile(Identity(f"teams:{TENANT}/o-{name}"), Profile(name=name)).guest


async def test_somebody_mentioned_before_they_were_known_becomes_who_they_are() -> None:
    early = Identity(f"teams:{TENANT}/29:ana")
    kept = Kept(unknown=[early])
    people = people_of(Rosters([member("ana")]), kept)
    people.met(CHANNEL)

    await people.look()

    assert kept.joined == [(early, ANA)]
    assert kept.learned[ANA].name == "Ana"


async def test_somebody_in_no_list_is_asked_for_once() -> None:
    stranger = Identity(f"teams:{TENANT}/o-nobody")
    kept = Kept(unknown=[stranger])
    rosters = Rosters([member("ana")])
    people = people_of(rosters, kept)
    people.met(CHANNEL)

    await people.look()
    await people.look()

    assert kept.learned[stranger] == Profile()
    assert rosters.asked == [CHANNEL, f"{CHANNEL}/o-nobody"]


async def test_a_field_offers_people_by_name_and_no_bots() -> None:
    roster = [member("hana"), member("ana"), member("robot", id="28:x")]
    people = people_of(Rosters(roster), Kept())
    people.met(CHANNEL)
    await people.look()

    assert [name for _, name in people.offered(CHANNEL)] == ["Ana", "Hana"]


def test_what_teams_says_of_a_member_is_a_profile() -> None:
    told = member("ana", email="ana@example.com")

    assert profile_of(told, TENANT) == Profile(name="Ana", email="ana@example.com")


@pytest.mark.parametrize("known", ["LARKFIELD", "Larkfield", TENANT])
def test_a_tenant_written_otherwise_makes_nobody_a_guest(known: str) -> None:
    assert not profile_of(member("ana", tenantId=TENANT), known).guest


async def test_what_is_kept_in_memory_has_an_end_and_the_database_has_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST", 4)
    contacts = Contacts(memory=Kept(), tenant=TENANT)
    for number in range(20):
        await contacts.had(f"teams:{TENANT}/o-{number}", f"29:{number}", f"a:{number}", "https://smba.example/")

    assert len(contacts._kept) == 4
    assert await contacts.personal(f"teams:{TENANT}/o-0") == "a:0"


async def test_people_read_again_push_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MOST", 3)
    people = people_of(Rosters([member("ana"), member("ben"), member("cem")]), Kept())

    for _ in range(3):
        people.changed(CHANNEL)
        await people.look()

    assert len(people.offered(CHANNEL)) == 3


async def test_conversations_kept_in_memory_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "PLACES", 3)
    people = people_of(Rosters([member("ana")]), Kept())
    for number in range(10):
        people.met(f"19:{number}@thread.v2")
        await people.look()

    assert list(people.rosters) == [f"19:{number}@thread.v2" for number in (7, 8, 9)]


async def test_a_conversation_that_cannot_be_read_holds_up_no_other() -> None:
    kept = Kept(unknown=[ANA])
    rosters = Rosters([member("ana")], refuses={"19:left@thread.v2": SendFailed("gone", permanent=True, gone="room")})
    people = people_of(rosters, kept)
    people.met("19:left@thread.v2")
    people.met(CHANNEL)

    with pytest.raises(SendFailed):
        await people.look()

    assert [name for _, name in people.offered(CHANNEL)] == ["Ana"]
    assert kept.learned[ANA].name == "Ana"


@pytest.mark.parametrize(("permanent", "times"), [(True, 1), (False, 2)])
async def test_what_failed_for_a_moment_is_read_the_next_time_somebody_speaks(*, permanent: bool, times: int) -> None:
    rosters = Rosters([], refuses={CHANNEL: SendFailed("a fault", permanent=permanent)})
    people = people_of(rosters, Kept())

    for _ in range(2):
        people.met(CHANNEL)
        try:
            await people.look()
        except SendFailed:
            continue

    assert len(rosters.asked) == times


async def test_a_chat_that_put_sitrep_out_does_not_keep_people_nameless() -> None:
    stranger = Identity(f"teams:{TENANT}/o-nobody")
    kept = Kept(unknown=[stranger])
    rosters = Rosters([member("ana")])
    people = people_of(rosters, kept)
    people.met(CHANNEL)
    people.met("19:left@thread.v2")
    rosters.refuses["19:left@thread.v2/"] = SendFailed("gone", permanent=True, gone="room")

    await people.look()

    assert kept.learned[stranger] == Profile()


async def test_after_a_start_nobody_is_taken_for_nobody_before_anything_was_read() -> None:
    kept = Kept(unknown=[ANA])
    people = people_of(Rosters([member("ana", userRole="guest")]), kept)

    await people.look()
    assert kept.learned == {}

    people.met(CHANNEL)
    await people.look()
    assert kept.learned[ANA].guest


async def test_two_names_of_one_person_are_joined_in_the_database(tmp_path: Path) -> None:
    early = Identity(f"teams:{TENANT}/29:ana")
    with house(tmp_path) as home:
        memory = Remembering(chat="teams", kept=home.db.reads, store=home.db.store, threads=home.db)
        home.says("list", who=early)
        before = home.db.reads.person_of(early)

        await memory.same(early, ANA)
        assert home.db.reads.person_of(early) == before  # nobody is known by the other name

        await memory.learn(ANA, Profile(name="Ana"))
        await memory.same(early, ANA)
        await memory.same(early, ANA)

        assert before != home.db.reads.person_of(early) == home.db.reads.person_of(ANA)
