"""Who asks, and what they were granted: tokens and scopes, method by method."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from tests.slackapi.refusals import Refused, missing

if TYPE_CHECKING:
    from tests.slackapi.server import SlackApi
    from tests.slackapi.state import Channel
    from tests.slackapi.workspaces import App, Workspace

WRITES = ("chat:write",)
READS = ("users:read",)
FILES = ("files:write",)
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
CHANNELS = ("channels:read", "groups:read", "im:read", "mpim:read")
SCOPES: Mapping[str, tuple[str, ...]] = {
    "bots.info": READS,
    **dict.fromkeys(("chat.postMessage", "chat.update"), WRITES),
    **dict.fromkeys(("chat.delete", "chat.postEphemeral"), WRITES),
    "conversations.open": ("channels:manage", "groups:write", "im:write", "mpim:write"),
    "conversations.info": CHANNELS,
    **dict.fromkeys(("conversations.history", "conversations.replies"), HISTORY),
    **dict.fromkeys(("files.getUploadURLExternal", "files.completeUploadExternal"), FILES),
    "reactions.add": ("reactions:write",),
    "team.info": ("team:read",),
    "users.info": READS,
    "users.lookupByEmail": ("users:read.email",),
}
"""Any one of them will do: each method's page at docs.slack.dev/reference/methods."""
FOR_APPS = {"apps.connections.open"}
FOR_ALL = {"oauth.v2.access"}
APP_SCOPES = ("connections:write",)
PREFIX = {"im": "im", "channel": "channels"}


def bearer(header: str) -> str:
    """Give the token of an Authorization header, which is the only place for one.

    Raises:
        Refused: there is none.
    """
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Refused("not_authed")
    return token.strip()


def app_of(api: SlackApi, header: str) -> App:
    """Find the app whose own token it is.

    Raises:
        Refused: it is none, or a bot's.
    """
    token = bearer(header)
    if token.startswith("xoxb-"):
        workspace_of(api, header)
        raise Refused("not_allowed_token_type")
    for app in api.apps.values():
        if app.app_token == token:
            return app
    raise Refused("invalid_auth")


def workspace_of(api: SlackApi, header: str) -> Workspace:
    """Find the workspace whose bot's token it is.

    Raises:
        Refused: it is none, was revoked, or is an app's.
    """
    token = bearer(header)
    if token.startswith("xapp-"):
        app_of(api, header)
        raise Refused("not_allowed_token_type")
    for workspace in api.workspaces.values():
        if workspace.token == token:
            if workspace.refuses:
                raise Refused(workspace.refuses)
            if workspace.installed:
                return workspace
    raise Refused("invalid_auth")


def check(method: str, granted: Set[str]) -> None:
    """Hold a method against what was granted.

    Raises:
        Refused: nothing that would do was.
    """
    needed = SCOPES.get(method, ())
    if needed and not granted & set(needed):
        raise missing(needed, granted)


def check_kind(method: str, channel: Channel, granted: Set[str]) -> None:
    """Hold a method that reads a channel against what was granted for its kind.

    Raises:
        Refused: the scope for such channels is missing.
    """
    needed = f"{PREFIX[channel.kind]}:{SCOPES[method][0].split(':')[1]}"
    if needed not in granted:
        raise missing([needed], granted)
