"""Teams' activities as requests: who, where, and by what a repeat is known."""

from typing import Any

import pytest

from adapters.teams.carried import Told
from adapters.teams.payload_faults import BadPayload
from adapters.teams.payloads import NAME, Kind, asked, pressed, said, scene, submitted
from bot.people import Profile
from tests.adapters.teams.saying import CHANNEL, CHAT, GROUP, POST, TENANT, activity


def of_group(**more: Any) -> dict[str, Any]:
    return activity("status", where=GROUP, **more)


def test_words_are_who_said_them_where_and_what() -> None:
    request = said(scene(activity("status", where=POST, id="17"), TENANT), "status")

    assert request.identity == "teams:larkfield/o-ana"
    assert request.place == f"teams:{POST}"
    assert request.text == "status"
    assert request.profile == Profile(name="Ana")
    assert request.key == f"teams:message:{POST}||17|29:ana"


def test_a_thread_is_a_place_of_its_own_and_its_channel_is_where_others_are_met() -> None:
    seen = scene(activity("status", where=POST), TENANT)

    assert seen.place == f"teams:{POST}"
    assert seen.met.conversation == CHANNEL


@pytest.mark.parametrize(
    ("conversation", "channel", "kind", "closed"),
    [
        ({"id": CHAT, "conversationType": "personal"}, {}, Kind.PERSONAL, True),
        ({"id": GROUP, "conversationType": "groupChat"}, {}, Kind.GROUP, True),
        ({"id": "19:a_b@unq.gbl.spaces", "conversationType": "personal"}, {}, Kind.GROUP, True),
        ({"id": CHANNEL, "conversationType": "channel"}, {}, Kind.CHANNEL, False),
        ({"id": CHANNEL, "conversationType": "channel"}, {"channel": {"type": "standard"}}, Kind.CHANNEL, False),
        ({"id": CHANNEL, "conversationType": "channel"}, {"channel": {"type": "private"}}, Kind.CHANNEL, True),
        ({"id": CHANNEL, "conversationType": "channel"}, {"channel": {"type": "shared"}}, Kind.CHANNEL, False),
        ({"id": CHANNEL, "conversationType": "channel"}, {"channel": {"type": ["private"]}}, Kind.CHANNEL, False),
        ({"id": "personal-chat-id"}, {}, Kind.PERSONAL, True),
        ({"id": "group-chat-id", "isGroup": True}, {}, Kind.GROUP, True),
        ({"id": "group-chat-id", "isGroup": "yes"}, {}, Kind.PERSONAL, True),
        ({"id": "team-id;messageid=1"}, {}, Kind.CHANNEL, False),
        ({"id": "team-id", "isGroup": True}, {"team": {"id": "team-id"}}, Kind.CHANNEL, False),
        ({"id": CHAT, "conversationType": "PERSONAL"}, {}, Kind.PERSONAL, True),
    ],
)
def test_what_a_conversation_is_tells_who_reads_along(
    conversation: dict[str, Any], channel: dict[str, Any], kind: Kind, *, closed: bool
) -> None:
    seen = scene(activity("x", conversation=conversation, channelData=channel), TENANT)

    assert (seen.kind, seen.closed) == (kind, closed)


def test_somebody_without_an_object_id_is_known_by_the_bots_own_id() -> None:
    seen = scene(activity("x") | {"from": {"id": "29:ana"}}, TENANT)

    assert seen.met.identity == "teams:larkfield/29:ana"
    assert not seen.named


@pytest.mark.parametrize("told", ["a b", "a/b", "a|b", "a;b", "a}b", "a\x00b", "", 7, None])
def test_an_object_id_that_is_none_is_not_taken(told: object) -> None:
    seen = scene(activity("x") | {"from": {"id": "29:ana", "aadObjectId": told}}, TENANT)

    assert seen.met.identity == "teams:larkfield/29:ana"


