"""Whom and what the bot has met is kept; who is who is read behind our back."""

from pathlib import Path

import pytest

from adapters.remembering import Remembering
from adapters.sinks import SendFailed
from adapters.teams import contacts as book
from adapters.teams import directory
from adapters.teams.contacts import ANYWHERE, Contacts
from adapters.teams.directory import AGAIN, profile_of
from bot.people import Profile
from bot.refs import Identity
from tests.adapters.house import house
from tests.adapters.teams.people_rig import ANA, CHANNEL, TENANT, Kept, Rosters, member, met, people_of


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

    assert set(kept.joined) == {(early, ANA)}
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


async def test_people_whom_the_database_cannot_keep_are_read_again_at_the_next_look() -> None:
    rosters, kept = Rosters([member("ana")]), Kept(down=True)
    people = people_of(rosters, kept)
    people.met(CHANNEL)
    with pytest.raises(OSError, match="no database"):
        await people.look()

    kept.down = False
    await people.look()

    assert rosters.asked == [CHANNEL, CHANNEL]
    assert people.offered(CHANNEL) == ((ANA, "Ana"),)


async def test_what_is_kept_in_memory_has_an_end_and_the_database_has_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST", 4)
    contacts = Contacts(memory=Kept(), tenant=TENANT)
    for number in range(20):
        await contacts.had(f"teams:{TENANT}/o-{number}", f"29:{number}", f"a:{number}", "https://smba.example/")

    assert len(contacts._kept) == 4
    assert await contacts.personal(f"teams:{TENANT}/o-0") == "a:0"


async def test_people_read_again_push_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MOST", 3)
    rosters = Rosters([member("ana"), member("ben")])
    people = people_of(rosters, Kept())
    people.met(CHANNEL)
    await people.look()

    rosters.people = [member("cem")]
    for _ in range(3):
        people.changed("19:other@thread.v2")
        await people.look()

    assert [name for _, name in people.offered(CHANNEL)] == ["Ana", "Ben"]


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


async def test_who_was_given_something_before_they_spoke_has_it_with_their_first_word(tmp_path: Path) -> None:
    early = Identity(f"teams:{TENANT}/29:ana")
    with house(tmp_path) as home:
        memory = Remembering(chat="teams", kept=home.db.reads, store=home.db.store, threads=home.db)
        contacts = Contacts(memory=memory, tenant=TENANT)
        home.says("list", who=early)

        await contacts.meet(met(user="29:ana", identity=ANA))

        assert home.db.reads.person_of(ANA) == home.db.reads.person_of(early)


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

        assert before == home.db.reads.person_of(early) == home.db.reads.person_of(ANA)


async def test_a_shared_channel_is_no_teams_though_a_later_word_does_not_say_that_it_is_shared() -> None:
    contacts = Contacts(memory=Kept(), tenant=TENANT)

    for access in ("shared", ""):
        await contacts.meet(met(channel=CHANNEL, team="19:team@thread.tacv2", access=access))

    assert await contacts.team(CHANNEL) == ""
