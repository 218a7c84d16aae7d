"""The Slack app's manifest: what Sitrep asks of a workspace, each permission with its reason (docs/slack.md)."""

from collections.abc import Mapping
from typing import Any

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "words said after a mention of Sitrep",
    "channels:history": "looking whether a message arrived when Slack's answer was lost, so that none is doubled",
    "channels:join": "joining the public channels that incidents are announced in",
    "channels:manage": "making an incident's room, setting its topic, inviting its people",
    "channels:read": "finding the channels that the policy names; hearing when a room is archived, renamed or left",
    "chat:write": "posting and editing cards, updates and reminders",
    "commands": "/incident and /inc",
    "groups:history": "the same look as channels:history, in private rooms",
    "groups:read": "the same as channels:read, for private rooms and private channels that Sitrep was invited to",
    "groups:write": "making the room of a private incident, setting its topic, inviting its people",
    "im:history": "the same look as channels:history, in Sitrep's own direct messages",
    "im:write": "direct messages: a role given, a reminder, a handover",
    "pins:write": "pinning the incident's card in its room",
    "usergroups:read": "the people of the user groups that a priority calls or a permission names",
    "users:read": "names, time zones, and who is a guest",
    "users:read.email": "knowing who is in Microsoft Teams too as one person",
}
"""The bot's permissions and what each is for. Nothing that is not used."""

OPTIONAL = frozenset({"users:read.email"})
"""Without these everything else works."""

EVENTS: Mapping[str, str] = {
    "app_mention": "words said after a mention of Sitrep",
    "app_uninstalled": "Sitrep was removed from the workspace",
    "channel_archive": "a room was archived",
    "channel_deleted": "a room was deleted",
    "channel_id_changed": "a room got another id",
    "channel_left": "Sitrep was taken out of a room",
    "channel_rename": "a room has another name",
    "channel_unarchive": "a room is back",
    "group_archive": "a private room was archived",
    "group_deleted": "a private room was deleted",
    "group_left": "Sitrep was taken out of a private room",
    "group_rename": "a private room has another name",
    "group_unarchive": "a private room is back",
    "member_joined_channel": "Sitrep was let into a channel of the policy, or back into a room",
    "member_left_channel": "somebody who holds a role left the room",
    "team_join": "somebody is new, and perhaps a guest",
    "tokens_revoked": "Sitrep's access was taken away",
    "user_change": "somebody's name or time zone changed, or they left",
}
"""What Slack tells us of, and why we listen."""

COMMANDS = ("/incident", "/inc")
ROUTE = "/slack/events"
NAME = "Sitrep"
DESCRIPTION = "Runs incidents and never forgets the next update."
COLOUR = "#1f2937"
COMMAND_DESCRIPTION = "Declare an incident, update it, look at it"


def manifest(usage_hint: str, public_url: str | None, *, socket_mode: bool) -> dict[str, Any]:
    """The manifest, as Slack's page "From a manifest" takes it.

    `usage_hint` stands beside the command as it is typed. Raises ValueError where neither Socket Mode nor an address
    says how Slack is to reach us.
    """
    if not socket_mode and not public_url:
        raise ValueError("SITREP_PUBLIC_URL is missing: set it for HTTP, or use Socket Mode.")
    url = "" if socket_mode or not public_url else public_url.rstrip("/") + ROUTE
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": NAME, "description": DESCRIPTION, "background_color": COLOUR},
        "features": _features(usage_hint, url),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": _settings(url, socket_mode=socket_mode),
    }


def _features(usage_hint: str, url: str) -> dict[str, Any]:
    told = {"url": url} if url else {}
    command = {"description": COMMAND_DESCRIPTION, "usage_hint": usage_hint, "should_escape": True, **told}
    return {
        # Nothing typed there would be heard, so nobody is invited to type.
        "app_home": {
            "home_tab_enabled": False,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": NAME.lower(), "always_online": True},
        "slash_commands": [{"command": name, **command} for name in COMMANDS],
    }


def _settings(url: str, *, socket_mode: bool) -> dict[str, Any]:
    request = {"request_url": url} if url else {}
    return {
        "event_subscriptions": {**request, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, **request},
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket_mode,
        "token_rotation_enabled": False,
    }
