"""What each platform brings to a running comentor, and the one server that all of them share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.bodies import TooLarge, counted
from bot.settings import Server

LARGEST = 4 * 2**20
"""Bytes of a request: many times what Telegram or Slack puts into one."""
LAST_SECONDS = 2
"""For what is being answered at the end."""
Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Side:
    """One platform's part in it."""

    work: Sequence[Work]
    """What goes on until it is cancelled."""
    routes: Sequence[Route]
    """What the platform calls."""
    stir: Callable[[], None]
    """Told when something may have been put in the outbox."""
    close: Callable[[], Awaitable[None]]


def a_site(is_there: asyncio.Event) -> Starlette:
    """Give what can be called, without a route as yet; `is_there` is set once it listens."""

    @contextlib.asynccontextmanager
    async def begun(_: Starlette) -> AsyncIterator[None]:
        is_there.set()
        yield

    return Starlette(lifespan=begun, middleware=[Middleware(_Bounded)])


@dataclass(frozen=True, slots=True)
class _Bounded:
    """Reads no more of a request than a platform could send: anybody can call a public address."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, counted(receive, LARGEST), send)
        except TooLarge:
            await Response(status_code=413)(scope, receive, send)


async def serve(site: Starlette, server: Server) -> None:
    """Listen until cancelled; what is being answered then is answered to its end."""
    config = uvicorn.Config(
        site,
        host=server.host,
        port=server.port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    listening = _Server(config)
    work = asyncio.create_task(listening.serve())
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        listening.should_exit = True
        await work
        raise


class _Server(uvicorn.Server):
    """One that leaves the signals to the whole."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield
