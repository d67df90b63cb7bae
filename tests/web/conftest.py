"""The page in two ways: over HTTP without a network, and in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.web.playground import playground
from tests.web.a_spring_cohort import a_spring_cohort
from tests.web.scene_double import SceneDouble
from tests.web.stage import ARGS, PHONE, WIDE, Stage, free_port, installed, opened


@pytest.fixture
def scene() -> SceneDouble:
    """A cohort in its spring."""
    return a_spring_cohort()


@pytest.fixture
async def client(scene: SceneDouble) -> AsyncIterator[httpx.AsyncClient]:
    """Asks the page about that scene."""
    transport = httpx.ASGITransport(playground(scene))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture(scope="module")
def launched() -> Iterator[Browser]:
    """One browser for a module; ask for `chromium`, which knows what to do where there is none."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=installed(), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def chromium(request: pytest.FixtureRequest) -> Browser:
    """A real browser; without one the test is skipped by name, or fails where it is required."""
    if not installed():
        why = f"{request.node.name} needs a real Chromium, and none is installed"
        if os.environ.get("COMENTOR_REQUIRE_BROWSER") == "1":
            pytest.fail(why)
        pytest.skip(why)
    browser: Browser = request.getfixturevalue("launched")
    return browser


@pytest.fixture
def stage(scene: SceneDouble) -> Iterator[Stage]:
    """The scene behind a server of its own."""
    stage = Stage(scene, free_port())
    stage.open()
    yield stage
    stage.close()


@pytest.fixture
def wide(chromium: Browser, stage: Stage) -> Iterator[Page]:
    """The page with room for four chats."""
    with opened(chromium, stage, WIDE) as page:
        yield page


@pytest.fixture
def phone(chromium: Browser, stage: Stage) -> Iterator[Page]:
    """The page with room for one chat."""
    with opened(chromium, stage, PHONE) as page:
        yield page
