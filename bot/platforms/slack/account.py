"""A workspace that the app is in: who it is there, what it may do, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.platforms import AnswerLost, NotNow, Refused, Unsendable
from bot.platforms.slack.calls import Client, NotTaken, call, heeding
from bot.settings import Workspace

SCOPES = (
    "chat:write",
    "commands",
    "files:write",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)
"""The least that works: what we say, the command, calendar files, what is said to us, finding what
may be there already, and finding people by their address."""
TROUBLES = (AnswerLost, NotNow, Refused, Unsendable)
_NO_WAY = "There is no way to Slack ({why}). Look at the network, or at slack.api_url."
_NOT_TAKEN = (
    "Slack does not take bot_token ({why}). Copy the Bot User OAuth Token again "
    "(api.slack.com/apps, OAuth & Permissions), and look that it is of this workspace."
)
_TWICE = "It is the same workspace as {other}. Keep one of the two."
_MISSING = (
    "The app may not do all it has to: {scopes} missing. Add what is missing under OAuth & "
    "Permissions, or use `comentor slack manifest`, and install the app again."
)
_OTHER_APP = (
    "app_token is of another app ({theirs}) than bot_token ({ours}). Copy both from one app."
)
_NO_SOCKET = (
    "Slack does not take app_token ({why}). Make an App-Level Token with connections:write (Basic "
    "Information), and turn on Socket Mode; or leave it out and set signing_secret."
)
_NO_SOCKET_YET = "Slack opens no socket now ({why}). Try again in a minute."
_SOCKET_OFF = "Socket Mode is turned off. Turn it on (Socket Mode, Enable), or set signing_secret."


class SlackTrouble(Exception):
    """The workspace cannot be used; the message says why and what to do."""

    def __init__(self, said: str, *, is_final: bool) -> None:
        """Keep whether waiting will not mend it."""
        super().__init__(said)
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Joined:
    """A workspace, once Slack has said which it is."""

    team: str
    name: str
    bot: str
    """The bot's own id, as `B…`."""
    url: str
    scopes: frozenset[str]
    client: Client


async def join(workspace: Workspace, api_url: str, session: aiohttp.ClientSession) -> Joined:
    """Ask Slack which workspace a token is of. Raises SlackTrouble."""
    try:
        return await who_is(Client(workspace.bot_token, api_url, session))
    except (NotTaken, Refused, Unsendable) as refusal:
        raise not_taken(workspace, refusal) from None
    except (NotNow, AnswerLost) as trouble:
        said = _NO_WAY.format(why=str(trouble) or "the answer was lost")
        raise _trouble(workspace, said, is_final=False) from None


def not_taken(workspace: Workspace, refusal: Exception) -> SlackTrouble:
    """Give, in words, that Slack refuses a workspace's token."""
    return _trouble(workspace, _NOT_TAKEN.format(why=refusal))


async def who_is(client: Client) -> Joined:
    """Ask Slack which workspace a client speaks in.

    Raises Refused, Unsendable, NotNow or AnswerLost.
    """
    answer = await heeding(client.auth_test)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    scopes = str(headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
    return Joined(
        str(answer["team_id"]),
        str(answer["team"]),
        str(answer["bot_id"]),
        str(answer["url"]),
        frozenset(scopes),
        client,
    )


def same_as(workspace: Workspace, other: str) -> SlackTrouble:
    """Give, in words, that a workspace of the settings is there already, by the other's name."""
    return _trouble(workspace, _TWICE.format(other=other))


async def findings(workspace: Workspace, joined: Joined) -> list[SlackTrouble]:
    """Give what stands between a workspace and its people; empty if nothing does."""
    wrong = []
    if missing := sorted(set(SCOPES) - joined.scopes):
        wrong.append(_trouble(workspace, _MISSING.format(scopes=", ".join(missing))))
    if workspace.app_token:
        try:
            await _hear_a_socket(workspace, joined)
        except SlackTrouble as trouble:
            wrong.append(trouble)
    return wrong


async def _hear_a_socket(workspace: Workspace, joined: Joined) -> None:
    """Open one, as far as its first word. Raises SlackTrouble."""
    client, session = joined.client, joined.client.session
    if session is None:
        raise RuntimeError("all calls share a session")

    async def first_word() -> Mapping[str, Any]:
        opened = await client.apps_connections_open(app_token=workspace.app_token)
        async with session.ws_connect(str(opened["url"])) as socket:
            said: Mapping[str, Any] = await socket.receive_json(timeout=10)
            return said

    try:
        bot = await call(client, "bots.info", bot=joined.bot)
        ours, theirs = str(bot["bot"]["app_id"]), workspace.app_token.split("-")[2:3]
        if theirs != [ours]:
            raise _trouble(workspace, _OTHER_APP.format(theirs="".join(theirs), ours=ours))
        hello = await heeding(first_word)
    except (NotTaken, Refused, Unsendable) as refusal:
        raise _trouble(workspace, _NO_SOCKET.format(why=refusal)) from None
    except (NotNow, AnswerLost, TypeError, ValueError) as trouble:
        why = str(trouble) or "its answer was lost"
        raise _trouble(workspace, _NO_SOCKET_YET.format(why=why), is_final=False) from None
    if hello.get("reason") == "link_disabled":
        raise _trouble(workspace, _SOCKET_OFF)


def _trouble(workspace: Workspace, said: str, *, is_final: bool = True) -> SlackTrouble:
    return SlackTrouble(f"{workspace.name}: {said}", is_final=is_final)
