"""The manifest from which somebody makes the app in their workspace: one click, no review."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from bot.platforms.slack.account import SCOPES
from bot.platforms.slack.receiving import KEEP
from bot.saying import nobody
from bot.words import Words

COMMAND = "/comentor"
EVENTS = ("app_home_opened", "app_uninstalled", "message.im", "tokens_revoked", "user_change")
MAKE = "https://api.slack.com/apps?new_app=1&manifest_json="
"""docs.slack.dev, app manifests: sharing."""


def manifest(words: Words, url: str = "", back: str = "") -> dict[str, Any]:
    """Give the app's manifest; without an address Slack is listened to over a socket.

    `back` is where Slack sends whoever installs it by OAuth; empty for an app of one workspace.
    """
    keys = ("name", "command", "usage", "keep", "keep_about")
    said = words.render("slack_about", {}, nobody(words.language), keys)
    name, command, usage, keep, keep_about = said.labels
    called = {"request_url": url} if url else {}
    return {
        "display_information": {
            "name": name,
            "description": "".join(run.text for run in said.runs),
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": command,
                    "usage_hint": usage,
                    "should_escape": False,
                    **({"url": url} if url else {}),
                }
            ],
            "shortcuts": [
                {"name": keep, "type": "message", "callback_id": KEEP, "description": keep_about}
            ],
        },
        "oauth_config": {
            "scopes": {"bot": list(SCOPES)},
            **({"redirect_urls": [back]} if back else {}),
        },
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **called},
            "interactivity": {"is_enabled": True, **called},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def link(made: dict[str, Any]) -> str:
    """Give the address at which one click makes the app."""
    return MAKE + quote(json.dumps(made, separators=(",", ":")), safe="")
