"""What Slack refuses, and in which words: a bot must not learn it in earnest."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Person, SlackApi, Workspace
from tests.slackapi.conftest import client_of
from tests.slackapi.test_limits import modal, section

Json = dict[str, Any]


CALLS: dict[str, tuple[str, Json, str]] = {
    "no_text": ("chat.postMessage", {"text": " "}, "no_text"),
    "too_long": ("chat.postMessage", {"text": "a" * 40_001}, "msg_too_long"),
    "too_long_in_sum": (
        "chat.postMessage",
        {"text": "a", "blocks": [section(2700)] * 5},
        "msg_blocks_too_long",
    ),
    "blocks_that_are_none": (
        "chat.postMessage",
        {"text": "a", "blocks": "[{"},
        "invalid_blocks_format",
    ),
    "too_much_metadata": (
        "chat.postMessage",
        {"text": "a", "metadata": {"event_type": "a", "event_payload": {"a": "b" * 17_000}}},
        "metadata_too_large",
    ),
    "metadata_without_payload": (
        "chat.postMessage",
        {"text": "a", "metadata": {"event_type": "a"}},
        "invalid_metadata_format",
    ),
    "an_unknown_argument": ("chat.postMessage", {"text": "a", "silent": True}, "invalid_arguments"),
    "no_channel": ("chat.postMessage", {"channel": "C9", "text": "a"}, "channel_not_found"),
    "an_update_of_nothing": ("chat.update", {"ts": "1.1", "text": "a"}, "message_not_found"),
    "nobody": ("users.info", {"channel": None, "user": "U9"}, "user_not_found"),
    "no_such_address": (
        "users.lookupByEmail",
        {"channel": None, "email": "a@b.example"},
        "users_not_found",
    ),
    "no_such_method": ("chat.shout", {}, "unknown_method"),
    "no_such_view": (
        "views.update",
        {"channel": None, "view_id": "V9", "view": modal()},
        "not_found",
    ),
    "no_such_file": (
        "files.completeUploadExternal",
        {"channel": None, "files": [{"id": "F9"}]},
        "file_not_found",
    ),
    "a_scope_not_granted": (
        "reactions.add",
        {"name": "thumbsup", "timestamp": "1.1"},
        "missing_scope",
    ),
}


@pytest.mark.parametrize("way", ["json", "form"])
@pytest.mark.parametrize("name", CALLS)
async def test_calls_are_refused(client: AsyncWebClient, ben: Person, name: str, way: str) -> None:
    """In Slack's own names, whichever way they are sent."""
    method, fields, error = CALLS[name]
    given: Json = {"channel": ben.dm.id} | fields
    given = {name: value for name, value in given.items() if value is not None}
    form = {name: v if isinstance(v, str) else json.dumps(v) for name, v in given.items()}
    sent: dict[str, Json] = {"json": given} if way == "json" else {"data": form}
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, data=sent.get("data"), json=sent.get("json"))
    assert refused.value.response["error"] == error
    assert ben.messages == []


async def test_tokens_are_told_apart(
    api: SlackApi, session: aiohttp.ClientSession, river: Workspace
) -> None:
    """A bot's is not an app's, and none is taken from the body."""
    bot, app = river.token, river.app.app_token
    cases = [("", "not_authed"), ("xoxb-1", "invalid_auth"), (app, "not_allowed_token_type")]
    for token, error in cases:
        with pytest.raises(SlackApiError, match=error):
            await client_of(api, session, token).api_call("auth.test", data={"token": bot})
    for token, error in (("xapp-1", "invalid_auth"), (bot, "not_allowed_token_type")):
        with pytest.raises(SlackApiError, match=error):
            await client_of(api, session, token).apps_connections_open(app_token=token)


async def test_a_removed_app_is_told_so(
    api: SlackApi, river: Workspace, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    """Revoked tokens, a removed app, and the new token of another installation."""
    river.revokes_tokens()
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
    river.uninstalls()
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    fresh = client_of(api, session, river.installs())
    assert (await fresh.auth_test())["team_id"] == river.id
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await client.auth_test()


async def test_not_everybody_is_reached(client: AsyncWebClient, river: Workspace) -> None:
    """Who left, bots and strangers have no direct message; an archived channel takes nothing."""
    gone, bot = river.person("Ana Ruiz", deleted=True), river.person("Other", is_bot=True)
    stranger = river.person("Eve", email="eve@harbour.example", is_stranger=True)
    cases = [(gone, "user_disabled"), (bot, "cannot_dm_bot"), (stranger, "user_not_visible")]
    for person, error in cases:
        with pytest.raises(SlackApiError, match=error):
            await client.conversations_open(users=person.id)
    with pytest.raises(SlackApiError, match="users_not_found"):
        await client.users_lookupByEmail(email="eve@harbour.example")
    room = river.channel("all")
    room.channel.archived = True
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel=room.channel.id, text="hello")


async def test_only_its_own_words_are_changed(client: AsyncWebClient, ben: Person) -> None:
    """What a person wrote is theirs."""
    mine = ben.types("hello")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=ben.dm.id, ts=mine.ts, text="goodbye")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=ben.dm.id, ts=mine.ts)


async def test_a_missing_scope_is_named(client: AsyncWebClient, ben: Person) -> None:
    """With what was granted beside it; reading a channel needs the scope of its kind."""
    room = ben.workspace.channel("all", ben)
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_history(channel=room.channel.id)
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert "im:history" in answer["provided"]
