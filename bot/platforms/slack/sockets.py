"""Socket Mode: Slack brings what happens over connections that we open, so no address is needed.

A connection can stay open and bring nothing. Two of them tell each other apart: what is brought to
one many times in a row and never to the other means that the other is deaf. It is then replaced,
and both are from time to time where neither was brought anything.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import NotKept
from bot.platforms.slack.arriving import Answer, Arriving

log = structlog.get_logger()
CONNECTIONS = 2
"""Of ten that an app may have (docs.slack.dev, Socket Mode)."""
DEAF_AFTER = 20
"""Envelopes in a row for the others: by chance that is one in a million."""
QUIET_FOR = 600.0
"""Seconds without anything on either, after which a connection is made anew."""
BEAT = 1.0
"""Seconds between two looks."""
NOTED = 60.0
"""Seconds between two notes that we were there."""
PING = 5.0
GOODBYE = 2.0
"""Seconds in which connections are closed at the end."""


@dataclass(slots=True)
class _Ear:
    """One connection."""

    client: SocketModeClient
    missed: int = 0
    """What the others were brought since it last was brought anything."""


@dataclass(slots=True)
class Sockets:
    """The connections of one app."""

    app_token: str
    web: AsyncWebClient
    arriving: Arriving
    ears: list[_Ear] = field(default_factory=list)
    heard: float = field(default_factory=monotonic)

    async def listen(self) -> None:
        """Listen until cancelled; whatever goes wrong is tried again."""
        quiet = logging.getLogger("slack_sdk.socket_mode.aiohttp")
        quiet.setLevel(
            logging.CRITICAL
        )  # it logs each failed try with its traceback; we say it once
        self.ears = [_Ear(self._client()) for _ in range(CONNECTIONS)]
        try:
            for ear in self.ears:
                await self._connect(ear)
            await self._watch()
        finally:
            goodbyes = [ear.client.close() for ear in self.ears]  # type: ignore[no-untyped-call]
            # What Slack does not answer is not waited for: aiohttp would, ten seconds for each.
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await asyncio.gather(*goodbyes, return_exceptions=True)

    def _client(self) -> SocketModeClient:
        client = SocketModeClient(self.app_token, web_client=self.web, ping_interval=PING)
        client.socket_mode_request_listeners.append(self._brought)
        return client

    async def _connect(self, ear: _Ear) -> None:
        pause = 1.0
        while True:
            try:
                await ear.client.connect_to_new_endpoint(force=True)
            except (SlackClientError, OSError, TimeoutError) as trouble:
                log.warning("no socket to Slack", why=_said(trouble))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60.0)
            else:
                ear.missed = 0
                return

    async def _watch(self) -> None:
        noted = -NOTED
        while True:
            if monotonic() - noted > NOTED and await self._is_there():
                noted = monotonic()
                await self._note()
            deaf = [ear for ear in self.ears if ear.missed >= DEAF_AFTER]
            if not deaf and monotonic() - self.heard > QUIET_FOR:
                self.heard = monotonic()
                deaf = self.ears[:1]
                self.ears.append(self.ears.pop(0))  # the other one next time
            for ear in deaf:
                log.warning("a socket brings nothing; it is replaced")
                await self._connect(ear)
            await asyncio.sleep(BEAT)

    async def _is_there(self) -> bool:
        return any([await ear.client.is_connected() for ear in self.ears])

    async def _note(self) -> None:
        try:
            await self.arriving.listening.take([], are_all=True)
        except NotKept as trouble:
            log.warning("what arrived could not be kept", why=str(trouble))

    async def _brought(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard = monotonic()
        for ear in self.ears:
            ear.missed = 0 if ear.client is client else ear.missed + 1
        try:
            answer = await self._kept(request.payload)
        except NotKept:
            return  # what is not acknowledged is brought again
        said = SocketModeResponse(request.envelope_id, answer)
        await client.send_socket_mode_response(said)

    async def _kept(self, payload: dict[str, Any]) -> Answer:
        try:
            return await self.arriving.keep(payload)
        except NotKept:
            raise
        except Exception as error:  # noqa: BLE001 - whatever we stumble over is kept, and stepped over
            log.warning("what was brought cannot be read", why=type(error).__name__)
            await self.arriving.keep_unread(payload)
            return None


def _said(trouble: Exception) -> str:
    response = getattr(trouble, "response", None)
    return str(response["error"]) if response is not None else type(trouble).__name__
