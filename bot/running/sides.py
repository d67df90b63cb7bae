"""What each platform brings to a running comentor, and the one server that all of them share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from bot.settings import Server

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

    return Starlette(lifespan=begun)


async def serve(site: Starlette, server: Server) -> None:
    """Listen until cancelled."""
    config = uvicorn.Config(
        site, host=server.host, port=server.port, log_level="warning", access_log=False
    )
    await _Server(config).serve()


class _Server(uvicorn.Server):
    """One that leaves the signals to the whole."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield
