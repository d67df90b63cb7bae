"""A server, a workspace in it, Slack's own client at it, and Ben, who belongs to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi import Person, SlackApi, Workspace


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    """A server of its own for each test."""
    async with SlackApi() as api:
        yield api


@pytest.fixture
def river(api: SlackApi) -> Workspace:
    """An organisation that has installed the app."""
    return api.workspace("Riverside")


@pytest.fixture
def ben(river: Workspace) -> Person:
    """Ben, of that organisation."""
    return river.person("Ben Okafor", email="Ben@river.example", locale="en-GB")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """One session for all calls, as the program has."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(api: SlackApi, river: Workspace, session: aiohttp.ClientSession) -> AsyncWebClient:
    """The library that comentor uses, turned to this machine."""
    return client_of(api, session, river.token)


def client_of(api: SlackApi, session: aiohttp.ClientSession, token: str) -> AsyncWebClient:
    """Give a client with a token, which never tries a second time."""
    return AsyncWebClient(token, base_url=api.base_url, session=session, retry_handlers=[])
