"""What Slack's refusals mean to a delivery (docs/slack.md), as one table and a few patterns."""

from typing import Literal

from adapters.sinks import Gone, SendFailed

Kind = Literal["auth", "wait", "unknown", "again", "gone-room", "gone-person", "never"]

CODES: dict[str, tuple[Kind, str]] = {
    "invalid_auth": ("auth", "Slack does not accept the bot token"),
    "not_authed": ("auth", "Slack got no bot token"),
    "account_inactive": ("auth", "the bot's account in Slack is switched off"),
    "token_revoked": ("auth", "the bot token was revoked"),
    "token_expired": ("auth", "the bot token has expired"),
    "ratelimited": ("wait", "Slack asks to wait"),
    "rate_limited": ("wait", "Slack asks to wait"),
    "fatal_error": ("unknown", "Slack has a fault"),
    "internal_error": ("unknown", "Slack has a fault"),
    "service_unavailable": ("unknown", "Slack has a fault"),
    "request_timeout": ("unknown", "Slack took too long"),
    "team_added_to_org": ("again", "the workspace is being moved"),
    "org_login_required": ("again", "the workspace is being moved"),
    "channel_not_found": ("gone-room", "the channel is gone, or private without Sitrep in it"),
    "is_archived": ("gone-room", "the channel is archived"),
    "not_in_channel": ("gone-room", "Sitrep is not in the channel"),
    "user_not_found": ("gone-person", "Slack knows no such person"),
    "users_not_found": ("gone-person", "Slack knows no such person"),
    "user_disabled": ("gone-person", "the person's account is switched off"),
    "user_not_visible": ("gone-person", "Sitrep may not see this person"),
    "user_is_bot": ("gone-person", "that is a bot"),
    "cannot_dm_bot": ("gone-person", "that is a bot"),
    "messages_tab_disabled": ("gone-person", "the app takes no direct messages: turn its messages tab on"),
    "user_is_restricted": ("gone-person", "the person is a guest who may not be reached there"),
    "msg_too_long": ("never", "the message is too long for Slack"),
    "restricted_action": ("never", "the workspace does not allow it"),
    "missing_scope": ("never", "the app lacks a scope"),
    "no_permission": ("never", "the app may not do this"),
    "method_not_supported_for_channel_type": ("never", "Slack does not do this there"),
    "too_many_users": ("never", "too many people at once"),
    "limit_exceeded": ("never", "a limit of the workspace is reached"),
}

NEVER_BEGINS = ("invalid_", "restricted_action", "cannot_", "cant_", "no_", "not_", "missing_", "unknown_")
NEVER_ENDS = (
    "_not_found",
    "_too_long",
    "_too_large",
    "_disabled",
    "_denied",
    "_not_allowed",
    "_not_supported",
    "_exceeded",
)


def kind_of(code: str) -> Kind:
    """What a code means. One that nobody listed is tried again: better late than lost."""
    if code in CODES:
        return CODES[code][0]
    if code.startswith(NEVER_BEGINS) or code.endswith(NEVER_ENDS):
        return "never"
    return "again"


def refusal(code: str, *, needed: str = "", retry_after: float = 0.0) -> SendFailed:
    """The failure that `ok: false` with that code comes to. `needed`: the scopes that a `missing_scope` names."""
    kind = kind_of(code)
    known = CODES[code][1] if code in CODES else "Slack refuses it"
    reason = f"{known}: {needed}" if needed else f"{known} ({code})"
    gone: Gone = "room" if kind == "gone-room" else "person" if kind == "gone-person" else ""
    return SendFailed(
        reason,
        permanent=kind in ("never", "gone-room", "gone-person"),
        retry_after=retry_after if kind == "wait" else None,
        outcome_unknown=kind == "unknown",
        gone=gone,
        auth=kind == "auth",
    )
