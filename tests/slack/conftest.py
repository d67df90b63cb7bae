"""A town of its own for a test, on both databases in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.slack.town import MENTORS, Town, over_http, town


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with every table, of each kind in turn."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def of_its_own(url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town for one test alone, on each database in turn; nothing is started yet.

    All mentors are in a second workspace, which calls the comentor by HTTP.
    """
    async with town(tmp_path, url, MENTORS) as here:
        over_http(here.process, here.harbour, 2)
        yield here
