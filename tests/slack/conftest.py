"""Both databases for what is stored."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with every table, of each kind in turn."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address
