"""A server, a workspace in it, Slack's own client at it, and Ben, who belongs to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web
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


@dataclass(slots=True)
class Program:
    """A program's own address: it answers what it is told to, then 200."""

    port: int = 0
    answers: list[web.Response] = field(default_factory=list)
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    """Headers and body of each request."""
    slow: float = 0.0

    async def take(self, request: web.BaseRequest) -> web.Response:
        """Answer one delivery."""
        self.got.append((dict(request.headers), (await request.read()).decode()))
        if self.slow:
            await asyncio.sleep(self.slow)
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    @staticmethod
    def json(body: dict[str, Any]) -> web.Response:
        """Give an answer in JSON."""
        return web.json_response(body)

    @staticmethod
    def text(words: str) -> web.Response:
        """Give an answer in words."""
        return web.Response(text=words)

    def forms(self) -> list[dict[str, Any]]:
        """Give the payloads of forms, read."""
        return [json.loads(dict(parse_qsl(body))["payload"]) for _, body in self.got]

    def events(self) -> list[dict[str, Any]]:
        """Give the bodies, read."""
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
async def program(river: Workspace) -> AsyncIterator[Program]:
    """The program's side; the app's settings name its address."""
    program = Program()
    runner = web.ServerRunner(web.Server(program.take), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    program.port = runner.addresses[0][1]
    river.app.listens(program.url)
    yield program
    await runner.cleanup()
