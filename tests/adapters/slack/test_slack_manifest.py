"""The Slack app's manifest."""

import json

import pytest

from adapters.slack.manifest import EVENTS, OPTIONAL, SCOPES, manifest

NEEDED = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_left": "channels:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "team_join": "users:read",
    "user_change": "users:read",
}
"""What Slack demands for an event to be sent to us."""

CALLED = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.create": "channels:manage groups:write",
    "conversations.setTopic": "channels:manage groups:write",
    "conversations.rename": "channels:manage groups:write",
    "conversations.invite": "channels:manage groups:write",
    "conversations.join": "channels:join",
    "conversations.list": "channels:read groups:read",
    "conversations.info": "channels:read groups:read",
    "conversations.members": "channels:read groups:read",
    "conversations.history": "channels:history groups:history im:history",
    "conversations.replies": "channels:history groups:history im:history",
    "conversations.open": "im:write",
    "pins.add": "pins:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.conversations": "channels:read groups:read",
}
"""What each method that we call demands."""


def test_it_asks_for_what_is_used_and_for_nothing_else() -> None:
    used = {scope for scopes in CALLED.values() for scope in scopes.split()} | set(NEEDED.values()) | {"commands"}
    used |= OPTIONAL

    assert set(manifest("[word]", None, socket_mode=True)["oauth_config"]["scopes"]["bot"]) == used == set(SCOPES)


def test_every_permission_and_every_event_has_its_reason() -> None:
    assert all(reason for reason in (*SCOPES.values(), *EVENTS.values()))


def test_both_commands_send_people_as_ids_and_say_how_they_are_used() -> None:
    commands = manifest("declare critical Checkout is down", None, socket_mode=True)["features"]["slash_commands"]

    assert [command["command"] for command in commands] == ["/incident", "/inc"]
    assert all(command["should_escape"] is True for command in commands)
    assert all(command["usage_hint"] == "declare critical Checkout is down" for command in commands)


def test_with_socket_mode_there_is_no_address() -> None:
    found = manifest("[word]", "https://sitrep.example", socket_mode=True)

    assert found["settings"]["socket_mode_enabled"] is True
    assert "sitrep.example" not in json.dumps(found)


def test_over_http_everything_comes_to_one_address() -> None:
    found = manifest("[word]", "https://sitrep.example/", socket_mode=False)

    url = "https://sitrep.example/slack/events"
    assert found["settings"]["event_subscriptions"]["request_url"] == url
    assert found["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert {command["url"] for command in found["features"]["slash_commands"]} == {url}


def test_without_either_it_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="SITREP_PUBLIC_URL is missing: set it for HTTP, or use Socket Mode"):
        manifest("[word]", None, socket_mode=False)


def test_it_keeps_to_slacks_limits() -> None:
    found = manifest("[word]", None, socket_mode=True)

    assert len(found["display_information"]["name"]) <= 35
    assert len(found["display_information"]["description"]) <= 140
    assert len(found["settings"]["event_subscriptions"]["bot_events"]) <= 100
