"""Slack's own framework reads what comes, and what it leads to: answers and installations."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.slackapi import Person, SlackApi, Workspace
from tests.slackapi.conftest import Program
from tests.slackapi.test_slackapi import BOOK


async def test_bolt_reads_every_deed(
    api: SlackApi, river: Workspace, client: AsyncWebClient, ben: Person, program: Program
) -> None:
    """Each kind of payload is dispatched by Slack's own framework to its listener."""
    heard: list[str] = []
    bolt = AsyncApp(signing_secret=river.app.signing_secret, client=client)

    async def hear(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body.get("event", body).get("type", "command"))

    kinds = ("message", "app_home_opened", "app_uninstalled", "tokens_revoked", "user_change")
    for kind in (*kinds, "reaction_added"):
        bolt.event(kind)(hear)
    bolt.event({"type": "message", "subtype": "message_changed"})(hear)
    bolt.event({"type": "message", "subtype": "message_deleted"})(hear)
    bolt.event({"type": "message", "subtype": "file_share"})(hear)
    bolt.event({"type": "message", "subtype": "bot_message"})(hear)
    bolt.action("day")(hear)
    bolt.command("/comentor")(hear)
    bolt.shortcut("keep")(hear)
    bolt.view("goals")(hear)
    bolt.view_closed("goals")(hear)
    await everything(client, ben)
    await api.delivered()
    # Bolt asks who it is before it reads even of its own removal
    river.installed, river.refuses = True, ""
    for headers, body in program.got:
        answer = await bolt.async_dispatch(AsyncBoltRequest(body=body, headers={**headers}))
        assert answer.status == 200, body
    await asyncio.sleep(0.1)
    assert sorted(set(heard)) == sorted(
        {*kinds, "reaction_added", "block_actions", "command", "message_action"}
        | {"view_submission", "view_closed"}
    )
    assert len(heard) == len(program.got) - 1  # Bolt keeps what the bot itself said to itself


async def everything(client: AsyncWebClient, ben: Person) -> None:
    """Do everything that a person can do."""
    river = ben.workspace
    await client.chat_postMessage(channel=ben.dm.id, text="Which day?", blocks=[BOOK])
    mine = ben.types("hello")
    ben.edits(mine, "hello you")
    ben.reacts(ben.last)
    ben.deletes(mine)
    ben.uploads()
    ben.presses(ben.last, "Thursday")
    ben.commands("/comentor")
    ben.shortcut(ben.last, "keep")
    title = {"type": "plain_text", "text": "Goals"}
    view: dict[str, Any] = {"type": "modal", "title": title, "blocks": []}
    view |= {"callback_id": "goals", "notify_on_close": True}
    await client.views_open(trigger_id=river.trigger(ben.id), view=view)
    ben.closes(ben.views[-1])
    await client.views_open(trigger_id=river.trigger(ben.id), view=view)
    await ben.submits(ben.views[-1])
    ben.opens_home()
    room = river.channel("all", ben)
    stranger = river.person("Eve", is_stranger=True, home_team="T9")
    river.channel("shared", stranger, shared=True).hears(stranger, "hello")
    river.a_bot_posts(room, "hello")
    ben.leaves()
    river.uninstalls()


async def test_a_response_url_takes_five_posts(
    api: SlackApi, client: AsyncWebClient, ben: Person
) -> None:
    """Within half an hour; it replaces, adds for one person, or deletes."""
    await client.chat_postMessage(channel=ben.dm.id, text="Which day?", blocks=[BOOK])
    pressed = ben.presses(ben.last, "Thursday")
    hook = AsyncWebhookClient(pressed.payload["response_url"])
    assert (
        await hook.send(text="Thursday it is", blocks=[], replace_original=True)
    ).status_code == 200
    assert [each.text for each in ben.messages] == ["Thursday it is"]
    for _ in range(3):
        await hook.send(text="Only you see this")
    assert ben.last.only_for == ben.id
    await hook.send(delete_original=True)
    assert (await hook.send(text="too many")).status_code == 404
    assert len(ben.messages) == 3
    late = AsyncWebhookClient(ben.commands("/comentor").payload["response_url"])
    api.skip(timedelta(minutes=31))
    assert (await late.send(text="too late")).status_code == 404


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk still uses it
async def test_an_organisation_installs_the_app(
    api: SlackApi, river: Workspace, session: aiohttp.ClientSession
) -> None:
    """The browser goes there and back; the code becomes a token, once."""
    app = river.app
    harbour = api.workspace("Harbour", app=app, installed=False)
    back = "http://127.0.0.1:9/slack/oauth_redirect"
    fields = {"client_id": app.client_id, "scope": "chat:write,im:write", "state": "s1"}
    asked = f"{api.address}/oauth/v2/authorize"
    async with session.get(
        asked, params=fields | {"redirect_uri": back}, allow_redirects=False
    ) as answer:
        there = urlsplit(answer.headers["Location"])
    said = parse_qs(there.query)
    assert (there.path, said["state"]) == ("/slack/oauth_redirect", ["s1"])
    bare = AsyncWebClient(base_url=api.base_url, session=session, retry_handlers=[])
    keys = {"client_id": app.client_id, "client_secret": app.client_secret}
    told = await bare.oauth_v2_access(**keys, code=said["code"][0], redirect_uri=back)
    assert told["team"]["id"] == harbour.id
    token = told["access_token"]
    assert (await bare.auth_test(token=token))["team_id"] == harbour.id
    with pytest.raises(SlackApiError, match="code_already_used"):
        await bare.oauth_v2_access(**keys, code=said["code"][0], redirect_uri=back)
    with pytest.raises(SlackApiError, match="missing_scope"):
        await bare.users_info(token=token, user="U1")
