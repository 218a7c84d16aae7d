"""The Teams app's package: a manifest made from the catalog of words, and two icons, in one zip (docs/teams.md)."""

import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.catalog import COMMANDS
from bot.commands.spec import Spec
from bot.commands.words import does, usage

VERSION = "1.22"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
MOST_COMMANDS, TITLE, DESCRIPTION = 10, 32, 128
"""Commands in a list, and characters of each: what every version of the manifest's schema takes."""
OFFERED = (
    "declare",
    "status",
    "update",
    "next",
    "role",
    "note",
    "resolve",
    "list",
    "why",
    "help",
)
"""The words shown when somebody begins to type to Sitrep, most wanted first."""
SCOPES = ("team", "groupChat", "personal")
PERMISSIONS: Mapping[str, str] = {
    "TeamMember.Read.Group": "who is in a team, and who of them is a guest",
    "ChannelSettings.Read.Group": "hearing that a channel was renamed or deleted",
    "ChatMember.Read.Chat": "who is in a group chat",
}
"""What the app asks of a team or chat it is added to, and why. It does not ask to read what people say there."""
NAME = "Sitrep"
SHORT = "Runs incidents and never forgets the next update."
FULL = (
    "Declare an incident in a channel or chat, give roles, keep the promise of the next update, and keep the record. "
    "Sitrep reminds whoever owes an update before it is due, and the incident commander when it is late."
)
COLOUR = "#1F5F8B"
NOWHERE = "https://example.com"
"""Stands for your organisation's page where SITREP_PUBLIC_URL is not set; Teams demands one."""
ICONS = Path(__file__).parent / "icons"
UNDATED = (1980, 1, 1, 0, 0, 0)
"""The same settings give the same bytes."""


def package(app_id: str, version: str, public_url: str) -> bytes:
    """The zip that Teams takes under "Upload an app". `public_url`: empty where there is none."""
    found = BytesIO()
    with ZipFile(found, "w", ZIP_DEFLATED) as zipped:
        text = json.dumps(manifest(app_id, version, public_url), indent=2, ensure_ascii=False)
        zipped.writestr(ZipInfo("manifest.json", UNDATED), f"{text}\n")
        for icon in ("color.png", "outline.png"):
            zipped.writestr(ZipInfo(icon, UNDATED), (ICONS / icon).read_bytes())
    return found.getvalue()


def manifest(app_id: str, version: str, public_url: str) -> dict[str, Any]:
    """The manifest. `app_id` is the bot's."""
    page = public_url or NOWHERE
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": version,
        "id": app_id,
        "developer": {"name": NAME, "websiteUrl": page, "privacyUrl": page, "termsOfUseUrl": page},
        "name": {"short": NAME, "full": "Sitrep incident bot"},
        "description": {"short": SHORT, "full": FULL},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": COLOUR,
        "bots": [
            {
                "botId": app_id,
                "scopes": list(SCOPES),
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [{"scopes": list(SCOPES), "commands": list(_commands(COMMANDS))}],
            }
        ],
        "composeExtensions": [{"botId": app_id, "commands": [_action(*one) for one in ACTIONS]}],
        "authorization": {
            "permissions": {
                "resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS],
            }
        },
        "webApplicationInfo": {"id": app_id, "resource": f"api://{app_id}"},
        "validDomains": [urlsplit(page).netloc],
    }


ACTIONS = (
    ("declare", "Declare incident", "Declare an incident about this message"),
    ("note", "Add to timeline", "Keep this message in the incident's record"),
)
"""Actions on a message: the command's word, what the menu says, what it does."""


def _commands(specs: Iterable[Spec]) -> Iterable[dict[str, str]]:
    known = {spec.word: spec for spec in specs}
    for word in OFFERED[:MOST_COMMANDS]:
        words = f"{usage(known[word])}: {does(known[word])}"
        yield {"title": word[:TITLE], "description": words[:DESCRIPTION]}


def _action(word: str, title: str, description: str) -> dict[str, Any]:
    return {
        "id": word,
        "type": "action",
        "title": title,
        "description": description,
        "context": ["message"],
        "fetchTask": True,
    }
