"""Being called by Slack: what is noted while nothing comes."""

from __future__ import annotations

import asyncio

import pytest

from bot.platforms import Event, NotKept
from bot.platforms.slack.arriving import Arriving, be_called, route


class Ears:
    """Counts how often something was noted, and can keep nothing."""

    def __init__(self) -> None:
        """Nothing was noted yet."""
        self.within = ""
        self.noted: list[list[Event]] = []
        self.is_noted = asyncio.Event()

    async def take(self, events: list[Event], *, are_all: bool) -> None:
        """Note it. Raises NotKept."""
        assert are_all
        self.noted.append(events)
        self.is_noted.set()
        raise NotKept("the database cannot be used")


def test_nothing_is_called_that_anybody_could_sign_for() -> None:
    """An app without a signing secret has no address."""

    async def nothing(_: object) -> None:
        """Nobody asks for that here."""

    with pytest.raises(ValueError, match="signing secret"):
        route(Arriving(Ears(), "", "", "", nothing, nothing), "/slack/1")


async def test_a_server_that_slack_can_call_says_so_while_nobody_writes() -> None:
    """Else the first word after six quiet minutes would count as the end of an outage."""

    async def nothing(_: object) -> None:
        """Nobody asks for that here."""

    ears = Ears()
    task = asyncio.create_task(be_called(Arriving(ears, "", "", "", nothing, nothing)))
    async with asyncio.timeout(5):
        await ears.is_noted.wait()
    await asyncio.sleep(0)
    assert not task.done()
    assert ears.noted == [[]]
    task.cancel()
