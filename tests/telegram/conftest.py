"""A Bot API, a comentor process that is turned to it, and people with their invitations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.telegram.process import Process


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A server of its own for each test."""
    async with BotApi() as api:
        yield api


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with every table, of each kind in turn."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def process(api: BotApi, url: str, tmp_path: Path) -> AsyncIterator[Process]:
    """A comentor that is not started yet."""
    process = Process(api, tmp_path, url)
    yield process
    await process.close()


@pytest.fixture
async def on_sqlite(api: BotApi, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Process]:
    """A comentor on SQLite alone, for what has nothing to do with the database."""
    process = Process(api, tmp_path, sqlite_url)
    yield process
    await process.close()


@pytest.fixture
async def on_postgresql(api: BotApi, postgresql_url: str, tmp_path: Path) -> AsyncIterator[Process]:
    """A comentor on PostgreSQL alone, for what only happens there."""
    process = Process(api, tmp_path, postgresql_url)
    yield process
    await process.close()
