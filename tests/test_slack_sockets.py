"""Sockets to Slack: what is waited for when they are let go of."""

from __future__ import annotations

import asyncio

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import Event
from bot.platforms.slack import sockets
from bot.platforms.slack.arriving import Arriving
from bot.platforms.slack.sockets import CONNECTIONS, Sockets


class Listening:
    """Keeps nothing: nothing comes."""

    within = ""

    async def take(self, events: list[Event], *, are_all: bool) -> None:
        """Take what never comes."""


async def nothing(_: object) -> None:
    """Nobody asks for that here."""


async def as_it_came(event: Event) -> Event:
    """Look nothing up."""
    return event


async def said(_: str) -> str:
    """Nobody types a command here."""
    return ""


async def test_a_goodbye_that_slack_does_not_answer_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A stop that waited for ever would have to be a kill; both are told, neither is waited for."""
    told, listens, closes = list[SocketModeClient](), asyncio.Event(), SocketModeClient.close

    async def is_there(*_: object, **__: object) -> None:
        listens.set()

    async def never(client: SocketModeClient) -> None:
        told.append(client)
        await asyncio.Event().wait()

    monkeypatch.setattr(SocketModeClient, "connect_to_new_endpoint", is_there)
    monkeypatch.setattr(SocketModeClient, "close", never)
    monkeypatch.setattr(sockets, "GOODBYE", 0.05)
    ears = Sockets(
        "xapp-1",
        AsyncWebClient(),
        Arriving(Listening(), "", said, said, nothing, nothing, as_it_came),
    )
    listening = asyncio.create_task(ears.listen())
    await listens.wait()
    listening.cancel()
    done, _ = await asyncio.wait([listening], timeout=5)
    assert done == {listening}
    assert listening.cancelled()
    assert len(told) == CONNECTIONS
    for client in told:
        await closes(client)  # type: ignore[no-untyped-call]
