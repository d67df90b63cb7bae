"""A server, a real library's bot at it, and Ana, who has come to the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.botapi import BotApi, Person


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A server of its own for each test."""
    async with BotApi() as api:
        yield api


@pytest.fixture
async def bot(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """The library that comentor uses, turned to this machine."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # or it warns of its own plans at each RetryAfter
    async with Bot(api.token, base_url=api.base_url) as bot:
        yield bot


@pytest.fixture
def ana(api: BotApi) -> Person:
    """Ana, who has pressed start; the bot has read of it."""
    ana = api.person(5, "Ana", language_code="es")
    ana.start()
    api.updates.clear()
    return ana
