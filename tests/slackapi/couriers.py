"""Brings every delivery to its app, by HTTP or by a socket, and tries again as Slack does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.slackapi.deliveries import Delivery, Try
from tests.slackapi.posts import Posts
from tests.slackapi.sockets import Sockets

if TYPE_CHECKING:
    from tests.slackapi.state import State


class Courier:
    """Tells programs what happens; each delivery goes its own way, none waits for another."""

    def __init__(self, state: State) -> None:
        self.sockets = Sockets(state)
        self.posts = Posts(state)
        self.retries: tuple[float, ...] = (0.0, 60.0, 300.0)
        """Seconds before each further try of an event: docs.slack.dev/apis/events-api#retries."""
        self.haste = 1.0
        """Those seconds are divided by this."""
        self.patience = 3.0
        """Seconds in which a program must answer: the same page."""
        self.repeated = 0
        """So many of the next events are delivered twice, with the same event_id."""
        self.history: list[Delivery] = []
        self.waiting = 0
        """How many are on their way."""
        self._held: list[Delivery] | None = None
        self._state = state
        self._tasks: set[asyncio.Task[None]] = set()

    def push(self, delivery: Delivery) -> Delivery:
        """Send it off; it comes back at once, and tells later how it went."""
        delivery.began = time.perf_counter()
        self.history.append(delivery)
        self._state.changed()
        if self._held is not None:
            self._held.append(delivery)
            return delivery
        self._go(delivery)
        if self.repeated and delivery.sort == "events_api":
            self.repeated -= 1
            self._go(delivery)
        return delivery

    @contextmanager
    def reordered(self) -> Iterator[None]:
        """Hold back all that happens within, then let it go the other way round."""
        self._held = []
        yield
        held, self._held = self._held, None
        for delivery in reversed(held):
            self._go(delivery)

    async def close(self) -> None:
        """End all deliveries and all connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close()
        await self.posts.close()

    def _go(self, delivery: Delivery) -> None:
        self.waiting += 1
        task = asyncio.create_task(self._run(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, delivery: Delivery) -> None:
        # A press or a command has no repeat: whoever pressed is told that it failed.
        delays = self.retries if delivery.sort == "events_api" else ()
        reason = ""
        for number in range(len(delays) + 1):
            if number:
                await asyncio.sleep(delays[number - 1] / self.haste)
            tried = await self._try(delivery, number, reason)
            delivery.tries.append(tried)
            reason = tried.reason
            if tried.taken or tried.final:
                break
        if delivery.taken and delivery.shows is not None:
            delivery.shows(delivery.tries[-1].body)
        self.waiting -= 1
        delivery.ended.set()
        self._state.changed()

    async def _try(self, delivery: Delivery, number: int, reason: str) -> Try:
        way = self.sockets if delivery.app.socket_mode else self.posts
        return await way.offer(delivery, number, reason, self.patience)