@pytest.mark.parametrize(
    "more",
    [
        {"from": {"id": "a b"}},
        {"from": {"id": "29:ana/../ben"}},
        {"from": {"id": "29:ana}@{slack:U1"}},
        {"from": {"id": 7}},
        {"conversation": {"id": "19:a b"}},
        {"conversation": {"id": "tenant/person"}},
        {"conversation": {"id": "19:a|b"}},
        {"conversation": {}},
        {"serviceUrl": ""},
        {"channelData": {"tenant": {"id": "ten/ant"}}},
    ],
)
def test_ids_that_would_be_read_as_something_else_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        scene(activity("x", **more), "")


def test_without_a_tenant_of_ours_theirs_is_taken_and_without_any_a_stand_in() -> None:
    theirs = scene(activity("x"), "")
    none = scene(activity("x", channelData={}), "")

    assert theirs.met.identity == "teams:larkfield/o-ana"
    assert none.met.identity == "teams:teams/o-ana"


@pytest.mark.parametrize(
    ("more", "zone"),
    [
        ({"localTimezone": "Europe/Berlin"}, "Europe/Berlin"),
        ({"entities": [{"type": "clientInfo", "timezone": "Asia/Tokyo"}]}, "Asia/Tokyo"),
        ({"localTimezone": "W. Europe Standard Time"}, ""),
        ({"localTimezone": "X", "entities": [{"type": "clientInfo", "timezone": "Asia/Tokyo"}]}, "Asia/Tokyo"),
        ({"localTimezone": "../../etc/passwd"}, ""),
        ({"localTimezone": "America"}, ""),
        ({"localTimezone": "x" * 5000}, ""),
        ({"localTimezone": 7, "entities": [7, None, {"type": "clientInfo"}]}, ""),
    ],
)
def test_a_zone_is_one_that_exists(more: dict[str, Any], zone: str) -> None:
    assert scene(activity("x", **more), TENANT).profile.zone == zone


def test_a_name_is_one_line_of_a_length_somebody_means() -> None:
    seen = scene(activity("x") | {"from": {"id": "29:ana", "name": "Ana\x00\n  Lee" + "x" * 900}}, TENANT)

    assert seen.profile.name.startswith("Ana Leexx")
    assert len(seen.profile.name) == NAME


def test_a_bot_is_known_as_one() -> None:
    assert scene(activity("x") | {"from": {"id": "28:other"}}, TENANT).profile.bot


def test_the_same_activity_again_has_the_same_key_and_another_has_another() -> None:
    first, again, other = of_group(id="17"), of_group(id="17"), of_group(id="18")

    keys = [said(scene(one, TENANT), "status").key for one in (first, again, other)]

    assert keys[0] == keys[1] != keys[2]


def test_an_activity_without_an_id_is_known_by_what_it_says() -> None:
    first, again, other = of_group(id=None), of_group(id=None), of_group(id=None, timestamp="later")

    keys = [said(scene(one, TENANT), "status").key for one in (first, again, other)]

    assert keys[0] == keys[1] != keys[2]


def test_the_same_press_by_two_people_is_two_presses() -> None:
    told = Told(word="claim", incident=1, values={"role": "scribe"})
    presses = [scene(activity(None, who=who, id="f:1", replyToId="9"), TENANT) for who in ("ana", "ben")]

    keys = {pressed(seen, told).key for seen in presses}

    assert len(keys) == 2


def test_a_press_a_form_and_a_word_of_one_activity_are_not_taken_for_each_other() -> None:
    seen, told = scene(activity(None, id="f:1"), TENANT), Told(word="note")

    keys = {pressed(seen, told).key, asked(seen, "note").key, submitted(seen, told, {}, frozenset()).key}

    assert len(keys) == 3


def test_a_form_filled_in_otherwise_is_another_request() -> None:
    seen, told = scene(activity(None, id="f:1"), TENANT), Told(word="note")

    first, second = (submitted(seen, told, {"text": words}, frozenset({"text"})) for words in ("one", "two"))

    assert first.key != second.key


def test_a_field_left_empty_takes_back_what_was_settled_and_others_keep_it() -> None:
    told = Told(word="update", incident=1, values={"text": "old", "to": "customers"})

    request = submitted(scene(activity(None), TENANT), told, {"next": "30m"}, frozenset({"text", "next"}))

    assert request.values == {"to": "customers", "next": "30m"}
    assert request.submitted
