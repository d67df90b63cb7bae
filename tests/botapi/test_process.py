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

import httpx
import pytest
from telegram import Bot
from telegram.error import RetryAfter

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Alone:
    """A server in a process of its own."""

    base_url: str
    token: str
    port: int
    client: httpx.AsyncClient

    async def wish(self, name: str, **fields: Any) -> Any:
        """Pull one string."""
        answer = await self.client.post(f"http://127.0.0.1:{self.port}/control/{name}", json=fields)
        body = answer.json()
        assert answer.status_code == 200, body
        return body["done"]


@pytest.fixture
async def alone() -> AsyncIterator[Alone]:
    """It ends in good order when asked to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.botapi", "--control", "--people", "3"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    where = json.loads(await process.stdout.readline())
    async with httpx.AsyncClient(timeout=60) as client:
        yield Alone(**where, client=client)
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


async def test_a_benchmark_pushes_and_counts(alone: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    """Updates go out at a given number in flight; sends are counted, and refused by the pace."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with Bot(alone.token, base_url=alone.base_url) as bot:
        push = asyncio.create_task(alone.wish("push", count=20, in_flight=4, text="hello"))
        offset = 0
        while not push.done():
            updates = await bot.get_updates(offset=offset, timeout=1)
            assert len(updates) <= 4
            offset = updates[-1].update_id + 1 if updates else offset
        assert (await push)["confirmed"] == 20
        await alone.wish("pacing", over_all=1)
        await bot.send_message(1000, "one")
        with pytest.raises(RetryAfter):
            await bot.send_message(1001, "two")
    stats = await alone.wish("stats", times=True)
    assert (stats["sends"], len(stats["times"]), stats["refusals"]) == (1, 1, {"429": 1})
    assert await alone.wish("until", sends=1) == 1
    assert (await alone.wish("screen", person=1000))[0]["text"] == "one"
    await alone.wish("forget")
    assert (await alone.wish("stats"))["sends"] == 0


async def test_a_benchmark_asks_and_is_told_what_went_before(alone: Alone) -> None:
    """How long a reply takes while much else goes out; who is pushed at can be chosen."""
    async with Bot(alone.token, base_url=alone.base_url) as bot:
        push = asyncio.create_task(alone.wish("push", count=1, text="hello", first=1002))
        [update] = await bot.get_updates(timeout=5)
        assert update.effective_chat is not None
        assert update.effective_chat.id == 1002
        asking = asyncio.create_task(alone.wish("asks", person=1001, text="and now?"))
        [update] = await bot.get_updates(offset=update.update_id + 1, timeout=5)
        assert (await push)["confirmed"] == 1
        await bot.send_message(1000, "to somebody else")
        await bot.send_message(1001, "to whoever asked")
        answered = await asking
    assert answered["behind"] == 1
    assert answered["ms"] > 0


async def test_a_wrong_wish_is_told(alone: Alone) -> None:
    """A benchmark that asks for what is not there must not measure nothing."""
    for name, fields in (("dance", {}), ("says", {"person": 5}), ("_people", {}), ("api", {})):
        with pytest.raises(AssertionError, match="wrong"):
            await alone.wish(name, **fields)
