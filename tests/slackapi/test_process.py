"""The server by itself, in another process, and the strings that a benchmark pulls."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slackapi.test_slackapi import BOOK

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Alone:
    """A server in a process of its own."""

    where: dict[str, Any]
    session: aiohttp.ClientSession

    async def wish(self, name: str, /, **fields: Any) -> Any:
        """Pull one string."""
        url = f"{self.where['address']}/control/{name}"
        async with self.session.post(url, json=fields) as answer:
            body = await answer.json()
            assert answer.status == 200, body
            return body["done"]

    def client(self) -> AsyncWebClient:
        """Give the library that comentor uses, turned to that process."""
        url, token = self.where["base_url"], self.where["token"]
        return AsyncWebClient(token, base_url=url, session=self.session, retry_handlers=[])


@pytest.fixture
async def alone(session: aiohttp.ClientSession) -> AsyncIterator[Alone]:
    """It ends in good order when asked to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.slackapi", "--control", "--people", "3"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    where = json.loads(await process.stdout.readline())
    yield Alone(where, session)
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


@pytest.fixture
async def program() -> AsyncIterator[str]:
    """An address that takes everything."""

    async def take(request: web.BaseRequest) -> web.Response:
        await request.read()
        return web.Response()

    runner = web.ServerRunner(web.Server(take), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


async def test_a_benchmark_pushes_and_counts(alone: Alone, program: str) -> None:
    """Words and presses go out at a given number in flight; what was taken is timed."""
    await alone.wish("listens", events=program)
    told = await alone.wish("push", count=30, in_flight=4, text="hello")
    assert (told["taken"], told["given_up"]) == (30, 0)
    assert told["ack_ms"]["p50"] <= told["ack_ms"]["p99"]
    client = alone.client()
    await alone.wish("settings", echo=False)
    for person in alone.where["people"]:
        await client.chat_postMessage(channel=person, text="Which day?", blocks=[BOOK])
    assert (await alone.wish("push", count=9, press="Thursday"))["taken"] == 9
    assert (await alone.wish("push", count=3, command="/comentor"))["taken"] == 3
    assert (await alone.wish("push", count=3, home=True))["taken"] == 3
    stats = await alone.wish("stats", times=True)
    assert (stats["sends"], len(stats["times"]), stats["deliveries_taken"]) == (3, 3, 45)
    assert stats["posts"] == stats["tries"] == 45
    await alone.wish("forget")
    assert (await alone.wish("stats"))["deliveries"] == 0


async def test_a_benchmark_pushes_through_a_socket(alone: Alone) -> None:
    """The same over a connection."""
    told = await alone.client().apps_connections_open(app_token=alone.where["app_token"])
    async with alone.session.ws_connect(told["url"]) as ws:
        assert (await ws.receive_json())["type"] == "hello"
        push = asyncio.create_task(alone.wish("push", count=20, in_flight=5, text="hello"))
        for _ in range(20):
            envelope = await ws.receive_json()
            await ws.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await push)["taken"] == 20
        assert await alone.wish("connected") == 1
        await alone.wish("disconnects", reason="warning")


async def test_a_benchmark_sets_up_and_looks(alone: Alone, program: str) -> None:
    """Another workspace, a fault, a pace, and what a person sees."""
    harbour = await alone.wish("workspace", name="Harbour", same_app=True, people=2)
    assert harbour["app_token"] == alone.where["app_token"]
    assert harbour["token"] != alone.where["token"]
    [person, *_] = alone.where["people"]
    client = alone.client()
    await alone.wish("fault", method="chat.postMessage", error="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_postMessage(channel=person, text="one")
    await alone.wish("pacing", tiers={"4": 5})
    await client.chat_postMessage(channel=person, text="two")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=person, text="three")
    assert [each["text"] for each in await alone.wish("screen", person=person)] == ["two"]
    assert await alone.wish("home", person=person) is None
    assert await alone.wish("until", sends=1) == 1
    await alone.wish("listens", events=program)
    assert await alone.wish("does", person=person, text="hello") == {}
    await alone.wish("pacing")
    asking = asyncio.create_task(alone.wish("asks", person=person, text="and now?"))
    await alone.wish("until", deliveries=2)
    await client.chat_postMessage(channel=person, text="four")
    assert (await asking)["behind"] == 0
    await alone.wish("settings", haste=100.0, duplicate=True)


async def test_a_wrong_wish_is_told(alone: Alone) -> None:
    """A benchmark that asks for what is not there must not measure nothing."""
    wishes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("dance", {}),
        ("does", {"person": "U9"}),
        ("_person", {}),
        ("api", {}),
        ("settings", {"speed": 1}),
    )
    for name, fields in wishes:
        with pytest.raises(AssertionError, match="wrong"):
            await alone.wish(name, **fields)


async def test_a_benchmark_pushes_so_many_a_second(alone: Alone, program: str) -> None:
    """Evenly, however quickly they are taken; whom it was told is counted."""
    await alone.wish("listens", events=program)
    told = await alone.wish("push", count=10, in_flight=4, a_second=50, text="hello")
    assert (told["taken"], told["per_second"] < 56) == (10, True)
    [person, *_] = alone.where["people"]
    await alone.client().chat_postMessage(channel=person, text="one")
    assert (await alone.wish("heard"))[person] == 1
