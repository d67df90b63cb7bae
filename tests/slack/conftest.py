"""A local Slack, and both databases for what is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.town import Town, town
from tests.slackapi import SlackApi


@pytest.fixture
async def api() -> AsyncIterator[SlackApi]:
    """A server of its own for each test."""
    async with SlackApi() as api:
        yield api


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with every table, of each kind in turn."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def of_its_own(url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town for one test alone, on each database in turn; nothing is started yet."""
    async with town(tmp_path, url) as here:
        yield here
