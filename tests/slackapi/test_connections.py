"""What opens a connection of Socket Mode, how many there are, and what ends them all."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.slackapi import SlackApi, Workspace
from tests.slackapi.conftest import client_of


async def test_a_ticket_is_used_once(
    api: SlackApi, river: Workspace, session: aiohttp.ClientSession
) -> None:
    """An address is good for one connection."""
    web = client_of(api, session, river.token)
    url = (await web.apps_connections_open(app_token=river.app.app_token))["url"]
    async with session.ws_connect(url) as ws:
        hello = await ws.receive_json()
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"] == {"app_id": river.app.id}
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await session.ws_connect(url)


async def test_an_eleventh_connection_is_closed(
    api: SlackApi, river: Workspace, session: aiohttp.ClientSession
) -> None:
    """Ten is what an app has."""
    web = client_of(api, session, river.token)
    sockets = []
    for _ in range(11):
        url = (await web.apps_connections_open(app_token=river.app.app_token))["url"]
        sockets.append(await session.ws_connect(url))
    told = [(await each.receive_json())["type"] for each in sockets]
    assert told == ["hello"] * 10 + ["disconnect"]
    for each in sockets:
        await each.close()


async def test_socket_mode_may_be_off(
    api: SlackApi, river: Workspace, session: aiohttp.ClientSession
) -> None:
    """What is open is told of it, and nothing opens any more."""
    web = client_of(api, session, river.token)
    url = (await web.apps_connections_open(app_token=river.app.app_token))["url"]
    async with session.ws_connect(url) as ws:
        await ws.receive_json()
        off = asyncio.create_task(river.app.turns_off_socket_mode())
        assert (await ws.receive_json())["reason"] == "link_disabled"
        await ws.close()
        await off
    with pytest.raises(SlackApiError, match="not_enabled"):
        await web.apps_connections_open(app_token=river.app.app_token)


async def test_a_connection_may_be_refused_for_a_while(
    api: SlackApi, river: Workspace, session: aiohttp.ClientSession
) -> None:
    """Faults meet the opening too."""
    api.fault("apps.connections.open", retry_after=3)
    web = client_of(api, session, river.token)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await web.apps_connections_open(app_token=river.app.app_token)
    assert (await web.apps_connections_open(app_token=river.app.app_token))["ok"]
